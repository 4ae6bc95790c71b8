"""Files of other devices that come into the shared folder, told as they come."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

FILES = (".lecs", ".lecp")
"""The endings of what devices write."""
_GATHER_MS = 400
"""Carriers deliver several files at a time."""
_STEP_MS = 100
_END_SECONDS = 1.0


class FolderWatch(QObject):
    """Watches on a thread of its own; where the system has no way to tell, the library is synchronised by the clock."""

    arrived = Signal()
    """Files came, or went."""

    def __init__(self, target: str, device: str, parent: QObject) -> None:
        """Files that ``device``, this one, writes are no news."""
        super().__init__(parent)
        self._target, self._own = Path(target), Path(target) / "devices" / device
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_watching(self) -> bool:
        """Whether the folder was there, and is watched."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Watch, if that is not done already."""
        if not self.is_watching and not self._stop.is_set():
            self._thread = threading.Thread(target=self._watch, name="sync-watch", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Watch no more, for good."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)

    def _watch(self) -> None:
        """On its own thread: until it is stopped, or the folder is gone."""
        from watchfiles import watch

        try:
            folders = [folder for folder in (self._target / "devices", self._target / "packs") if folder.is_dir()]
            if len(folders) < 2:
                folders = [self._target]
            for changes in watch(
                *folders, watch_filter=None, debounce=_GATHER_MS, step=_STEP_MS, stop_event=self._stop
            ):
                if any(self.is_news(Path(path)) for _, path in changes):
                    self.arrived.emit()
                if not self._target.is_dir():
                    return
        except (OSError, RuntimeError):
            return  # the folder is not there, or cannot be watched; a later run tries again

    def is_news(self, path: Path) -> bool:
        """Whether a file is another device's; a pack may be one's own, and costs a look in vain."""
        return path.suffix in FILES and self._own not in path.parents
