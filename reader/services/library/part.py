"""What the parts of the library's interface share.

:class:`~reader.services.library.library.Library` is one interface in several files: each part is a class that it
inherits from, and holds the operations and questions on one subject.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from reader.services.library.mutes import Mutes
from reader.services.search.searcher import Searcher
from reader.storage.store import LibraryStore


class LibraryPart:
    """What every part may use of the library that it is a part of."""

    _store: LibraryStore
    _searcher: Searcher
    _clock: Callable[[], datetime]
    mutes: Mutes

    def _today(self) -> date:
        """The day it is where the user is."""
        return self._clock().astimezone().date()

    def _title_or_count(self, paper_ids: Sequence[int]) -> str:
        """One paper's title, or how many they are: for a step's title."""
        if len(paper_ids) != 1:
            return f"{len(paper_ids):,} papers"
        return f"“{self._store.papers.titles(paper_ids)[paper_ids[0]].title}”"
