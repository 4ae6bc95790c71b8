"""The note of a paper: written, kept as one types, shown."""
