"""What the window tells of indexing: progress in the place for long work, failures in a sentence."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from reader.domain.reports import IndexProgress
from reader.ui.search.index_keeper import IndexKeeping
from reader.ui.shell.status_line import StatusLine


class IndexNews(QObject):
    """Shows how far indexing is, unless an import needs the place; that always goes first."""

    def __init__(
        self, keeping: IndexKeeping, status: StatusLine, is_importing: Callable[[], bool], say: Callable[[str], None]
    ) -> None:
        """``say`` shows a sentence where it cannot be overlooked."""
        super().__init__(keeping)
        self._status = status
        self._is_importing = is_importing
        self._is_shown = False
        self._last_failure = ""
        self._say = say
        keeping.progressed.connect(self._show)
        keeping.ended.connect(self._end)
        keeping.failed.connect(self._fail)

    def _show(self, progress: IndexProgress) -> None:
        if self._is_importing():
            self._is_shown = False
            return
        work = "Comparing papers," if progress.by_meaning else "Indexing"
        text = f"{work} {progress.done:,} of {progress.total:,}"
        if not self._is_shown:
            self._status.begin_work(text, None)
            self._is_shown = True
        self._status.show_work(text, progress.done, progress.total)

    def _end(self) -> None:
        if self._is_shown and not self._is_importing():
            self._status.end_work()
        self._is_shown = False
        self._last_failure = ""

    def _fail(self, sentence: str) -> None:
        if sentence != self._last_failure:
            self._last_failure = sentence
            self._say(sentence)
