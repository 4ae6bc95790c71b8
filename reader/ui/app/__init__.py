"""The program around the window: its beginning and end, its threads, and what it asks of the system."""
