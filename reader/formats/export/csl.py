"""CSL-JSON: what citation processors (Pandoc, citeproc) and Zotero read.

Source: https://docs.citationstyles.org/en/stable/specification.html, appendices III and IV; a preprint is an
``article`` with arXiv as publisher; what was published elsewhere has arXiv as its archive.
"""

from __future__ import annotations

from typing import Any

from reader.domain.bibliography import page_ranges
from reader.domain.papers import Paper
from reader.formats.export.fields import Show, paper_address, publication_fields
from reader.formats.export.inert import one_line
from reader.formats.export.people import csl_authors
from reader.formats.export.works import PREPRINT, work_of

EXTENSION = ".csl.json"
_NUMBERED = frozenset({"article", "report", "patent"})
"""The types whose number is one of its own; all others have that of an issue."""


def csl_item(paper: Paper, citation_key: str, show: Show = str) -> dict[str, Any]:
    """A paper as a CSL-JSON item; an item is complete in itself, a file is a list of them."""
    known = publication_fields(paper, show)
    work = work_of(paper)
    numbering = "number" if work.csl in _NUMBERED else "issue"
    item: dict[str, Any] = {
        "id": citation_key,
        "type": work.csl,
        "title": one_line(show(paper.title)),
        "author": csl_authors(paper, show),
        "issued": _issued(paper.published),
        "abstract": one_line(show(paper.abstract)),
        "URL": paper_address(paper),
        "container-title": known["venue"],
        "volume": known["volume"],
        numbering: known["number"],
        "page": page_ranges(known["pages"] or "", "-"),
        "publisher": known["publisher"],
        "DOI": one_line(paper.doi or ""),
        **_archive(paper, work is PREPRINT),
        "keyword": ", ".join(one_line(tag) for tag in paper.tags),
        "note": one_line(paper.note),
    }
    return {name: value for name, value in item.items() if value}


def _archive(paper: Paper, is_preprint: bool) -> dict[str, str]:
    """Fields that say a paper is on arXiv; a preprint has no others."""
    if not paper.arxiv_id:
        return {}
    name = f"arXiv:{paper.arxiv_id}"
    place = {"archive": "arXiv", "archive_location": name}
    doi = {} if paper.doi else {"DOI": f"10.48550/arXiv.{paper.arxiv_id}"}
    if not is_preprint:
        return {**place, **doi}
    return {
        **place,
        **doi,
        "number": paper.publication.number or name,
        "publisher": paper.publication.publisher or "arXiv",
    }


def _issued(published: str | None) -> dict[str, list[list[int]]] | None:
    parts = [int(part) for part in (published or "").split("-") if part.isdigit()]
    return {"date-parts": [parts]} if parts and parts[0] > 31 else None
