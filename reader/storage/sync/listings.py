"""Cells of listings: what is known of each, whether it is here, and the papers that it shows, 500 positions a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reader.domain.sync import Cell, Head, Json
from reader.storage.sync.families import Mark, Watch, Work
from reader.storage.sync.listing_values import CHUNK, COLUMNS, fold_chunks, fold_listings, fold_pages
from reader.storage.sync.paper_classes import covers
from reader.storage.sync.paper_uids import listing_ids, name_listings
from reader.storage.sync.saved_rows import saved_chunks, saved_listing, saving
from reader.storage.sync.sighting_rows import (
    WHOLE,
    delete_listings,
    read_sightings,
    rows_of_papers,
    span,
    write_sightings,
)
from reader.storage.writer import Writer, id_list

_ROWS = f"SELECT id, {', '.join(COLUMNS)} FROM listings WHERE id IN (SELECT value FROM json_each(?))"
_PROBLEMS = "SELECT first_line, last_line, reason, text FROM listing_problems WHERE listing_id = ? ORDER BY id"
_FETCHES = "SELECT sha256, fetched FROM listing_fetches WHERE listing_id = ? ORDER BY id"
_PARTS = {
    "listing_problems": (_PROBLEMS, "(listing_id, first_line, last_line, reason, text) VALUES (?, ?, ?, ?, ?)"),
    "listing_fetches": (_FETCHES, "(listing_id, sha256, fetched) VALUES (?, ?, ?)"),
}
_CHUNK_OF_PAPER = f"""
coalesce((SELECT (position - 1) / {CHUNK} FROM sightings
    WHERE listing_id = {{row}}.listing_id AND paper_id = {{row}}.paper_id LIMIT 1), 0)
"""
_RIVALS = """
SELECT id FROM listings WHERE id <> :id AND (sha256 = :sha256
    OR page_kind = :page_kind AND page_argument = :page_argument AND page = :page)
