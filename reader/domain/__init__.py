"""Frozen values and pure rules; standard library and rapidfuzz only."""
