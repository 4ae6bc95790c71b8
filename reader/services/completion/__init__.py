"""Completing papers with what services and files know of them."""
