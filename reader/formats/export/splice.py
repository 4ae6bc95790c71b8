"""Updates of a note: bytes in, bytes out, with remarks for its owner.

Outside Lectern's front matter keys and region every byte stays, including line ends and encoding. If a note cannot be
decoded, or its front matter or region is damaged, that part is left alone and reported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reader.domain.settings import DeletedHighlights
from reader.formats.export.front_matter import UnreadableError, find_front_matter
from reader.formats.export.front_matter_edits import Value, new_front_matter, update_front_matter
from reader.formats.export.profiles import Profile
from reader.formats.export.regions import (
    Block,
    DamagedRegionError,
    RegionUpdate,
    find_region,
    new_region,
    update_region,
)
from reader.formats.text_decoder import byte_order_mark

_NEWLINE = re.compile(r"\r\n|\n|\r")


class RemarkKind(StrEnum):
    """Kinds of remarks on a note that could not simply be updated."""

    BLOCK_EDITED = "block edited"
    BLOCK_REMOVED = "block removed"
    KEY_REMOVED = "key removed"
    REGION_MISSING = "region missing"
    REGION_DAMAGED = "region damaged"
    FRONT_MATTER_UNREADABLE = "front matter unreadable"
    NOTE_UNREADABLE = "note unreadable"
    OTHER_NOTE = "other note"


OWNERS_EDITS = frozenset(set(RemarkKind) - {RemarkKind.KEY_REMOVED, RemarkKind.OTHER_NOTE})
"""The remarks that tell of the owner's hand in what is ours; automatic exports leave such notes alone."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a note: its kind, a sentence, and the block or key it is about.

    ``withheld`` tells that Lectern has something newer there which was kept back.
    """

    kind: RemarkKind
    text: str
    subject: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class NoteContent:
    """The content of a note: front matter by key (none for a report), and the region's blocks in order."""

    values: Mapping[str, Value]
    blocks: tuple[Block, ...]
    profile: Profile


@dataclass(frozen=True, slots=True)
class Written:
    """The front matter values and block texts last written to a note."""

    values: Mapping[str, Value] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The form in which the library stores it."""
        return json.dumps({"values": dict(self.values), "blocks": dict(self.blocks)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Written:
        """The reverse of :meth:`to_json`."""
        stored: dict[str, Any] = json.loads(text)
        return cls(stored["values"], stored["blocks"])


@dataclass(frozen=True, slots=True)
class Splice:
    """The result of an update: the note's bytes, what now counts as last written, and remarks."""

    data: bytes
    written: Written
    remarks: tuple[Remark, ...] = ()

    @property
    def is_edited(self) -> bool:
        """Whether the owner changed Lectern's part of the note."""
        return any(remark.kind in OWNERS_EDITS for remark in self.remarks)


@dataclass(frozen=True, slots=True)
class _Document:
    """A note as text, with its encoding, so that it encodes to the same bytes."""

    text: str
    mark: bytes
    encoding: str

    def encode(self, text: str) -> bytes:
        return self.mark + text.encode(self.encoding, _errors(self.encoding))

    @property
    def newline(self) -> str:
        """The note's line end: that of its first line."""
        match = _NEWLINE.search(self.text)
        return match[0] if match else "\n"


def note_text(data: bytes) -> str | None:
    """A note's bytes as text for display, None if they are not text. Bytes that are not UTF-8 become surrogates."""
    document = _decode(data)
    return document.text if document else None


def new_note(content: NoteContent) -> Splice:
    """Create a new note."""
    region = f"{content.profile.start}\n{new_region(content.blocks)}{content.profile.end}\n"
    front = new_front_matter(content.values) if content.values else ""
    data = (front + region).encode()
    return Splice(data, all_written(content))


