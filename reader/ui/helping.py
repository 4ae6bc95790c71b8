"""Finding out what can be done: the palette, the sheet of keys, and facts for a report."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, qVersion
from PySide6.QtWidgets import QWidget

from reader import __version__
from reader.domain.selection import LibraryStatistics
from reader.services.reporting import statistics_as_text
from reader.services.typesetting import shown_line
from reader.ui.appearance import Appearance
from reader.ui.command_runner import Act, CommandRunner
from reader.ui.commands import COMMANDS
from reader.ui.navigation import ViewNavigator
from reader.ui.overlays.guide_sheet import GuideSheet
from reader.ui.overlays.key_sheet import KeySheet
from reader.ui.overlays.palette import Palette, PaletteItem
from reader.ui.overlays.text_sheet import TextSheet
from reader.ui.sidebar.model import SidebarModel
from reader.ui.wording import shown_date
from reader.ui.workspace import Workspace

_NAME_LIMIT = 100
_NOT_IN_PALETTE = frozenset({"view.palette", "go.escape"})


class Help(QObject):
    """Opens what tells the user about commands, listings and the program."""

    def __init__(
        self,
        workspace: Workspace,
        window: QWidget,
        runner: CommandRunner,
        appearance: Appearance,
        navigator: ViewNavigator,
        sidebar: SidebarModel,
        open_address: Callable[[str], None],
    ) -> None:
        """Everything opens over ``window``; ``open_address`` takes what of the web the guide refers to."""
        super().__init__(workspace)
        self._workspace = workspace
        self._window = window
        self._runner = runner
        self._appearance = appearance
        self._navigator = navigator
        self._sidebar = sidebar
        self._open_address = open_address

    def acts(self) -> dict[str, Act]:
        """The commands carried out here."""
        return {
            "view.palette": self.open_palette,
            "help.keys": self.open_keys,
            "help.guide": self.open_guide,
            "help.about": self.open_about,
        }

    def open_palette(self) -> None:
        """Find commands and listings by name."""
        look = self._appearance.look
        Palette(self._window, self.palette_items(), look.theme, look.typography)

    def palette_items(self) -> list[PaletteItem]:
        """What the palette offers: every command, then every listing."""
        commands = [
            PaletteItem(
                self._runner.title(command.id),
                command.help,
                self._runner.keys(command.id),
                partial(self._runner.run, command.id),
                self._runner.is_valid(command.id),
            )
            for command in COMMANDS
            if command.id not in _NOT_IN_PALETTE
        ]
        listings = [
            PaletteItem(
                shown_line(listing.name, _NAME_LIMIT),
                f"Listing  {shown_date(listing.heading_date, guessed=listing.year_guessed)}".rstrip(),
                "",
                partial(self._navigator.open_listing, listing.id),
            )
            for listing in self._sidebar.listings
        ]
        return commands + listings

    def open_keys(self) -> None:
        """Show every key, what is valid here first."""
        named = [replace(command, title=self._runner.title(command.id)) for command in COMMANDS]
        KeySheet(self._window, named, self._runner.is_valid)

    def open_guide(self) -> None:
        """Show the guide."""
        sheet = GuideSheet(self._window, self._appearance.look)
        sheet.view.address_wanted.connect(self._open_address)

    def open_about(self) -> None:
        """Show version and library facts."""
        self._workspace.tasks.read(self._workspace.library.statistics, self._show_about)

    def _show_about(self, statistics: LibraryStatistics) -> None:
        lines = (
            f"Lectern {__version__}",
            f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
            f"Library: {self._workspace.library.folder}",
            "",
            statistics_as_text(statistics),
        )
        TextSheet(self._window, "About Lectern", "\n".join(lines), fixed_width_font=True)
