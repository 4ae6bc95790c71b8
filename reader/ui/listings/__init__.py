"""Listings: importing, the watched folder, and catching up."""
