"""CSV for spreadsheets (RFC 4180: commas, CRLF, quotes doubled; UTF-8), with cells that cannot become formulas.

A spreadsheet takes a cell that starts with ``=``, ``+``, ``-`` or ``@`` for a formula, also after a tab or a line end
(https://owasp.org/www-community/attacks/CSV_Injection): an apostrophe before it makes it text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from reader.domain.highlight_runs import paper_order
from reader.domain.papers import Paper
from reader.formats.export.fields import Show, page_in_parentheses, paper_fields
from reader.formats.export.inert import one_line, plain_text

EXTENSION = ".csv"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

COLUMNS = (
    "key", "title", "authors", "author_count", "organization", "published", "published_guessed", "arxiv_id", "url",
    "code_urls", "state", "starred", "seen", "queue_position", "tags", "note", "highlights", "listed", "first_seen",
    "comments", "upvotes", "abstract", "doi", "venue", "volume", "number", "pages", "publisher", "entry_type",
    "cite_key_given", "more_authors",
)  # fmt: skip


def csv_lines(papers: Iterable[Paper], show: Show = str) -> Iterator[str]:
    """The heading and a row for each paper, each with its line end."""
    yield _line(COLUMNS)
    for paper in papers:
        yield _line(_cells(paper, show))


def _cells(paper: Paper, show: Show) -> tuple[str, ...]:
    """A paper's cells in the order of :data:`COLUMNS`; lists have one item a line, unknown figures are empty."""
    highlights = (
        f"[{highlight.label}] {one_line(show(highlight.exact))}{page_in_parentheses(highlight, show)}"
        + (f" — {one_line(highlight.comment)}" if highlight.comment else "")
        for highlight in paper_order(paper.highlights)
    )
    cells: dict[str, Any] = {
        **paper_fields(paper, show),
        "code_urls": paper.code_urls,
        "first_seen": paper.first_seen,
        "highlights": list(highlights),
        "note": plain_text(paper.note),
        "tags": [one_line(tag) for tag in paper.tags],
    }
    return tuple(_cell(cells[column]) for column in COLUMNS)


def _line(cells: Iterable[str]) -> str:
    """Cells as one record."""
    line = io.StringIO()
    csv.writer(line).writerow([inert_cell(cell) for cell in cells])
    return line.getvalue()


def inert_cell(text: str) -> str:
    """A cell that a spreadsheet takes for text; a formula may hide behind spaces."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS) else text


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "\n".join(value) if isinstance(value, (list, tuple)) else "" if value is None else str(value)
