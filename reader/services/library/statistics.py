"""The figures of the statistics view."""

from __future__ import annotations

from reader.domain.statistics import ReadingStatistics
from reader.services.library.part import LibraryPart

NAMES_SHOWN = 10
"""How many tags and how many organisations there are figures for: those with the most decisions."""


class StatisticsPart(LibraryPart):
    """Looks at how one reads."""

    def reading_statistics(self) -> ReadingStatistics:
        """Papers per listing day, what was done when, the inbox's age, what is kept; for a reader thread."""
        return self._store.reading_statistics(self._today(), NAMES_SHOWN)
