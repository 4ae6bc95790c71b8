"""Which view is open, which paper is shown, and the ways from one to the next."""
