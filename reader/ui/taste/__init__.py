"""The order "for you": sorting by it, its reasons, and what was learned."""
