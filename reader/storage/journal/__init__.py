"""Steps, undo and redo."""
