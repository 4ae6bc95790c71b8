"""Tags: putting them on papers and taking them off, and changing the tags themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence

from reader.domain.annotations import Tag, check_tag_name, fold_tag
from reader.domain.errors import NotFoundError, ReaderError
from reader.storage.writer import Writer, count_papers


def read_tags(connection: sqlite3.Connection) -> list[Tag]:
    """All tags by name, with the number of papers that carry each."""
    rows = connection.execute(
        "SELECT id, name, color, description, favorite, (SELECT count(*) FROM paper_tags WHERE tag_id = tags.id) "
        "FROM tags ORDER BY fold"
    )
    return [Tag(*row) for row in rows]


def add_tags(writer: Writer, ids: Sequence[int], names: Iterable[str]) -> str:
    """Put tags on papers, made where they do not exist."""
    now = writer.now
    checked = [check_tag_name(name) for name in names]
    touched: set[int] = set()
    if writer.give(ids):
        for name in checked:
            tag_id = _find(writer, name) or _create(writer, name, now)
            new = "FROM given WHERE NOT EXISTS (SELECT 1 FROM paper_tags WHERE paper_id = given.id AND tag_id = :tag)"
            parameters = {"tag": tag_id, "now": now}
            touched.update(row[0] for row in writer.execute(f"SELECT id {new}", parameters).fetchall())
            insert = f"INSERT INTO paper_tags (paper_id, tag_id, created) SELECT id, :tag, :now {new}"
            writer.execute(insert, parameters)
    return _tagged("Tagged", writer, touched, checked)


def remove_tags(writer: Writer, ids: Sequence[int], names: Sequence[str]) -> str:
    """Take tags off papers; the tags themselves stay."""
    writer.give(ids)
    touched: set[int] = set()
    for name in names:
        tag_id = _find(writer, name)
        condition = "tag_id = ? AND paper_id IN (SELECT id FROM given)"
        rows = writer.execute(f"SELECT paper_id FROM paper_tags WHERE {condition}", (tag_id,)).fetchall()
        touched.update(row[0] for row in rows)
        writer.execute(f"DELETE FROM paper_tags WHERE {condition}", (tag_id,))
    return _tagged("Untagged", writer, touched, names)


def _tagged(verb: str, writer: Writer, papers: Collection[int], names: Sequence[str]) -> str:
    """What became of papers' tags: ``Tagged “rl”: “Tide Tables”``, ``Tagged 3 papers “rl”``."""
    shown = writer.name_papers(papers)
    return f"{verb} {_quoted(names)}: {shown}" if len(papers) == 1 else f"{verb} {shown} {_quoted(names)}"


def rename_tag(writer: Writer, name: str, new_name: str) -> str:
    """Rename a tag and all below it; where a tag of the new name exists, the two become one."""
    new_name = check_tag_name(new_name)
    old = _row(writer, name)
    new_fold, old_fold = fold_tag(new_name), fold_tag(old[1])
    if new_fold.startswith(f"{old_fold}/"):
        raise ReaderError(f"“{old[1]}” cannot go below itself; choose another name.")
    depth = old[1].count("/") + 1
    for tag_id, tag_name in [old, *_below(writer, old_fold)]:
        lower = tag_name.split("/")[depth:]
        _rename_one(writer, tag_id, check_tag_name("/".join([new_name, *lower])))
    return f"Renamed tag “{old[1]}” to “{new_name}”"


def merge_tags(writer: Writer, name: str, into: str) -> str:
    """Put a tag's papers under another tag, which must exist, and delete the first; what is below it moves along."""
    target = _row(writer, into)
    source = _row(writer, name)
    if target[0] == source[0]:
        raise ReaderError("A tag cannot be merged into itself.")
    rename_tag(writer, name, target[1])
    return f"Merged tag “{source[1]}” into “{target[1]}”"


def delete_tag(writer: Writer, name: str) -> str:
    """Delete a tag from the library and from all papers; tags below it stay."""
    tag_id, shown = _row(writer, name)
    count = writer.execute("DELETE FROM paper_tags WHERE tag_id = ?", (tag_id,)).rowcount
    writer.execute("DELETE FROM tags WHERE id = ?", (tag_id,))
    return f"Deleted tag “{shown}” from {count_papers(count)}"


def set_tag_color(writer: Writer, name: str, color: str | None) -> str:
    """Give a tag a colour (``#rrggbb``), or none."""
    tag_id, shown = _row(writer, name)
    writer.execute("UPDATE tags SET color = ? WHERE id = ?", (color, tag_id))
    return f"Coloured tag “{shown}”"


def set_tag_description(writer: Writer, name: str, description: str) -> str:
    """Say what a tag is for."""
    tag_id, shown = _row(writer, name)
    writer.execute("UPDATE tags SET description = ? WHERE id = ?", (description.strip(), tag_id))
    return f"Described tag “{shown}”"


def set_favorite_tag(writer: Writer, name: str, number: int | None) -> str:
    """Put a tag under a number from 1 to 9, which any other tag then loses; None takes its number away."""
    if number is not None and not 1 <= number <= 9:
        raise ReaderError("A favourite tag has a number from 1 to 9.")
    tag_id, shown = _row(writer, name)
    if number is not None:
        writer.execute("UPDATE tags SET favorite = NULL WHERE favorite = ? AND id <> ?", (number, tag_id))
    writer.execute("UPDATE tags SET favorite = ? WHERE id = ?", (number, tag_id))
    return f"Made “{shown}” favourite tag {number}" if number else f"“{shown}” is no favourite tag"


def _rename_one(writer: Writer, tag_id: int, name: str) -> None:
    """Rename one tag, or join it with the one that has the name."""
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
    """The tags below one, by their fold."""
    sql = "SELECT id, name FROM tags WHERE fold >= ? AND fold < ? ORDER BY fold"
    return writer.execute(sql, (f"{fold}/", f"{fold}0")).fetchall()


def _find(writer: Writer, name: str) -> int | None:
    """The id of the tag of a name, case ignored."""
    row = writer.execute("SELECT id FROM tags WHERE fold = ?", (fold_tag(name.strip()),)).fetchone()
    return None if row is None else row[0]


def _row(writer: Writer, name: str) -> tuple[int, str]:
    """A tag's id and name; :class:`NotFoundError` if there is none."""
    row: tuple[int, str] | None
    row = writer.execute("SELECT id, name FROM tags WHERE fold = ?", (fold_tag(name.strip()),)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no tag “{name}”.")
    return row


def _create(writer: Writer, name: str, now: str) -> int | None:
    """Make a tag; its id."""
    cursor = writer.execute("INSERT INTO tags (name, fold, created) VALUES (?, ?, ?)", (name, fold_tag(name), now))
    return cursor.lastrowid


def _quoted(names: Sequence[str]) -> str:
    """Tag names for a step's title."""
    return ", ".join(f"“{name}”" for name in names)
