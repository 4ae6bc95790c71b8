"""Tags: adding them to papers, removing them, and changing the tags themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from reader.domain.annotations import Tag, check_color, check_tag_name, fold_tag
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.step_titles import StepKind, StepTitle
from reader.storage.subject import Subject, step
from reader.storage.writer import Writer, id_list

_COUNTS = """
SELECT t.name, count(*) FROM paper_tags pt JOIN tags t ON t.id = pt.tag_id
WHERE pt.paper_id IN (SELECT value FROM json_each(?)) GROUP BY t.id ORDER BY t.fold
"""


class StoredTags(Subject):
    """Tags in a library. Names are compared without regard to case."""

    def all(self) -> list[Tag]:
        """Every tag, sorted by name, with its number of papers."""
        return self._read(read_tags)

    def counts_on(self, paper_ids: Iterable[int]) -> dict[str, int]:
        """The number of some papers with each tag, by the tag's name; tags on none of them are left out."""
        return dict(self._rows(_COUNTS, (id_list(paper_ids),)))

    @step
    def add(self, paper_ids: Sequence[int], names: Sequence[str]) -> StepTitle:
        """Add tags to papers; tags that do not exist are created. Raises :class:`TagNameError`."""
        writer = self._writer
        now = writer.now
        checked = [check_tag_name(name) for name in names]
        touched: set[int] = set()
        if writer.give(paper_ids):
            for name in checked:
                tag_id = _find(writer, name) or _create(writer, name, now)
                new = (
                    "FROM given WHERE NOT EXISTS (SELECT 1 FROM paper_tags WHERE paper_id = given.id AND tag_id = :tag)"
                )
                parameters = {"tag": tag_id, "now": now}
                touched.update(row[0] for row in writer.execute(f"SELECT id {new}", parameters).fetchall())
                insert = f"INSERT INTO paper_tags (paper_id, tag_id, created) SELECT id, :tag, :now {new}"
                writer.execute(insert, parameters)
        return StepKind.TAGGED(tags=checked, papers=writer.name_papers(touched))

    @step
    def remove(self, paper_ids: Sequence[int], names: Sequence[str]) -> StepTitle:
        """Remove tags from papers; the tags themselves stay."""
        writer = self._writer
        writer.give(paper_ids)
        touched: set[int] = set()
        for name in names:
            tag_id = _find(writer, name)
            condition = "tag_id = ? AND paper_id IN (SELECT id FROM given)"
            rows = writer.execute(f"SELECT paper_id FROM paper_tags WHERE {condition}", (tag_id,)).fetchall()
            touched.update(row[0] for row in rows)
            writer.execute(f"DELETE FROM paper_tags WHERE {condition}", (tag_id,))
        return StepKind.UNTAGGED(tags=list(names), papers=writer.name_papers(touched))

    @step
    def rename(self, name: str, new_name: str) -> StepTitle:
        """Rename a tag and all tags below it; if a tag with the new name exists, the two become one.

        Raises :class:`TagNameError`, and :class:`NotFoundError` for an unknown tag.
        """
        old = _row(self._writer, name)
        new_name = _rename(self._writer, old, new_name)
        return StepKind.TAG_RENAMED(tag=old[1], name=new_name)

    @step
    def merge(self, name: str, into: str) -> StepTitle:
        """Move a tag's papers and the tags below it to another tag, which must exist, and delete the first."""
        target, source = _row(self._writer, into), _row(self._writer, name)
        if target[0] == source[0]:
            raise ReaderError("A tag cannot be merged into itself.")
        _rename(self._writer, source, target[1])
        return StepKind.TAG_MERGED(tag=source[1], into=target[1])

    @step
    def delete(self, name: str) -> StepTitle:
        """Delete a tag from the library and all papers; tags below it stay."""
        tag_id, shown = _row(self._writer, name)
        count = self._writer.execute("DELETE FROM paper_tags WHERE tag_id = ?", (tag_id,)).rowcount
        self._writer.execute("DELETE FROM tags WHERE id = ?", (tag_id,))
        return StepKind.TAG_DELETED(tag=shown, papers=count)

    @step
    def set_color(self, name: str, color: str | None) -> StepTitle:
        """Set a tag's colour (``#rrggbb``), or remove it."""
        color = None if color is None else check_color(color)
        tag_id, shown = _row(self._writer, name)
        self._writer.execute("UPDATE tags SET color = ? WHERE id = ?", (color, tag_id))
        return StepKind.TAG_COLORED(tag=shown)

    @step
    def set_description(self, name: str, description: str) -> StepTitle:
        """Set the description of a tag."""
        tag_id, shown = _row(self._writer, name)
        self._writer.execute("UPDATE tags SET description = ? WHERE id = ?", (description.strip(), tag_id))
        return StepKind.TAG_DESCRIBED(tag=shown)

    @step
    def set_favorite(self, name: str, number: int | None) -> StepTitle:
        """Give a tag a number from 1 to 9, taken from any other tag that has it, or remove its number."""
        if number is not None and not 1 <= number <= 9:
            raise ReaderError("A favourite tag has a number from 1 to 9.")
        writer = self._writer
        tag_id, shown = _row(writer, name)
        if number is not None:
            writer.execute("UPDATE tags SET favorite = NULL WHERE favorite = ? AND id <> ?", (number, tag_id))
        writer.execute("UPDATE tags SET favorite = ? WHERE id = ?", (number, tag_id))
        return StepKind.FAVORITE(tag=shown, number=number) if number else StepKind.NO_FAVORITE(tag=shown)


