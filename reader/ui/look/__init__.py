"""Colours, typefaces, drawings and words."""
