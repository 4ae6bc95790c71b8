"""The map of the library: its topics in a list and on a picture, and what can be done with them."""
