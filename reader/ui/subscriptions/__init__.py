"""Subscriptions: adding, fetching and changing them, and what is new in them."""
