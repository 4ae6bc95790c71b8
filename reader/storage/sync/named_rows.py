"""Shared base of families whose tables have few rows, each an entity of its own: tags, labels, searches, rules, ….

Every rendering works out the whole table from the heads and writes what differs, so that rules about several rows (one
name, one number) give the same on every device. Entities that may not both have a row of their own, because their names
are one (tags, labels), share one; the smallest uid says what it looks like.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from reader.domain.sync import Cell, Json
from reader.storage.sync.entities import KIND
from reader.storage.sync.families import Mark, Watch, Work
from reader.storage.sync.together import Said, said_by_others, shown_together, spread
from reader.storage.sync.values import as_seconds
from reader.storage.writer import id_list, text_list

_ENTITIES = f"SELECT uid, local FROM sync_entities WHERE kind = {KIND} ORDER BY uid"
_OF_ROWS = f"""
SELECT local, uid FROM sync_entities WHERE kind = {KIND} AND local IN (SELECT value FROM json_each(?)) ORDER BY uid
"""
_AMONG = " WHERE id IN (SELECT value FROM json_each(?))"
_TAKEN = f"SELECT uid FROM sync_entities WHERE kind = {KIND} AND uid IN (SELECT value FROM json_each(?))"
_HAS_ROW = " AND local IN (SELECT id FROM {table})"
Row = dict[str, Any]
Values = Mapping[str, Json]


@dataclass(slots=True)
class Rendered:
    """The rows of entities before and after a rendering (uid -> row), and the number of rows that changed."""

    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    superfluous: list[int] = field(default_factory=list)
    """Rows that no entity has any more; to be deleted once nothing refers to them."""
    changed: int = 0


class NamedRows:
    """A family of such a table. Its entities have a field of the kind's name, which says that the row is there."""

    tables: tuple[str, ...]
    fields: tuple[str, ...]
    kinds: tuple[str, ...]
    large: tuple[str, ...] = ()
    kind: ClassVar[str]
    table: ClassVar[str]
    count: ClassVar[str]
    """What changed rows are counted as."""
    columns: ClassVar[Mapping[str, str]]
    """The table's column for each field; of several columns of a field, the one that it is read from."""
    created: ClassVar[str] = ""
    """The column whose time the row's own field has; else its value is 1."""
    settled: ClassVar[tuple[str, ...]] = ()
    """The fields that :meth:`settle` may change."""
    comes_back: ClassVar[bool] = False
    """Whether what was deleted and is made again is the same entity again, because there can be only one."""
    shares_rows: ClassVar[bool] = False
    """Whether entities with one ``fold`` share a row."""

    # What a family has to say for itself

    def first_uid(self, row: Row) -> str:
        """The uid of a row that has none yet, the same on every device that makes such a row."""
        raise NotImplementedError

    def row_of(self, uid: str, values: Values) -> Row:
        """The columns that the shown values of a cell mean, with what they say checked."""
        raise NotImplementedError

    def settle(self, rows: Mapping[str, Row]) -> None:
        """Change rows (by uid, in order) that may not be beside each other as they are."""

    def on_insert(self, work: Work) -> Row:
        """Columns of a new row besides those of :meth:`row_of`."""
        return {}

    def stands(self, uid: str, values: Values) -> bool:
        """Whether an entity is there by its own field."""
        return values[self.kind] is not None

    def deleted(self, uid: str) -> Json:
        """What an entity's own field says when its row is gone."""
        return None

    def value_of(self, name: str, row: Row) -> Json:
        """A field's value in a row."""
        value: Json = row[self.columns[name]]
        return None if value == "" else value

    # Watching and reading

    def watches(self) -> Iterator[Watch]:
        """New and deleted rows, and each column for itself, so that nothing is said that nobody changed."""
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            yield Watch(f"{self.table}_{event.lower()}", f"{event} ON {self.table}", ((self.kind, f"{row}.id"),))
        for name, column in self.columns.items():
            marks = ((f"{self.kind}.{name}", "NEW.id"),)
            event = f"UPDATE OF {column} ON {self.table}"
            yield Watch(f"{self.table}_{name}", event, marks, f"OLD.{column} IS NOT NEW.{column}")

    def everything(self) -> Iterator[str]:
        """Every row."""
        yield f"SELECT '{self.kind}', id, 0 FROM {self.table}"

    def read(self, work: Work, marks: Sequence[Mark]) -> Iterator[tuple[Cell, Json, int]]:
        """That a row is there (its time of creation, or 1), and its columns."""
        rows = self._read_rows(work, {int(mark.a) for mark in marks})
        uids = self.uids_of(work, {int(mark.a) for mark in marks}, rows)
        news = self._news(
            work, [uids[int(mark.a)][0] for mark in marks if mark.field == self.kind and int(mark.a) in rows]
        )
        said: list[Said] = []
        for mark in marks:
            row, entities = rows.get(int(mark.a)), uids.get(int(mark.a), [])
            field_name = mark.field.partition(".")[2]
            if row is not None and entities:
                names = [field_name] if field_name else [self.kind, *self.columns]
                values = [each for name in names for each in self._said(name, row, entities, mark.time)]
                said += [each for each in values if field_name or each.cells[0] not in news]
            elif not field_name:
                said += [Said([Cell(self.kind, uid, self.kind)], self.deleted(uid), mark.time) for uid in entities]
        said += self._settled(work, marks, rows)
        yield from spread(work, said)

    def _news(self, work: Work, uids: Sequence[str]) -> set[Cell]:
        """What others said of rows that came back, which has to be shown again."""
        news = said_by_others(work, [Cell(self.kind, uid, name) for uid in uids for name in self.columns])
        work.touch(news)
        return news

    def _settled(self, work: Work, marks: Sequence[Mark], rows: Mapping[int, Row]) -> list[Said]:
        """What :meth:`settle` made of rows, where such a field was changed or a row deleted: a person saw it so."""
        if not any(mark.field.partition(".")[2] in self.settled or int(mark.a) not in rows for mark in marks):
            return []
        time = max(mark.time for mark in marks)
        rows = self._read_rows(work)
        uids = {
            entities[0]: row_id for row_id, entities in self.uids_of(work, set(rows), rows).items() if row_id in rows
        }
        return [
            Said([Cell(self.kind, uid, name)], self.value_of(name, row), time)
            for uid, values in self._shown(work, uids).items()
            for row, wanted in ((rows[uids[uid]], self.row_of(uid, values)),)
            for name in self.settled
            if wanted[self.columns[name]] != row[self.columns[name]]
        ]

    def _said(self, name: str, row: Row, entities: Sequence[str], time: int) -> list[Said]:
        """A row's value for the entity that it is; a name for all that share the row, which therefore stay together."""
        value = self.existence_of(row) if name == self.kind else self.value_of(name, row)
        uids = entities if name == "name" else entities[:1]
        return [Said([Cell(self.kind, uid, name)], value, time) for uid in uids]

    def existence_of(self, row: Row) -> Json:
        """What the row's own field says of a row: since when it is there, or 1."""
        return as_seconds(row[self.created]) or 0 if self.created else 1

    def _read_rows(self, work: Work, ids: Collection[int] | None = None) -> dict[int, Row]:
        """Rows by id: all, or some."""
        condition, parameters = ("", ()) if ids is None else (_AMONG, (id_list(ids),))
        cursor = work.writer.execute(f"SELECT * FROM {self.table}{condition}", parameters)
        names = [column[0] for column in cursor.description]
        rows = (dict(zip(names, row, strict=True)) for row in cursor)
        return {row["id"]: row for row in rows}

    def uids_of(self, work: Work, ids: Collection[int], rows: Mapping[int, Row] | None = None) -> dict[int, list[str]]:
        """The uids of entities that have these rows, which get one where they are new; the smallest comes first."""
        uids: dict[int, list[str]] = defaultdict(list)
        for local, uid in work.writer.execute(_OF_ROWS, (self.kind, id_list(ids))):
            uids[local].append(uid)
        unnamed = ids - uids.keys() if isinstance(ids, set) else set(ids) - uids.keys()
        if unnamed:
            rows = self._read_rows(work, unnamed) if rows is None else rows
            first = {row_id: self.first_uid(rows[row_id]) for row_id in sorted(unnamed) if row_id in rows}
            sql = _TAKEN + (_HAS_ROW.format(table=self.table) if self.comes_back else "")
            taken = {row[0] for row in work.writer.execute(sql, (self.kind, text_list(first.values())))}
            for row_id, uid in first.items():
                if uid in taken:
                    uid = f"{uid}#{work.device}:{row_id}"
                taken.add(uid)
                work.name_entity(self.kind, uid, row_id)
                uids[row_id].append(uid)
        return uids

    # Rendering

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """Write the whole table where it differs from what is shown."""
        if self.are_right(work, {cell.uid for cell in cells}):
            return {}
        rendered = self.write_rows(work)
        self.delete_rows(work, rendered)
        return {self.count: rendered.changed} if rendered.changed else {}

    def are_right(self, work: Work, uids: Collection[str]) -> bool:
        """Whether these entities are there, with rows that show what they say."""
        locals_ = work.locals_of(self.kind, uids)
        rows = self._read_rows(work, set(locals_.values()))
        for uid, values in self._shown(work, uids).items():
            row = rows.get(locals_.get(uid, 0))
            if row is None or not self.stands(uid, values) or self._differs(row, self.row_of(uid, values)):
                return False
        return True

    def write_rows(self, work: Work, used: Collection[str] = ()) -> Rendered:
        """Insert and change rows; ``used`` entities stand whatever their own field says."""
        # A device that used one may be heard before the one that made it.
        entities: dict[str, int | None] = dict.fromkeys(used)
        entities |= dict(work.writer.execute(_ENTITIES, (self.kind,)).fetchall())
        rows = self._read_rows(work)
        rendered = Rendered(before={uid: row for uid, row in entities.items() if row is not None and row in rows})
        groups: dict[str, list[str]] = {}
        wanted: dict[str, Row] = {}
        for uid, values in self._shown(work, entities).items():
            if uid in used or self.stands(uid, values):
                row = self.row_of(uid, values)
                group = groups.setdefault(str(row["fold"]) if self.shares_rows else uid, [])
                group.append(uid)
                if len(group) == 1:
                    wanted[uid] = row
        self.settle(wanted)
        for group in groups.values():
            row_id = next((rendered.before[uid] for uid in group if uid in rendered.before), None)
            rendered.after |= dict.fromkeys(group, row_id or 0)
        self._write(work, wanted, rows, rendered)
        for group in groups.values():
            rendered.after |= dict.fromkeys(group, rendered.after[group[0]])
        self._name_again(work, entities, rendered)
        rendered.superfluous = sorted(set(rendered.before.values()) - set(rendered.after.values()))
        return rendered

    def _write(self, work: Work, wanted: Mapping[str, Row], rows: Mapping[int, Row], rendered: Rendered) -> None:
        """Write wanted rows, by uid, into the rows that ``rendered.after`` names; 0 becomes a new one's id."""
        taken: dict[int, str] = {}
        for uid in wanted:
            row_id = rendered.after[uid]
            if row_id in taken:  # two that shared a row have different names now
                rendered.after[uid] = row_id = 0
            taken |= {row_id: uid} if row_id else {}
        changed = {uid: row for uid, row in wanted.items() if self._differs(rows.get(rendered.after[uid]), row)}
        if "fold" in next(iter(changed.values()), {}):
            self._free_folds(work, changed, rows, rendered)
        for uid, row in changed.items():
            row_id = rendered.after[uid]
            if row_id:
                assigned = ", ".join(f"{column} = ?" for column in row)
                work.writer.execute(f"UPDATE {self.table} SET {assigned} WHERE id = ?", (*row.values(), row_id))
            else:
                rendered.after[uid] = work.writer.insert(self.table, self.on_insert(work) | row)
        rendered.changed += len(changed)

    def _differs(self, present: Row | None, wanted: Row) -> bool:
        return present is None or any(present[column] != value for column, value in wanted.items())

    def _free_folds(self, work: Work, changed: Mapping[str, Row], rows: Mapping[int, Row], rendered: Rendered) -> None:
        """Take names from rows that lose them to others, since no two may have one even for a moment."""
        owners = {row["fold"]: rendered.after[uid] for uid, row in changed.items()}
        lost = [row_id for row_id, row in rows.items() if owners.get(row["fold"], row_id) != row_id]
        sql = f"UPDATE {self.table} SET fold = ? WHERE id = ?"
        work.writer.executemany(sql, [(f"\x00{row_id}", row_id) for row_id in lost])

    def _name_again(self, work: Work, entities: Mapping[str, int | None], rendered: Rendered) -> None:
        """Say which rows entities have. One that is gone keeps the id of its deleted row, which undo may bring back."""
        kept = set(rendered.after.values())
        for uid, local in entities.items():
            now = rendered.after.get(uid, None if local in kept else local)
            if now != local:
                work.name_entity(self.kind, uid, now)

    def delete_rows(self, work: Work, rendered: Rendered) -> None:
        """Delete the rows that no entity has any more."""
        ids = [(row_id,) for row_id in rendered.superfluous]
        rendered.changed += work.writer.executemany(f"DELETE FROM {self.table} WHERE id = ?", ids)

    def _shown(self, work: Work, uids: Collection[str]) -> dict[str, dict[str, Json]]:
        """What is shown of all fields, by uid."""
        names = (self.kind, *self.columns)
        found = shown_together(work, {(uid, name): [Cell(self.kind, uid, name)] for uid in uids for name in names})
        return {uid: {name: found[uid, name] for name in names} for uid in sorted(uids)}

    def stored(self, work: Work, cells: Sequence[Cell]) -> Mapping[Cell, Json]:
        """No value is large."""
        return {}
