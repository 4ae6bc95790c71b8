"""Joining the rows of papers that are the same, and taking them apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reader.domain.cells import shown
from reader.domain.sync import Cell
from reader.storage.paper_merge import merge_papers
from reader.storage.sync.entities import PAPER_KIND
from reader.storage.sync.families import Work
from reader.storage.sync.paper_classes import PaperClass, classes_of, touch_all
from reader.storage.sync.paper_rows import paper_cell
from reader.storage.sync.paper_values import without
from reader.storage.sync.values import part
from reader.storage.writer import id_list, text_list

ANNOTATED = ("state", "star", "bury", "seen", "queue", "note")
"""Fields, and marks, of what a paper has one of at most."""
_CHUNKS = """
SELECT DISTINCT listing_id, (position - 1) / 500 FROM sightings WHERE paper_id IN (SELECT value FROM json_each(?))
"""
_HIGHLIGHTS = "SELECT id FROM highlights WHERE paper_id IN (SELECT value FROM json_each(?))"
_TAGS = "SELECT DISTINCT tag_id FROM paper_tags WHERE paper_id IN (SELECT value FROM json_each(?))"
_WITH_ARXIV = "SELECT arxiv_id, id FROM papers WHERE arxiv_id IN (SELECT value FROM json_each(?))"
_SET_ARXIV = "UPDATE papers SET arxiv_id = ? WHERE id = ?"
_ARXIV = "arxiv:"
"""What a paper's content waits for in ``sync_awaited`` begins so where it is an arXiv id."""
_WAIT = f"awaited >= '{_ARXIV}' AND awaited < 'arxiv;'"
_WAIT_FOR_ARXIV = f"SELECT DISTINCT entity FROM sync_awaited WHERE {_WAIT}"
_NO_LONGER = f"""
DELETE FROM sync_awaited WHERE {_WAIT} AND entity IN (
    SELECT id FROM sync_entities WHERE kind = {PAPER_KIND} AND uid IN (SELECT stored_uid(value) FROM json_each(?)))
"""


def unite(work: Work, papers: PaperClass) -> None:
    """Make one row of the rows of a class; what is shown of its cells is written afterwards."""
    owner = papers.owner
    kept = papers.rows.pop(owner)
    # A row may show what was said of a paper that is separate by now, and was not written anew since.
    tags = [row[0] for row in work.writer.execute(_TAGS, (id_list(papers.rows.values()),))]
    fields = [*ANNOTATED, *(f"tag:{uid}" for uid in work.uids_of("tag", tags).values())]
    # Their values are read while the tables still tell which paper a listing shows.
    work.heads(chunk_cells(work, list(papers.rows.values())))
    for row in papers.rows.values():
        # Which highlights are one then is said by the device that merged the papers.
        merge_papers(work.writer, kept, row, unites_highlights=False)
    papers.rows = {owner: kept}
    touch_all(work, papers.members)
    work.touch([paper_cell(papers.root, name) for name in fields])


def with_rivals(work: Work, classes: Sequence[PaperClass]) -> list[PaperClass]:
    """Papers with all others here that wait for an arXiv id, and those that have one which any of these want."""
    found = {each.members: each for each in classes}
    waiting = classes_of(work, _waiting(work))
    found = {each.members: each for each in waiting} | found
    rows = work.writer.execute(_WITH_ARXIV, (text_list(_wanted([*found.values()])),)).fetchall()
    holders = classes_of(work, work.uids_of("paper", [row[1] for row in rows]).values()) if rows else []
    return [*({each.members: each for each in holders} | found).values()]


def touch_what_waits_for_arxiv_ids(work: Work) -> None:
    """Have the papers written again whose arXiv id another one has: it may have changed now."""
    work.touch([paper_cell(uid, "content") for uid in _waiting(work)])


def _waiting(work: Work) -> list[str]:
    """The uids of the papers that wait for an arXiv id, in order."""
    found = work.names_of({row[0] for row in work.writer.execute(_WAIT_FOR_ARXIV).fetchall()})
    return sorted(uid for _, uid in found.values())


def settle_arxiv_ids(work: Work, classes: Sequence[PaperClass]) -> None:
    """Have a row of one that wants it contain each arXiv id that is wanted, so that the others are found by it.

    ``classes`` are with their :func:`with_rivals`.
    """
    wanted = _wanted(classes)
    holders = dict(work.writer.execute(_WITH_ARXIV, (text_list(wanted),)).fetchall())
    for arxiv_id, several in wanted.items():
        rows = [row for each in several for row in each.rows.values()]
        if holders.get(arxiv_id) not in rows:
            work.writer.execute(_SET_ARXIV, (None, holders.get(arxiv_id)))
            work.writer.execute(_SET_ARXIV, (arxiv_id, next(iter(rows), None)))


def give_arxiv_ids(work: Work, classes: Sequence[PaperClass]) -> None:
    """Leave an arXiv id that several papers want to that with the smallest uid; the others wait for it.

    They are papers that a person took apart; all others with one arXiv id are the same. ``classes`` are with their
    :func:`with_rivals`.
    """
    wanted = _wanted(classes)
    work.writer.execute(_NO_LONGER, (text_list(uid for each in classes for uid in each.members),))
    for arxiv_id, several in wanted.items():
        for each in several[1:]:
            work.await_all(f"{_ARXIV}{arxiv_id}", [paper_cell(each.owner, "content")])
            each.value = without(each.value, "arxiv_id")
    given = {row: each.value.get("arxiv_id") for each in classes for row in each.rows.values()}
    for arxiv_id, row in work.writer.execute(_WITH_ARXIV, (text_list(wanted),)).fetchall():
        if given.get(row) != arxiv_id:
            work.writer.execute(_SET_ARXIV, (None, row))


def _wanted(classes: Sequence[PaperClass]) -> dict[str, list[PaperClass]]:
    """The papers that have an arXiv id by what was said of them, that with the smallest uid first."""
    wanted: dict[str, list[PaperClass]] = {}
    for each in sorted(classes, key=lambda each: each.root):
        if each.value.get("arxiv_id"):
            wanted.setdefault(each.value["arxiv_id"], []).append(each)
    return wanted


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


def await_highlights(work: Work, rows: Collection[int]) -> None:
    """Have the highlights in papers that are removed wait for them: each may come back as the same as another."""
    ids = [row[0] for row in work.writer.execute(_HIGHLIGHTS, (id_list(rows),))]
    cells = [Cell("highlight", uid, "quote") for uid in work.uids_of("highlight", ids).values()]
    for cell, heads in work.heads(cells).items():
        paper = part(shown("quote", heads), 0)
        if isinstance(paper, str):
            work.await_entity(paper, cell)


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
