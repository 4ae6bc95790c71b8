"""Memory of exports: what was written where, and the citation keys given."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from reader.domain.exports import ExportRecord
from reader.storage.writer import Writer, text_list

_COLUMNS = "target, paper_key, profile, path, size, modified, digest, fingerprint"
_SAVE = f"""
INSERT INTO exports ({_COLUMNS}, written) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_EXPORTED = """
SELECT p.id FROM exports e JOIN papers p ON p.key = e.paper_key WHERE e.target = ?
UNION SELECT a.paper_id FROM exports e JOIN paper_aliases a ON a.key = e.paper_key WHERE e.target = ?
"""
_GIVEN = "IN (SELECT value FROM json_each(?))"

Rows = list[Any]
Read = Callable[[Callable[[sqlite3.Connection, str, Sequence[str]], Rows], str, Sequence[str]], Rows]
Writing = Callable[[], AbstractContextManager[Writer]]


class ExportLog:
    """Reads and writes the tables of exports; each call is a transaction of its own, not a step of the history."""

    def __init__(self, read: Read, writing: Writing) -> None:
        self._read, self._writing = read, writing

    def records(self, target: str) -> list[ExportRecord]:
        """The records of what was written to a target, without the texts."""
        rows = self._read(_rows, f"SELECT {_COLUMNS} FROM exports WHERE target = ?", (target,))
        return [ExportRecord(*row) for row in rows]

    def exported_papers(self, target: str) -> set[int]:
        """The ids of the papers that have, or had, a note at a target."""
        return {row[0] for row in self._read(_rows, _EXPORTED, (target, target))}

    def written(self, target: str, paper_keys: Sequence[str]) -> dict[str, str]:
        """The text last written into papers' notes at a target, as saved, by paper key."""
        sql = f"SELECT paper_key, written FROM exports WHERE target = ? AND paper_key {_GIVEN} ORDER BY id"
        return dict(self._read(_rows, sql, (target, text_list(paper_keys))))

    def written_file(self, target: str, path: str) -> str | None:
        """The text last written into a file of many papers at a target; None if none is known."""
        sql = "SELECT written FROM exports WHERE target = ? AND paper_key = '' AND path = ?"
        rows = self._read(_rows, sql, (target, path))
        return rows[0][0] if rows else None

    def written_elsewhere(self, target: str, paper_keys: Sequence[str]) -> dict[str, str]:
        """The text last written into papers' notes at other targets, because a vault may have been moved or copied."""
        sql = f"SELECT paper_key, written FROM exports WHERE target <> ? AND paper_key {_GIVEN} ORDER BY id"
        return dict(self._read(_rows, sql, (target, text_list(paper_keys))))

    def digests(self) -> frozenset[str]:
        """The SHA-256 of every exported file, as it was when last read."""
        return frozenset(row[0] for row in self._read(_rows, "SELECT DISTINCT digest FROM exports", ()))

    def save(self, records: Iterable[tuple[ExportRecord, str]]) -> None:
        """Save what was written, replacing earlier records of the same papers or files at the same targets."""
        rows = [
            (
                *(record.target, record.paper_key, record.profile, record.path, record.size, record.modified),
                *(record.digest, record.fingerprint, written),
            )
            for record, written in records
        ]
        with self._writing() as writer:
            papers = [(row[0], row[1]) for row in rows if row[1]]
            files = [(row[0], row[3]) for row in rows if not row[1]]
            writer.executemany("DELETE FROM exports WHERE target = ? AND paper_key = ?", papers)
            writer.executemany("DELETE FROM exports WHERE target = ? AND paper_key = '' AND path = ?", files)
            writer.executemany(_SAVE, rows)

    def forget(self, target: str, paper_keys: Sequence[str]) -> None:
        """Forget that papers were exported to a target, so that they are new there again."""
        with self._writing() as writer:
            sql = f"DELETE FROM exports WHERE target = ? AND paper_key {_GIVEN} AND paper_key <> ''"
            writer.execute(sql, (target, text_list(paper_keys)))

    def citation_keys(self) -> dict[str, str]:
        """The citation keys given to papers, by paper key."""
        return dict(self._read(_rows, "SELECT paper_key, citation_key FROM citation_keys", ()))

    def give_citation_keys(self, candidates: Mapping[str, Iterator[str]]) -> dict[str, str]:
        """Give papers citation keys, each the first of its candidates that no other paper has (ignoring case).

        A key given before stays. Returns keys by paper key.
        """
        given = {}
        with self._writing() as writer:
            for paper_key, names in candidates.items():
                row = writer.execute("SELECT citation_key FROM citation_keys WHERE paper_key = ?", (paper_key,))
                known = row.fetchone()
                given[paper_key] = known[0] if known else _free_key(writer, names)
                if not known:
                    writer.execute("INSERT INTO citation_keys VALUES (?, ?)", (paper_key, given[paper_key]))
        return given


def _rows(connection: sqlite3.Connection, sql: str, parameters: Sequence[str]) -> Rows:
    return connection.execute(sql, parameters).fetchall()


def _free_key(writer: Writer, names: Iterator[str]) -> str:
    taken = "SELECT 1 FROM citation_keys WHERE citation_key = ? COLLATE NOCASE"
    return next(name for name in names if not writer.execute(taken, (name,)).fetchone())