def splice_note(
    data: bytes,
    content: NoteContent,
    last: Written | None,
    *,
    beside: bool = False,
    deleted: DeletedHighlights = DeletedHighlights.REMOVE,
    adopt: bool = False,
) -> Splice:
    """Bring a note up to date.

    ``last`` is what was last written into it; None if nothing is known of that, and then only blocks that say what
    they should are taken for untouched. ``beside`` puts ours beside what the owner changed in the region. ``adopt``
    is for a note that is not ours yet: it gets what it lacks, its region at the end.
    """
    document = _decode(data)
    if document is None:
        return Splice(data, last or Written(), (_NOTE_UNREADABLE,))
    text, values, remarks = _with_front_matter(document, content, last)
    known, written = (last.blocks if last else None), (last.blocks if last else {})
    front = find_front_matter(text)
    try:
        span = find_region(text, content.profile, front.end if front else 0)
        if span is not None:
            update = update_region(
                text[span.start : span.end],
                *(content.blocks, known, content.profile),
                newline=document.newline,
                beside=beside,
                deleted=deleted,
            )
            text, written = text[: span.start] + update.text + text[span.end :], update.written
            remarks += _block_remarks(update)
        elif adopt:
            text, written = text + _appended(text, document.newline, content), all_written(content).blocks
        else:
            remarks.append(Remark(RemarkKind.REGION_MISSING, _REGION_MISSING.format(content.profile)))
    except DamagedRegionError:
        remarks.append(Remark(RemarkKind.REGION_DAMAGED, _REGION_DAMAGED.format(content.profile)))
    try:
        return Splice(document.encode(text), Written(values, written), tuple(remarks))
    except UnicodeEncodeError:
        return Splice(data, last or Written(), (_NOTE_UNREADABLE,))


def _with_front_matter(
    document: _Document, content: NoteContent, last: Written | None
) -> tuple[str, Mapping[str, Value], list[Remark]]:
    """The text with its front matter brought up to date, its values as written now, and remarks."""
    if not content.values:
        return document.text, {}, []
    span = find_front_matter(document.text)
    if span is None:
        front = new_front_matter(content.values, document.newline)
        return front + document.text, content.values, []
    known = last.values if last else None
    try:
        text, removed = update_front_matter(document.text, span, content.values, known, document.newline)
    except UnreadableError as error:
        sentence = f"The front matter was left alone: {error}."
        return document.text, known or {}, [Remark(RemarkKind.FRONT_MATTER_UNREADABLE, sentence)]
    remarks = [
        Remark(RemarkKind.KEY_REMOVED, f"The key “{key}”, which you removed, was not put back.", key) for key in removed
    ]
    return text, content.values, remarks


def _block_remarks(update: RegionUpdate) -> list[Remark]:
    """Remarks on blocks that were left to their owner."""
    edited = [(RemarkKind.BLOCK_EDITED, _BLOCK_EDITED, block_id) for block_id in update.edited]
    removed = [(RemarkKind.BLOCK_REMOVED, _BLOCK_REMOVED, block_id) for block_id in update.removed]
    return [
        Remark(kind, sentence.format(block_id), block_id, block_id in update.withheld)
        for kind, sentence, block_id in (*edited, *removed)
    ]


_NOTE_UNREADABLE = Remark(RemarkKind.NOTE_UNREADABLE, "The note was left alone: its encoding is unknown.")
_REGION_MISSING = "Only the front matter was updated: the lines {0.start} and {0.end} are no longer in the note."
_REGION_DAMAGED = "Only the front matter was updated: the note should have one line {0.start} and after it one {0.end}."
_BLOCK_EDITED = "The block ^{} was left as you edited it."
_BLOCK_REMOVED = "The block ^{}, which you removed, was not put back."


def _appended(text: str, newline: str, content: NoteContent) -> str:
    """A new region for the end of a text, after a blank line."""
    before = "" if not text else newline if text.endswith(("\n", "\r")) else newline * 2
    region = new_region(content.blocks, newline)
    return f"{before}{content.profile.start}{newline}{region}{content.profile.end}{newline}"


def all_written(content: NoteContent) -> Written:
    """What counts as last written once a note has all of its content."""
    return Written(dict(content.values), {block.id: block.text for block in content.blocks})


def _decode(data: bytes) -> _Document | None:
    """A note as text that encodes to the same bytes; None if there is none such.

    Without a wide byte order mark it is UTF-8, as everything in a vault; what is not valid as such is carried through.
    """
    mark, encoding = byte_order_mark(data) or (b"", "utf-8")
    try:
        document = _Document(data[len(mark) :].decode(encoding, _errors(encoding)), mark, encoding)
        return document if document.encode(document.text) == data else None
    except UnicodeError:
        return None


def _errors(encoding: str) -> str:
    """The handling of bytes that are not text: in UTF-8 they are preserved."""
    return "surrogateescape" if encoding == "utf-8" else "strict"
