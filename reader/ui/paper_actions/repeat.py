"""Doing the last operation again, on other papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Acts

Again = Callable[[list[int]], None]
"""Does an operation on these papers, in the way in which it was done before."""


@dataclass(slots=True)
class Way:
    """Which way a toggle went.

    Written and read on the library thread only, where alone it is known; so a toggle and its repetition may be asked
    for one right after the other.
    """

    on: bool = True


class Repeating(Part):
    """Remembers how the last operation was done. A star that was put on is put on again, not toggled."""

    def __init__(self, context: Context) -> None:
        """Nothing is there to repeat yet."""
        super().__init__(context)
        self._again: Again | None = None

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"edit.repeat": self.repeat}

    def remember(self, again: Again) -> None:
        """An operation was done on the papers selected: this is how it is done on others."""
        self._again = again

    def repeat(self) -> None:
        """Do the last operation on the selected papers, or on the current one."""
        ids = self._papers.selected_paper_ids()
        if self._again is None:
            self._say("Nothing to repeat yet: {edit.repeat} repeats the last operation on other papers")
        elif ids:
            self._again(ids)
