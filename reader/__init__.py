"""Lectern: a keyboard-driven reader and annotator for research-paper listings."""

__version__ = "0.1.0"
