"""What a running Lectern is to the system and to others of its kind."""
