"""Synchronising a library with others through a folder or an address (decision 52)."""
