"""Frozen values and pure rules. Imports the standard library and rapidfuzz only (decision 1)."""
