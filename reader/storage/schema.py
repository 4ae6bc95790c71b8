"""The journalled tables, and how the journal names their rows.

Every journalled table has an integer primary key, by which the journal names its rows, and only integer and text
columns: SQLite's ``json_object``, which makes the images, loses digits of REAL and refuses BLOBs.
"""

from __future__ import annotations

from dataclasses import dataclass

INSERT, UPDATE, DELETE, REMOVED, LEFT = 1, 2, 3, 4, 5
"""The values of the journal's ``action``.

REMOVED rows were deleted with a paper when its import was undone; LEFT ones were not put back by undo or redo because
the operation, which arrived from another device, stood in the way.
"""
ANYTHING = "*"
"""The table's name in the only image of an operation that kept none: it may have changed any row."""


@dataclass(frozen=True, slots=True)
class JournalledTable:
    """A table whose changes are journalled.

    ``key`` is its integer primary key, ``paper`` the column with the paper that a row belongs to. ``content`` tables
    hold what listings said: the journal records only the keys of inserted rows, and later automatic changes never block
    an undo. ``lenient`` gives an annotation table the second property.
    """

    name: str
    key: str
    paper: str | None
    content: bool = False
    lenient: bool = False


JOURNALLED = (
    JournalledTable("listings", "id", None, content=True, lenient=True),
    JournalledTable("listing_problems", "id", None, content=True, lenient=True),
    JournalledTable("papers", "id", "id", content=True, lenient=True),
    JournalledTable("former_titles", "id", "paper_id", content=True, lenient=True),
    JournalledTable("further_dois", "id", "paper_id", content=True, lenient=True),
    JournalledTable("listing_fetches", "id", None, content=True, lenient=True),
    JournalledTable("sightings", "id", "paper_id", content=True, lenient=True),
    JournalledTable("earlier_sightings", "id", "paper_id", content=True, lenient=True),
    JournalledTable("paper_aliases", "id", "paper_id"),
    JournalledTable("states", "paper_id", "paper_id"),
    JournalledTable("seen", "paper_id", "paper_id", lenient=True),
    JournalledTable("tags", "id", None),
    JournalledTable("paper_tags", "id", "paper_id"),
    JournalledTable("notes", "paper_id", "paper_id"),
    JournalledTable("highlight_labels", "id", None),
    JournalledTable("paper_documents", "id", "paper_id"),
    JournalledTable("label_colors", "id", None),
    JournalledTable("highlights", "id", "paper_id"),
    JournalledTable("queue", "paper_id", "paper_id"),
    JournalledTable("saved_searches", "id", None),
    JournalledTable("mute_rules", "id", None),
    JournalledTable("subscriptions", "id", None),
    JournalledTable("taste_wishes", "id", None),
    JournalledTable("taste_examples", "id", None),
    JournalledTable("topics", "id", None),
)
"""Parents come before children."""

BY_NAME = {table.name: table for table in JOURNALLED}
KEEPING_TABLES = tuple(
    BY_NAME[name]
    for name in ("states", "paper_tags", "notes", "highlights", "paper_documents", "queue", "paper_aliases")
)
"""The tables whose rows keep a paper in the library when the listing that brought it is removed."""
