"""The list of papers: its model, how its rows are drawn, and the pane around it."""
