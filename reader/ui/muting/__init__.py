"""Mute rules: searches whose papers stay out of the inbox."""
