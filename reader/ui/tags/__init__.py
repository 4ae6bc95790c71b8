"""Tags by key: on papers, in the left pane, and of the library."""
