"""Cells of papers: their content, whether they are here, and which of them are the same.

All cells of papers that are the same are shown on one row, that of the kept paper. Two papers that a device finds to be
the same when one arrives are joined by a write of its own, so that all devices join them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reader.domain.sync import Cell, Json
from reader.storage.content import COLUMNS
from reader.storage.sync.entities import PAPER_KIND
from reader.storage.sync.families import NOW, Mark, Watch, Work
from reader.storage.sync.paper_classes import PaperClass, classes_of, parted, touch_all, value_of
from reader.storage.sync.paper_joins import (
    ANNOTATED,
    await_highlights,
    give_arxiv_ids,
    settle_arxiv_ids,
    touch_regrouped,
    touch_what_refers,
    touch_what_waits_for_arxiv_ids,
    unite,
    with_rivals,
)
from reader.storage.sync.paper_presence import is_here
from reader.storage.sync.paper_rows import (
    NewRows,
    delete_rows,
    has_content,
    lead_keys,
    paper_cell,
    rows_of,
    update_row,
    values_of,
)
from reader.storage.sync.paper_twins import Twins, conflicts
from reader.storage.sync.paper_uids import name_alias, name_papers
from reader.storage.sync.saved_rows import saved_paper, saving
from reader.storage.writer import text_list

_MARK_ANNOTATIONS = f"""
INSERT OR REPLACE INTO sync_dirty (field, a, b, time)
SELECT value, {{paper}}, 0, {NOW} FROM json_each('{text_list(ANNOTATED)}')
"""
_MARK_TAGS = f"""
INSERT OR REPLACE INTO sync_dirty (field, a, b, time)
SELECT 'tagged', paper_id, tag_id, {NOW} FROM paper_tags WHERE paper_id = NEW.paper_id
"""
_ALIASES = "SELECT key, paper_id FROM paper_aliases WHERE key IN (SELECT value FROM json_each(?))"
_WITH_KEYS = "SELECT key, id FROM papers WHERE key IN (SELECT value FROM json_each(?))"
_IS_KNOWN = f"EXISTS (SELECT 1 FROM sync_entities WHERE kind = {PAPER_KIND} AND local = NEW.id)"


class PaperCells:
    """The family of papers' own cells."""

    tables: tuple[str, ...] = ("papers", "former_titles", "further_dois", "paper_aliases")
    fields: tuple[str, ...] = ("content", "here", "same")
    kinds: tuple[str, ...] = ("paper",)
    large: tuple[str, ...] = ("content",)

    def watches(self) -> Iterator[Watch]:
        """See :class:`~reader.storage.sync.families.Family`.

        A paper that comes back under its id, and one into which another was joined, have all their annotations said
        again: what the tables contain then is what counts.
        """
        both = (("content", "NEW.id"), ("here", "NEW.id"))
        yield Watch("papers_insert", "INSERT ON papers", both)
        again = _MARK_ANNOTATIONS.format(paper="NEW.id")
        yield Watch("papers_again", "INSERT ON papers", (("content", "NEW.id"),), _IS_KNOWN, again)
        columns = ", ".join(column for column in COLUMNS if column != "id")
        yield Watch("papers_update", f"UPDATE OF {columns} ON papers", (("content", "NEW.id"),))
        yield Watch("papers_delete", "DELETE ON papers", (("here", "OLD.id"),), statement=saving("papers"))
        for table in ("former_titles", "further_dois"):
            yield Watch(f"{table}_insert", f"INSERT ON {table}", (("content", "NEW.paper_id"),))
            moved = (("content", "OLD.paper_id"), ("content", "NEW.paper_id"))
            yield Watch(f"{table}_update", f"UPDATE ON {table}", moved, statement=saving(table))
            gone = (("content", "OLD.paper_id"),)
            yield Watch(f"{table}_delete", f"DELETE ON {table}", gone, statement=saving(table))
        joined = f"{_MARK_ANNOTATIONS.format(paper='NEW.paper_id')}; {_MARK_TAGS}"
        keyed = (("same", "NEW.key"), ("content", "NEW.paper_id"))
        yield Watch("paper_aliases_insert", "INSERT ON paper_aliases", keyed, statement=joined)
        moved = (("content", "OLD.paper_id"), ("content", "NEW.paper_id"))
        yield Watch("paper_aliases_update", "UPDATE ON paper_aliases", moved, statement=saving("paper_aliases"))
        keyed = (("same", "OLD.key"), ("content", "OLD.paper_id"))
        yield Watch("paper_aliases_delete", "DELETE ON paper_aliases", keyed, statement=saving("paper_aliases"))

    def everything(self) -> Iterator[str]:
        """See :class:`~reader.storage.sync.families.Family`."""
        yield "SELECT 'content', id, 0 FROM papers"
        yield "SELECT 'same', key, 0 FROM paper_aliases"

    def read(self, work: Work, marks: Sequence[Mark]) -> Iterator[tuple[Cell, Json, int]]:
        """See :class:`~reader.storage.sync.families.Family`."""
        times: dict[str, dict[Any, int]] = {name: {} for name in self.fields}
        for mark in marks:
            times[mark.field][mark.a] = mark.time
        ids = times["content"].keys() | times["here"].keys()
        rows = rows_of(work.writer, ids)
        name_papers(work, sorted(rows))
        self._read_joins(work, times["same"])
        gone = work.uids_of("paper", ids - rows.keys())
        for paper_id, uid in sorted(gone.items()):
            self._read_gone(work, paper_id, uid, times)
        changed = {paper_id: rows[paper_id] for paper_id in sorted(times["content"].keys() & rows.keys())}
        uids = work.uids_of("paper", rows)
        for paper_id, value in values_of(work, changed).items():
            yield paper_cell(uids[paper_id], "content"), value, times["content"][paper_id]
        removed = work.heads([paper_cell(uids[paper_id], "here") for paper_id in times["here"] if paper_id in uids])
        touch_what_waits_for_arxiv_ids(work)
        for each in classes_of(work, [cell.uid for cell in removed]):
            touch_all(work, each.members)
            for uid in each.contents:
                yield paper_cell(uid, "here"), 1, 0

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """See :class:`~reader.storage.sync.families.Family`."""
        touch_regrouped(work)
        uids = list(dict.fromkeys(cell.uid for cell in cells))
        spoken_of = {cell.uid for cell in cells if cell.field == "content"}
        touch_what_refers(work, {uid for uid in spoken_of if len(work.members_of(uid)) > 1})
        classes = with_rivals(work, classes_of(work, uids))
        here = [each for each in classes if is_here(work, each)]
        removed = [row for each in classes if each not in here for row in each.rows.values()]
        if removed:
            await_highlights(work, removed)
            delete_rows(work, removed)
        settle_arxiv_ids(work, here)
        arriving = [each for each in here if not each.rows]
        updated = _renew_regrouped(work, here) if arriving else set()
        twins = Twins(work, arriving, conflicts(work, here))
        said = twins.join()
        if said:
            touch_regrouped(work)
            here = classes_of(work, [*(uid for each in here for uid in each.members), *said])
        for each in here:
            if len(each.rows) > 1:
                unite(work, each)
        give_arxiv_ids(work, here)
        new = NewRows(work)
        for each in here:
            if not each.rows:
                new.add(each.value, each.owner, each.members)
            elif update_row(work, each.rows[each.owner], each.value):
                updated.add(each.rows[each.owner])
            if each.rows:
                for head in (head for heads in each.contents.values() for head in heads):
                    lead_keys(work, each.rows[each.owner], value_of(head), each.members)
        return {"papers": new.insert(), "updated": len(updated), "removed": len(removed)}

    def stored(self, work: Work, cells: Sequence[Cell]) -> Mapping[Cell, Json]:
        """See :class:`~reader.storage.sync.families.Family`."""
        locals_ = work.locals_of("paper", [cell.uid for cell in cells])
        values = values_of(work, rows_of(work.writer, set(locals_.values())))
        return {cell: values[locals_[cell.uid]] for cell in cells if locals_.get(cell.uid) in values}

    def _read_joins(self, work: Work, keys: Mapping[str, int]) -> None:
        """Say which papers were joined into others, or taken apart."""
        if not keys:
            return
        given = (text_list(keys),)
        aliases = dict(work.writer.execute(_ALIASES, given).fetchall())
        back = dict(work.writer.execute(_WITH_KEYS, given).fetchall())
        owners = work.uids_of("paper", set(aliases.values()))
        for key, time in keys.items():
            uid = name_alias(work, key)
            if uid is None:
                continue
            cell = paper_cell(uid, "same")
            if key in aliases and owners[aliases[key]] not in work.members_of(uid):
                work.write(cell, owners[aliases[key]], time or None)
            elif key in back and key not in aliases and len(work.members_of(uid)) > 1:
                if not parted(work, [uid]):
                    work.write(cell, None, time or None)
                touch_all(work, [uid])
        touch_regrouped(work)

    def _read_gone(self, work: Work, paper_id: int, uid: str, times: Mapping[str, Mapping[Any, int]]) -> None:
        """Say of a paper whose row is gone that it was removed, unless it was joined into another; keep its content."""
        if not has_content(work, uid):
            return
        cell = paper_cell(uid, "content")
        saved = saved_paper(work, paper_id, uid)
        is_joined = bool(work.papers_of([uid]))
        if saved is not None and (is_joined or paper_id in times["content"]):
            # A write that is not in the target yet has its value nowhere else any more.
            work.write(cell, saved, times["content"].get(paper_id) or None)
        elif saved is not None:
            work.keep({cell: saved})
        if is_joined:
            return
        for each in classes_of(work, [uid]):
            if is_here(work, each):
                for member in each.contents:
                    work.write(paper_cell(member, "here"), 0, times["here"].get(paper_id) or None)


def _renew_regrouped(work: Work, classes: Sequence[PaperClass]) -> set[int]:
    """Have the rows of papers that were joined or taken apart show their own contents; the rows that changed.

    One that still shows another's, as while its own had not come, would be found to be the twin of that other. Which
    of them has an arXiv id is left for later.
    """
    apart = parted(work, [uid for each in classes if each.rows for uid in each.members])
    changed = set()
    for each in classes:
        if not each.rows or (len(each.members) == 1 and each.root not in apart):
            continue
        if len(each.rows) > 1:
            unite(work, each)
        row = each.rows[each.owner]
        arxiv_id = work.writer.execute("SELECT arxiv_id FROM papers WHERE id = ?", (row,)).fetchone()[0]
        if update_row(work, row, {**each.value, "arxiv_id": arxiv_id}):
            changed.add(row)
    return changed
