"""What stands around the papers in every view."""
