"""The families of cells, and the journalled tables that are not synchronised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from reader.storage.sync.documents import Documents
from reader.storage.sync.families import Family
from reader.storage.sync.highlights import Highlights
from reader.storage.sync.labels import Labels
from reader.storage.sync.listings import ListingCells
from reader.storage.sync.marks import Marks
from reader.storage.sync.named import Rules, Searches, Subscriptions
from reader.storage.sync.notes import Notes
from reader.storage.sync.papers import PaperCells
from reader.storage.sync.tags import Tags

_LABELS = Labels()
FAMILIES: tuple[Family, ...] = (
    PaperCells(),
    ListingCells(),
    _LABELS,
    Tags(),
    Notes(),
    Marks(),
    Documents(),
    Highlights(_LABELS),
    Searches(),
    Rules(),
    Subscriptions(),
)
"""In the order in which they write into the tables: what others refer to comes first."""
FIELDS = 2
"""The number of the newest way to show cells: it rises with every field added, and with every change to what is shown.

The first run of a version with a higher one writes everything anew.
"""
BY_PAPER = frozenset({"state", "star", "bury", "seen", "note", "tagged", "attached"})
"""The marks of annotations that name the row of a paper."""
OF_MANY_PAPERS = frozenset({"queue"})
"""The marks whose values follow from several papers, so that all papers need their names first."""
NOT_SYNCED = {
    "taste_wishes": "What Lectern has learned of a reader is private, and learned again from the decisions.",
    "taste_examples": "What Lectern has learned of a reader is private, and learned again from the decisions.",
    "topics": "They are made of the papers, by each device for itself.",
    "document_places": "Where one reads is of the device that one reads on.",
    "label_colors": "Programs choose their colours on each device, which asks once for each of them.",
}
"""Why a journalled table has no cells."""


@cache
def family_of_mark() -> Mapping[str, Family]:
    """The family of each mark."""
    return {mark[0]: family for family in FAMILIES for watch in family.watches() for mark in watch.marks}


def marks_of(family: Family) -> Sequence[str]:
    """The names of a family's marks."""
    return [name for name, each in family_of_mark().items() if each is family]


@cache
def family_of(kind: str, field: str) -> Family | None:
    """The family that shows these cells; None if it is unknown to this version."""
    for family in FAMILIES:
        if kind in family.kinds and any(_is_named(field, name) for name in family.fields):
            return family
    return None


@cache
def is_large(kind: str, field: str) -> bool:
    """Whether the values of these cells travel in packs."""
    family = family_of(kind, field)
    return family is not None and any(_is_named(field, name) for name in family.large)


@cache
def maker_of(kind: str) -> Family | None:
    """The family that makes the rows of this kind."""
    return next((family for family in FAMILIES if kind in family.kinds), None)


def _is_named(field: str, name: str) -> bool:
    return field == name or (name.endswith(":") and field.startswith(name))
