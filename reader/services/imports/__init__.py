"""Importing listing files."""
