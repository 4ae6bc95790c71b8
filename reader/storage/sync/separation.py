"""Taking papers apart: those that another device joined, and those that come back from the journal.

The journal has a paper as it was when it was joined. Others may have annotated it since, and what they said is shown on
the paper that was kept. So what was said prevails over the journal's older image, and of notes no line of either goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reader.domain.cells import shown
from reader.domain.errors import ReaderError
from reader.domain.sync import Cell, Head, Json
from reader.domain.text_merge import merge_notes
from reader.storage.sync import engine, registry
from reader.storage.sync.families import Mark
from reader.storage.sync.paper_classes import touch_all
from reader.storage.sync.paper_rows import has_content, paper_cell
from reader.storage.sync.work import TO_RENDER, Work, milliseconds
from reader.storage.writer import Writer, id_list, text_list

_CAME_BACK = """
SELECT p.id FROM sync_dirty d JOIN papers p ON p.key = d.a
WHERE d.field = 'same' AND d.a NOT IN (SELECT key FROM paper_aliases)
"""
_TAKE_MARKS = """
DELETE FROM sync_dirty WHERE field IN (SELECT value FROM json_each(?)) AND a IN (SELECT value FROM json_each(?))
RETURNING field, a, b, time
"""


def say_all(writer: Writer) -> None:
    """Turn all changes into writes, before papers are joined: what is said of one that goes is known afterwards."""
    if writer.execute("SELECT 1 FROM sync_me").fetchone() is not None:
        engine.flush_all(Work(writer, milliseconds(writer.clock())))


def settle(writer: Writer, *, renders: bool) -> bool:
    """Say of papers that have come back in this transaction that they are separate, and what is not known of them.

    With ``renders`` the tables show at once what was said of them; else the cells wait for it. Whether there are any.
    """
    if writer.execute("SELECT 1 FROM sync_me").fetchone() is None:
        return False
    rows = [row[0] for row in writer.execute(_CAME_BACK)]
    if not rows:
        return False
    given = (text_list(sorted(registry.BY_PAPER)), id_list(rows))
    marks = [Mark(*row) for row in writer.execute(_TAKE_MARKS, given).fetchall()]
    work = Work(writer, milliseconds(writer.clock()))
    engine.flush_all(work)
    values = [
        said
        for family in registry.FAMILIES
        if (own := [mark for mark in marks if mark.field in registry.marks_of(family)])
        for said in family.read(work, own)
    ]
    engine.write_values(work, list(_to_say(work, values)))
    touch_all(work, work.uids_of("paper", rows).values())
    if renders:
        engine.touch_waiting(work)
        engine.render(work)
    else:
        work.await_all(TO_RENDER, work.take_touched())
    work.store()
    return True


def _to_say(work: Work, values: Iterable[tuple[Cell, Json, int]]) -> Iterator[tuple[Cell, Json, int]]:
    """What of the values in the tables is to be said: of what others have spoken of, only notes, joined with theirs."""
    values, me = list(values), work.device
    heads = work.heads([cell for cell, _, _ in values])
    for cell, value, time in values:
        known = heads.get(cell, ())
        if cell.field == "note" and known:
            yield cell, _both(known, value), time
        elif all(head.device == me for head in known):
            yield cell, value, time


def _both(heads: Sequence[Head], note: Json) -> Json:
    """A note with all lines of what was said and of an older image of it."""
    said = shown("note", heads)
    text = note.get("text") if isinstance(note, dict) else None
    if not isinstance(said, dict) or not isinstance(note, dict) or not text or text in _texts(heads):
        return said
    earlier = {name: part for name, part in note.items() if name != "bases"}
    merged = merge_notes([earlier, said])
    return merged | {"bases": [said["text"], text]} if isinstance(merged, dict) and said.get("text") else merged


def _texts(heads: Sequence[Head]) -> list[Json]:
    """The texts of a note's heads, and those that they come from."""
    notes = [head.value for head in heads if isinstance(head.value, dict)]
    earlier = [text for note in notes if isinstance(bases := note.get("bases"), list) for text in bases]
    return [*(note.get("text") for note in notes), *earlier]


def separate(writer: Writer, key: str) -> bool:
    """Take the paper that had ``key`` out of the one it was joined into; False if its content is not known.

    Raises :class:`ReaderError` if the content is still on its way: what was said of the paper would have no place.
    What was said of it comes back with it, from its cells. What was said since it was joined stays with both.
    """
    if writer.execute("SELECT 1 FROM sync_me").fetchone() is None:
        return False
    work = Work(writer, milliseconds(writer.clock()))
    engine.flush_all(work)
    uid = work.uid_with_key(key)
    if uid is None or not has_content(work, uid) or len(work.members_of(uid)) == 1:
        return False
    if not work.heads([paper_cell(uid, "content")]):
        raise ReaderError("What the other device knows of this paper has not arrived yet. Synchronise, and try again.")
    members = work.members_of(uid)
    row = work.papers_of([uid]).get(uid)
    if row is None:
        return False
    heads = work.heads([paper_cell(member, "same") for member in members])
    here = work.uid_of("paper", row)
    for member in members:
        said = {head.value for head in heads.get(paper_cell(member, "same"), ()) if isinstance(head.value, str)}
        if member == uid and said:
            work.write(paper_cell(member, "same"), None)
        elif uid in said:
            work.write(paper_cell(member, "same"), None if member == here else here)
    touch_all(work, members)
    engine.render(work)
    work.store()
    return True
