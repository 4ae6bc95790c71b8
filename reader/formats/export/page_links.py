"""Links to the pages of documents in which highlights stand.

Sources: RFC 8118, section 3, for ``#page=`` (physical pages, counted from 1); RFC 8089 for ``file:`` addresses, which
Obsidian hands to the system. A PDF inside a vault has a relative address, so that Obsidian itself opens it at its page.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from reader.domain.arxiv import arxiv_pdf_url
from reader.domain.documents import DocumentPlace
from reader.domain.papers import Paper
from reader.formats.export.inert import inert

PageAddress = Callable[[Paper, DocumentPlace], str]
"""The address at which a paper's document opens at a page; empty if there is none."""


def arxiv_page(paper: Paper, place: DocumentPlace) -> str:
    """The PDF that arXiv has of a paper, at a page; empty for a paper without arXiv identifier."""
    return f"{quote(arxiv_pdf_url(paper.arxiv_id), safe=':/')}#page={place.page_number}" if paper.arxiv_id else ""


def file_page(file: Path, place: DocumentPlace, root: Path, path: str) -> str:
    """A file at a page, for a text at ``path`` in the folder ``root``: relative if the file lies in that folder.

    ``file`` and ``root`` are absolute; a text with an empty path has no relative addresses. Every character that
    Markdown, Obsidian or HTML might take for its own is encoded.
    """
    if path and file.is_relative_to(root):
        inside = PurePath(file.relative_to(root)).as_posix()
        relative = posixpath.relpath(inside, posixpath.dirname(path) or ".")
        address = quote(os.fsencode(relative), safe="/")
    else:
        address = file.as_uri()
    return f"{address.replace('~', '%7E')}#page={place.page_number}"


def markdown_page_link(highlight: Mapping[str, Any]) -> Markup:
    """A highlight's page in Markdown, as a link if there is an address; empty outside documents."""
    shown, address = _cited(highlight), highlight["page_url"]
    return Markup(f"[{inert(shown)}]({address})" if address else inert(shown))


def html_page_link(highlight: Mapping[str, Any]) -> Markup:
    """A highlight's page in HTML, as a link if there is an address; empty outside documents."""
    shown, address = _cited(highlight), highlight["page_url"]
    if not address:
        return Markup("{}").format(shown)
    return Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(address, shown)


def _cited(highlight: Mapping[str, Any]) -> str:
    return f"p. {highlight['page_label']}" if highlight["page"] else ""