"""
_SIGHTINGS = "sightings:"


class ListingCells:
    """The family of listings' cells."""

    tables: tuple[str, ...] = ("listings", "listing_problems", "listing_fetches", "sightings", "earlier_sightings")
    fields: tuple[str, ...] = ("here", "listing", _SIGHTINGS)
    kinds: tuple[str, ...] = ("listing",)
    large: tuple[str, ...] = ("listing", _SIGHTINGS)

    def watches(self) -> Iterator[Watch]:
        """See :class:`~reader.storage.sync.families.Family`."""
        both = (("listing", "NEW.id"), ("listing_here", "NEW.id"))
        yield Watch("listings_insert", "INSERT ON listings", both)
        yield Watch("listings_update", "UPDATE ON listings", (("listing", "NEW.id"),))
        gone = (("listing_here", "OLD.id"),)
        yield Watch("listings_delete", "DELETE ON listings", gone, statement=saving("listings"))
        for table in ("listing_problems", "listing_fetches"):
            for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
                saved = saving(table) if event == "DELETE" else ""
                mark = (("listing", f"{row}.listing_id"),)
                yield Watch(f"{table}_{event.lower()}", f"{event} ON {table}", mark, statement=saved)
        for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            marks = tuple(("sightings", f"{row}.listing_id", f"({row}.position - 1) / {CHUNK}") for row in rows)
            saved = saving("sightings") if event == "DELETE" else ""
            yield Watch(f"sightings_{event.lower()}", f"{event} ON sightings", marks, statement=saved)
            earlier = tuple(("sightings", f"{row}.listing_id", _CHUNK_OF_PAPER.format(row=row)) for row in rows)
            saved = saving("earlier_sightings") if event == "DELETE" else ""
            yield Watch(f"earlier_{event.lower()}", f"{event} ON earlier_sightings", earlier, statement=saved)

    def everything(self) -> Iterator[str]:
        """See :class:`~reader.storage.sync.families.Family`."""
        yield "SELECT 'listing', id, 0 FROM listings"
        yield f"SELECT DISTINCT 'sightings', listing_id, (position - 1) / {CHUNK} FROM sightings"

    def read(self, work: Work, marks: Sequence[Mark]) -> Iterator[tuple[Cell, Json, int]]:
        """See :class:`~reader.storage.sync.families.Family`."""
        ids = {int(mark.a) for mark in marks}
        values = _values(work, ids)
        name_listings(work, values)
        uids = work.uids_of("listing", ids)
        for mark in sorted(marks, key=lambda mark: (mark.a, mark.field, mark.b)):
            listing_id = int(mark.a)
            uid = uids.get(listing_id)
            if uid is None:
                continue
            if listing_id not in values:
                self._read_gone(work, mark, uid)
            elif mark.field == "listing":
                yield Cell("listing", uid, "listing"), values[listing_id], mark.time
            elif mark.field == "sightings":
                value: Json = read_sightings(work, listing_id, span(mark.b))
                cell = Cell("listing", uid, f"{_SIGHTINGS}{mark.b}")
                # Of a paper that a page shows no more, undo may have left what it showed on earlier days.
                work.touch([cell] if uid.startswith("page:") else [])
                yield cell, value or None, mark.time
            elif Cell("listing", uid, "here") in work.heads([Cell("listing", uid, "here")]):
                yield Cell("listing", uid, "here"), 1, mark.time

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """See :class:`~reader.storage.sync.families.Family`."""
        touched: dict[str, set[str]] = {}
        for cell in cells:
            touched.setdefault(cell.uid, set()).add(cell.field)
        heads = work.heads([Cell("listing", uid, name) for uid in touched for name in ("listing", "here")])
        removed, count, updated = [], 0, 0
        for uid, names in touched.items():
            listing = heads.get(Cell("listing", uid, "listing"), ())
            shown = fold_listings(listing)
            row_id = work.local_of("listing", uid)
            if shown is None:
                continue
            if not _is_here(listing, heads.get(Cell("listing", uid, "here"), ())):
                removed += [row_id] if row_id is not None and _is_row(work.writer, row_id) else []
                continue
            is_new, rows = row_id is None or not _is_row(work.writer, row_id), 0
            if row_id is not None and not is_new and "listing" in names and shown["row"].get("page") is not None:
                self._read_chunks(work, row_id)
            if is_new or "listing" in names:
                row_id, rows = self._write(work, uid, row_id, shown)
            if row_id is None:
                continue
            count += is_new
            if is_new:
                names |= {name for name in work.fields_of("listing", uid) if name.startswith(_SIGHTINGS)}
            chunks = [name for name in names if name.startswith(_SIGHTINGS)]
            if chunks or ("listing" in names and shown["row"].get("page") is not None):
                rows += _write_chunks(work, uid, row_id, chunks, is_page=shown["row"].get("page") is not None)
            updated += rows > 0 and not is_new
        self._remove(work, removed)
        return {"listings": count, "listings_changed": updated, "listings_removed": len(removed)}

    def stored(self, work: Work, cells: Sequence[Cell]) -> Mapping[Cell, Json]:
        """See :class:`~reader.storage.sync.families.Family`."""
        locals_ = work.locals_of("listing", [cell.uid for cell in cells])
        values = _values(work, set(locals_.values()))
        found: dict[Cell, Json] = {}
        for cell in cells:
            listing_id = locals_.get(cell.uid, 0)
            if listing_id in values and cell.field == "listing":
                found[cell] = values[listing_id]
            elif listing_id in values:
                found[cell] = read_sightings(work, listing_id, span(int(cell.field.removeprefix(_SIGHTINGS))))
        return found

    def _read_gone(self, work: Work, mark: Mark, uid: str) -> None:
        """Say of a listing whose row is gone how it was changed before, and that it was removed; keep its values."""
        cell, listing_id = Cell("listing", uid, "listing"), int(mark.a)
        if "listing" not in work.fields_of("listing", uid):
            return
        saved = saved_listing(work, listing_id)
        chunks = {} if saved is None else saved_chunks(work, listing_id)
        if mark.field == "listing" and saved is not None:
            work.write(cell, saved, mark.time or None)
        elif mark.field == "sightings" and mark.b in chunks:
            work.write(Cell("listing", uid, f"{_SIGHTINGS}{mark.b}"), chunks[mark.b], mark.time or None)
        elif mark.field == "listing_here":
            here = Cell("listing", uid, "here")
            known = work.heads([cell, here])
            if saved is not None:
                work.keep({cell: saved})
                work.keep({Cell("listing", uid, f"{_SIGHTINGS}{chunk}"): value for chunk, value in chunks.items()})
            if _is_here(known.get(cell, ()), known.get(here, ())):
                work.write(here, 0, mark.time or None)

    def _write(self, work: Work, uid: str, row_id: int | None, shown: Mapping[str, Any]) -> tuple[int | None, int]:
        """Write a listing's row, problems and fetches; its id, and in how many tables something differed.

        The id is None if a listing that is here stands for it.
        """
        whole = {column: shown["row"].get(column) for column in COLUMNS}
        rivals = [each[0] for each in work.writer.execute(_RIVALS, {**whole, "id": row_id or 0}).fetchall()]
        for rival in rivals:
            other = work.uid_of("listing", rival)
            if other is not None and _precedence(other) < _precedence(uid):
                return None, 0
        if rivals and (row_id is None or not _is_row(work.writer, row_id)):
            awaited, row_id = row_id, rivals.pop(0)
            self._read_chunks(work, row_id)
            self._read_papers(work, row_id)
            sql = "UPDATE papers SET first_listing_id = ? WHERE first_listing_id = ?"
            work.writer.execute(sql, (row_id, awaited))
        self._remove(work, rivals)
        row_id = row_id or listing_ids(work, [uid])[uid]
        is_new = not _is_row(work.writer, row_id)
        columns = ", ".join(COLUMNS)
        marks = ", ".join("?" * len(COLUMNS))
        differs = " OR ".join(f"{column} IS NOT excluded.{column}" for column in COLUMNS)
        assignments = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS)
        written = work.writer.execute(
            f"INSERT INTO listings (id, {columns}) VALUES (?, {marks}) "
            f"ON CONFLICT (id) DO UPDATE SET {assignments} WHERE {differs}",
            (row_id, *whole.values()),
        )
        if is_new or work.uid_of("listing", row_id) != uid:
            work.name_entity("listing", uid, row_id)
        return row_id, written.rowcount + _write_parts(work.writer, row_id, shown)

    def _remove(self, work: Work, ids: Sequence[int]) -> None:
        """Delete listings; the values of their cells stay with the heads."""
        for listing_id in ids:
            self._read_chunks(work, listing_id)
        delete_listings(work, ids)

    def _read_chunks(self, work: Work, listing_id: int) -> None:
        """Have the values of a listing's cells read before its rows change or go."""
        uid = work.uid_of("listing", listing_id)
        if uid is not None:
            work.heads([Cell("listing", uid, name) for name in work.fields_of("listing", uid)])

    def _read_papers(self, work: Work, listing_id: int) -> None:
        """Have the contents read of the papers that a listing brought, before it is called otherwise."""
        rows = work.writer.execute("SELECT id FROM papers WHERE first_listing_id = ?", (listing_id,)).fetchall()
        uids = work.uids_of("paper", [row[0] for row in rows])
        work.heads([Cell("paper", paper, "content") for paper in uids.values()])


