"""The numbers of entities and fields in this library, and the rows that entities are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from reader.domain.keys import KEY_LENGTH
from reader.storage.writer import Writer, id_list, text_list

_UIDS = "SELECT uid, id FROM sync_entities WHERE kind = ? AND uid IN (SELECT value FROM json_each(?))"
_NAMES = "SELECT id, kind, uid FROM sync_entities WHERE id IN (SELECT value FROM json_each(?))"
_LOCALS = """
SELECT uid, local FROM sync_entities WHERE kind = ? AND uid IN (SELECT value FROM json_each(?)) AND local IS NOT NULL
"""
_OF_LOCALS = "SELECT local, uid FROM sync_entities WHERE kind = ? AND local IN (SELECT value FROM json_each(?))"
_NAME = """
INSERT INTO sync_entities (kind, uid, local, key) VALUES (?, ?, ?, ?)
ON CONFLICT (kind, uid) DO UPDATE SET local = excluded.local, key = coalesce(excluded.key, key)
"""
_WITH_KEY = """
SELECT uid FROM sync_entities WHERE key = :key
UNION ALL SELECT uid FROM sync_entities WHERE kind = 'paper' AND uid >= :key AND uid < :key || '~' AND key IS NULL
"""

SHARING = ("tag", "label")
"""Kinds of which several entities may have one row."""


class Entities:
    """Entities and fields by name and number, within one transaction."""

    def __init__(self, writer: Writer) -> None:
        """``writer`` is the open transaction's."""
        self._writer = writer
        self._ids: dict[tuple[str, str], int] = {}
        self._names: dict[int, tuple[str, str]] = {}
        self._fields: dict[str, int] = {}
        self._field_names: dict[int, str] = {}
        self._uids: dict[str, dict[int, str | None]] = {}

    def load(self, kind: str, uids: Iterable[str], *, make: bool = False) -> None:
        """Look up many entities at once; with ``make`` those that are missing get a number."""
        wanted = sorted({uid for uid in uids if (kind, uid) not in self._ids})
        if not wanted:
            return
        if make:
            self._writer.executemany(
                "INSERT OR IGNORE INTO sync_entities (kind, uid) VALUES (?, ?)", [(kind, uid) for uid in wanted]
            )
        for uid, number in self._writer.execute(_UIDS, (kind, text_list(wanted))):
            self._ids[kind, uid] = number
            self._names[number] = kind, uid

    def is_known(self, kind: str, uid: str) -> bool:
        """Whether an entity was looked up and has a number."""
        return (kind, uid) in self._ids

    def number(self, kind: str, uid: str, *, make: bool = False) -> int | None:
        """The number of an entity; None if no cell and no row was ever known of it, unless it is to ``make`` one."""
        found = self._ids.get((kind, uid))
        if found is None:
            self.load(kind, (uid,), make=make)
            found = self._ids.get((kind, uid))
        return found

    def kind(self, number: int) -> str:
        """The kind of an entity by its number."""
        found = self._names.get(number)
        return found[0] if found is not None else self.names((number,))[number][0]

    def names(self, numbers: Collection[int]) -> Mapping[int, tuple[str, str]]:
        """The kinds and uids of entities by number."""
        missing = {number for number in numbers if number not in self._names}
        if missing:
            for number, kind, uid in self._writer.execute(_NAMES, (id_list(missing),)):
                self._ids[kind, uid] = number
                self._names[number] = kind, uid
        return {number: self._names[number] for number in numbers if number in self._names}

    def field(self, name: str, *, make: bool = False) -> int | None:
        """The number of a field; with ``make`` a new one gets a number."""
        if not self._fields:
            self._field_names.update(self._writer.execute("SELECT id, name FROM sync_fields").fetchall())
            self._fields.update((each, number) for number, each in self._field_names.items())
        found = self._fields.get(name)
        if found is None and make:
            found = self._writer.insert("sync_fields", {"name": name})
            self._fields[name], self._field_names[found] = found, name
        return found

    def field_name(self, number: int) -> str:
        """The name of a field."""
        if not self._field_names:
            self.field("")
        return self._field_names[number]

    def locals_of(self, kind: str, uids: Collection[str]) -> dict[str, int]:
        """The rows of entities, by uid."""
        if not uids:
            return {}
        return dict(self._writer.execute(_LOCALS, (kind, text_list(uids))).fetchall())

    def uids_of(self, kind: str, rows: Collection[int]) -> dict[int, str]:
        """The uids of rows."""
        known = self._uids.setdefault(kind, {})
        missing = [row for row in rows if row not in known]
        if missing:
            known.update(dict.fromkeys(missing))
            known.update(self._writer.execute(_OF_LOCALS, (kind, id_list(missing))).fetchall())
        return {row: uid for row in rows if (uid := known[row]) is not None}

    def uid_of(self, kind: str, row: int) -> str | None:
        """The uid of one row."""
        known = self._uids.get(kind)
        if known is None or row not in known:
            self.uids_of(kind, (row,))
            known = self._uids[kind]
        return known[row]

    def name(self, kind: str, rows: Collection[tuple[str, int | None, str | None]]) -> None:
        """Say which rows entities are, and papers' keys here: uid, row and key.

        No other entity is such a row then, but for tags and labels, which share one where their names are one. A key
        that the uid begins with is not stored.
        """
        if kind not in SHARING:
            sql = "UPDATE sync_entities SET local = NULL WHERE kind = ? AND local = ? AND uid <> ?"
            self._writer.executemany(sql, [(kind, local, uid) for uid, local, _ in rows if local is not None])
        named = [(kind, uid, local, None if key == uid[:KEY_LENGTH] else key) for uid, local, key in rows]
        self._writer.executemany(_NAME, named)
        self._uids.pop(kind, None)
        self.load(kind, (uid for uid, _, _ in rows))

    def uid_with_key(self, key: str) -> str | None:
        """The uid of the paper that has, or had, this key here."""
        row = self._writer.execute(_WITH_KEY, {"key": key}).fetchone()
        return row[0] if row else None
