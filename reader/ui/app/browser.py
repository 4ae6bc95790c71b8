"""The one place that hands addresses to the system's browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from reader.domain.arxiv import arxiv_page_url, arxiv_pdf_url
from reader.domain.doi import doi_page_url
from reader.domain.links import is_safe_url
from reader.domain.papers import Paper

_TITLE_SEARCH = "https://huggingface.co/papers?q="
_LONGEST_SEARCH = 300


def _open_with_system(address: str) -> bool:
    return QDesktopServices.openUrl(QUrl(address, QUrl.ParsingMode.StrictMode))


class Opener:
    """Opens addresses that are safe to open: http or https, a host, no user information."""

    def __init__(self, open_address: Callable[[str], bool] = _open_with_system) -> None:
        """``open_address`` does the opening; tests put their own there."""
        self._open_address = open_address

    def open(self, address: str) -> bool:
        """Open ``address`` in the browser; False if it is not safe or the system could not."""
        return is_safe_url(address) and self._open_address(address)

    def open_file(self, path: Path) -> bool:
        """Open a file of our own with the system's program for it; False if it could not."""
        return self._open_address(path.as_uri())


def title_search_url(title: str) -> str:
    """A search for a title on the page that listings come from."""
    return _TITLE_SEARCH + quote(title[:_LONGEST_SEARCH], safe="")


def page_url(paper: Paper) -> str | None:
    """A paper's page: arXiv's, else the address its listing gave, else its DOI's; None if none is known."""
    if paper.arxiv_id is not None:
        return arxiv_page_url(paper.arxiv_id)
    if paper.url is not None and is_safe_url(paper.url):
        return paper.url
    return doi_url(paper)


def doi_url(paper: Paper) -> str | None:
    """The address that leads to a paper's DOI; None without one."""
    address = doi_page_url(paper.doi) if paper.doi is not None else None
    return address if address is not None and is_safe_url(address) else None


def pdf_url(paper: Paper) -> str | None:
    """A paper's PDF at arXiv; None without an arXiv id."""
    return arxiv_pdf_url(paper.arxiv_id) if paper.arxiv_id is not None else None
