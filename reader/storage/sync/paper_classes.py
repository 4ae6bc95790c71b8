"""Papers that are the same, with what all devices said of them, and the one content made of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reader.domain.sync import Head
from reader.storage.sync.families import Work
from reader.storage.sync.paper_rows import paper_cell
from reader.storage.sync.paper_values import Value, fold, is_sound
from reader.storage.writer import id_list

_PRESENT = "SELECT id FROM papers WHERE id IN (SELECT value FROM json_each(?))"


@dataclass(slots=True, eq=False)
class PaperClass:
    """Papers that are the same: their uids, the kept one first, their heads, and their rows here by uid."""

    members: tuple[str, ...]
    contents: dict[str, list[Head]] = field(default_factory=dict)
    gone: dict[str, Sequence[Head]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    value: Value = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The uid of the kept paper."""
        return self.members[0]

    @property
    def owner(self) -> str:
        """The member whose row is kept: the kept paper, else the first whose content is known."""
        known = self.rows or self.contents
        return next(uid for uid in self.members if uid in known)


def classes_of(work: Work, uids: Iterable[str]) -> list[PaperClass]:
    """The classes of papers with everything known of them; classes without any content are left out."""
    found: dict[tuple[str, ...], PaperClass] = {}
    for uid in uids:
        members = tuple(work.members_of(uid))
        if members not in found:
            found[members] = PaperClass(members)
    classes = list(found.values())
    every = [uid for each in classes for uid in each.members]
    heads = work.heads([paper_cell(uid, name) for uid in every for name in ("content", "here")])
    rows = work.locals_of("paper", every)
    present = {row[0] for row in work.writer.execute(_PRESENT, (id_list(rows.values()),))}
    for each in classes:
        for uid in each.members:
            contents = [head for head in heads.get(paper_cell(uid, "content"), ()) if is_sound(head.value)]
            if contents:
                each.contents[uid] = contents
            each.gone[uid] = heads.get(paper_cell(uid, "here"), ())
            if rows.get(uid) in present:
                each.rows[uid] = rows[uid]
        if each.contents:
            each.value = class_value(each.contents)
    return [each for each in classes if each.contents]


def class_value(contents: Mapping[str, Sequence[Head]]) -> Value:
    """The content of papers that are the same, from all their heads.

    A content that was written after papers were joined contains that of the others as it was known to the writer.
    """
    several = [(uid, head, value_of(head)) for uid, heads in contents.items() for head in heads]
    if len(several) == 1:
        return several[0][2]
    joiners = [each for each in several if each[2].get("joined")]
    values = [
        value
        for uid, head, value in several
        if not any(uid != other and uid in whole["joined"] and covers(joiner, head) for other, joiner, whole in joiners)
    ]
    return fold(values or [value for _, _, value in several])


def value_of(head: Head) -> Value:
    """The content that a head has."""
    assert isinstance(head.value, dict)
    return head.value


def covers(later: Head, earlier: Head) -> bool:
    """Whether the writer of one head knew the other."""
    if later.device == earlier.device:
        return later.number > earlier.number
    return later.context.get(earlier.device, 0) >= earlier.number


def parted(work: Work, uids: Collection[str]) -> set[str]:
    """Those papers of which a person said that they are not the same as the one they had been joined into."""
    heads = work.heads([paper_cell(uid, "same") for uid in uids])
    return {cell.uid for cell, given in heads.items() if all(head.value is None for head in given)}


def touch_all(work: Work, uids: Iterable[str]) -> None:
    """Have all cells of papers written, by all families."""
    work.touch([paper_cell(uid, name) for uid in uids for name in work.fields_of("paper", uid)])
