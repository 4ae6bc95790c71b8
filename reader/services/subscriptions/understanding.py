"""What a line typed or pasted would subscribe to, and whom that calls; asking calls nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reader.domain.subscriptions import SubscriptionKind


@dataclass(frozen=True, slots=True)
class Understood:
    """A source: its kind and canonical argument, the name that its subscription gets, and the hosts that are called."""

    kind: SubscriptionKind
    argument: str
    title: str
    hosts: tuple[str, ...]


def understand(line: str) -> Understood:
    """What a line subscribes to; raises :class:`~reader.domain.errors.ReaderError` for one that says nothing."""
    from reader.web.pasted import understand as understand_pasted

    pasted = understand_pasted(line)
    return describe(pasted.kind, pasted.argument)


def describe(kind: SubscriptionKind, argument: str) -> Understood:
    """A source by its canonical argument."""
    from reader.web.registry import kind_of

    chosen = kind_of(kind)
    return Understood(kind, argument, chosen.title(argument), _hosts(chosen.addresses(argument)))


def _hosts(addresses: Sequence[str]) -> tuple[str, ...]:
    """The hosts of addresses, each once, in their order."""
    from reader.web.addresses import host_of

    return tuple(dict.fromkeys(map(host_of, addresses)))
