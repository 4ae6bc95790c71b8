"""Subscriptions: what is due, fetching it, and storing its pages."""
