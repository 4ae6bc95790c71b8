"""Commands: the table of them, the keys in force, and the ways to reach them."""
