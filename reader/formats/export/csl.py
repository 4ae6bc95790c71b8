"""CSL-JSON: what citation processors (Pandoc, citeproc) and Zotero read.

Source: https://docs.citationstyles.org/en/stable/specification.html, appendices III and IV; a preprint is an
``article`` with arXiv as publisher.
"""

from __future__ import annotations

from typing import Any

from reader.domain.papers import Paper
from reader.formats.export.citation_keys import family_and_given
from reader.formats.export.fields import Show, paper_address
from reader.formats.export.inert import one_line

EXTENSION = ".csl.json"


def csl_item(paper: Paper, citation_key: str, show: Show = str) -> dict[str, Any]:
    """A paper as a CSL-JSON item; an item is complete in itself, a file is a list of them."""
    item: dict[str, Any] = {
        "id": citation_key,
        "type": "article",
        "title": one_line(show(paper.title)),
        "author": [_name(one_line(show(author))) for author in paper.authors],
        "issued": _issued(paper.published),
        "abstract": one_line(show(paper.abstract)),
        "URL": paper_address(paper),
        "DOI": f"10.48550/arXiv.{paper.arxiv_id}" if paper.arxiv_id else None,
        "number": f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else None,
        "publisher": "arXiv" if paper.arxiv_id else None,
        "keyword": ", ".join(one_line(tag) for tag in paper.tags),
        "note": one_line(paper.note),
    }
    return {name: value for name, value in item.items() if value}


def _name(name: str) -> dict[str, str]:
    family, given = family_and_given(name)
    return {"family": family, "given": given} if given else {"literal": family}


def _issued(published: str | None) -> dict[str, list[list[int]]] | None:
    parts = [int(part) for part in (published or "").split("-") if part.isdigit()]
    return {"date-parts": [parts]} if parts and parts[0] > 31 else None
