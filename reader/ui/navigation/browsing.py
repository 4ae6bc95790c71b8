"""Finding one's way: orders, back and forward, jumping, links, saved searches, mute rules, and papers that are one."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from reader.ui.app.focus import FocusKeeping
from reader.ui.app.window_state import WindowState
from reader.ui.app.workspace import Workspace
from reader.ui.commands.runner import Act, CommandRunner
from reader.ui.look.commands import Appearance
from reader.ui.mute_rules.commands import Muting
from reader.ui.navigation.back_forward import Visits
from reader.ui.navigation.jump import Jumping
from reader.ui.navigation.navigator import ViewNavigator
from reader.ui.navigation.reader import Reader
from reader.ui.navigation.sort_and_group import Arranging
from reader.ui.paper_actions.duplicates import Duplicates
from reader.ui.paper_actions.link_hints import LinkCommands
from reader.ui.search.live_search import Searching
from reader.ui.search.saved import SavedSearches
from reader.ui.search.saved_editor import SavedSearchEditing
from reader.ui.shell.panes import Panes


class Browsing(QObject):
    """The parts that only need what is shown and what it is shown in."""

    def __init__(
        self,
        workspace: Workspace,
        panes: Panes,
        navigator: ViewNavigator,
        reader: Reader,
        searching: Searching,
        saved: SavedSearches,
        appearance: Appearance,
        runner: CommandRunner,
        window: QWidget,
    ) -> None:
        """Prompts and sheets open over ``window``."""
        super().__init__(workspace)
        FocusKeeping(panes, window)
        self.arranging = Arranging(workspace, navigator, searching, appearance, window)
        self.visits = Visits(workspace, panes, navigator, searching)
        self.jumping = Jumping(workspace, panes, navigator, searching, saved)
        self._parts = (
            self.arranging,
            self.visits,
            SavedSearchEditing(workspace, panes, navigator, saved, appearance, runner.run, window),
            Muting(workspace, panes, navigator, searching, appearance, window),
            Duplicates(workspace, panes, reader, navigator, searching, appearance, window),
            LinkCommands(workspace, panes, reader),
        )

    def acts(self) -> dict[str, Act]:
        """The commands carried out here."""
        return {command: act for part in self._parts for command, act in part.acts().items()}

    def resume(self, state: WindowState) -> None:
        """Go where one was when the window was closed, views arranged as they were then."""
        self.arranging.resume(state)
        self.visits.resume(state)

    def remember(self, state: WindowState) -> None:
        """Keep where one is, and how views are arranged."""
        self.arranging.remember(state)
        self.visits.remember(state)
