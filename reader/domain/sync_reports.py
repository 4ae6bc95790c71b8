"""What synchronising tells people: what it would do, how far it is, what it did, and how things stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reader.domain.changes import Change
from reader.domain.sync import WaitingFor


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How a library that is synchronised stands to its target.

    ``pending_out`` counts the changes that are not in the target yet, ``kept_beside`` the values that are not shown.
    ``last`` is when a whole run last ended well (ISO 8601, UTC; None: never). ``trouble`` is a sentence about the last
    run, empty if it ended well. ``is_remote`` tells that the target is an address, not a folder.
    """

    device: str
    name: str
    target: str
    pending_out: int = 0
    kept_beside: int = 0
    waiting: tuple[WaitingFor, ...] = ()
    devices: tuple[str, ...] = ()
    """The names of the other devices."""
    last: str | None = None
    trouble: str = ""
    is_remote: bool = False
    is_sealed: bool = False
    """Whether a passphrase protects the target's files."""


@dataclass(frozen=True, slots=True)
class SyncFigures:
    """How much a library, or a target, has."""

    papers: int = 0
    notes: int = 0
    bytes: int = 0
    """The size of its files in a target; an estimate before they are written."""
    tags: int = 0


@dataclass(frozen=True, slots=True)
class SyncPreview:
    """What setting up with a target would do: begin there, or join what is there.

    ``name`` is what the shared library is called. ``there`` is None where only the passphrase, which is missing, could
    tell. ``needs_passphrase`` tells that one is missing; a wrong one is a
    :class:`~reader.domain.errors.ReaderError`.
    """

    joins: bool
    name: str
    here: SyncFigures
    there: SyncFigures | None = None
    devices: tuple[str, ...] = ()
    is_sealed: bool = False
    needs_passphrase: bool = False


class SyncPhase(StrEnum):
    """What a run is at."""

    LOOKING = "looking"
    COLLECTING = "collecting"
    """Turning changes into writes."""
    SENDING = "sending"
    RECEIVING = "receiving"
    TIDYING = "tidying"


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a run is; ``total`` 0 means that nobody knows."""

    phase: SyncPhase
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a run did. ``change`` is what came in, for those who show it; ``is_own`` is False in it."""

    change: Change
    sent: int = 0
    """The writes that were published."""
    received: int = 0
    """The writes that were applied."""
    arrived: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """What came, by the name of the device and then by kind (``papers``, ``notes``, …)."""
    troubles: tuple[str, ...] = ()
    """Sentences about files that could not be read; all else was done."""
    waiting: tuple[WaitingFor, ...] = ()
    cancelled: bool = False
