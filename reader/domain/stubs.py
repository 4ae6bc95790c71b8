"""Papers of which only an identifier is known: what they are called, and how they are found again.

A list of identifiers or addresses brings papers without a title; the identifier stands in its place until a listing
brings the real one. Folded as titles are, two addresses could become one; a stub therefore has a fold that holds
punctuation, which no title's fold does, so that it is never taken for a paper that happens to be called the same.
"""

from __future__ import annotations

import re

from reader.domain.doi import fold_doi
from reader.domain.folding import fold_title

_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


def stub_title(arxiv_id: str | None, doi: str | None, url: str | None) -> str:
    """What a paper is called of which nothing else is known; empty where nothing is known at all."""
    if arxiv_id:
        return f"arXiv:{arxiv_id}"
    return f"doi:{doi}" if doi else url or ""


def is_stub(title: str, arxiv_id: str | None, doi: str | None, url: str | None) -> bool:
    """Whether a paper's title only stands for one that is not known."""
    return bool(title) and title == stub_title(arxiv_id, doi, url)


def work_fold(title: str, arxiv_id: str | None, doi: str | None, url: str | None) -> str:
    """The fold under which a title is found: a stub's own, else the folded title."""
    if is_stub(title, arxiv_id, doi, url):
        if arxiv_id:
            return f"arxiv:{arxiv_id}"
        return f"doi:{fold_doi(doi)}" if doi else address_fold(url)
    return fold_title(title)


def address_fold(url: str | None) -> str:
    """The fold of a stub that is known by this address; empty without one."""
    return f"//{_SCHEME.sub('', url, count=1).rstrip('/')}" if url else ""
