"""The settings in force, and the window to change them in."""
