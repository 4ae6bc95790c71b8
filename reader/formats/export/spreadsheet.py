"""CSV for spreadsheets (RFC 4180: commas, CRLF, quotes doubled; UTF-8), with cells that cannot become formulas.

A spreadsheet takes a cell that starts with ``=``, ``+``, ``-`` or ``@`` for a formula, also after a tab or a line end
(https://owasp.org/www-community/attacks/CSV_Injection): an apostrophe before it makes it text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from reader.domain.papers import Paper
from reader.formats.export.fields import Show, has_more_authors, listing_day, paper_address, publication_fields
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
        f"[{highlight.label}] {one_line(show(highlight.exact))}"
        + (f" — {one_line(highlight.comment)}" if highlight.comment else "")
        for highlight in paper.highlights
    )
    cells: dict[str, object] = {
        "key": paper.key,
        "title": one_line(show(paper.title)),
        "authors": "\n".join(one_line(show(author)) for author in paper.authors),
        "author_count": paper.author_count,
        "organization": one_line(show(paper.organization.name)) if paper.organization else None,
        "published": paper.published,
        "published_guessed": paper.published_guessed,
        "arxiv_id": paper.arxiv_id,
        "url": paper_address(paper),
        "code_urls": "\n".join(paper.code_urls),
        "state": paper.state.value,
        "starred": paper.starred,
        "seen": paper.seen,
        "queue_position": paper.queue_position,
        "tags": "\n".join(one_line(tag) for tag in paper.tags),
        "note": plain_text(paper.note),
        "highlights": "\n".join(highlights),
        "listed": listing_day(paper),
        "first_seen": paper.first_seen,
        "comments": paper.comments,
        "upvotes": paper.upvotes,
        "abstract": plain_text(show(paper.abstract)),
        "doi": one_line(paper.doi or ""),
        **publication_fields(paper, show),
        "more_authors": has_more_authors(paper),
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


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
