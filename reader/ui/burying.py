"""Hiding papers until a later day, and showing them again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from reader.domain.errors import ReaderError
from reader.ui.command_runner import Act
from reader.ui.overlays.prompt import Prompt
from reader.ui.papers.view import PaperListView
from reader.ui.reading import Reader
from reader.ui.repeating import Repeating
from reader.ui.wording import counted, shown_date
from reader.ui.workspace import Workspace

_TOMORROW = "tomorrow"


class Burying(QObject):
    """Buries the selected papers, or the current one, and goes on."""

    def __init__(
        self, workspace: Workspace, papers: PaperListView, reader: Reader, repeating: Repeating, window: QWidget
    ) -> None:
        """``window`` is what the question opens over."""
        super().__init__(workspace)
        self._workspace = workspace
        self._library = workspace.library
        self._papers = papers
        self._reader = reader
        self._repeating = repeating
        self._window = window

    def acts(self) -> dict[str, Act]:
        """The commands carried out here."""
        return {
            "paper.bury": partial(self._bury_selected, _TOMORROW),
            "paper.bury_until": self.ask_until,
            "paper.unbury": self.unbury,
        }

    def ask_until(self) -> None:
        """Ask until when."""
        Prompt(
            self._window,
            "Bury until …",
            "",
            check=self._complaint,
            answered=self._bury_selected,
            hint="3d, 2w, fri, next mon, dec 8 or 2026-12-01",
        )

    def unbury(self) -> None:
        """Show the papers again now."""
        self._unbury(self._papers.selected_paper_ids())
        self._repeating.remember(self._unbury)

    def _unbury(self, ids: list[int]) -> None:
        self._workspace.perform(partial(self._library.unbury, ids), said="No longer buried  ·  {edit.undo} undoes")

    def _bury_selected(self, until: str) -> None:
        ids = self._papers.selected_paper_ids()
        if ids:
            self._bury(until, ids)
            self._repeating.remember(partial(self._bury, until))

    def _bury(self, until: str, ids: list[int]) -> None:
        day = shown_date(self._library.bury_day(until).isoformat())
        what = "Buried" if len(ids) == 1 else f"Buried: {counted(len(ids), 'paper')}"
        self._workspace.perform(
            partial(self._library.bury, ids, until), said=f"{what} until {day}  ·  {{edit.undo}} undoes"
        )
        # What is buried is to come back as unseen, however long it was looked at before.
        self._reader.leave_unseen(ids)
        if not self._papers.go_on_below_selection():
            self._reader.next()

    def _complaint(self, until: str) -> str:
        try:
            self._library.bury_day(until)
        except ReaderError as error:
            return str(error)
        return ""
