"""Listing files to records, and papers with their annotations to files: pure functions, bytes in and values out."""