def read_tags(connection: sqlite3.Connection) -> list[Tag]:
    """Every tag, sorted by name, with its number of papers."""
    rows = connection.execute(
        "SELECT id, name, color, description, favorite, (SELECT count(*) FROM paper_tags WHERE tag_id = tags.id) "
        "FROM tags ORDER BY fold"
    )
    return [Tag(*row) for row in rows]


def _rename(writer: Writer, old: tuple[int, str], new_name: str) -> str:
    """Rename a tag (id and name) and all tags below it; the new name as stored."""
    new_name = check_tag_name(new_name)
    new_fold, old_fold = fold_tag(new_name), fold_tag(old[1])
    if new_fold.startswith(f"{old_fold}/"):
        raise ReaderError(f"“{old[1]}” cannot go below itself; choose another name.")
    depth = old[1].count("/") + 1
    for tag_id, tag_name in [old, *_below(writer, old_fold)]:
        lower = tag_name.split("/")[depth:]
        _rename_one(writer, tag_id, check_tag_name("/".join([new_name, *lower])))
    return new_name


def _rename_one(writer: Writer, tag_id: int, name: str) -> None:
    """Rename one tag, or merge it into the tag that has the name."""
    fold = fold_tag(name)
    row = writer.execute("SELECT id FROM tags WHERE fold = ? AND id <> ?", (fold, tag_id)).fetchone()
    if row is None:
        writer.execute("UPDATE tags SET name = ?, fold = ? WHERE id = ?", (name, fold, tag_id))
        return
    writer.execute(
        "DELETE FROM paper_tags WHERE tag_id = ? AND paper_id IN (SELECT paper_id FROM paper_tags WHERE tag_id = ?)",
        (tag_id, row[0]),
    )
    writer.execute("UPDATE paper_tags SET tag_id = ? WHERE tag_id = ?", (row[0], tag_id))
    writer.execute("DELETE FROM tags WHERE id = ?", (tag_id,))


def _below(writer: Writer, fold: str) -> list[tuple[int, str]]:
    """The tags below a tag, by its fold."""
    sql = "SELECT id, name FROM tags WHERE fold >= ? AND fold < ? ORDER BY fold"
    return writer.execute(sql, (f"{fold}/", f"{fold}0")).fetchall()


def _find(writer: Writer, name: str) -> int | None:
    """The id of the tag with a name, without regard to case."""
    row = writer.execute("SELECT id FROM tags WHERE fold = ?", (fold_tag(name.strip()),)).fetchone()
    return None if row is None else row[0]


def _row(writer: Writer, name: str) -> tuple[int, str]:
    """A tag's id and name; raises :class:`NotFoundError` for an unknown tag."""
    row: tuple[int, str] | None
    row = writer.execute("SELECT id, name FROM tags WHERE fold = ?", (fold_tag(name.strip()),)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no tag “{name}”.")
    return row


def _create(writer: Writer, name: str, now: str) -> int | None:
    """Create a tag; its id."""
    cursor = writer.execute("INSERT INTO tags (name, fold, created) VALUES (?, ?, ?)", (name, fold_tag(name), now))
    return cursor.lastrowid
