"""The watched folder: new listing files in it are imported by themselves, once they have stopped growing.

The folder is looked at on a thread of its own: it may lie on a disk that sleeps or a network that hangs, and looking
every second must not count as work for those who wait for a quiet moment.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot

from reader.domain.errors import ReaderError
from reader.domain.reports import ImportReport
from reader.domain.settings import Settings
from reader.services import Library
from reader.services.imports.watched_folder import FolderWatch, NewFile
from reader.ui.app.context import Context, Part
from reader.ui.listings.import_flow import ImportFlow, Paths

LOOK_EVERY_SECONDS = 1.0
_WAIT_SECONDS = 2.0
"""How long closing waits for a look under way; one that hangs is left behind."""


class _Looking(threading.Thread):
    """Looks until it is stopped; what it finds, or a sentence on what is wrong, it hands over."""

    def __init__(self, watch: FolderWatch, hand_over: Callable[[list[NewFile] | str], None]) -> None:
        super().__init__(name="watched folder", daemon=True)
        self._watch = watch
        self._hand_over = hand_over
        self._stopped = threading.Event()
        self._dealt_with: deque[NewFile] = deque()

    def run(self) -> None:
        """On its own thread."""
        while not self._stopped.wait(LOOK_EVERY_SECONDS):
            self._remember()
            try:
                found = self._watch.look()
            except ReaderError as error:
                self._hand_over(str(error))
            else:
                if found and not self._stopped.is_set():
                    self._hand_over(found)
        self._remember()

    def remember(self, files: Sequence[NewFile]) -> None:
        """From any thread: these files were dealt with."""
        self._dealt_with.extend(files)

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _remember(self) -> None:
        files = [self._dealt_with.popleft() for _ in range(len(self._dealt_with))]
        if files:
            self._watch.remember(files)


class WatchedFolder(Part):
    """Follows the setting ``imports.watched_folder``, and imports what is found."""

    _handed_over = Signal()

    def __init__(self, context: Context, imports: ImportFlow) -> None:
        """The environment's clock counts seconds. A library that keeps nothing watches nothing."""
        super().__init__(context)
        self._imports = imports
        self._clock = context.environment.clock
        self._keeps = self._settings.path is not None
        self._folder = ""
        self._looking: _Looking | None = None
        self._found: deque[tuple[_Looking, list[NewFile] | str]] = deque()
        self._importing: list[NewFile] = []
        self._handed_over.connect(self._take, Qt.ConnectionType.QueuedConnection)
        imports.imported.connect(self._imported)
        self._settings.changed.connect(self._use)
        self._use(self._settings.settings)

    @property
    def is_watching(self) -> bool:
        """Whether a folder is being watched."""
        return self._looking is not None

    def close(self) -> None:
        """Watch no more; what was imported is remembered."""
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.stop()
            looking.join(_WAIT_SECONDS)

    def _use(self, settings: Settings) -> None:
        """Watch the folder that the settings name, if any."""
        folder = settings.imports.watched_folder.strip() if self._keeps else ""
        if folder == self._folder:
            return
        self._folder = folder
        if self._looking is not None:
            self._looking.stop()
            self._looking = None
        if not folder:
            return
        path = Path(folder).expanduser()
        if not path.is_absolute():
            self._workspace.failed.emit(f"The watched folder “{folder[:120]}” must be an absolute path.")
            return
        watch = FolderWatch(path, self._workspace.library.folder, self._clock)
        self._looking = _Looking(watch, self._hand_over)
        self._looking.start()

    def _hand_over(self, found: list[NewFile] | str) -> None:
        """On the looking thread."""
        looking = threading.current_thread()
        if isinstance(looking, _Looking):
            self._found.append((looking, found))
            self._handed_over.emit()

    @Slot()
    def _take(self) -> None:
        """On the GUI thread: what was found goes on its way, unless another folder is watched by now."""
        if not self._found:
            return
        looking, found = self._found.popleft()
        if looking is not self._looking:
            return
        if isinstance(found, str):
            self._workspace.failed.emit(found)
        else:
            self._workspace.tasks.read(partial(_unknown, self._workspace.library, found), self._import)

    def _import(self, files: list[NewFile]) -> None:
        if files and self._looking is not None:
            self._importing += files
            self._imports.begin(Paths(tuple(file.path for file in files), is_unattended=True))

    def _imported(self, report: ImportReport) -> None:
        """Files of ours that were dealt with, be it that they were refused, are not looked at again."""
        if report.cancelled or self._looking is None:
            return
        paths = {file.path for file in report.files}
        done = [file for file in self._importing if str(file.path) in paths]
        self._importing = [file for file in self._importing if str(file.path) not in paths]
        self._looking.remember(done)


def _unknown(library: Library, files: Sequence[NewFile]) -> list[NewFile]:
    """On a reader thread: the files that the library does not have yet."""
    return [file for file in files if not library.listings.is_imported(file.sha256)]
