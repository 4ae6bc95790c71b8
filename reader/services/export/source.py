"""The source of an export: the library, templates, citation keys, and the text as it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from reader.domain.cancellation import Cancelled
from reader.domain.papers import Paper
from reader.formats.export.citation_keys import citation_key_candidates
from reader.services.export.document_pages import DocumentPages
from reader.services.export.templates import ExportTemplates
from reader.services.latex_to_unicode import shown_text
from reader.storage.exports import ExportLog
from reader.storage.store import LibraryStore

BATCH = 200
"""Papers processed between two checks for cancellation."""
_CONVERTED = re.compile(r"[\\\$`'{]")
"""Characters LaTeX needs; text without them is shown as it is stored."""


@dataclass(frozen=True, slots=True)
class ExportSource:
    """An open library and its templates.

    ``digest`` renders the digest; its file name contains ``today``. ``pages`` are the addresses of pages in documents.
    ``cancelled`` is called now and then.
    """

    store: LibraryStore
    templates: ExportTemplates
    digest: Callable[[], str]
    today: date
    pages: DocumentPages
    cancelled: Cancelled


class CitationKeys:
    """Citation keys of papers: those assigned before, and new ones, which :meth:`keep` makes permanent."""

    def __init__(self, log: ExportLog) -> None:
        self._log = log
        self._known = log.citation_keys()
        self._taken = {key.casefold() for key in self._known.values()}
        self._new: dict[str, str] = {}

    def of(self, paper: Paper) -> str:
        """A paper's citation key."""
        for key in (paper.key, *paper.aliases):
            if key in self._known:
                return self._known[key]
        names = citation_key_candidates(paper, show)
        chosen = next(name for name in names if name.casefold() not in self._taken)
        self._taken.add(chosen.casefold())
        self._known[paper.key] = self._new[paper.key] = chosen
        return chosen

    def keep(self) -> None:
        """Make the new keys permanent."""
        if self._new:
            self._log.give_citation_keys({key: iter((chosen, key)) for key, chosen in self._new.items()})
            self._new = {}


def show(text: str) -> str:
    """A stored text as exports show it: LaTeX as Unicode, bidi controls as visible marks."""
    if text.isprintable() and not _CONVERTED.search(text):
        return text
    return shown_text(text).text
