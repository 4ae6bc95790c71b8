"""Backups, bundles, checks and restoring, from the window."""
