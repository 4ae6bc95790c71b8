"""Writing what changed of a paper's content, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reader.domain.anchoring import place_quote, quote_context
from reader.domain.doi import fold_doi
from reader.storage.content import COLUMNS, PaperContent
from reader.storage.writing import Writer


def update_paper(writer: Writer, paper: PaperContent, stored: Sequence[object]) -> None:
    """Write the changed columns of a paper; a former title and DOI stay findable, highlights are placed again."""
    values = paper.values()
    changed = [index for index, value in enumerate(values) if value != stored[index]]
    if not changed:
        return
    before = dict(zip(COLUMNS, stored, strict=True))
    assignments = ", ".join(f"{COLUMNS[index]} = ?" for index in changed)
    writer.execute(f"UPDATE papers SET {assignments} WHERE id = ?", (*(values[index] for index in changed), paper.id))
    if before["title_fold"] and before["title_fold"] != paper.title_fold:
        writer.execute(
            "INSERT INTO former_titles (paper_id, title_fold) SELECT :paper, :fold WHERE NOT EXISTS "
            "(SELECT 1 FROM former_titles WHERE paper_id = :paper AND title_fold = :fold)",
            {"paper": paper.id, "fold": before["title_fold"]},
        )
    if before["doi"] != paper.doi:
        keep_dois(writer, paper, [str(before["doi"])] if before["doi"] else [])
    for target in ("title", "abstract"):
        if before[target] != getattr(paper, target):
            reanchor_highlights(writer, paper.id, target, getattr(paper, target))


def keep_dois(writer: Writer, paper: PaperContent, dois: Iterable[str]) -> None:
    """Keep DOIs that other listings gave a paper beside its own; each once, however it is written."""
    for doi in dois:
        if paper.doi is None or fold_doi(doi) != fold_doi(paper.doi):
            writer.execute(
                "INSERT INTO further_dois (paper_id, doi) SELECT :paper, :doi WHERE NOT EXISTS "
                "(SELECT 1 FROM further_dois WHERE paper_id = :paper AND lower(doi) = lower(:doi))",
                {"paper": paper.id, "doi": doi},
            )
    writer.execute("DELETE FROM further_dois WHERE paper_id = ? AND lower(doi) = lower(?)", (paper.id, paper.doi))


def reanchor_highlights(writer: Writer, paper_id: int, target: str, text: str) -> None:
    """Place a paper's highlights in its changed title or abstract; what cannot be placed stays, without offsets."""
    rows = writer.execute(
        'SELECT id, start, "end", exact, prefix, suffix FROM highlights WHERE paper_id = ? AND target = ?',
        (paper_id, target),
    ).fetchall()
    for highlight_id, start, end, exact, prefix, suffix in rows:
        place = place_quote(text, exact, prefix, suffix, start)
        values = (None, None, prefix, suffix) if place is None else (*place, *quote_context(text, *place))
        if values != (start, end, prefix, suffix):
            writer.execute(
                'UPDATE highlights SET start = ?, "end" = ?, prefix = ?, suffix = ? WHERE id = ?',
                (*values, highlight_id),
            )
