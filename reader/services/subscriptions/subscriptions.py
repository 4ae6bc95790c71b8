"""Subscriptions of a library."""

from __future__ import annotations

from reader.storage.subscriptions import StoredSubscriptions


class Subscriptions(StoredSubscriptions):
    """All that can be done with subscriptions. Every change of one is an undoable step."""
