"""All highlights, and all notes, of a library: lists that stand in the place of the papers'."""
