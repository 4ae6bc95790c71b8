"""The right pane: one paper, set to be read."""
