"""Highlights: made by sentence labels or word by word, painted in the paper, gone through, edited."""
