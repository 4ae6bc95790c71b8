"""The rows of ``papers`` as values of their cells: reading them, and writing what arrived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from reader.domain.keys import KEY_LENGTH
from reader.domain.sync import Cell, Json
from reader.storage.content import COLUMNS, PaperContent
from reader.storage.identity import assign_keys, load_papers
from reader.storage.paper_content import update_paper
from reader.storage.sync.families import Work
from reader.storage.sync.paper_uids import listing_ids, name_listings
from reader.storage.sync.paper_values import Value, content_of, renamed, value_of_row
from reader.storage.writer import Writer, id_list, text_list

_KEY_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz234567")
_GIVEN = "IN (SELECT value FROM json_each(?))"
_ROWS = f"SELECT {', '.join(COLUMNS)} FROM papers WHERE id {_GIVEN}"
_INSERT = f"INSERT INTO papers ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_NEXT_PAPER = """
SELECT max(coalesce((SELECT max(id) FROM papers), 0),
           coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'papers'), 0)) + 1
"""
_TAKEN_KEYS = f"SELECT key FROM papers WHERE key {_GIVEN}"
_TAKEN_ALIASES = f"SELECT key FROM paper_aliases WHERE key {_GIVEN}"
_PARTS = (("former_titles", "title_fold"), ("further_dois", "doi"))
_OF_PAPERS = (
    "earlier_sightings", "sightings", "former_titles", "further_dois", "paper_aliases", "queue", "states", "seen",
    "paper_tags", "notes", "highlights", "paper_documents",
)  # fmt: skip
"""The tables with rows of papers."""


def rows_of(writer: Writer, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The rows of papers by id, each by column; missing ones are left out."""
    return {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in writer.execute(_ROWS, (id_list(ids),))}


def values_of(work: Work, rows: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, Json]]:
    """The values of papers' rows, by id; the papers must have uids."""
    writer, ids = work.writer, id_list(rows)
    listings = name_listings(work, (row["first_listing_id"] for row in rows.values()))
    parts = {table: _several(writer, table, column, ids) for table, column in _PARTS}
    aliases = _several(writer, "paper_aliases", "key", ids)
    uids = work.uids_of("paper", rows)
    found = {}
    for paper_id, row in rows.items():
        uid = uids[paper_id]
        first = listings.get(row["first_listing_id"] or 0)
        keys, joined = further_keys(work, uid, aliases[paper_id])
        titles, dois = (parts[table][paper_id] for table, _ in _PARTS)
        found[paper_id] = value_of_row(row, first, keys, titles, dois, joined)
    return found


def further_keys(work: Work, uid: str, keys: Sequence[str]) -> tuple[list[str], list[str]]:
    """A paper's further keys that are its own, and the uids of the papers that the others were the keys of."""
    own, joined = [], []
    for key in keys:
        other = work.uid_with_key(key)
        if other is None or other == uid or not has_content(work, other):
            own.append(key)
        else:
            joined.append(other)
    return own, joined


def has_content(work: Work, uid: str) -> bool:
    """Whether anything was ever said about a paper's content."""
    return "content" in work.fields_of("paper", uid)


def _several(writer: Writer, table: str, column: str, ids: str) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for paper_id, text in writer.execute(f"SELECT paper_id, {column} FROM {table} WHERE paper_id {_GIVEN}", (ids,)):
        found[paper_id].append(text)
    return found


def next_paper(writer: Writer) -> int:
    """The id of the next new paper."""
    return int(writer.execute(_NEXT_PAPER).fetchone()[0])


