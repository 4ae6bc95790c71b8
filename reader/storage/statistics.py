"""The figures of the statistics view. Each comes from an index or a narrow table, so 100,000 papers take no time.

Days are local days, which SQLite's ``localtime`` computes from the moments stored in UTC.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import date

from reader.domain.dates import PartialDate
from reader.domain.selection import INBOX, LibraryStatistics
from reader.domain.statistics import DayOfReading, Kept, ListingDay, ReadingStatistics
from reader.storage import counts
from reader.storage.subject import Subject
from reader.storage.view_queries import papers_where

_LISTING_DAYS = """
SELECT coalesce(l.heading_date, date(l.imported, 'localtime')), sum(s.papers), sum(coalesce(f.papers, 0))
FROM listings l
JOIN (SELECT listing_id, count(DISTINCT paper_id) AS papers FROM sightings GROUP BY listing_id) s ON s.listing_id = l.id
LEFT JOIN (
    SELECT first, count(*) AS papers
    FROM (SELECT min(listing_id) AS first FROM sightings INDEXED BY sightings_listing GROUP BY paper_id) GROUP BY first
) f ON f.first = l.id
GROUP BY 1
"""
_SEEN_DAYS = "SELECT date(seen_at, 'localtime'), count(*) FROM seen GROUP BY 1"
_STATE_DAYS = """
SELECT date(changed, 'localtime'), sum(state = 'queued'), sum(state = 'done'), sum(state = 'dismissed')
FROM states WHERE state IN ('queued', 'done', 'dismissed') AND changed IS NOT NULL GROUP BY 1
"""
_INBOX_DAYS = f"SELECT date(first_seen, 'localtime'), count(*) FROM {papers_where(INBOX, 'papers_added')} GROUP BY 1"
_KEPT = "st.state IN ('queued', 'reading', 'done') OR st.starred = 1"
_TAGS = f"""
SELECT t.name, sum({_KEPT}), sum(st.state = 'dismissed' AND st.starred = 0)
FROM paper_tags pt JOIN tags t ON t.id = pt.tag_id JOIN states st ON st.paper_id = pt.paper_id
GROUP BY t.id HAVING sum(({_KEPT}) OR st.state = 'dismissed') > 0
ORDER BY sum(({_KEPT}) OR st.state = 'dismissed') DESC, t.fold LIMIT :most
"""
_ORGANIZATIONS = f"""
SELECT coalesce(nullif(p.organization_name, ''), p.organization_account) AS name,
    sum({_KEPT}), sum(st.state = 'dismissed' AND st.starred = 0)
FROM states st JOIN papers p ON p.id = st.paper_id
WHERE name <> '' AND (({_KEPT}) OR st.state = 'dismissed')
GROUP BY name ORDER BY count(*) DESC, name LIMIT :most
"""


NAMES_SHOWN = 10
"""The largest number of tags and of organisations with figures: those with the most decided papers."""


class Statistics(Subject):
    """The figures of a whole library."""

    def totals(self) -> LibraryStatistics:
        """How much the library holds."""
        return self._read(counts.statistics, self._store.now())

    def reading(self) -> ReadingStatistics:
        """Papers per listing day, decisions over time, the inbox's age, what is kept; call it on a reader thread."""
        return self._read(_reading_statistics, self._store.now(), self._store.today(), NAMES_SHOWN)


def _reading_statistics(connection: sqlite3.Connection, now: str, today: date, most: int) -> ReadingStatistics:
    """All figures, with at most ``most`` tags and organisations."""
    return ReadingStatistics(
        today=today,
        listing_days=_listing_days(connection),
        reading=_days_of_reading(connection),
        inbox_days=tuple(
            (date.fromisoformat(day), count) for day, count in connection.execute(_INBOX_DAYS, {"now": now})
        ),
        tags=tuple(Kept(*row) for row in connection.execute(_TAGS, {"most": most})),
        organizations=tuple(Kept(*row) for row in connection.execute(_ORGANIZATIONS, {"most": most})),
        papers=connection.execute("SELECT count(*) FROM papers").fetchone()[0],
    )


def _listing_days(connection: sqlite3.Connection) -> tuple[ListingDay, ...]:
    """Listings by day; a page that shows only a month or a year counts on its first day."""
    days: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0])
    for iso, papers, new in connection.execute(_LISTING_DAYS):
        named = PartialDate.parse_iso(iso)
        if named is not None and named.year is not None:
            counts = days[date(named.year, named.month or 1, named.day or 1)]
            counts[0] += new
            counts[1] += papers - new
    return tuple(ListingDay(day, new, known) for day, (new, known) in sorted(days.items()))


def _days_of_reading(connection: sqlite3.Connection) -> tuple[DayOfReading, ...]:
    """What was seen and decided on each day."""
    seen = dict(connection.execute(_SEEN_DAYS).fetchall())
    decided = {day: counts for day, *counts in connection.execute(_STATE_DAYS)}
    days = sorted(seen.keys() | decided.keys())
    return tuple(DayOfReading(date.fromisoformat(day), seen.get(day, 0), *decided.get(day, ())) for day in days)
