"""Lectern: a keyboard-driven reader and annotator for research-paper listings."""

__version__ = "0.1.0"
HOMEPAGE = "https://lectern.example"
"""The project's address, which every request names; a reserved name until the project has a public one."""
