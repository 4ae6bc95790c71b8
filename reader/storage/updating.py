"""Writing what changed of a paper's content, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence

from reader.domain.anchoring import place_quote, quote_context
from reader.storage.content import COLUMNS, PaperContent
from reader.storage.writing import Writer


def update_paper(writer: Writer, paper: PaperContent, stored: Sequence[object]) -> None:
    """Write the changed columns of a paper; a former title stays findable and highlights are placed again."""
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
    for target in ("title", "abstract"):
        if before[target] != getattr(paper, target):
            reanchor_highlights(writer, paper.id, target, getattr(paper, target))


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
