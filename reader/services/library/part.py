"""What the parts of the library's interface share.

:class:`~reader.services.library.library.Library` is one interface in several files: each part is a class that it
inherits from, and holds the operations and questions on one subject.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from reader.domain.changes import Change
from reader.services.search.searcher import Searcher
from reader.storage.store import LibraryStore


class LibraryPart:
    """What every part may use of the library that it is a part of."""

    _store: LibraryStore
    _searcher: Searcher
    _clock: Callable[[], datetime]

    def _today(self) -> date:
        """The day it is where the user is."""
        return self._clock().astimezone().date()

    def _title_or_count(self, paper_ids: Sequence[int]) -> str:
        """One paper's title, or how many they are: for a step's title."""
        if len(paper_ids) != 1:
            return f"{len(paper_ids):,} papers"
        return f"“{self._store.annotated.titles(paper_ids)[paper_ids[0]].title}”"

    def refresh_muted(self) -> Change:
        """See :meth:`reader.services.library.searches.SearchKeeping.refresh_muted`."""
        raise NotImplementedError

    def _muting_after(self, change: Change) -> Change:
        """A change of rules or of what listings said, with that of the papers which mute rules hide now."""
        return change.joined_with(self.refresh_muted()) if change.rules_changed or change.listings_changed else change
