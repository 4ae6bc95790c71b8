"""What a family of cells has to know: how its tables are watched, read and written.

Each family stands for some tables of one subject. The engine (:mod:`reader.storage.sync.engine`) keeps the heads, and
asks the families for the values in the tables and to write shown values into them. The first family of a kind makes the
rows of its entities; those after it are given only cells of entities that are here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from reader.domain.sync import Cell, Head, Json
from reader.storage.writer import Writer

NOW = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
"""The present moment in SQL, in milliseconds; SQLite 3.40 has no function for them."""


class Mark(NamedTuple):
    """A row of ``sync_dirty``: something of the table's row ``a`` (and ``b``) changed, at ``time`` (milliseconds)."""

    field: str
    a: int | str
    b: int
    time: int


@dataclass(frozen=True, slots=True)
class Watch:
    """A trigger that writes marks: on ``event`` ("UPDATE OF x ON states"), if ``condition`` (SQL or empty) holds.

    ``marks`` are pairs of a mark's name, which no other family uses, and SQL for ``a`` (a third element is SQL for
    ``b``).
    """

    name: str
    event: str
    marks: tuple[tuple[str, str] | tuple[str, str, str], ...]
    condition: str = ""
    statement: str = ""
    """A further SQL statement that the trigger carries out."""


class Work(Protocol):
    """What families are given inside a transaction: the writer, entities, and heads; see ``work.py``."""

    writer: Writer

    @property
    def device(self) -> str:
        """The name by which others know this device."""

    def uid_of(self, kind: str, local: int) -> str | None:
        """The uid of a row's entity; None if it has none yet."""

    def names_of(self, numbers: Collection[int]) -> Mapping[int, tuple[str, str]]:
        """The kinds and uids of entities by their numbers."""

    def known(self, kind: str, uids: Iterable[str]) -> Collection[str]:
        """Those of the uids that entities have already."""

    def local_of(self, kind: str, uid: str) -> int | None:
        """The row of an entity; None if it has (or had) none here. The row may have been deleted meanwhile."""

    def uids_of(self, kind: str, locals_: Collection[int]) -> Mapping[int, str]:
        """The same for many rows at once; rows without entity are left out."""

    def locals_of(self, kind: str, uids: Collection[str]) -> Mapping[str, int]:
        """The rows of many entities at once; entities without row are left out."""

    def name_entity(self, kind: str, uid: str, local: int | None, key: str | None = None) -> None:
        """Say which row an entity is, as often as the row is made; for papers also their ``key`` here.

        The row belongs to no other entity then. All cells of the entity that have heads are touched, and those that
        await it.
        """

    def name_entities(self, kind: str, rows: Iterable[tuple[str, int | None, str | None]]) -> None:
        """The same for many entities at once: uid, row and key."""

    def uid_with_key(self, key: str) -> str | None:
        """The uid of the paper that has, or had, this key here."""

    def papers_of(self, uids: Collection[str]) -> Mapping[str, int]:
        """The present rows of papers by uid, each the row of the paper kept of those that are the same.

        Those that are not here are left out.
        """

    def members_of(self, uid: str) -> Sequence[str]:
        """The uids of all papers that are the same as this one, itself among them, the kept one first."""

    def take_regrouped(self) -> set[str]:
        """The papers that were or are the same as those of which that was said or denied since the last time."""

    def heads(self, cells: Iterable[Cell]) -> Mapping[Cell, Sequence[Head]]:
        """The heads of cells, by time and device, with large values read; cells without heads are left out.

        A head whose pack has not come is left out.
        """

    def fields_of(self, kind: str, uid: str) -> Sequence[str]:
        """The fields of an entity that have heads."""

    def write(self, cell: Cell, value: Json, time: int | None = None) -> None:
        """A write of this device's own, which replaces the heads of its cell (in milliseconds since 1970)."""

    def keep(self, values: Mapping[Cell, Json]) -> None:
        """Keep large values with their heads, because the tables will not contain them from now on.

        Only heads without a kept value are given one. For a paper that is deleted or joined into another.
        """

    def touch(self, cells: Iterable[Cell]) -> None:
        """Have these cells written to the tables as well, by families that come later or in a further round."""

    def await_entity(self, awaited: str, cell: Cell) -> None:
        """Remember that a cell refers to an entity that is not here, by its uid; it is touched when that is named.

        If it is a paper that was here, whether it comes back is asked again: its ``here`` is touched.
        """

    def await_all(self, awaited: str, cells: Iterable[Cell]) -> None:
        """Remember that cells wait for something that is no entity; whoever asks for them has them written."""

    def touch_awaiting(self, awaited: Collection[str]) -> None:
        """Touch the cells that await any of these entities, which are here now as another's."""


class Family(Protocol):
    """One subject's cells."""

    tables: tuple[str, ...]
    """The journalled tables that its cells stand for."""
    fields: tuple[str, ...]
    """The names of its marks, and of its fields (``tag:`` for all that begin so)."""
    kinds: tuple[str, ...]
    """The kinds of entities that its cells belong to."""
    large: tuple[str, ...]
    """Those of its fields whose values travel in packs, and stand only in the tables while they can."""

    def watches(self) -> Iterator[Watch]:
        """The triggers that notice changes."""

    def everything(self) -> Iterator[str]:
        """SELECTs of ``field, a, b`` for all that is in the tables, which mark it when synchronising begins."""

    def read(self, work: Work, marks: Sequence[Mark]) -> Iterator[tuple[Cell, Json, int]]:
        """The present values of marked cells, with times in milliseconds: the marks' own, or better ones where it is 0.

        What has nothing to say is left out.

        The engine leaves out values that equal what is shown. For a paper that was joined with others, it gives the
        value to the cells of all its members that have heads.
        """

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """Write what is shown of these cells into the tables, where it differs; how many of what changed.

        Where a cell refers to a paper that is not here, it is left alone, after :meth:`Work.await_entity`.
        """

    def stored(self, work: Work, cells: Sequence[Cell]) -> Mapping[Cell, Json]:
        """The values of large cells as the tables (or ``sync_saved``) contain them; what they do not is left out."""
