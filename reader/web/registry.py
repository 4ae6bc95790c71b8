"""The kinds of subscription. To add one, write a module with a ``KIND`` and add it below."""

from __future__ import annotations

from reader.domain.errors import ReaderError
from reader.domain.subscriptions import SubscriptionKind
from reader.web import arxiv, daily, feed, query, search
from reader.web.kind import Kind

_MODULES = (daily, search, arxiv, query, feed)
KINDS: dict[SubscriptionKind, Kind] = {each.KIND.kind: each.KIND for each in _MODULES}
"""Every kind by its name."""


def kind_of(name: str) -> Kind:
    """The kind of that name; raises :class:`ReaderError` if there is none."""
    for kind in KINDS.values():
        if kind.kind == name:
            return kind
    known = ", ".join(KINDS)
    raise ReaderError(f"There is no kind of subscription “{name}”. Choose one of {known}.")
