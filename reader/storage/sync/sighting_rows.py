"""The rows of ``sightings`` as values of their cells: reading them, and writing what arrived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from reader.domain.sync import Cell, Json
from reader.storage.sync.families import Work
from reader.storage.sync.listing_values import CHUNK, Sighting
from reader.storage.sync.paper_uids import name_papers
from reader.storage.writer import Writer, id_list

_COLUMNS = "paper_id, position, first_line, last_line, comments, upvotes, submitted_by, published_shown, since"
_SEEN = f"SELECT id, {_COLUMNS} FROM sightings WHERE listing_id = ? AND position BETWEEN ? AND ? ORDER BY position, id"
_EARLIER = (
    "SELECT paper_id, day, position, comments, upvotes FROM earlier_sightings WHERE listing_id = ? ORDER BY day, id"
)
_INSERT = f"INSERT INTO sightings (listing_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_EARLIER = """
INSERT INTO earlier_sightings (listing_id, paper_id, day, position, comments, upvotes) VALUES (?, ?, ?, ?, ?, ?)
"""
_UPDATE = """
UPDATE sightings SET position = ?, first_line = ?, last_line = ?, comments = ?, upvotes = ?, submitted_by = ?,
    published_shown = ?, since = ? WHERE id = ?
"""
_PAGE = "SELECT iif(page IS NULL, NULL, substr(imported, 1, 10)) FROM listings WHERE id = ?"
_LAST = 2**40
Span = tuple[int, int]
"""The first and last position of a part of a listing."""
WHOLE: Span = (-_LAST, _LAST)


def span(chunk: int) -> Span:
    """The positions of a cell's sightings."""
    return chunk * CHUNK + 1, (chunk + 1) * CHUNK


def read_sightings(work: Work, listing_id: int, positions: Span) -> list[Json]:
    """The value of a part of a listing."""
    writer = work.writer
    first_day = writer.execute(_PAGE, (listing_id,)).fetchone()
    rows = writer.execute(_SEEN, (listing_id, *positions)).fetchall()
    earlier: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    if first_day is not None and first_day[0] is not None:
        for paper_id, *day in writer.execute(_EARLIER, (listing_id,)):
            earlier[paper_id].append(tuple(day))
    uids = name_papers(work, {row[1] for row in rows})
    found: list[Json] = []
    for _, paper_id, *shown, since in rows:
        since = since or (first_day and first_day[0])
        found.append(Sighting._make((uids[paper_id], *shown, since, earlier.pop(paper_id, ()))).json())
    return found


def write_sightings(work: Work, listing_id: int, positions: Span, wanted: Sequence[tuple[int, Sighting]]) -> int:
    """Make a part of a listing show these papers, given by their rows; how many rows differ."""
    writer = work.writer
    first_day = writer.execute(_PAGE, (listing_id,)).fetchone()[0]
    present: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row_id, paper_id, *shown in writer.execute(_SEEN, (listing_id, *positions)):
        present[paper_id].append((row_id, tuple(shown)))
    new, changed = [], []
    for paper_id, seen in wanted:
        since = None if seen.since == first_day else seen.since
        shown = (*seen[1:8], since)
        rows = present[paper_id]
        same = next((row for row in rows if row[1] == shown), None) or next(iter(rows), None)
        if same is None:
            new.append((listing_id, paper_id, *shown))
        else:
            rows.remove(same)
            if same[1] != shown:
                changed.append((*shown, same[0]))
    gone = [(row[0],) for rows in present.values() for row in rows]
    left = work.uids_of("paper", [paper_id for paper_id, rows in present.items() if rows])
    work.touch([Cell("paper", uid, "here") for uid in left.values()])
    writer.executemany("DELETE FROM sightings WHERE id = ?", gone)
    writer.executemany(_UPDATE, changed)
    writer.executemany(_INSERT, new)
    if first_day is not None:
        _write_earlier(writer, listing_id, wanted)
    return len(new) + len(changed) + len(gone)


def _write_earlier(writer: Writer, listing_id: int, wanted: Iterable[tuple[int, Sighting]]) -> None:
    """Make what a page showed of these papers on earlier days be this."""
    present: defaultdict[int, set[tuple[Any, ...]]] = defaultdict(set)
    for paper_id, *day in writer.execute(_EARLIER, (listing_id,)):
        present[paper_id].add(tuple(day))
    days: dict[int, set[tuple[Any, ...]]] = {paper_id: set() for paper_id in present}
    for paper_id, seen in wanted:
        days.setdefault(paper_id, set()).update(seen.earlier)
    for paper_id, shown in days.items():
        if shown != present.get(paper_id, set()):
            sql = "DELETE FROM earlier_sightings WHERE listing_id = ? AND paper_id = ?"
            writer.execute(sql, (listing_id, paper_id))
            writer.executemany(_INSERT_EARLIER, [(listing_id, paper_id, *day) for day in sorted(shown)])


def rows_of_papers(work: Work, seen: Sequence[Sighting], cell_of: Mapping[str, Cell]) -> list[tuple[int, Sighting]]:
    """The sightings whose papers are here, with their rows; ``cell_of`` a paper's uid is the cell that waits for it."""
    uids = {each.paper for each in seen}
    rows = work.papers_of(uids)
    for uid in sorted(uids - rows.keys()):
        work.await_entity(uid, cell_of[uid])
        # If it was removed, that a listing shows it brings it back.
        work.touch([Cell("paper", uid, "here")])
    return [(rows[each.paper], each) for each in seen if each.paper in rows]


def delete_listings(work: Work, ids: Collection[int]) -> int:
    """Delete listings with everything that belongs to them, and have their papers looked at again; their number."""
    writer, given = work.writer, (id_list(ids),)
    if not ids:
        return 0
    here = "IN (SELECT value FROM json_each(?))"
    papers = [
        row[0] for row in writer.execute(f"SELECT DISTINCT paper_id FROM sightings WHERE listing_id {here}", given)
    ]
    for table in ("earlier_sightings", "sightings", "listing_fetches", "listing_problems"):
        writer.execute(f"DELETE FROM {table} WHERE listing_id {here}", given)
    count = writer.execute(f"DELETE FROM listings WHERE id {here}", given).rowcount
    work.touch([Cell("paper", uid, "here") for uid in work.uids_of("paper", papers).values()])
    return count
