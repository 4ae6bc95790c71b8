"""Exporting papers and annotations."""
