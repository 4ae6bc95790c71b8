"""News: the effects of every change, numbered in order, for other processes that have the library open (decision 37).

Each row is written in the transaction of its change. A window remembers the last number it has read and asks for later
ones. Old rows are deleted, so a window that slept for too long is told that anything may have changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection
from typing import Any

from reader.domain.changes import Change, LatestNews, News, NewsKind
from reader.domain.step_titles import UNTITLED, StepTitle
from reader.storage.writer import Writer, id_list

KEPT = 1_000
"""The number of rows kept; a few more remain until the next deletion."""
MOST_PAPERS = 2_000
"""A change of more papers than this is reported as one of any paper."""
_DROPPED_AT_ONCE = 100
_LISTING_TABLES = {"listings", "listing_problems", "sightings", "earlier_sightings"}
_RULE_TABLES = {"saved_searches", "mute_rules", "highlight_labels"}
_TASTE_TABLES = {"taste_wishes", "taste_examples"}
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


def change_of(tables: Collection[str], papers: Collection[int], title: StepTitle, operation_id: int | None) -> Change:
    """The change that corresponds to these tables and papers."""
    if not tables:
        return Change(title)
    touched = set(tables)
    return Change(
        title=title,
        operation_id=operation_id,
        paper_ids=frozenset(papers),
        listings_changed=bool(touched & _LISTING_TABLES),
        tags_changed="tags" in touched,
        queue_changed="queue" in touched,
        rules_changed=bool(touched & _RULE_TABLES),
        subscriptions_changed="subscriptions" in touched,
        taste_changed=bool(touched & _TASTE_TABLES),
        topics_changed="topics" in touched,
    )


class NewsFeed:
    """The changes that other processes make to an open library; a part of the store."""

    def __init__(self, read: Callable[..., Any], origin: str) -> None:
        """``origin`` is the name of this process, whose own changes are left out."""
        self._read, self._origin = read, origin

    def version(self) -> int:
        """A number that changes with every commit of another connection; compare it on one thread only.

        It is SQLite's own counter, ``PRAGMA data_version``, and takes a few microseconds to read.
        """
        version: int = self._read(_data_version)
        return version

    def since(self, number: int | None) -> LatestNews:
        """The changes of others after the change with this ``number``; for None only the number to begin with."""
        latest: LatestNews = self._read(_news_since, number, self._origin)
        return latest


def _data_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _news_since(connection: sqlite3.Connection, number: int | None, origin: str) -> LatestNews:
    oldest, newest, checks = connection.execute(_ENDS).fetchone()
    if number is None:
        return LatestNews(newest, (), checks=checks)
    if not oldest - 1 <= number <= newest:
        return LatestNews(newest, (_anything(connection, newest),), is_complete=False, checks=checks)
    rows = connection.execute(_NEWS, (number, origin)).fetchall()
    return LatestNews(newest, tuple(_news(connection, *row) for row in rows), checks=checks)


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
    return News(number, NewsKind(kind), change_of(tables.split(), ids, StepTitle.read(title), operation_id), step_kind)


def _anything(connection: sqlite3.Connection, number: int) -> News:
    """News that anything may have changed."""
    change = Change(UNTITLED, None, frozenset(_all_papers(connection)), True, True, True, True, True, True, True)
    return News(number, NewsKind.AUTOMATIC, change, "")


def _all_papers(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT id FROM papers")]
