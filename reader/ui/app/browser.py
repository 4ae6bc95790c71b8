"""The one place that hands addresses to the system's browser, and files to other programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from reader.domain.arxiv import arxiv_page_url, arxiv_pdf_url
from reader.domain.doi import doi_page_url
from reader.domain.links import is_safe_url
from reader.domain.papers import Paper

_TITLE_SEARCH = "https://huggingface.co/papers?q="
_LONGEST_SEARCH = 300


def _open_with_system(address: str) -> bool:
    return QDesktopServices.openUrl(QUrl(address, QUrl.ParsingMode.StrictMode))


def _start_detached(words: Sequence[str]) -> bool:
    started, _ = QProcess.startDetached(words[0], list(words[1:]), "")
    return bool(started)


class Opener:
    """Opens addresses that are safe to open: http or https, a host, no user information."""

    def __init__(
        self,
        open_address: Callable[[str], bool] = _open_with_system,
        start_program: Callable[[Sequence[str]], bool] = _start_detached,
    ) -> None:
        """These do the opening and the starting; tests put their own there."""
        self._open_address, self._start_program = open_address, start_program

    def open(self, address: str) -> bool:
        """Open ``address`` in the browser; False if it is not safe or the system could not."""
        return is_safe_url(address) and self._open_address(address)

    def open_file(self, path: Path) -> bool:
        """Open a file of our own with the system's program for it; False if it could not."""
        return self._open_address(path.as_uri())

    def start(self, words: Sequence[str]) -> bool:
        """Start a program with its arguments, which outlives the window; False if it could not be started."""
        return self._start_program(words)


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
