"""Joining the rows of papers that are the same, and taking them apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reader.domain.sync import Cell
from reader.storage.paper_merge import merge_papers
from reader.storage.sync.families import Work
from reader.storage.sync.paper_classes import PaperClass, touch_all
from reader.storage.sync.paper_rows import paper_cell
from reader.storage.sync.paper_values import without
from reader.storage.writer import id_list, text_list

_CHUNKS = """
SELECT DISTINCT listing_id, (position - 1) / 500 FROM sightings WHERE paper_id IN (SELECT value FROM json_each(?))
"""
_HIGHLIGHTS = "SELECT id FROM highlights WHERE paper_id IN (SELECT value FROM json_each(?))"
_WITH_ARXIV = "SELECT arxiv_id, id FROM papers WHERE arxiv_id IN (SELECT value FROM json_each(?))"


def unite(work: Work, papers: PaperClass) -> None:
    """Make one row of the rows of a class; what is shown of its cells is written afterwards."""
    owner = papers.owner
    kept = papers.rows.pop(owner)
    # Their values are read while the tables still tell which paper a listing shows.
    work.heads(chunk_cells(work, list(papers.rows.values())))
    for row in papers.rows.values():
        merge_papers(work.writer, kept, row)
    papers.rows = {owner: kept}
    touch_all(work, papers.members)


def give_arxiv_ids(work: Work, classes: Sequence[PaperClass]) -> None:
    """Leave an arXiv id that several papers want to that with the smallest uid.

    They are papers that a person took apart; all others with one arXiv id are the same.
    """
    wanted: dict[str, list[PaperClass]] = {}
    for each in classes:
        if each.value.get("arxiv_id"):
            wanted.setdefault(each.value["arxiv_id"], []).append(each)
    if not wanted:
        return
    by_row = {row: each for each in classes for row in each.rows.values()}
    kept = {arxiv_id: min(each.root for each in several) for arxiv_id, several in wanted.items()}
    for arxiv_id, row in work.writer.execute(_WITH_ARXIV, (text_list(wanted),)).fetchall():
        other = by_row.get(row)
        uid = other.root if other is not None else work.members_of(work.uid_of("paper", row) or "")[0]
        if other is None and uid < kept[arxiv_id]:
            kept[arxiv_id] = uid
        elif uid != kept[arxiv_id] or other is None or other.value.get("arxiv_id") != arxiv_id:
            work.writer.execute("UPDATE papers SET arxiv_id = NULL WHERE id = ?", (row,))
    for arxiv_id, several in wanted.items():
        for each in several:
            if each.root != kept[arxiv_id]:
                each.value = without(each.value, "arxiv_id")


def chunk_cells(work: Work, rows: Collection[int]) -> list[Cell]:
    """The cells with the sightings of papers."""
    found = work.writer.execute(_CHUNKS, (id_list(rows),)).fetchall()
    uids = work.uids_of("listing", {listing for listing, _ in found})
    return [Cell("listing", uids[listing], f"sightings:{chunk}") for listing, chunk in found if listing in uids]


def touch_regrouped(work: Work) -> None:
    """Have everything written again of the papers that were or are the same as one of which a person said so now."""
    uids = work.take_regrouped()
    if uids:
        # One may have shown what was said of another alone, so all are written in every field of any.
        fields = {name for uid in uids for name in work.fields_of("paper", uid)}
        work.touch([paper_cell(uid, name) for uid in sorted(uids) for name in sorted(fields)])
        chunks = touch_what_refers(work, uids)
        # Their values are read while the tables still contain them.
        work.heads([*chunks, *(paper_cell(uid, "content") for uid in uids)])


def touch_what_refers(work: Work, uids: Collection[str]) -> list[Cell]:
    """Have the highlights in papers written again, and the sightings of them; the cells of the sightings."""
    if not uids:
        return []
    rows = set(work.papers_of(uids).values()) | set(work.locals_of("paper", uids).values())
    ids = [row[0] for row in work.writer.execute(_HIGHLIGHTS, (id_list(rows),))]
    work.touch([Cell("highlight", each, "quote") for each in work.uids_of("highlight", ids).values()])
    work.touch_awaiting(uids)
    chunks = chunk_cells(work, rows)
    work.touch(chunks)
    return chunks
