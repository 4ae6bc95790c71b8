"""What stands where: the tables whose changes the journal keeps, and how their rows are named.

Every journalled table has an integer primary key, which names its rows in the journal, and holds integers and text
only: SQLite's ``json_object``, which makes the images, loses digits of REAL and refuses BLOBs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JournalledTable:
    """A table whose changes are journalled.

    ``key`` is its integer primary key, ``paper`` the column that names the paper a row belongs to. ``content`` tables
    hold what listings said: their inserts are journalled by key only, and a later automatic change of theirs never
    blocks an undo. ``lenient`` is the latter for an annotation table.
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
    JournalledTable("sightings", "id", "paper_id", content=True, lenient=True),
    JournalledTable("paper_aliases", "id", "paper_id"),
    JournalledTable("states", "paper_id", "paper_id"),
    JournalledTable("seen", "paper_id", "paper_id", lenient=True),
    JournalledTable("tags", "id", None),
    JournalledTable("paper_tags", "id", "paper_id"),
    JournalledTable("notes", "paper_id", "paper_id"),
    JournalledTable("highlight_labels", "id", None),
    JournalledTable("highlights", "id", "paper_id"),
    JournalledTable("queue", "paper_id", "paper_id"),
    JournalledTable("saved_searches", "id", None),
    JournalledTable("mute_rules", "id", None),
)
"""Parents before children."""

BY_NAME = {table.name: table for table in JOURNALLED}
KEEPING_TABLES = tuple(
    BY_NAME[name] for name in ("states", "paper_tags", "notes", "highlights", "queue", "paper_aliases")
)
"""What keeps a paper in the library when the listing that brought it goes."""
