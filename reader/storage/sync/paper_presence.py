"""Whether papers are in the library: which of them were removed, and which annotations and listings keep them."""

from __future__ import annotations

from collections.abc import Callable

from reader.domain.sync import Cell, Head, Json
from reader.storage.sync.families import Work
from reader.storage.sync.paper_classes import PaperClass, covers
from reader.storage.sync.paper_rows import paper_cell
from reader.storage.writer import id_list, text_list


def is_here(work: Work, papers: PaperClass) -> bool:
    """Whether a class is in the library: unless it was removed by someone who knew all that was said of it.

    Annotations that the remover did not know keep it, and so does a listing that shows it.
    """
    removals: list[Head] = []
    for uid in papers.contents:
        said = papers.gone[uid]
        if not said or any(head.value != 0 for head in said):
            return True
        removals += said

    def is_news(head: Head) -> bool:
        return not any(covers(removal, head) for removal in removals)

    if any(is_news(head) for heads in papers.contents.values() for head in heads):
        return True
    names = [paper_cell(uid, name) for uid in papers.members for name in work.fields_of("paper", uid)]
    heads = work.heads([cell for cell in names if cell.field not in ("content", "here")])
    if any(_keeps(cell.field, head.value) and is_news(head) for cell, given in heads.items() for head in given):
        return True
    return _is_referred_to(work, papers, is_news)


def _keeps(name: str, value: Json) -> bool:
    """Whether a value is an annotation for whose sake a paper stays."""
    if name == "state":
        return isinstance(value, list) and value[:1] != ["inbox"]
    if name == "star":
        return (value[0] if isinstance(value, list) and value else value) == 1
    if name == "note":
        return isinstance(value, dict) and bool(value.get("text"))
    return value is not None and (name == "bury" or name.startswith(("tag:", "document:")))


def _is_referred_to(work: Work, papers: PaperClass, is_news: Callable[[Head], bool]) -> bool:
    """Whether a listing here shows a paper, or a highlight is in it that its remover did not know."""
    rows = id_list(papers.rows.values())
    sql = "SELECT 1 FROM sightings WHERE paper_id IN (SELECT value FROM json_each(?)) LIMIT 1"
    if work.writer.execute(sql, (rows,)).fetchone():
        return True
    ids = [row[0] for row in work.writer.execute(
        "SELECT id FROM highlights WHERE paper_id IN (SELECT value FROM json_each(?))", (rows,)
    )]  # fmt: skip
    cells = [Cell("highlight", uid, "quote") for uid in work.uids_of("highlight", ids).values()]
    sql = """
    SELECT a.entity, f.name FROM sync_awaited a JOIN sync_fields f ON f.id = a.field
    WHERE a.awaited IN (SELECT value FROM json_each(?))
    """
    awaiting = work.writer.execute(sql, (text_list(papers.members),)).fetchall()
    names = work.names_of({row[0] for row in awaiting})
    waiting = [Cell(*names[number], field) for number, field in awaiting]
    cells += [cell for cell in waiting if cell.field == "quote"]
    for heads in work.heads(cells).values():
        if any(head.value is not None and is_news(head) for head in heads):
            return True
    chunks = [cell for cell in waiting if cell.kind == "listing" and _is_listed(work, cell.uid)]
    return any(
        seen[0] in papers.members
        for heads in work.heads(chunks).values()
        for head in heads
        if isinstance(head.value, list)
        for seen in head.value
        if isinstance(seen, list) and seen
    )


def _is_listed(work: Work, uid: str) -> bool:
    """Whether a listing is here."""
    row = work.writer.execute("SELECT 1 FROM listings WHERE id = ?", (work.local_of("listing", uid),))
    return row.fetchone() is not None
