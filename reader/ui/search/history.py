"""What was searched for before, kept with the library."""

from __future__ import annotations

from pathlib import Path

from reader.files import recall, remember

_FILE_NAME = "searches.json"
_MOST = 100
_LONGEST = 500


class SearchHistory:
    """The last searches, the newest at the end, each once."""

    def __init__(self, folder: Path) -> None:
        """Read what was kept in a library's folder; what is damaged is as if it were new."""
        self._path = folder / _FILE_NAME
        content = recall(self._path)
        kept = content if isinstance(content, list) else []
        sound = [text for text in kept if isinstance(text, str) and 0 < len(text) <= _LONGEST]
        self.searches: tuple[str, ...] = tuple(sound[-_MOST:])

    def add(self, text: str) -> None:
        """Keep a search as the newest one. A disk that cannot take it costs nothing but this."""
        if not text or self.searches[-1:] == (text,):
            return
        self.searches = (*(one for one in self.searches if one != text), text)[-_MOST:]
        remember(self._path, self.searches)
