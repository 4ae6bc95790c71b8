"""Going back and forth in what was done."""
