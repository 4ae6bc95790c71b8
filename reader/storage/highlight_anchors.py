"""Where highlights are once the title or abstract that they are in has changed."""

from __future__ import annotations

from dataclasses import replace

from reader.domain.quote_placing import Quote, place_quote, quote_context
from reader.storage.writer import Writer


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
