"""Libraries that synchronise in memory, and two small families of cells over real tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from reader.domain.folding import fold_title
from reader.domain.sync import Arrived, Cell, Json, Segment
from reader.storage.store import LibraryStore
from reader.storage.sync import registry
from reader.storage.sync.families import Family, Mark, Watch, Work
from reader.storage.sync_uids import uid_of
from reader.storage.writer import id_list, text_list
from tests.storage.support import TickingClock

_USUAL = {
    **dict.fromkeys(("sort_date", "counts_date", "content_date"), "2026-01-01"),
    **{"first_seen": "2026-01-01T00:00:00Z", "content_rank": 0},
}
"""Columns that these tests leave alone."""


class Titles:
    """Papers by key, with title and abstract as their content."""

    tables = ("papers",)
    fields = ("content", "here")
    kinds = ("paper",)
    large = ("content",)

    def watches(self) -> Iterator[Watch]:
        """New papers, and new texts."""
        yield Watch("papers_insert", "INSERT ON papers", (("content", "NEW.id"),))
        yield Watch("papers_update", "UPDATE OF title, abstract ON papers", (("content", "NEW.id"),))

    def everything(self) -> Iterator[str]:
        """All papers."""
        yield "SELECT 'content', id, 0 FROM papers"

    def read(self, work: Work, marks: Sequence[Mark]) -> Iterator[tuple[Cell, Json, int]]:
        """The marked papers' texts; new ones are named."""
        times = {int(mark.a): mark.time for mark in marks}
        for number, key, value in _texts(work, f"id IN ({', '.join(map(str, times))})"):
            if work.uid_of("paper", number) is None:
                work.name_entity("paper", key, number, key)
            yield Cell("paper", key, "content"), value, times[number]

    def stored(self, work: Work, cells: Sequence[Cell]) -> Mapping[Cell, Json]:
        """The texts in the table."""
        wanted = text_list(cell.uid for cell in cells)
        rows = _texts(work, "key IN (SELECT value FROM json_each(?))", wanted)
        return {Cell("paper", key, "content"): value for _, key, value in rows}

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """Insert or change papers; of several texts the last one."""
        new = 0
        for cell, heads in work.heads([cell for cell in cells if cell.field == "content"]).items():
            value = heads[-1].value
            assert isinstance(value, dict)
            local = work.papers_of((cell.uid,)).get(cell.uid)
            row = {"title": str(value["title"]), "abstract": str(value["abstract"])}
            if local is None:
                more = {"key": cell.uid, "title_fold": fold_title(row["title"])} | _USUAL
                local = work.writer.insert("papers", row | more)
                work.name_entity("paper", cell.uid, local, cell.uid)
                new += 1
            else:
                sql = "UPDATE papers SET title = ?, abstract = ? WHERE id = ? AND (title, abstract) <> (?1, ?2)"
                work.writer.execute(sql, (row["title"], row["abstract"], local))
        return {"papers": new}


class Stars:
    """The star of a paper."""

    tables = ("states",)
    fields = ("star",)
    kinds = ("paper",)
    large = ()

    def watches(self) -> Iterator[Watch]:
        """New, changed and removed stars."""
        yield Watch("states_insert", "INSERT ON states", (("star", "NEW.paper_id"),), "NEW.starred")
        changed = "NEW.starred <> OLD.starred"
        yield Watch("states_update", "UPDATE OF starred ON states", (("star", "NEW.paper_id"),), changed)
        yield Watch("states_delete", "DELETE ON states", (("star", "OLD.paper_id"),), "OLD.starred")

    def everything(self) -> Iterator[str]:
        """All papers with a star."""
        yield "SELECT 'star', paper_id, 0 FROM states WHERE starred"

    def read(self, work: Work, marks: Sequence[Mark]) -> Iterator[tuple[Cell, Json, int]]:
        """Whether the papers have a star."""
        papers = [int(mark.a) for mark in marks]
        uids = work.uids_of("paper", papers)
        sql = "SELECT paper_id FROM states WHERE starred AND paper_id IN (SELECT value FROM json_each(?))"
        starred = {row[0] for row in work.writer.execute(sql, (id_list(papers),))}
        for mark in marks:
            yield Cell("paper", uids[int(mark.a)], "star"), [int(mark.a in starred), None], mark.time

    def stored(self, work: Work, cells: Sequence[Cell]) -> Mapping[Cell, Json]:
        """None is large."""
        return {}

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """A star if any head has one."""
        papers = work.papers_of({cell.uid for cell in cells})
        changed = 0
        for cell, heads in work.heads(cells).items():
            values = [head.value for head in heads]
            starred = max(value[0] for value in values if isinstance(value, list))
            sql = (
                "INSERT INTO states (paper_id, starred) VALUES (?, ?) ON CONFLICT (paper_id) DO UPDATE "
                "SET starred = excluded.starred WHERE starred <> excluded.starred"
            )
            changed += work.writer.execute(sql, (papers[cell.uid], starred)).rowcount
        return {"stars": changed}


