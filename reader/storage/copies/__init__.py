"""Copies of a library: backups, differences, merging, damage."""
