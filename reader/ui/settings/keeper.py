"""The settings in force: read when the window is made, changed from anywhere in it, and followed when edited outside.

A change takes effect at once and is written on the library thread; changes in quick succession are written together.
The file belongs to the user: a write changes only its own values in the present file, and outside edits are read as
soon as the system reports them (decision 15).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from reader.domain.settings import Settings, Value, with_value
from reader.services.settings.file import SettingsReading, read_settings, settings_path, write_settings
from reader.services.settings.text import SettingProblem
from reader.ui.app.timers import make_timer
from reader.ui.app.window_state import load_old_preferences
from reader.ui.app.workspace import Workspace

# Editors save in several steps, so the file is read only once they are done.
_LOOK_AFTER_MS = 150


class SettingsKeeper(QObject):
    """Holds the :class:`Settings` of one library."""

    changed = Signal(object)
    """The new :class:`Settings`."""
    problems_changed = Signal()
    """The problems of the file changed."""

    def __init__(self, workspace: Workspace, *, given: Settings | None = None) -> None:
        """Read the library's settings; with ``given``, use those in memory only, for a library that saves nothing."""
        super().__init__(workspace)
        self._workspace = workspace
        self._folder = workspace.library.folder if given is None else None
        self._reading = read_settings(self._folder) if self._folder is not None else SettingsReading(Settings())
        self.settings = given or self._reading.settings
        """The settings in force."""
        self._waiting: dict[str, Value | None] = {}
        self._lock = threading.Lock()
        self._writes = 0
        self._stamp = self._stamp_of_file()
        self._look_soon = make_timer(self, self._look, _LOOK_AFTER_MS)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._look_soon.start)
        self._watcher.fileChanged.connect(self._look_soon.start)
        self._watch()
        if self._folder is not None:
            self._begin_with(load_old_preferences(self._folder))

    @property
    def path(self) -> Path | None:
        """The settings file; None for a library that saves nothing."""
        return settings_path(self._folder) if self._folder is not None else None

    @property
    def problems(self) -> tuple[SettingProblem, ...]:
        """The parts of the file that are ignored."""
        return self._reading.problems

    def line_of_binding(self, command: str) -> int:
        """The line of a command's keys in the file; 0 for none."""
        return self._reading.line_of_binding(command)

    def set(self, name: str, value: Value | None) -> None:
        """Change one setting from now on, or restore its default (None).

        ``name`` is a setting's (``export.vault``), or ``keys.bindings.<command>``. Raises ``SettingError``, nothing
        changed, for a value that the setting cannot have.
        """
        self.set_all({name: value})

    def set_all(self, changes: Mapping[str, Value | None]) -> None:
        """Change several settings at once, like :meth:`set`."""
        settings = self.settings
        for name, value in changes.items():
            settings = with_value(settings, name, value)
        if self._folder is not None:
            with self._lock:
                self._waiting |= changes
            self._writes += 1
            self._workspace.tasks.write(self._write, self._written, failed=self._not_written)
        self._use(settings)

    def _begin_with(self, values: Mapping[str, Value]) -> None:
        """Take over settings that earlier versions kept elsewhere, unless the file has them."""
        missing = {name: value for name, value in values.items() if name not in self._reading.given}
        if missing and self._reading.is_usable:
            self.set_all(missing)

    def _use(self, settings: Settings) -> None:
        if settings != self.settings:
            self.settings = settings
            self.changed.emit(settings)

    def _write(self) -> None:
        """On the library thread: write all waiting changes; later calls then find none."""
        with self._lock:
            changes, self._waiting = self._waiting, {}
        if changes and self._folder is not None:
            write_settings(self._folder, changes)

    def _written(self, _: object) -> None:
        self._writes -= 1
        self._look_soon.start()

    def _not_written(self, error: Exception) -> None:
        self._written(None)
        self._workspace.report_failure(error)

    def _watch(self) -> None:
        """Watch the file, and the folder too, because editors replace the file."""
        if self._folder is None:
            return
        watched = {*self._watcher.files(), *self._watcher.directories()}
        wanted = [str(path) for path in (self._folder, settings_path(self._folder)) if path.exists()]
        missing = [path for path in wanted if path not in watched]
        if missing:
            self._watcher.addPaths(missing)

    def _stamp_of_file(self) -> tuple[int, int, int] | None:
        """The facts about the file that differ after a write; None if there is no file."""
        if self._folder is None:
            return None
        try:
            found = settings_path(self._folder).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _look(self) -> None:
        """Read the file again if it changed, unless a change from here is still being written to it."""
        self._watch()
        stamp = self._stamp_of_file()
        if self._folder is None or self._writes or stamp == self._stamp:
            return
        self._stamp = stamp
        self._workspace.tasks.read(partial(read_settings, self._folder), self._take_in)

    def _take_in(self, reading: SettingsReading) -> None:
        """Use the file's settings; a file that cannot be read changes only the problems."""
        if self._writes:
            self._stamp = None
            return
        self._reading = reading
        if reading.is_usable:
            self._use(reading.settings)
        self.problems_changed.emit()
