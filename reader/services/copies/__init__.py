"""Backups, bundles, restoring and salvaging."""
