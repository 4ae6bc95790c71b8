"""What settings change in the whole window: keys, and reports of ignored settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from reader.domain.settings import Settings
from reader.services.settings.file import make_settings_file
from reader.services.settings.text import SettingProblem
from reader.ui.app.context import Context, Part
from reader.ui.commands.keys_in_force import Keymap, make_keymap
from reader.ui.commands.runner import Acts
from reader.ui.commands.table import COMMANDS_BY_ID
from reader.ui.look.wording import counted
from reader.ui.settings.key_page import KeyPage
from reader.ui.settings.library_pages import FavoritePage, LabelPage
from reader.ui.settings.overlay import PROBLEMS, SettingsOverlay
from reader.ui.settings.pages import Page, SettingsPage

_TOPIC = "settings.toml"


class SettingsCommands(Part):
    """Opens the settings, and puts those into effect that concern several parts of the window."""

    def __init__(self, context: Context) -> None:
        """Settings take effect at once, and ignored ones are reported at once."""
        super().__init__(context)
        self._chooser = context.environment.chooser
        self._opener = context.environment.opener
        self._overlay: SettingsOverlay | None = None
        self._runner.keymap_changed.connect(self._show_keymap)
        self._settings.changed.connect(self._apply)
        self._settings.problems_changed.connect(self._tell_problems)
        self._show_keymap(self._runner.keymap)
        self._apply(self._settings.settings)
        self._tell_problems()

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "view.settings": self.open,
            "settings.keys": self.open_keys,
            "settings.file": self.open_file,
        }

    def open(self, section: str = "Appearance") -> SettingsOverlay:
        """Open the settings at a section; if they are open, go there."""
        overlay, is_open = self._overlay, self._overlay is not None
        if overlay is None:
            overlay = self._overlay = SettingsOverlay(self._window, self._pages(), self.open_file)
            overlay.closed.connect(self._closed)
            overlay.show_problems(self.problems)
        overlay.show_section(section)
        if not is_open:
            overlay.open(overlay.list)
        return overlay

    def open_keys(self) -> None:
        """Open the keys, ready for the words of a command."""
        page = self.open("Keys").page("Keys")
        if isinstance(page, KeyPage):
            page.edit.setFocus()
            page.edit.selectAll()

    def open_file(self) -> None:
        """Open the settings file with the system's program for it; create the file if it does not exist."""
        path = self._settings.path
        if path is None:
            self._say("This is the sample; its settings are not saved")
            return
        self._workspace.tasks.write(partial(make_settings_file, path.parent), self._open_path)

    def _open_path(self, path: Path) -> None:
        opened = self._opener.open_file(path)
        self._say("Changes take effect once the file is saved" if opened else f"The settings are in {path}")

    def _pages(self) -> dict[str, Callable[[], Page]]:
        """The makers of each section's page, in order."""

        def rows(group: str) -> Callable[[], SettingsPage]:
            return partial(SettingsPage, self._settings, group, self._choose_folder)

        return {
            "Appearance": rows("appearance"),
            "Reading": rows("reading"),
            "Keys": partial(KeyPage, self._settings, self._runner, self._choose_folder),
            "Highlights": partial(LabelPage, self._workspace),
            "Tags": partial(FavoritePage, self._workspace, self._runner.keys),
            "Export": rows("export"),
            "Import": rows("imports"),
            "PDF files": rows("documents"),
            "Backups": partial(self._with_actions, rows("backups"), "library.back_up", "library.restore"),
        }

    def _with_actions(self, make: Callable[[], SettingsPage], *commands: str) -> SettingsPage:
        """A page with a button for each of some commands."""
        page = make()
        page.add_actions([(COMMANDS_BY_ID[each].title, partial(self._leave_for, each)) for each in commands])
        return page

    def _choose_folder(self, begin: str) -> Path | None:
        return self._chooser.export_folder(self._window, Path(begin or Path.home()), "Choose a folder")

    def _leave_for(self, command: str) -> None:
        if self._overlay is not None:
            self._overlay.dismiss()
        self._runner.run(command)

    def _closed(self) -> None:
        self._overlay = None

    @property
    def problems(self) -> list[SettingProblem]:
        """What in the settings file is ignored, by line; keys that could not be typed among it."""
        keys = (
            SettingProblem(self._settings.line_of_binding(problem.command), problem.text)
            for problem in self._runner.keymap.problems
        )
        return sorted([*self._settings.problems, *keys], key=lambda problem: problem.line)

    def _apply(self, settings: Settings) -> None:
        self._runner.set_keymap(make_keymap(settings.keys))

    def _show_keymap(self, keymap: Keymap) -> None:
        panes = self._panes
        for part in (panes.welcome, panes.status, panes.notice, panes.pane, panes.detail, panes.reasons):
            part.set_keymap(keymap)

    def _tell_problems(self) -> None:
        """Report how many settings are ignored, and the first of them; take that back once all are mended."""
        problems = self.problems
        notice = self._panes.notice
        if self._overlay is not None:
            self._overlay.show_problems(problems)
        if not problems:
            notice.withdraw(_TOPIC)
        elif self._overlay is None or notice.topic == _TOPIC:
            more = f" And {counted(len(problems) - 1, 'more problem')}." if len(problems) > 1 else ""
            show = ("Show", partial(self.open, PROBLEMS))
            notice.show_text(f"settings.toml: {problems[0]}{more}", show, topic=_TOPIC)
