"""What the settings mean for the whole window: the keys, the room for backups, and telling what is not obeyed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from reader.domain.settings import SETTINGS, Settings
from reader.services.settings.file import make_settings_file
from reader.services.settings.text import SettingProblem
from reader.ui.app.browser import Opener
from reader.ui.app.file_dialogs import FileDialogs
from reader.ui.app.workspace import Workspace
from reader.ui.commands.keys_in_force import Keymap, make_keymap
from reader.ui.commands.runner import Act, CommandRunner
from reader.ui.commands.table import COMMANDS_BY_ID
from reader.ui.look.wording import counted
from reader.ui.settings.keeper import SettingsKeeper
from reader.ui.settings.key_page import KeyPage
from reader.ui.settings.library_pages import FavoritePage, LabelPage
from reader.ui.settings.overlay import PROBLEMS, SettingsOverlay
from reader.ui.settings.pages import Page, SettingsPage
from reader.ui.shell.panes import Panes

_MEGABYTE = 1 << 20
_TOPIC = "settings.toml"
_GROUPS = {
    "Appearance": "appearance",
    "Reading": "reading",
    "Export": "export",
    "Import": "imports",
    "Backups": "backups",
}
"""Sections that are made of a group of settings alone."""


class SettingsCommands(QObject):
    """Puts settings into effect that are no single part's."""

    def __init__(
        self,
        workspace: Workspace,
        panes: Panes,
        settings: SettingsKeeper,
        runner: CommandRunner,
        chooser: FileDialogs,
        opener: Opener,
        window: QWidget,
    ) -> None:
        """Everything holds at once, and what is not obeyed is told as soon as there is a place for it."""
        super().__init__(workspace)
        self._workspace = workspace
        self._panes = panes
        self._settings = settings
        self._runner = runner
        self._chooser = chooser
        self._opener = opener
        self._window = window
        self._overlay: SettingsOverlay | None = None
        runner.keymap_changed.connect(self._show_keymap)
        settings.changed.connect(self._apply)
        settings.problems_changed.connect(self._tell_problems)
        self._show_keymap(runner.keymap)
        self._apply(settings.settings)
        self._tell_problems()

    def acts(self) -> dict[str, Act]:
        """The commands carried out here."""
        return {
            "view.settings": self.open,
            "settings.keys": self.open_keys,
            "settings.file": self.open_file,
        }

    def open(self, section: str = "Appearance") -> None:
        """Open the settings at a section; if they are open, go there."""
        if self._overlay is not None:
            self._overlay.show_section(section)
            return
        self._overlay = SettingsOverlay(self._window, self._pages(), self._list_problems, self.open_file, section)
        self._overlay.closed.connect(self._closed)

    def open_keys(self) -> None:
        """Open the keys, ready for the words of a command."""
        self.open("Keys")
        page = self._overlay.page("Keys") if self._overlay is not None else None
        if isinstance(page, KeyPage):
            page.edit.setFocus()
            page.edit.selectAll()

    def open_file(self) -> None:
        """Open the file with the system's program for it; it is made if there is none yet."""
        path = self._settings.path
        if path is None:
            self._workspace.said.emit("This is the sample; nothing of it is kept, its settings neither")
            return
        self._workspace.tasks.write(partial(make_settings_file, path.parent), self._open_path)

    def _open_path(self, path: Path) -> None:
        opened = self._opener.open_file(path)
        self._workspace.said.emit("What is saved there holds at once" if opened else f"The settings are in {path}")

    def _pages(self) -> dict[str, Callable[[], Page]]:
        """What makes the page of each section, in order."""
        settings, choose, runner = self._settings, self._choose_folder, self._runner
        special: dict[str, Callable[[], Page]] = {
            "Keys": partial(KeyPage, settings, runner, choose),
            "Highlights": partial(LabelPage, self._workspace),
            "Tags": partial(FavoritePage, self._workspace, runner.keys),
            "Backups": self._backup_page,
        }
        titles = ("Appearance", "Reading", "Keys", "Highlights", "Tags", "Export", "Import", "Backups")
        return {title: special.get(title) or partial(self._settings_page, title) for title in titles}

    def _settings_page(self, title: str) -> SettingsPage:
        names = [name for name in SETTINGS if name.startswith(f"{_GROUPS[title]}.")]
        return SettingsPage(title, self._settings, names, self._choose_folder)

    def _backup_page(self) -> SettingsPage:
        page = self._settings_page("Backups")
        page.add_actions(
            [(_title(command), partial(self._leave_for, command)) for command in ("library.back_up", "library.restore")]
        )
        return page

    def _choose_folder(self, begin: str) -> Path | None:
        return self._chooser.export_folder(self._window, Path(begin or Path.home()), "Choose a folder")

    def _leave_for(self, command: str) -> None:
        if self._overlay is not None:
            self._overlay.dismiss()
        self._runner.run(command)

    def _closed(self) -> None:
        self._overlay = None

    def _list_problems(self) -> list[SettingProblem]:
        return self.problems

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
        panes = self._panes
        for part in (panes.welcome, panes.status, panes.notice, panes.pane, panes.detail):
            part.set_keymap(keymap)

    def _tell_problems(self) -> None:
        """Say how many things are not obeyed, and the first of them; take that back once all is mended."""
        problems = self.problems
        notice = self._panes.notice
        if self._overlay is not None:
            self._overlay.show_problems()
        if not problems:
            notice.withdraw(_TOPIC)
        elif self._overlay is None or notice.topic == _TOPIC:
            more = f" And {counted(len(problems) - 1, 'more problem')}." if len(problems) > 1 else ""
            show = partial(self.open, PROBLEMS)
            notice.show_text(f"settings.toml: {problems[0]}{more}", ("Show", show), topic=_TOPIC)


def _title(command: str) -> str:
    return COMMANDS_BY_ID[command].title