class NewRows:
    """Papers that arrived and are not here, to be inserted together."""

    def __init__(self, work: Work) -> None:
        """``work`` is the open transaction's."""
        self._work = work
        self._papers: list[tuple[PaperContent, Value, str, Sequence[str]]] = []

    def add(self, value: Value, owner: str, members: Sequence[str]) -> None:
        """Take a content, the uid of the paper that it is, and those of all papers that are the same."""
        self._papers.append((content_of(value), value, owner, members))

    def insert(self) -> int:
        """Insert them all, each under its own key if that is one and free; their number."""
        if not self._papers:
            return 0
        writer = self._work.writer
        first = {value["first_listing"] for _, value, *_ in self._papers if "first_listing" in value}
        listings = listing_ids(self._work, first)
        for number, (paper, value, *_) in enumerate(self._papers, start=next_paper(writer)):
            paper.id = number
            paper.first_listing_id = listings.get(value.get("first_listing", ""))
        self._give_keys()
        for table, column in _PARTS:
            rows = [(paper.id, text) for paper, value, *_ in self._papers for text in value.get(table, ())]
            writer.executemany(f"INSERT INTO {table} (paper_id, {column}) VALUES (?, ?)", rows)
        self._work.name_entities("paper", [(owner, paper.id, paper.key) for paper, _, owner, _ in self._papers])
        for paper, value, _, members in self._papers:
            if "keys" in value or paper.key != value["key"]:
                lead_keys(self._work, paper.id, value, members)
        return len(self._papers)

    def _give_keys(self) -> None:
        """Insert the rows; keys that led to papers into which these had been joined are theirs again."""
        writer = self._work.writer
        keys = text_list([paper.key for paper, *_ in self._papers])
        taken = {row[0] for row in writer.execute(_TAKEN_KEYS, (keys,))}
        for key in {row[0] for row in writer.execute(_TAKEN_ALIASES, (keys,))}:
            members = next(members for paper, _, _, members in self._papers if paper.key == key)
            if self._work.uid_with_key(key) in members:
                writer.execute("DELETE FROM paper_aliases WHERE key = ?", (key,))
            else:
                taken.add(key)
        keyed: list[PaperContent] = []
        without: list[PaperContent] = []
        for paper, *_ in self._papers:
            has_key = is_key(paper.key) and paper.key not in taken
            (keyed if has_key else without).append(paper)
            taken.add(paper.key)
        writer.executemany(_INSERT, [paper.values() for paper in keyed])
        assign_keys(writer, without)
        writer.executemany(_INSERT, [paper.values() for paper in without])


def is_key(text: str) -> bool:
    """Whether a text that came from elsewhere has the form of a paper's key."""
    return len(text) == KEY_LENGTH and _KEY_LETTERS.issuperset(text)


def lead_keys(work: Work, paper_id: int, value: Value, members: Sequence[str]) -> None:
    """Make all keys of a content lead to a paper, but for those that lead to one that is another."""
    for key in sorted(filter(is_key, {value["key"], *value.get("keys", ())})):
        if work.writer.execute("SELECT 1 FROM papers WHERE key = ?", (key,)).fetchone():
            continue
        row = work.writer.execute("SELECT paper_id FROM paper_aliases WHERE key = ?", (key,)).fetchone()
        if row is None:
            work.writer.insert("paper_aliases", {"key": key, "paper_id": paper_id})
        elif row[0] != paper_id and work.uid_with_key(key) in members:
            work.writer.execute("UPDATE paper_aliases SET paper_id = ? WHERE key = ?", (paper_id, key))


def update_row(work: Work, paper_id: int, value: Value) -> bool:
    """Write an arrived content into a paper's row, and what belongs to it, where they differ; whether they did."""
    writer = work.writer
    paper = load_papers(writer, (paper_id,))[paper_id]
    stored = paper.values()
    first = value.get("first_listing")
    listing = listing_ids(work, [first])[first] if first else None
    if listing is None and paper.first_listing_id and not name_listings(work, [paper.first_listing_id]):
        listing = paper.first_listing_id  # one that was removed before it had a name says nothing
    new = renamed(content_of(value, listing), paper_id, paper.key)
    if new.values() != stored:
        update_paper(writer, new, stored)
    changed = new.values() != stored
    for table, column in _PARTS:
        wanted = set(value.get(table, ()))
        sql = f"SELECT {column} FROM {table} WHERE paper_id = ?"
        present = [row[0] for row in writer.execute(sql, (paper_id,))]
        if sorted(wanted) != sorted(present):
            changed = True
            writer.execute(f"DELETE FROM {table} WHERE paper_id = ?", (paper_id,))
            rows = [(paper_id, text) for text in sorted(wanted)]
            writer.executemany(f"INSERT INTO {table} (paper_id, {column}) VALUES (?, ?)", rows)
    return changed


def delete_rows(work: Work, ids: Collection[int]) -> None:
    """Delete papers with everything that belongs to them; the values of their cells stay with the heads."""
    writer, given = work.writer, (id_list(ids),)
    for table in _OF_PAPERS:
        writer.execute(f"DELETE FROM {table} WHERE paper_id {_GIVEN}", given)
    writer.execute(f"DELETE FROM papers WHERE id {_GIVEN}", given)


def paper_cell(uid: str, field: str) -> Cell:
    """A cell of a paper."""
    return Cell("paper", uid, field)
