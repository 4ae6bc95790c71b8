"""The note of a paper: written, saved as the user types, shown."""