def _texts(work: Work, condition: str, *parameters: str) -> list[tuple[int, str, Json]]:
    rows = work.writer.execute(f"SELECT id, key, title, abstract FROM papers WHERE {condition}", parameters)
    return [(row[0], row[1], {"title": row[2], "abstract": row[3]}) for row in rows.fetchall()]


def use_families(patch: pytest.MonkeyPatch, *families: Family) -> None:
    """Have the engine know only these families."""
    patch.setattr(registry, "FAMILIES", families)
    clear_registry()


def clear_registry() -> None:
    """Forget what was derived from the families."""
    for cached in (registry.family_of_mark, registry.family_of, registry.is_large, registry.maker_of):
        cached.cache_clear()


class Replica:
    """A library that synchronises, and what it has published."""

    def __init__(self, folder: Path, name: str, *, is_new: bool = True) -> None:
        """``name`` is the device's, and that of its folder."""
        self.name = name
        self.clock = TickingClock()
        self.store = LibraryStore(folder / name / "library.db", clock=self.clock)
        if is_new:
            self.store.sync.begin("lab", f"{name}-1", name, "memory", "")
        self.segments: list[Segment] = []
        self.packs: dict[str, Sequence[Json]] = {}

    def publish(self) -> list[Segment]:
        """Make segments of what is new; these."""
        self.store.sync.flush()
        me = self.store.sync.me()
        assert me is not None
        new = []
        for packs, segment in self.store.sync.outgoing(me.published):
            self.packs.update((pack.sha256, pack.rows) for pack in packs)
            new.append(segment)
            self.store.sync.mark_published(segment.last)
        self.segments += new
        return new

    def star(self, *keys: str, on: bool = True) -> None:
        """Give papers a star or take it away, by key."""
        self.store.states.set_starred([self.paper(key) for key in keys], on)

    def paper(self, key: str) -> int:
        """The id of a paper by its key."""
        return int(self.store.rows("SELECT id FROM papers WHERE key = ?", (key,))[0][0])

    def paper_keys(self) -> list[str]:
        """The keys of all papers."""
        return [row[0] for row in self.store.rows("SELECT key FROM papers ORDER BY key")]

    def take(self, *others: Replica) -> list[Arrived | None]:
        """Take in all that others have published."""
        return [self.store.sync.apply(segment, other.packs.get) for other in others for segment in other.segments]

    def heads(self) -> list[tuple[object, ...]]:
        """All heads by names, with contexts by names, for comparing."""
        sql = """
        SELECT sync_kinds.name, uid, sync_fields.name, sync_devices.device, sync_heads.number FROM sync_heads
        JOIN sync_entities ON sync_entities.id = entity JOIN sync_fields ON sync_fields.id = field
        JOIN sync_kinds ON sync_kinds.id = kind JOIN sync_devices ON sync_devices.id = sync_heads.device
        """
        return sorted((kind, uid_of(uid), *said) for kind, uid, *said in self.store.rows(sql))

    def starred(self) -> list[str]:
        """The keys of the papers with a star."""
        sql = "SELECT key FROM states JOIN papers ON papers.id = paper_id WHERE starred ORDER BY key"
        return [row[0] for row in self.store.rows(sql)]


def check_shown(store: LibraryStore) -> None:
    """Check that the tables contain what the heads show: writing all of it anew changes nothing."""
    counts = store.sync.render_all().counts
    changed = {name: count for name, count in counts.items() if count}
    assert not changed, f"the tables are behind what is said: {changed}"


def meet(*replicas: Replica, rounds: int = 2) -> None:
    """Let all take in all of each other's."""
    for _ in range(rounds):
        for each in replicas:
            each.publish()
        for each in replicas:
            each.take(*(other for other in replicas if other is not each))
