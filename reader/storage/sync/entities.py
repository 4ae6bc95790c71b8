"""The numbers of entities and fields in this library, and the rows that entities are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from reader.domain.keys import KEY_LENGTH
from reader.storage.sync_uids import DIGEST_KINDS, stored_prefix, stored_uid, uid_of
from reader.storage.writer import Writer, id_list, text_list

PAPER_KIND = 0
"""The number of the kind of papers, which the schema gives it."""
KIND = "(SELECT id FROM sync_kinds WHERE name = ?)"
"""SQL for the number of a kind."""
_GIVEN = "uid IN (SELECT {} FROM json_each(?))"
_UIDS = f"SELECT uid, id FROM sync_entities WHERE kind = ? AND {_GIVEN}"
_NAMES = "SELECT id, kind, uid FROM sync_entities WHERE id IN (SELECT value FROM json_each(?))"
# The plus keeps SQLite from going through all entities of the kind by the index of rows.
_LOCALS = f"SELECT uid, local FROM sync_entities WHERE kind = ? AND {_GIVEN} AND +local IS NOT NULL"
_OF_LOCALS = "SELECT local, uid FROM sync_entities WHERE kind = ? AND local IN (SELECT value FROM json_each(?))"
_NAME = """
INSERT INTO sync_entities (kind, uid, local, key) VALUES (?, ?, ?, ?)
ON CONFLICT (kind, uid) DO UPDATE SET local = excluded.local, key = coalesce(excluded.key, key)
"""
_WITH_KEY = f"""
SELECT uid FROM sync_entities WHERE key = :key UNION ALL
SELECT uid FROM sync_entities WHERE kind = {PAPER_KIND} AND uid >= :key AND uid < :key || '~' AND key IS NULL UNION ALL
SELECT uid FROM sync_entities WHERE kind = {PAPER_KIND} AND uid >= :first AND uid < :last AND key IS NULL
"""

SHARING = ("tag", "label")
"""Kinds of which several entities may have one row."""


class Entities:
    """Entities and fields by name and number, within one transaction."""

    def __init__(self, writer: Writer) -> None:
        """``writer`` is the open transaction's."""
        self._writer = writer
        self._kinds: dict[str, int] = {}
        self._kind_names: dict[int, str] = {}
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
                "INSERT OR IGNORE INTO sync_entities (kind, uid) VALUES (?, ?)",
                [(self._kind(kind), self._stored(kind, uid)) for uid in wanted],
            )
        sql = self._with_given(_UIDS, kind)
        for stored, number in self._writer.execute(sql, (self._kind(kind), text_list(wanted))):
            uid = uid_of(stored)
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
            self._read_kinds()
            for number, of_kind, stored in self._writer.execute(_NAMES, (id_list(missing),)):
                kind, uid = self._kind_names[of_kind], uid_of(stored)
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
        rows = self._writer.execute(self._with_given(_LOCALS, kind), (self._kind(kind), text_list(uids))).fetchall()
        return {uid_of(stored): row for stored, row in rows}

    def uids_of(self, kind: str, rows: Collection[int]) -> dict[int, str]:
        """The uids of rows."""
        known = self._uids.setdefault(kind, {})
        missing = [row for row in rows if row not in known]
        if missing:
            known.update(dict.fromkeys(missing))
            found = self._writer.execute(_OF_LOCALS, (self._kind(kind), id_list(missing))).fetchall()
            known.update((row, uid_of(stored)) for row, stored in found)
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
        number = self._kind(kind)
        named = [
            (number, self._stored(kind, uid), local, None if key == uid[:KEY_LENGTH] else key)
            for uid, local, key in rows
        ]
        if kind not in SHARING:
            sql = "UPDATE sync_entities SET local = NULL WHERE kind = ? AND local = ? AND uid <> ?"
            self._writer.executemany(sql, [(number, local, uid) for _, uid, local, _ in named if local is not None])
        self._writer.executemany(_NAME, named)
        self._uids.pop(kind, None)
        self.load(kind, (uid for uid, _, _ in rows))

    def uid_with_key(self, key: str) -> str | None:
        """The uid of the paper that has, or had, this key here."""
        first = stored_prefix(key)
        last = first + b"\xff" * 12 if first is not None else None
        row = self._writer.execute(_WITH_KEY, {"key": key, "first": first, "last": last}).fetchone()
        return uid_of(row[0]) if row else None

    def _kind(self, name: str) -> int:
        """The number of a kind, which gets one if it is new."""
        self._read_kinds()
        found = self._kinds.get(name)
        if found is None:
            found = self._writer.insert("sync_kinds", {"name": name})
            self._kinds[name], self._kind_names[found] = found, name
        return found

    def _read_kinds(self) -> None:
        if not self._kinds:
            self._kind_names.update(self._writer.execute("SELECT id, name FROM sync_kinds").fetchall())
            self._kinds.update((each, number) for number, each in self._kind_names.items())

    @staticmethod
    def _stored(kind: str, uid: str) -> str | bytes:
        return stored_uid(uid) if kind in DIGEST_KINDS else uid

    @staticmethod
    def _with_given(sql: str, kind: str) -> str:
        """The SQL with a kind's uids as they are stored."""
        return sql.format("stored_uid(value)" if kind in DIGEST_KINDS else "value")
