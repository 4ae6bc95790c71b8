"""Synchronising with other machines: setting up, when it happens, how it stands, and what was kept beside."""
