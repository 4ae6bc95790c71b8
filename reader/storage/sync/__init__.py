"""The library's cells: what is said here, what other devices said, and the tables made from both."""
