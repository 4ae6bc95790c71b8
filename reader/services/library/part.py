"""What the base classes of a library share: those that export, back up and check it as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from reader.services.library.mutes import Mutes
from reader.services.search.searcher import Searcher
from reader.storage.store import LibraryStore


class LibraryPart:
    """What every base class may use of the library."""

    _store: LibraryStore
    _searcher: Searcher
    _clock: Callable[[], datetime]
    mutes: Mutes

    def _today(self) -> date:
        """The day it is where the user is."""
        return self._clock().astimezone().date()
