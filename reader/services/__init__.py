"""The library's whole API for the window and the command line."""
