"""A library: what can be read of it and done with it."""
