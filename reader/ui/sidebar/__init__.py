"""The left pane: views and listings with their counts."""