def _is_here(listing: Sequence[Head], here: Sequence[Head]) -> bool:
    """Whether a listing is in the library: unless it was removed by someone who knew all that was said of it."""
    if not here or any(head.value != 0 for head in here):
        return True
    return any(not any(covers(removal, head) for removal in here) for head in listing)


def _is_row(writer: Writer, listing_id: int) -> bool:
    return writer.execute("SELECT 1 FROM listings WHERE id = ?", (listing_id,)).fetchone() is not None


def _precedence(uid: str) -> tuple[bool, str]:
    """Of two uids of one listing the smaller counts: a page before a file."""
    return not uid.startswith("page:"), uid


def _values(work: Work, ids: set[int]) -> dict[int, dict[str, Any]]:
    """The values of listings that are here, by id."""
    found: dict[int, dict[str, Any]] = {}
    for listing_id, *row in work.writer.execute(_ROWS, (id_list(ids),)).fetchall():
        problems, fetches = (
            [[*part] for part in work.writer.execute(sql, (listing_id,))] for sql in (_PROBLEMS, _FETCHES)
        )
        named = {column: value for column, value in zip(COLUMNS, row, strict=True) if value is not None}
        found[listing_id] = {"row": named, "problems": problems, "fetches": fetches}
    return found


def _write_parts(writer: Writer, listing_id: int, shown: Mapping[str, Any]) -> int:
    """Write a listing's problems and fetches where they differ; how many tables did."""
    changed = 0
    for table, name in (("listing_problems", "problems"), ("listing_fetches", "fetches")):
        select, insert = _PARTS[table]
        if [[*row] for row in writer.execute(select, (listing_id,))] != shown[name]:
            writer.execute(f"DELETE FROM {table} WHERE listing_id = ?", (listing_id,))
            writer.executemany(f"INSERT INTO {table} {insert}", [(listing_id, *row) for row in shown[name]])
            changed += 1
    return changed


def _write_chunks(work: Work, uid: str, listing_id: int, chunks: Sequence[str], *, is_page: bool) -> int:
    """Write what is shown of a listing's sightings: of a page all, of a file those of the given cells."""
    if is_page:
        chunks = [name for name in work.fields_of("listing", uid) if name.startswith(_SIGHTINGS)]
    cells = [Cell("listing", uid, name) for name in sorted(chunks)]
    heads = work.heads(cells)
    if is_page:
        every = [head for given in heads.values() for head in given]
        papers = {seen[0] for head in every if isinstance(head.value, list) for seen in head.value}  # type: ignore[index]
        kept = {paper: work.members_of(paper)[0] for paper in papers if isinstance(paper, str)}
        seen = fold_pages(every, kept)
        waiting = {each.paper: cells[0] for each in seen}
        return write_sightings(work, listing_id, WHOLE, rows_of_papers(work, seen, waiting))
    count = 0
    for cell in cells:
        seen = fold_chunks(heads.get(cell, ()))
        rows = rows_of_papers(work, seen, {each.paper: cell for each in seen})
        count += write_sightings(work, listing_id, span(int(cell.field.removeprefix(_SIGHTINGS))), rows)
    return count
