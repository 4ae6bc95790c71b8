"""What can be done with papers."""
