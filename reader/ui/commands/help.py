"""Finding out what can be done: the palette, the sheet of keys, and facts for a report."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import qVersion

from reader import __version__
from reader.domain.selection import LibraryStatistics
from reader.services.reports.papers import statistics_as_text
from reader.ui.app.context import Context, Part
from reader.ui.commands.key_sheet import KeySheet
from reader.ui.commands.palette import Palette, PaletteItem
from reader.ui.commands.runner import Acts
from reader.ui.commands.synonyms import words_for
from reader.ui.commands.table import COMMANDS, Command
from reader.ui.navigation.jump import Jumping
from reader.ui.overlays.guide_sheet import GuideSheet
from reader.ui.overlays.text_sheet import TextSheet

_NAME_LIMIT = 100
_SHEET_LIMIT = 40
_NOT_IN_PALETTE = frozenset({"view.palette", "go.escape"})


class Help(Part):
    """Opens what tells the user about commands, listings and the program."""

    def __init__(self, context: Context, jumping: Jumping, open_address: Callable[[str], object]) -> None:
        """Everything opens over the context's window; ``open_address`` takes what of the web the guide refers to."""
        super().__init__(context)
        self._jumping = jumping
        self._open_address = open_address

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "view.palette": self.open_palette,
            "help.keys": self.open_keys,
            "help.guide": self.open_guide,
            "help.about": self.open_about,
        }

    def open_palette(self) -> None:
        """Find commands, places and papers."""
        palette = self._ask_which("", self.palette_items())
        palette.typed.connect(partial(self._find_papers, palette))
        palette.closed.connect(self._jumping.stop)

    def _find_papers(self, palette: Palette, text: str) -> None:
        self._jumping.find_papers(text, palette.show_found)

    def palette_items(self) -> list[PaletteItem]:
        """What the palette offers: every command, then every saved search, tag and listing."""
        commands = [
            PaletteItem(
                self._runner.title(command.id),
                self._runner.note(command.id),
                partial(self._runner.run, command.id),
                keys=self._runner.keys(command.id),
                enabled=self._runner.is_valid(command.id),
                words=words_for(command),
                about=command.help,
            )
            for command in COMMANDS
            if command.id not in _NOT_IN_PALETTE and self._runner.is_shown(command.id)
        ]
        return commands + self._jumping.items()

    def open_keys(self) -> None:
        """Show every key, what is valid here first."""
        named = [self._named(command) for command in COMMANDS if self._runner.is_shown(command.id)]
        KeySheet(self._window, named, self._runner.is_valid, self._runner.chords, self._appearance.look)

    def _named(self, command: Command) -> Command:
        """A command as it is called just now, where there is room for that."""
        title = self._runner.title(command.id)
        return replace(command, title=title) if len(title) <= _SHEET_LIMIT else command

    def open_guide(self) -> None:
        """Show the guide."""
        sheet = GuideSheet(self._window, self._appearance.look)
        sheet.view.address_wanted.connect(self._open_address)

    def open_about(self) -> None:
        """Show version and library facts."""
        self._workspace.tasks.read(self._workspace.library.statistics.totals, self._show_about)

    def _show_about(self, statistics: LibraryStatistics) -> None:
        lines = (
            f"Lectern {__version__}",
            f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
            f"Library: {self._workspace.library.folder}",
            "",
            statistics_as_text(statistics),
        )
        TextSheet(self._window, "About Lectern", "\n".join(lines), fixed_width_font=True)
