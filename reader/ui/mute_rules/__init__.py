"""Mute rules: what they hide, and changing them."""
