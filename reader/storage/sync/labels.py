"""Cells of highlight labels.

Every library begins with four labels. What is said of these is only what differs from that beginning, so that two
libraries of which one has renamed a label agree on its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import ClassVar

from reader.domain.annotations import fold_tag
from reader.domain.sync import Cell, Json
from reader.storage.highlights import MAXIMUM_LABEL_LENGTH
from reader.storage.sync.entities import KIND
from reader.storage.sync.families import Work
from reader.storage.sync.named_rows import NamedRows, Row, Values
from reader.storage.sync.together import shown_together
from reader.storage.sync.values import as_color, as_number, as_text
from reader.storage.writer import id_list

_BUILTIN = {
    "claim": ("Claim", "#e5b567", 1),
    "method": ("Method", "#6c99bb", 2),
    "result": ("Result", "#8fb573", 3),
    "question": ("Question", "#b58ac4", 4),
}
"""The labels of a new library: name, colour and position, by uid. Their rows are 1 to 4."""
_COLOR = "#8a8f98"
_ROW_OF = {uid: row for row, uid in enumerate(_BUILTIN, start=1)}
_ENTITIES = f"SELECT uid, local FROM sync_entities WHERE kind = {KIND}"
_ON_ROWS = "SELECT id FROM highlights WHERE label_id IN (SELECT value FROM json_each(?))"


class Labels(NamedRows):
    """Highlight labels. A label stands if it was not deleted, or if any highlight has it."""

    tables: tuple[str, ...] = ("highlight_labels",)
    fields: tuple[str, ...] = ("label", "name", "color", "position")
    kinds: tuple[str, ...] = ("label",)
    kind = "label"
    table = "highlight_labels"
    count = "labels"
    columns: ClassVar = {"name": "name", "color": "color", "position": "position"}
    settled = ("position",)
    shares_rows = True

    def first_uid(self, row: Row) -> str:
        """The fold of the name; for the first four that of the first name."""
        return next((uid for uid, row_id in _ROW_OF.items() if row["id"] == row_id), str(row["fold"]))

    def everything(self) -> Iterator[str]:
        """Labels that were added, and what differs of the first four; ``label`` of those that were deleted."""
        yield f"SELECT 'label', id, 0 FROM {self.table} WHERE id > {len(_BUILTIN)}"
        for place, (name, color, position) in enumerate(_BUILTIN.values(), start=1):
            for field, value in (("name", name), ("color", color), ("position", position)):
                yield f"SELECT 'label.{field}', id, 0 FROM {self.table} WHERE id = {place} AND {field} <> '{value}'"
            yield f"SELECT 'label', {place}, 0 WHERE NOT EXISTS (SELECT 1 FROM {self.table} WHERE id = {place})"

    def uids_of(self, work: Work, ids: Collection[int], rows: Mapping[int, Row] | None = None) -> dict[int, list[str]]:
        """The same; the first four labels have uids even where they were deleted."""
        self._name_builtin(work)
        return super().uids_of(work, ids, rows)

    def deleted(self, uid: str) -> Json:
        """0 for the first four labels, which are there while nothing is said."""
        return 0 if uid in _BUILTIN else None

    def stands(self, uid: str, values: Values) -> bool:
        """The first four stand until they are deleted."""
        return bool(values["label"]) or (uid in _BUILTIN and values["label"] is None)

    def row_of(self, uid: str, values: Values) -> Row:
        """A label's columns."""
        first, color, position = _BUILTIN.get(uid, (uid.partition("#")[0], _COLOR, 2**31))
        name = " ".join((as_text(values["name"]) or first).split())[:MAXIMUM_LABEL_LENGTH] or "Highlight"
        given = as_number(values["position"])
        row = {"name": name, "fold": fold_tag(name), "color": as_color(values["color"]) or color}
        return row | {"position": position if given is None else given}

    def settle(self, rows: Mapping[str, Row]) -> None:
        """Positions without two of one."""
        spread_positions(rows)

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """Write the whole table, and highlights whose labels have another row now."""
        changed = 0 if self.are_right(work, {cell.uid for cell in cells}) else self.write_for(work, ())
        return {self.count: changed} if changed else {}

    def write_for(self, work: Work, used: Collection[str]) -> int:
        """Bring the table up to date, with ``used`` labels that highlights are about to get; the number of changes."""
        self._name_builtin(work)
        rendered = self.write_rows(work, self._used(work) | set(used))
        rows = {row for uid, row in rendered.before.items() if rendered.after.get(uid) != row}
        if rows:
            labels = highlight_labels(work, _ids(work, rows))
            first = min(rendered.after.values())
            values = [(label := rendered.after.get(uid, first), highlight, label) for highlight, uid in labels.items()]
            sql = "UPDATE highlights SET label_id = ? WHERE id = ? AND label_id <> ?"
            work.writer.executemany(sql, values)
        self.delete_rows(work, rendered)
        return rendered.changed

    def touch_deleted(self, work: Work) -> None:
        """Touch the deleted labels: they go with the last highlight that has them."""
        entities = dict(work.writer.execute(_ENTITIES, (self.kind,)).fetchall())
        work.touch(Cell("label", uid, "label") for uid in self._deleted(work, entities))

    def _deleted(self, work: Work, uids: Collection[str]) -> set[str]:
        values = shown_together(work, {uid: [Cell("label", uid, "label")] for uid in uids})
        return {uid for uid, value in values.items() if not self.stands(uid, {"label": value})}

    def _used(self, work: Work) -> set[str]:
        """The deleted labels that stand: those that highlights have, and the first if no other is left."""
        entities: dict[str, int | None] = dict(work.writer.execute(_ENTITIES, (self.kind,)).fetchall())
        deleted = self._deleted(work, entities)
        rows = {row for uid in deleted if (row := entities[uid]) is not None}
        used = deleted & set(highlight_labels(work, _ids(work, rows)).values())
        return used if used or len(deleted) < len(entities) else {min(_BUILTIN)}

    def _name_builtin(self, work: Work) -> None:
        entities: dict[str, int | None] = dict(work.writer.execute(_ENTITIES, (self.kind,)).fetchall())
        for uid, row in _ROW_OF.items():
            if entities.get(uid) is None and row not in entities.values():
                work.name_entity("label", uid, row)


def _ids(work: Work, rows: Collection[int]) -> list[int]:
    """The highlights that have labels of these rows."""
    return [row[0] for row in work.writer.execute(_ON_ROWS, (id_list(rows),))]


def highlight_labels(work: Work, highlights: Collection[int]) -> dict[int, str]:
    """The uids of highlights' labels, by the highlights' rows; a highlight of which nothing is known has none ("")."""
    uids = work.uids_of("highlight", highlights)
    groups = {row: [Cell("highlight", uid, "label")] for row, uid in uids.items()}
    labels = shown_together(work, groups)
    return {row: str(labels.get(row) or "") for row in highlights}


def spread_positions(rows: Mapping[str, Row]) -> None:
    """Move rows (by uid) down that would stand at the place of another; the smaller uid keeps the place."""
    last = -(2**62)
    for _, row in sorted(rows.items(), key=lambda item: (item[1]["position"], item[0])):
        row["position"] = last = max(row["position"], last + 1)
