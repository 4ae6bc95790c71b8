"""Stubs: papers of which only an identifier or an address is known (decision 30).

Lists of identifiers or addresses bring papers without a title; the identifier is shown in its place until a listing
brings the real title. Folding as for titles could make two addresses equal. A stub therefore has a fold with
punctuation, which no folded title has, so that it is never taken for a paper whose title happens to be the same.
"""

from __future__ import annotations

import re

from reader.domain.doi import fold_doi
from reader.domain.folding import fold_title

_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


def stub_title(arxiv_id: str | None, doi: str | None, url: str | None) -> str:
    """The title shown for a paper of which nothing else is known; empty if nothing is known at all."""
    if arxiv_id:
        return f"arXiv:{arxiv_id}"
    return f"doi:{doi}" if doi else url or ""


def is_stub(title: str, arxiv_id: str | None, doi: str | None, url: str | None) -> bool:
    """Whether a paper's title only stands in for an unknown one."""
    return bool(title) and title == stub_title(arxiv_id, doi, url)


def work_fold(title: str, arxiv_id: str | None, doi: str | None, url: str | None) -> str:
    """The fold by which a work is found: a stub's own, otherwise the folded title."""
    if is_stub(title, arxiv_id, doi, url):
        if arxiv_id:
            return f"arxiv:{arxiv_id}"
        return f"doi:{fold_doi(doi)}" if doi else address_fold(url)
    return fold_title(title)


def address_fold(url: str | None) -> str:
    """The fold of the stub with this address; empty without an address."""
    return f"//{_SCHEME.sub('', url, count=1).rstrip('/')}" if url else ""
