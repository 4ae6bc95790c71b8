"""The copy commands: citations, Markdown, BibTeX and titles of the papers that are selected, to paste elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QGuiApplication

from reader.services import Library
from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import counted


class Copying(Part):
    """Copies what is asked for of the selected papers, or of the current one, in the list's order."""

    def __init__(self, context: Context) -> None:
        """The text itself is made by the exporter, so that a copied citation reads as an exported one."""
        super().__init__(context)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "paper.copy_citation": self.copy_citations,
            "paper.copy_markdown": self.copy_markdown,
            "paper.copy_bibtex": self.copy_bibtex,
            "paper.copy_title": self.copy_titles,
        }

    def copy_citations(self) -> None:
        """Copy citations as plain text, one a line."""
        self._read(_citations, "citation")

    def copy_markdown(self) -> None:
        """Copy links in Markdown; several as a list."""
        self._read(_markdown, "Markdown link")

    def copy_bibtex(self) -> None:
        """Copy BibTeX entries. Their citation keys are given for good, so the library is written to."""
        ids = self._papers.selected_paper_ids()
        if ids:
            self._workspace.tasks.write(
                partial(_bibtex, self._library, ids), partial(self._copied, len(ids), "BibTeX entry", "BibTeX entries")
            )

    def copy_titles(self) -> None:
        """Copy titles as they are stored, one a line."""
        self._read(_titles, "title")

    def _read(self, text_of: Callable[[Library, Sequence[int]], str], what: str) -> None:
        ids = self._papers.selected_paper_ids()
        if ids:
            work = partial(text_of, self._library, ids)
            self._workspace.tasks.read(work, partial(self._copied, len(ids), what, f"{what}s"))

    def _copied(self, count: int, one: str, many: str, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._say(f"Copied the {one}" if count == 1 else f"Copied {counted(count, one, many)}")


def _citations(library: Library, paper_ids: Sequence[int]) -> str:
    """On a reader thread."""
    return library.exports.citation(paper_ids)


def _markdown(library: Library, paper_ids: Sequence[int]) -> str:
    """On a reader thread."""
    return library.exports.markdown(paper_ids)


def _bibtex(library: Library, paper_ids: Sequence[int]) -> str:
    """On the library thread."""
    return library.exports.bibtex(paper_ids)


def _titles(library: Library, paper_ids: Sequence[int]) -> str:
    """On a reader thread."""
    return "\n".join(paper.title for paper in library.papers.read(paper_ids))
