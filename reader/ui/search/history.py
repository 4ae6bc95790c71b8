"""What was searched for before, kept with the library."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QIODevice, QSaveFile

_FILE_NAME = "searches.json"
_MOST = 100
_LARGEST = 1 << 20
_LONGEST = 500


class SearchHistory:
    """The last searches, the newest at the end, each once."""

    def __init__(self, folder: Path) -> None:
        """Read what was kept in a library's folder; what is damaged is as if it were new."""
        self._path = folder / _FILE_NAME
        self.searches: tuple[str, ...] = ()
        with suppress(OSError, ValueError, RecursionError):
            if self._path.stat().st_size <= _LARGEST:
                content = json.loads(self._path.read_text(encoding="utf-8"))
                if isinstance(content, list):
                    kept = [text for text in content if isinstance(text, str) and 0 < len(text) <= _LONGEST]
                    self.searches = tuple(kept[-_MOST:])

    def add(self, text: str) -> None:
        """Keep a search as the newest one. A disk that cannot take it costs nothing but this."""
        if not text or self.searches[-1:] == (text,):
            return
        self.searches = (*(one for one in self.searches if one != text), text)[-_MOST:]
        file = QSaveFile(str(self._path))
        if file.open(QIODevice.OpenModeFlag.WriteOnly):
            file.write(json.dumps(self.searches, ensure_ascii=False, indent=1).encode())
            file.commit()
