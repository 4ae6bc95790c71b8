"""Searching in the window: the box, what it finds, saved searches, and the index kept in step beside it all."""
