"""Writing of a paper's changed content, and of everything that depends on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reader.domain.doi import fold_doi
from reader.domain.quote_placing import Quote, place_quote, quote_context
from reader.storage.content import COLUMNS, PaperContent
from reader.storage.writer import Writer


def update_paper(
    writer: Writer, paper: PaperContent, stored: Sequence[object], *, places_highlights: bool = True
) -> None:
    """Write a paper's changed columns; its former title and DOI stay findable, and its highlights are placed again."""
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
        if places_highlights and before[target] != getattr(paper, target):
            reanchor_highlights(writer, paper.id, target, getattr(paper, target), str(before[target]))


def keep_dois(writer: Writer, paper: PaperContent, dois: Iterable[str]) -> None:
    """Keep DOIs that other listings gave a paper in addition to its own; each once, whatever its spelling."""
    for doi in dois:
        if paper.doi is None or fold_doi(doi) != fold_doi(paper.doi):
            writer.execute(
                "INSERT INTO further_dois (paper_id, doi) SELECT :paper, :doi WHERE NOT EXISTS "
                "(SELECT 1 FROM further_dois WHERE paper_id = :paper AND lower(doi) = lower(:doi))",
                {"paper": paper.id, "doi": doi},
            )
    writer.execute("DELETE FROM further_dois WHERE paper_id = ? AND lower(doi) = lower(?)", (paper.id, paper.doi))


def reanchor_highlights(writer: Writer, paper_id: int, target: str, text: str, former: str | None = None) -> None:
    """Place a paper's highlights in its changed title or abstract; those that cannot be placed stay, without offsets.

    ``former`` is the text that they were in, if it is known. A highlight whose new wording was confirmed is also
    searched by that wording. One that is placed only by similarity is marked until it is confirmed (decision 28).
    """
    rows = writer.execute(
        'SELECT id, start, "end", exact, prefix, suffix, approximate FROM highlights WHERE paper_id = ? AND target = ?',
        (paper_id, target),
    ).fetchall()
    for highlight_id, start, end, exact, prefix, suffix, approximate in rows:
        quote = Quote(exact, prefix, suffix, start, end)
        values = place_again(text, quote, former, approximate=bool(approximate))
        if values != (start, end, prefix, suffix, approximate):
            writer.execute(
                'UPDATE highlights SET start = ?, "end" = ?, prefix = ?, suffix = ?, approximate = ? WHERE id = ?',
                (*values, highlight_id),
            )


def place_again(
    text: str, quote: Quote, former: str | None, *, approximate: bool
) -> tuple[int | None, int | None, str, str, int]:
    """A highlight's ``start``, ``end``, ``prefix``, ``suffix`` and ``approximate`` for its place in ``text``.

    ``quote`` and ``approximate`` describe its place in the ``former`` text, if that is known. A highlight without a
    place in the new text keeps its context and has no offsets.
    """
    placed = place_quote(text, quote)
    wording = former[quote.start : quote.end] if former and quote.start is not None else ""
    if placed is None and wording:
        now = place_quote(text, replace(quote, exact=wording))
        placed = None if now is None else replace(now, approximate=approximate)
    placed = placed or place_quote(text, quote, former)
    if placed is None:
        return None, None, quote.prefix, quote.suffix, 0
    return placed.start, placed.end, *quote_context(text, placed.start, placed.end), int(placed.approximate)
