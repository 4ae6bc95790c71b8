"""What can be done with a listing: rename it, correct its year, look at its problems, remove it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from reader.domain.errors import ReaderError
from reader.domain.papers import Listing
from reader.domain.records import Problem
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import counted
from reader.ui.overlays.prompt import needed
from reader.ui.overlays.text_sheet import TextSheet

_EARLIEST, _LATEST = 1990, 2200
_TEXT_LIMIT = 400


class ListingCommands(Part):
    """Commands on the listing that is shown or marked."""

    def __init__(self, context: Context, current: Callable[[], Listing | None]) -> None:
        """``current`` finds the listing; prompts open over the context's window."""
        super().__init__(context)
        self._current = current

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "listing.rename": self.rename,
            "listing.year": self.correct_year,
            "listing.problems": self.show_problems,
            "listing.remove": self.remove,
        }

    def rename(self) -> None:
        """Ask for another name."""
        listing = self._current()
        if listing is not None:
            check = partial(needed, "A listing needs a name.")
            self._ask("Rename the listing", listing.name, partial(self._rename, listing), check=check)

    def correct_year(self) -> None:
        """Ask for the page's year."""
        listing = self._current()
        if listing is None:
            return
        year = listing.heading_date[:4] if listing.heading_date else ""
        question, hint = "Which year is this page from?", "Dates without a year are taken to be from this year."
        self._ask(question, year, partial(self._set_year, listing), check=_check_year, hint=hint)

    def show_problems(self) -> None:
        """Show what was not understood in the listing's file."""
        listing = self._current()
        if listing is not None:
            read = partial(self._library.listings.problems, listing.id)
            self._workspace.tasks.read(read, partial(self._show_problems, listing))

    def remove(self) -> None:
        """Take the listing out; papers that only it brought and nobody marked go with it."""
        listing = self._current()
        if listing is not None:
            said = f"Removed the listing {shown_line(listing.name, 80)}"
            self._workspace.perform(partial(self._library.listings.remove, listing.id), said=said)

    def _rename(self, listing: Listing, name: str) -> None:
        if name != listing.name:
            operation = partial(self._library.listings.rename, listing.id, name)
            self._workspace.perform(operation, said="Renamed the listing")

    def _set_year(self, listing: Listing, text: str) -> None:
        operation = partial(self._library.listings.set_year, listing.id, int(text))
        self._workspace.perform(operation, said=f"Set the year of the listing to {text}")

    def _show_problems(self, listing: Listing, problems: tuple[Problem, ...]) -> None:
        name = shown_line(listing.name, 80)
        if not problems:
            self._say(f"No problems in {name}")
            return
        lines = [f"{counted(len(problems), 'problem')} in {name} ({shown_line(listing.file_name, 200)})", ""]
        for problem in problems:
            lines.append(f"{problem.lines.first}–{problem.lines.last}: {problem.reason}")
            lines += [f"    {shown_line(line, _TEXT_LIMIT)}" for line in problem.text.split("\n")[:20]]
        TextSheet(self._window, "Problems", "\n".join(lines))


def _check_year(text: str) -> None:
    if not (text.isdecimal() and text.isascii() and _EARLIEST <= int(text) <= _LATEST):
        raise ReaderError(f"Write a year between {_EARLIEST} and {_LATEST}.")
