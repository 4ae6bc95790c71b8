"""Papers by their meaning: vectors kept in step with the library, and what is close to what."""
