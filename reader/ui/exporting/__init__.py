"""Exporting from the window: what, as what and where to, a look at what would change, and the writing."""
