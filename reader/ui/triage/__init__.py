"""Triage: one paper at a time over the whole window, a key for each verdict."""
