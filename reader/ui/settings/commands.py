"""What the settings mean for the whole window: the keys, the room for backups, and telling what is not obeyed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from reader.domain.settings import Settings
from reader.services.settings_file import SettingProblem
from reader.ui.command_runner import Act, CommandRunner
from reader.ui.keymap import Keymap, make_keymap
from reader.ui.panes import Panes
from reader.ui.settings.keeper import SettingsKeeper
from reader.ui.wording import counted
from reader.ui.workspace import Workspace

_MEGABYTE = 1 << 20


class SettingsCommands(QObject):
    """Puts settings into effect that are no single part's."""

    def __init__(self, workspace: Workspace, panes: Panes, settings: SettingsKeeper, runner: CommandRunner) -> None:
        """Everything holds at once, and what is not obeyed is told as soon as there is a place for it."""
        super().__init__(workspace)
        self._workspace = workspace
        self._panes = panes
        self._settings = settings
        self._runner = runner
        runner.keymap_changed.connect(self._show_keymap)
        settings.changed.connect(self._apply)
        settings.problems_changed.connect(self._tell_problems)
        self._show_keymap(runner.keymap)
        self._apply(settings.settings)
        self._tell_problems()

    def acts(self) -> dict[str, Act]:
        """The commands carried out here."""
        return {}

    @property
    def problems(self) -> list[SettingProblem]:
        """What in the settings file is not obeyed, by line; keys that could not be typed among it."""
        keys = (
            SettingProblem(self._settings.line_of_binding(problem.command), problem.text)
            for problem in self._runner.keymap.problems
        )
        return sorted([*self._settings.problems, *keys], key=lambda problem: problem.line)

    def _apply(self, settings: Settings) -> None:
        self._runner.set_keymap(make_keymap(settings.keys))
        library = self._workspace.library
        library.backup_limits = replace(library.backup_limits, total=settings.backups.megabytes * _MEGABYTE)

    def _show_keymap(self, keymap: Keymap) -> None:
        self._panes.welcome.set_keymap(keymap)

    def _tell_problems(self) -> None:
        """Say how many things are not obeyed, and the first of them."""
        problems = self.problems
        if problems:
            more = f" And {counted(len(problems) - 1, 'more problem')}." if len(problems) > 1 else ""
            self._panes.notice.show_text(f"settings.toml: {problems[0]}{more}")
