"""News: the effects of every change, numbered in order, for other processes that have the library open (decision 37).

Each row is written in the transaction of its change. A window remembers the last number it has read and asks for later
ones. Old rows are deleted, so a window that slept for too long is told that anything may have changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from reader.domain.changes import Change, Field, LatestNews, News, NewsKind
from reader.domain.step_titles import StepTitle
from reader.storage.writer import Writer, id_list

KEPT = 1_000
"""The number of rows kept; a few more remain until the next deletion."""
MOST_PAPERS = 2_000
"""A change of more papers than this is reported as one of any paper."""
_DROPPED_AT_ONCE = 100
FIELDS = {
    "papers": {Field.PAPERS},
    "former_titles": {Field.PAPERS},
    "further_dois": {Field.PAPERS},
    "paper_aliases": {Field.PAPERS},
    "listings": {Field.LISTINGS},
    "listing_problems": {Field.LISTINGS},
    "sightings": {Field.LISTINGS},
    "earlier_sightings": {Field.LISTINGS},
    "states": {Field.STATES, Field.STARS, Field.SNOOZES},
    "states.state": {Field.STATES},
    "states.starred": {Field.STARS},
    "states.buried_until": {Field.SNOOZES},
    "seen": {Field.SEEN},
    "queue": {Field.QUEUE},
    "paper_tags": {Field.PAPER_TAGS},
    "tags": {Field.TAGS},
    "notes": {Field.NOTES},
    "highlights": {Field.HIGHLIGHTS},
    "highlight_labels": {Field.LABELS},
    "saved_searches": {Field.SEARCHES},
    "mute_rules": {Field.MUTE_RULES},
    "muted": {Field.MUTED},
    "subscriptions": {Field.SUBSCRIPTIONS},
    "listing_fetches": {Field.SUBSCRIPTIONS},
    "taste_wishes": {Field.TASTE},
    "taste_examples": {Field.TASTE},
    "topics": {Field.TOPICS},
    "paper_documents": {Field.DOCUMENTS},
    "label_colors": {Field.LABELS},
}
"""The fields of each table, or of a column of it, that news name."""
_ENDS = """
SELECT coalesce(min(id), 1), coalesce(max(id), 0),
    (SELECT coalesce(group_concat(coalesce(last_fetched, '') || coalesce(next_try, '')), '') FROM subscription_checks)
FROM news
"""
_NEWS = """
SELECT news.id, news.kind, operation_id, tables, papers, coalesce(title, '[]'), coalesce(operations.kind, '')
FROM news LEFT JOIN operations ON operations.id = operation_id WHERE news.id > ? AND origin <> ? ORDER BY news.id
"""


def tell(
    writer: Writer, kind: NewsKind, operation_id: int | None, tables: Collection[str], papers: Collection[int]
) -> None:
    """Add a row of news with the tables and papers that were touched."""
    cursor = writer.execute(
        "INSERT INTO news (operation_id, kind, tables, papers, origin) VALUES (?, ?, ?, ?, ?)",
        (
            *(operation_id, kind.value, " ".join(sorted(tables))),
            *(id_list(papers) if len(papers) <= MOST_PAPERS else None, writer.origin),
        ),
    )
    number = cursor.lastrowid or 0
    if number % _DROPPED_AT_ONCE == 0:
        writer.execute("DELETE FROM news WHERE id <= ?", (number - KEPT,))


def change_of(
    tables: Collection[str],
    papers: Collection[int],
    title: StepTitle,
    operation_id: int | None,
    kind: NewsKind,
    *,
    is_own: bool = True,
) -> Change:
    """The change that corresponds to these tables and papers."""
    fields = frozenset(field for table in tables for field in FIELDS.get(table, ()))
    return Change(title, operation_id if tables else None, frozenset(papers), fields, kind, is_own)


class NewsFeed:
    """The changes that other processes make to an open library; a part of the store."""

    def __init__(self, read: Callable[..., Any], rows: Callable[[str], list[Any]], origin: str) -> None:
        """``origin`` is the name of this process, whose own changes are left out."""
        self._read, self._rows, self._origin = read, rows, origin

    def version(self) -> int:
        """A number that changes with every commit of another connection; compare it on one thread only.

        It is SQLite's own counter, ``PRAGMA data_version``, and takes a few microseconds to read.
        """
        return int(self._rows("PRAGMA data_version")[0][0])

    def since(self, number: int | None) -> LatestNews:
        """The changes of others after the change with this ``number``; for None only the number to begin with."""
        latest: LatestNews = self._read(_news_since, number, self._origin)
        return latest


def _news_since(connection: sqlite3.Connection, number: int | None, origin: str) -> LatestNews:
    oldest, newest, checks = connection.execute(_ENDS).fetchone()
    if number is None:
        return LatestNews(newest, (), checks=checks)
    if not oldest - 1 <= number <= newest:
        return LatestNews(newest, (_anything(connection, newest),), is_complete=False, checks=checks)
    rows = _once(connection.execute(_NEWS, (number, origin)).fetchall())
    return LatestNews(newest, tuple(_news(connection, *row) for row in rows), checks=checks)


def _once(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows without those that say of any paper what a later one says: a library that comes in says it often."""
    last = {row[3]: row[0] for row in rows if _is_of_any_paper(row)}
    return [row for row in rows if not _is_of_any_paper(row) or last[row[3]] == row[0]]


def _is_of_any_paper(row: tuple[Any, ...]) -> bool:
    _, kind, operation_id, _, papers, *_ = row
    return kind == NewsKind.AUTOMATIC.value and operation_id is None and papers is None


def _news(
    connection: sqlite3.Connection,
    number: int,
    kind: str,
    operation_id: int | None,
    tables: str,
    papers: str | None,
    title: str,
    step_kind: str,
) -> News:
    ids = json.loads(papers) if papers is not None else _all_papers(connection)
    what = NewsKind(kind)
    change = change_of(tables.split(), ids, StepTitle.read(title), operation_id, what, is_own=False)
    return News(number, what, change, step_kind)


def _anything(connection: sqlite3.Connection, number: int) -> News:
    """News that anything may have changed."""
    change = replace(Change.of(*Field, paper_ids=_all_papers(connection)), is_own=False)
    return News(number, change.kind, change, "")


def _all_papers(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT id FROM papers")]
