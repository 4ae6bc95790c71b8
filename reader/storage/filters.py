"""The evaluation of a query's filter leaves into sets of paper ids."""

from __future__ import annotations

import sqlite3
from array import array
from dataclasses import replace
from typing import Any

from reader.domain.annotations import fold_tag
from reader.domain.papers import PaperState
from reader.domain.query.nodes import (
    ArxivTerm,
    DateField,
    DateRange,
    DoiTerm,
    Everything,
    FilterLeaf,
    Flag,
    FlagTerm,
    LabelTerm,
    ListingTerm,
    NumberField,
    NumberRange,
    StateTerm,
    TagTerm,
    Unknown,
)
from reader.domain.selection import INBOX
from reader.storage.view_queries import papers_where, read_ids

_FLAGS = {
    Flag.UNSEEN: "SELECT id FROM papers WHERE id NOT IN (SELECT paper_id FROM seen)",
    Flag.STARRED: "SELECT paper_id AS id FROM states WHERE starred = 1",
    Flag.BURIED: "SELECT paper_id AS id FROM states WHERE buried_until IS NOT NULL AND buried_until > :now",
    Flag.NOTE: "SELECT paper_id AS id FROM notes WHERE text <> ''",
    Flag.HIGHLIGHT: "SELECT DISTINCT paper_id AS id FROM highlights",
    Flag.CODE: "SELECT id FROM papers WHERE code_urls <> '[]'",
    Flag.TAGS: "SELECT DISTINCT paper_id AS id FROM paper_tags",
    Flag.DOCUMENT: "SELECT DISTINCT paper_id AS id FROM highlights WHERE target = 'document'",
}
_DATES = {
    DateField.PUBLISHED: ("id", "papers", "published"),
    DateField.ADDED: ("id", "papers", "first_seen"),
    DateField.SEEN: ("paper_id", "seen", "seen_at"),
}
_NUMBERS = {NumberField.COMMENTS: "comments", NumberField.UPVOTES: "upvotes", NumberField.AUTHORS: "author_count"}
_ISO_DAY = 10
_SQL_DOI = """
SELECT id FROM papers WHERE lower(doi) = lower(:doi) AND doi IS NOT NULL
UNION SELECT paper_id AS id FROM further_dois WHERE lower(doi) = lower(:doi)
"""
_SQL_TAGS = "SELECT DISTINCT paper_id AS id FROM paper_tags WHERE tag_id IN (SELECT id FROM tags WHERE {which})"
_SQL_LISTINGS = """
SELECT DISTINCT s.paper_id AS id FROM sightings s JOIN listings l ON l.id = s.listing_id
WHERE instr(fold_name(l.name), :fold) > 0 OR substr(l.heading_date, 1, length(:text)) = :text
"""


def filter_ids(connection: sqlite3.Connection, leaf: FilterLeaf, now: str) -> array[int]:
    """The ids of the papers that match a filter leaf, in no order. ``now`` decides what is still hidden."""
    sql, parameters = _query(leaf)
    return read_ids(connection, sql, {"now": now, **parameters})


def _query(leaf: FilterLeaf) -> tuple[str, dict[str, Any]]:
    """The SQL of a leaf, and its parameters."""
    if isinstance(leaf, Everything | Unknown):
        return f"SELECT id FROM papers WHERE {int(isinstance(leaf, Everything))}", {}
    if isinstance(leaf, FlagTerm):
        return _FLAGS[leaf.flag], {}
    if isinstance(leaf, StateTerm):
        return _state(leaf)
    if isinstance(leaf, TagTerm):
        return _tag(leaf)
    if isinstance(leaf, LabelTerm):
        labels = "SELECT id FROM highlight_labels WHERE fold = :fold"
        labelled = f"SELECT DISTINCT paper_id AS id FROM highlights WHERE label_id IN ({labels})"
        return labelled, {"fold": fold_tag(leaf.name)}
    if isinstance(leaf, ListingTerm):
        return _SQL_LISTINGS, {"fold": fold_tag(leaf.text), "text": leaf.text}
    if isinstance(leaf, ArxivTerm):
        return "SELECT id FROM papers WHERE arxiv_id = :id", {"id": leaf.arxiv_id}
    if isinstance(leaf, DoiTerm):
        return _SQL_DOI, {"doi": leaf.doi}
    if isinstance(leaf, DateRange):
        return _date_range(leaf)
    return _number_range(leaf)


def _state(leaf: StateTerm) -> tuple[str, dict[str, Any]]:
    """The SQL of a state; that of the inbox has further conditions."""
    if leaf.state is PaperState.INBOX:
        return f"SELECT p.id AS id FROM {papers_where(replace(INBOX, muted=None) if leaf.unmuted else INBOX)}", {}
    return "SELECT paper_id AS id FROM states WHERE state = :state", {"state": leaf.state.value}


def _tag(leaf: TagTerm) -> tuple[str, dict[str, Any]]:
    """The SQL of a tag, alone or with those below it: when folds are sorted, ``0`` comes right after ``/``."""
    fold = fold_tag(leaf.name)
    if leaf.exact:
        return _SQL_TAGS.format(which="fold = :fold"), {"fold": fold}
    which = "fold = :fold OR (fold >= :low AND fold < :high)"
    return _SQL_TAGS.format(which=which), {"fold": fold, "low": f"{fold}/", "high": f"{fold}0"}


def _date_range(leaf: DateRange) -> tuple[str, dict[str, Any]]:
    """The SQL of a date range, whose bounds are cut to the length of a date of reduced precision."""
    column, table, date = _DATES[leaf.field]
    conditions, parameters = [f"{date} IS NOT NULL"], {}
    if leaf.start is not None:
        conditions.append(f"substr({date}, 1, {_ISO_DAY}) >= substr(:start, 1, length({date}))")
        parameters["start"] = leaf.start.isoformat()
    if leaf.end is not None:
        conditions.append(f"substr({date}, 1, {_ISO_DAY}) <= :end")
        parameters["end"] = leaf.end.isoformat()
    return f"SELECT {column} AS id FROM {table} WHERE {' AND '.join(conditions)}", parameters


def _number_range(leaf: NumberRange) -> tuple[str, dict[str, Any]]:
    """The SQL of a number range, bounds included; numbers beyond SQLite's limit become its largest."""
    column = _NUMBERS[leaf.field]
    conditions, parameters = [f"{column} IS NOT NULL"], {}
    if leaf.minimum is not None:
        conditions.append(f"{column} >= :minimum")
        parameters["minimum"] = min(leaf.minimum, 2**62)
    if leaf.maximum is not None:
        conditions.append(f"{column} <= :maximum")
        parameters["maximum"] = min(leaf.maximum, 2**62)
    return f"SELECT id FROM papers WHERE {' AND '.join(conditions)}", parameters
