"""Steps, and undoing them."""
