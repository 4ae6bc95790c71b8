"""Cells of tags and of the tags on papers.

A tag's uid is the fold of its first name, so that a tag made on two devices is one. Tags that get one name by renaming
share a row. A tag stands if it was not deleted, or if any paper carries it: somebody used it meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from reader.domain.annotations import TagNameError, check_tag_name, fold_tag
from reader.domain.batches import batches
from reader.domain.sync import Cell, Json
from reader.storage.sync.entities import KIND
from reader.storage.sync.families import Mark, Watch, Work
from reader.storage.sync.named_rows import NamedRows, Rendered, Row, Values
from reader.storage.sync.together import Said, members_of_rows, shown_together, spread
from reader.storage.sync.values import as_color, as_text, as_time, seconds_sql
from reader.storage.writer import id_list, text_list

_PAIRS = f"""
SELECT pt.paper_id, pt.tag_id, {seconds_sql("pt.created")} FROM json_each(?) AS given JOIN paper_tags pt
ON pt.paper_id = json_extract(given.value, '$[0]') AND pt.tag_id = json_extract(given.value, '$[1]')
"""
_WRITE = """
INSERT INTO paper_tags (paper_id, tag_id, created) VALUES (?, ?, ?)
ON CONFLICT (paper_id, tag_id) DO UPDATE SET created = excluded.created WHERE created <> excluded.created
"""
_DELETE = "DELETE FROM paper_tags WHERE paper_id = ? AND tag_id = ?"
_ROWS = f"""
SELECT e.uid, t.id FROM sync_entities e JOIN tags t ON t.id = e.local
WHERE e.kind = {KIND} AND e.uid IN (SELECT value FROM json_each(?))
"""
_SHARING = f"""
SELECT uid, local FROM sync_entities WHERE kind = {KIND} AND local IN (SELECT value FROM json_each(?)) ORDER BY uid
"""
_FIRST_USE = """
UPDATE tags SET created = (SELECT min(created) FROM paper_tags WHERE tag_id = tags.id)
WHERE id = :tag AND created <> (SELECT min(created) FROM paper_tags WHERE tag_id = tags.id)
"""
_ENTITIES = f"SELECT uid, local FROM sync_entities WHERE kind = {KIND}"
_PAPERS = "SELECT DISTINCT paper_id FROM paper_tags WHERE tag_id IN (SELECT value FROM json_each(?))"
_WITH_FOLD = "SELECT 1 FROM tags WHERE fold IN (SELECT value FROM json_each(?))"
_PREFIX = "tag:"
_LOOKED_AT = 500
"""Papers whose heads are read at once in search of one that has a tag."""


class Tags(NamedRows):
    """Tags, and which papers have them."""

    tables: tuple[str, ...] = ("tags", "paper_tags")
    fields: tuple[str, ...] = ("tag", "name", "color", "about", "favorite", _PREFIX)
    kinds: tuple[str, ...] = ("tag", "paper")
    kind = "tag"
    table = "tags"
    count = "tags"
    columns: ClassVar = {"name": "name", "color": "color", "about": "description", "favorite": "favorite"}
    created = "created"
    settled = ("favorite",)
    shares_rows = True

    def first_uid(self, row: Row) -> str:
        """The fold of the name."""
        return str(row["fold"])

    def row_of(self, uid: str, values: Values) -> Row:
        """A tag's columns; one whose name has not come is called by its uid."""
        name = _tag_name(values["name"]) or _tag_name(uid.partition("#")[0]) or "tag"
        row: Row = {"name": name, "fold": fold_tag(name), "color": as_color(values["color"])}
        favorite = values["favorite"] if values["favorite"] in range(1, 10) else None
        row |= {"description": as_text(values["about"]) or "", "favorite": favorite}
        created = as_time(values["tag"])
        return row | ({} if created is None else {"created": created})

    def settle(self, rows: Mapping[str, Row]) -> None:
        """A number that two want: the smaller uid keeps it."""
        taken = set()
        for row in rows.values():
            if row["favorite"] in taken:
                row["favorite"] = None
            taken.add(row["favorite"])

    def watches(self) -> Iterator[Watch]:
        """Changes of tags, and of papers' tags; merging papers and tags moves rows from one to another."""
        yield from super().watches()
        for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            marks = tuple(("tagged", f"{row}.paper_id", f"{row}.tag_id") for row in rows)
            yield Watch(f"paper_tags_{event.lower()}", f"{event} ON paper_tags", marks)

    def everything(self) -> Iterator[str]:
        """Every tag, and every tag of a paper."""
        yield from super().everything()
        yield "SELECT 'tagged', paper_id, tag_id FROM paper_tags"

    # From the tables

    def read(self, work: Work, marks: Sequence[Mark]) -> Iterator[tuple[Cell, Json, int]]:
        """A tag's columns, and ``tag:`` (the time since when a paper has it). A tag that is used is there."""
        of_tags = [mark for mark in marks if mark.field != "tagged"]
        of_papers = [mark for mark in marks if mark.field == "tagged"]
        yield from super().read(work, of_tags)
        if not of_papers:
            return
        uids = self.uids_of(work, {mark.b for mark in of_papers})
        yield from self._read_used(work, of_papers, uids, {int(mark.a) for mark in of_tags})
        pairs = f"[{','.join(f'[{mark.a},{mark.b}]' for mark in of_papers)}]"
        created = {row[:2]: row[2] for row in work.writer.execute(_PAIRS, (pairs,))}
        members = members_of_rows(work, {int(mark.a) for mark in of_papers})
        said = [
            Said(_cells(members.get(int(mark.a), ()), uids.get(mark.b, ())), value, mark.time or (value or 0) * 1000)
            for mark in of_papers
            for value in (created.get((mark.a, mark.b)),)
        ]
        yield from spread(work, said)

    def _read_used(
        self, work: Work, marks: Sequence[Mark], uids: Mapping[int, Sequence[str]], known: Collection[int]
    ) -> Iterator[tuple[Cell, Json, int]]:
        """Tags that were deleted elsewhere but are used here since: they are there again."""
        times = {mark.b: mark.time for mark in marks if mark.b not in known}
        cells = {tag: [Cell("tag", uid, "tag") for uid in uids[tag]] for tag in times if uids.get(tag)}
        gone = {tag for tag, value in shown_together(work, cells).items() if value is None}
        for tag, row in self._read_rows(work, gone).items():
            yield cells[tag][0], self.existence_of(row), times[tag]

    # To the tables

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """Write tags where one was said something about, or begins or ends by being used; then papers' tags."""
        papers = work.papers_of({cell.uid for cell in cells if cell.kind == "paper"})
        tagged: dict[str, set[int]] = defaultdict(set)
        for cell in cells:
            if cell.kind == "paper":
                tagged[cell.field.removeprefix(_PREFIX)] |= {papers[cell.uid]} if cell.uid in papers else set()
        rows: dict[str, int] = dict(work.writer.execute(_ROWS, (self.kind, text_list(tagged))).fetchall())
        concerned = {cell.uid for cell in cells if cell.kind == "tag"} | tagged.keys()
        if self.are_right(work, concerned):
            counts = {"paper_tags": self._write_paper_tags(work, tagged, rows)}
        elif (new := self._insert_new(work, concerned)) is not None:
            counts = {"paper_tags": self._write_paper_tags(work, tagged, rows | new), "tags": len(new)}
        else:
            used = self._carried(work, tagged)
            rendered = self.write_rows(work, used)
            self._follow(work, rendered, tagged)
            counts = {"paper_tags": self._write_paper_tags(work, tagged, rendered.after)}
            self._finish(work, rendered, used)
            counts["tags"] = rendered.changed
        return {name: count for name, count in counts.items() if count > 0}

    def _insert_new(self, work: Work, uids: Collection[str]) -> dict[str, int] | None:
        """Insert tags that are new and concern no other; their rows by uid.

        None if there is anything else among these tags: then all tags have to be looked at.
        """
        shown, known = self._shown(work, uids), work.locals_of(self.kind, uids)
        if not all(self.stands(uid, values) for uid, values in shown.items()):
            return None
        new = {uid: self.row_of(uid, values) for uid, values in shown.items() if uid not in known}
        folds = {str(row["fold"]) for row in new.values()}
        if len(folds) < len(new) or any(row["favorite"] is not None for row in new.values()):
            return None
        if work.writer.execute(_WITH_FOLD, (text_list(folds),)).fetchone() or not self.are_right(work, known.keys()):
            return None
        made = {uid: work.writer.insert(self.table, self.on_insert(work) | row) for uid, row in new.items()}
        work.name_entities(self.kind, [(uid, row_id, None) for uid, row_id in made.items()])
        return made

    def _carried(self, work: Work, tagged: Mapping[str, set[int]]) -> set[str]:
        """The tags that some paper carries although they were deleted, or nothing has come of them yet."""
        entities: dict[str, int | None] = dict.fromkeys(tagged)
        entities |= dict(work.writer.execute(_ENTITIES, (self.kind,)).fetchall())
        standing = shown_together(work, {uid: [Cell("tag", uid, "tag")] for uid in entities})
        deleted = [uid for uid, value in standing.items() if value is None]
        return {uid for uid in deleted if _is_carried(work, uid, entities[uid], tagged.get(uid, ()))}

    def _follow(self, work: Work, rendered: Rendered, tagged: dict[str, set[int]]) -> None:
        """Have papers' tags written anew where tags came to share a row, or share one no longer."""
        before, after = rendered.before, rendered.after
        moved = [uid for uid in before.keys() | after.keys() if before.get(uid) != after.get(uid)]
        rows = {each[uid] for uid in moved for each in (before, after) if uid in each}
        papers = {row[0] for row in work.writer.execute(_PAPERS, (id_list(rows),))}
        for uid in before.keys() | after.keys():
            if papers and rows & {before.get(uid), after.get(uid)}:
                tagged[uid] |= papers

    def _write_paper_tags(self, work: Work, tagged: Mapping[str, set[int]], rows: Mapping[str, int]) -> int:
        """Write which of the touched papers have tags; the number of changes."""
        sharing: dict[int, list[str]] = defaultdict(list)
        for uid, row in _sharing(work, {rows[uid] for uid in tagged if uid in rows}):
            sharing[row].append(uid)
        members = members_of_rows(work, set().union(*tagged.values()))
        groups = {
            (paper, rows[uid]): _cells(members[paper], sharing[rows[uid]])
            for uid, papers in tagged.items()
            if uid in rows
            for paper in papers
        }
        created = {key: as_time(value) for key, value in shown_together(work, groups).items()}
        there = [(*key, value) for key, value in created.items() if value is not None]
        gone = [key for key, value in created.items() if value is None]
        return work.writer.executemany(_WRITE, there) + work.writer.executemany(_DELETE, gone)

    def _finish(self, work: Work, rendered: Rendered, used: Iterable[str]) -> None:
        """Delete rows of tags that are gone; those that stand by their papers only are as old as the first of these."""
        gone = (id_list(rendered.superfluous),)
        work.writer.execute("DELETE FROM paper_tags WHERE tag_id IN (SELECT value FROM json_each(?))", gone)
        self.delete_rows(work, rendered)
        for uid in used:
            work.writer.execute(_FIRST_USE, {"tag": rendered.after[uid]})

    def on_insert(self, work: Work) -> Row:
        """The time of creation, for a tag that stands by its papers only."""
        return {"created": work.writer.now}


def _tag_name(value: Json) -> str | None:
    """A tag's name, checked; None if no tag may have it."""
    try:
        return check_tag_name(as_text(value) or "")
    except TagNameError:
        return None


def _cells(papers: Sequence[str], tags: Sequence[str]) -> list[Cell]:
    """The cells of papers that are one for tags that share a row."""
    return [Cell("paper", paper, f"{_PREFIX}{tag}") for tag in tags for paper in papers]


def _is_carried(work: Work, uid: str, row: int | None, papers: Collection[int]) -> bool:
    """Whether a paper has a tag: one of these, or of those that have its row."""
    on_row = [] if row is None else [each[0] for each in work.writer.execute(_PAPERS, (id_list([row]),))]
    for some in batches([*papers, *on_row], _LOOKED_AT):
        groups = {row: _cells(members, (uid,)) for row, members in members_of_rows(work, some).items()}
        if any(value is not None for value in shown_together(work, groups).values()):
            return True
    return False


def _sharing(work: Work, rows: Collection[int]) -> list[tuple[str, int]]:
    """The tags that have these rows, with their rows, the smallest uid first."""
    return work.writer.execute(_SHARING, (Tags.kind, id_list(rows))).fetchall()
