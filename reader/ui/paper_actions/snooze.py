"""Hiding papers until a later day, and showing them again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from reader.domain.errors import ReaderError
from reader.services import Library
from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import shown_day_ahead, told
from reader.ui.overlays.prompt import Prompt
from reader.ui.paper_actions.repeat import Repeating

_TOMORROW = "tomorrow"


class Burying(Part):
    """Buries the selected papers, or the current one, and goes on."""

    def __init__(self, context: Context, repeating: Repeating) -> None:
        """``repeating`` is told how to snooze other papers alike; the question opens over the context's window."""
        super().__init__(context)
        self._repeating = repeating

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "paper.bury": partial(self._bury_selected, _TOMORROW),
            "paper.bury_until": self.ask_until,
            "paper.unbury": self.unbury,
        }

    def ask_until(self) -> None:
        """Ask until when."""
        ask_until(self._window, self._library, self._bury_selected)

    def unbury(self) -> None:
        """Show the papers again now."""
        self._unbury(self._papers.selected_paper_ids())
        self._repeating.remember(self._unbury)

    def _unbury(self, ids: list[int]) -> None:
        self._workspace.perform(partial(self._library.states.unbury, ids), said=told)

    def _bury_selected(self, until: str) -> None:
        ids = self._papers.selected_paper_ids()
        if ids:
            self._bury(until, ids)
            self._repeating.remember(partial(self._bury, until))

    def _bury(self, until: str, ids: list[int]) -> None:
        self._workspace.perform(partial(self._library.states.bury, ids, until), said=told)
        # What is snoozed is to come back as unseen, however long it was looked at before.
        self._reader.leave_unseen(ids)
        if not self._papers.go_on_below_selection():
            self._reader.next()


def ask_until(window: QWidget, library: Library, answered: Callable[[str], None]) -> Prompt:
    """Ask until when papers are to be hidden; the date understood is shown as the user types."""
    reading, hint = partial(_day_understood, library), "3d, 2w, fri, next mon, dec 8 or 2026-12-01"
    check = library.states.bury_day
    return Prompt(window, "Snooze until …", "", answered, check=check, hint=hint, reading=reading)


def _day_understood(library: Library, until: str) -> str:
    """Which day a text names, in words; nothing where it names none (yet)."""
    try:
        return f"Until {shown_day_ahead(library.states.bury_day(until))}"
    except ReaderError:
        return ""
