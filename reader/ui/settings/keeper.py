"""The settings in force: read when the window is made, changed from anywhere in it, and followed when edited outside.

A change holds at once and is written on the library thread, where changes in quick succession become one writing. The
file is the user's: each writing changes only its own values in the file as it is then, and what others write into it is
taken in as soon as the system tells of it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from reader.domain.settings import Settings, Value, with_value
from reader.services.settings.file import SettingsReading, read_settings, settings_path, write_settings
from reader.services.settings.text import SettingProblem
from reader.ui.app.window_state import load_old_preferences
from reader.ui.app.workspace import Workspace

# Editors save in several strokes; what is read is what stands there once they are done.
_LOOK_AFTER_MS = 150


class SettingsKeeper(QObject):
    """Holds the :class:`Settings` of one library."""

    changed = Signal(object)
    """The new :class:`Settings`."""
    problems_changed = Signal()
    """What is wrong with the file is another thing now."""

    def __init__(self, workspace: Workspace, *, given: Settings | None = None) -> None:
        """Read the library's settings; with ``given`` keep those, in memory only: for a library that keeps nothing."""
        super().__init__(workspace)
        self._workspace = workspace
        self._folder = workspace.library.folder if given is None else None
        self._reading = read_settings(self._folder) if self._folder is not None else SettingsReading(Settings())
        self._settings = given or self._reading.settings
        self._waiting: dict[str, Value | None] = {}
        self._lock = threading.Lock()
        self._writes = 0
        self._stamp = self._stamp_of_file()
        self._look_soon = QTimer(self, singleShot=True, interval=_LOOK_AFTER_MS)
        self._look_soon.timeout.connect(self._look)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._look_soon.start)
        self._watcher.fileChanged.connect(self._look_soon.start)
        self._watch()
        if self._folder is not None:
            self._begin_with(load_old_preferences(self._folder))

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    @property
    def path(self) -> Path | None:
        """The file they are in; None for a library that keeps nothing."""
        return settings_path(self._folder) if self._folder is not None else None

    @property
    def problems(self) -> tuple[SettingProblem, ...]:
        """What in the file is not obeyed."""
        return self._reading.problems

    def line_of_binding(self, command: str) -> int:
        """The line of the file on which a command's keys stand; 0 for none."""
        return self._reading.line_of_binding(command)

    def set(self, name: str, value: Value | None) -> None:
        """Change one setting from now on, or go back to what is usual (None).

        ``name`` is a setting's (``export.vault``), or ``keys.bindings.<command>``. Raises ``SettingError``, nothing
        changed, for a value that the setting cannot have.
        """
        self.set_all({name: value})

    def set_all(self, changes: Mapping[str, Value | None]) -> None:
        """Change several settings at once, like :meth:`set`."""
        settings = self._settings
        for name, value in changes.items():
            settings = with_value(settings, name, value)
        if self._folder is not None:
            with self._lock:
                self._waiting |= changes
            self._writes += 1
            self._workspace.tasks.write(self._write, self._written, failed=self._not_written)
        self._use(settings)

    def _begin_with(self, values: Mapping[str, Value]) -> None:
        """Take over what was kept elsewhere before there was a file, where that says nothing of it."""
        missing = {name: value for name, value in values.items() if name not in self._reading.given}
        if missing and self._reading.is_usable:
            self.set_all(missing)

    def _use(self, settings: Settings) -> None:
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)

    def _write(self) -> None:
        """On the library thread: write everything that waits; later calls then find nothing."""
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
        """See changes of the file, and of the folder: editors put a new file in the old one's place."""
        if self._folder is None:
            return
        watched = {*self._watcher.files(), *self._watcher.directories()}
        wanted = [str(path) for path in (self._folder, settings_path(self._folder)) if path.exists()]
        missing = [path for path in wanted if path not in watched]
        if missing:
            self._watcher.addPaths(missing)

    def _stamp_of_file(self) -> tuple[int, int, int] | None:
        """What differs once the file was written."""
        if self._folder is None:
            return None
        try:
            found = settings_path(self._folder).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _look(self) -> None:
        """Read the file again if it is another one now, unless a change of ours is still on its way into it."""
        self._watch()
        stamp = self._stamp_of_file()
        if self._folder is None or self._writes or stamp == self._stamp:
            return
        self._stamp = stamp
        self._workspace.tasks.read(partial(read_settings, self._folder), self._take_in)

    def _take_in(self, reading: SettingsReading) -> None:
        """Use what the file says now; one of which nothing can be read changes nothing but its problems."""
        if self._writes:
            self._stamp = None
            return
        self._reading = reading
        if reading.is_usable:
            self._use(reading.settings)
        self.problems_changed.emit()
