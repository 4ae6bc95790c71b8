"""RIS: tagged lines, ``TY  - `` to ``ER  - ``, for Zotero, EndNote, Mendeley and others.

Source of the tags: https://en.wikipedia.org/wiki/RIS_(file_format) and the list that rispy keeps of them. Preprints
are ``UNPB``, unpublished work, which all of them know. What was published elsewhere has ``T2``, ``VL``, ``IS``, ``SP``,
``EP`` and ``PB``, and its own DOI.
"""

from __future__ import annotations

from collections.abc import Iterator

from reader.domain.bibliography import page_ranges
from reader.domain.highlight_runs import in_quotes, paper_order
from reader.domain.papers import Paper
from reader.formats.export.fields import (
    Show,
    page_in_parentheses,
    paper_address,
    publication_fields,
    publication_year,
)
from reader.formats.export.inert import one_line
from reader.formats.export.people import ris_authors
from reader.formats.export.works import PREPRINT, Work, work_of

EXTENSION = ".ris"


def ris_entry(paper: Paper, citation_key: str, show: Show = str) -> str:
    """A paper as a RIS entry, its last line end included."""
    return "".join(f"{tag}  - {value}\n" for tag, value in _tags(paper, citation_key, show)) + "ER  - \n"


def _tags(paper: Paper, citation_key: str, show: Show) -> Iterator[tuple[str, str]]:
    """An entry's tags in order, without empty ones; every value is one line."""
    day = (paper.published or "").split("-")
    year = publication_year(paper)
    doi = paper.doi or (f"10.48550/arXiv.{paper.arxiv_id}" if paper.arxiv_id else "")
    work = work_of(paper)
    tags = [
        ("TY", work.ris),
        ("ID", citation_key),
        ("TI", show(paper.title)),
        *(("AU", author) for author in ris_authors(paper, show)),
        ("PY", year or ""),
        ("DA", "/".join([*day, "", ""][:3]) + "/" if year else ""),
        ("AB", show(paper.abstract)),
        *(("KW", tag) for tag in paper.tags),
        *_publication(paper, work, show),
        ("AN", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""),
        ("DO", doi),
        ("UR", paper_address(paper) or ""),
        *(("L2", address) for address in paper.code_urls),
        *(("N1", note) for note in _notes(paper, show)),
    ]
    for tag, value in tags:
        line = one_line(value)
        if line:
            yield tag, line


def _publication(paper: Paper, work: Work, show: Show) -> Iterator[tuple[str, str]]:
    """Where a paper was published."""
    known = publication_fields(paper, show)
    pages = known["pages"] or ""
    first, _, last = page_ranges(pages, "–").partition("–")
    is_range = last and "," not in pages and "–" not in last
    yield "T2", known["venue"] or ""
    yield "VL", known["volume"] or ""
    yield "IS", known["number"] or ""
    yield "SP", first if is_range else pages
    yield "EP", last if is_range else ""
    yield "PB", known["publisher"] or ("arXiv" if paper.arxiv_id and work is PREPRINT else "")


def _notes(paper: Paper, show: Show) -> Iterator[str]:
    """The user's note, and each highlight with its comment."""
    if paper.note:
        yield paper.note
    for highlight in paper_order(paper.highlights):
        label = f"{highlight.label}: " if highlight.label else ""
        comment = f" — {highlight.comment}" if highlight.comment else ""
        yield f"{label}{in_quotes(show(highlight.exact))}{page_in_parentheses(highlight, show)}{comment}"
