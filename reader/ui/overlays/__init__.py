"""What opens over the window: palette, key sheet, prompts and sheets of text."""
