"""What the parts of a window share, and what such a part is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from reader.ui.app.environment import Environment
from reader.ui.app.window_state import WindowState
from reader.ui.app.workspace import Workspace
from reader.ui.commands.palette import Palette, PaletteItem
from reader.ui.commands.runner import Acts, CommandRunner
from reader.ui.look.commands import Appearance
from reader.ui.navigation.navigator import ViewNavigator
from reader.ui.navigation.reader import Reader
from reader.ui.overlays.prompt import Prompt
from reader.ui.search.live_search import Searching
from reader.ui.settings.keeper import SettingsKeeper
from reader.ui.shell.panes import Panes


@dataclass(frozen=True, slots=True)
class Context:
    """Made once for each window, before its parts; ``state`` is how the window was left the last time."""

    window: QMainWindow
    environment: Environment
    state: WindowState
    is_sample: bool
    workspace: Workspace
    settings: SettingsKeeper
    appearance: Appearance
    runner: CommandRunner
    panes: Panes
    navigator: ViewNavigator
    reader: Reader
    searching: Searching


class Part(QObject):
    """A part of the window that carries out commands; it lives as long as the window's workspace."""

    def __init__(self, context: Context) -> None:
        """Sheets and prompts open over the window of ``context``."""
        super().__init__(context.workspace)
        self._context = context
        self._window = context.window
        self._workspace, self._library = context.workspace, context.workspace.library
        self._settings, self._appearance, self._runner = context.settings, context.appearance, context.runner
        self._panes, self._papers = context.panes, context.panes.papers
        self._navigator, self._reader, self._searching = context.navigator, context.reader, context.searching

    def _say(self, words: str) -> None:
        """Report in the status line what just happened, or why nothing did."""
        self._workspace.said.emit(words)

    def _ask(
        self,
        question: str,
        value: str,
        answered: Callable[[str], None],
        *,
        check: Callable[[str], object] = str,
        hint: str = "",
    ) -> None:
        """Ask for one line; ``check`` raises a :class:`~reader.domain.errors.ReaderError` for what cannot be it."""
        Prompt(self._window, question, value, answered, check=check, hint=hint)

    def _ask_which(self, question: str, items: Sequence[PaletteItem]) -> Palette:
        """Let the user choose one of these."""
        return Palette(self._window, items, self._appearance.look, question=question)

    def acts(self) -> Acts:
        """The commands carried out here, by their ids."""
        return {}
