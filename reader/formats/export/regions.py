"""The managed region of a note: Lectern owns the inside block by block, its owner everything else.

Each block ends in a line that names it (``^h-7f3a9c``). A block that stands there as it was last written is untouched
and may be updated; any other is its owner's work and stays. What stands between blocks is the owner's, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reader.formats.export.profiles import Profile

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the region: its id, and its text, lines separated by LF, the last of which names it."""

    id: str
    text: str


class DeletedBlocks(StrEnum):
    """What becomes of a block whose highlight was deleted: taken out, or struck through."""

    REMOVE = "remove"
    STRIKE = "strike"


@dataclass(frozen=True, slots=True)
class RegionSpan:
    """The inside of a region, from after its first line up to its last line (positions in the note)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RegionUpdate:
    """A region brought up to date.

    ``written`` is what now counts as last written, by block id. ``edited`` are blocks that the owner changed,
    ``removed`` those that the owner took out; ``withheld`` are those of them for which there is news that was kept
    back.
    """

    text: str
    written: dict[str, str]
    edited: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(slots=True)
class _Piece:
    """A stretch of the region: what stands before a block (the owner's), and the block; ``id`` None at the end."""

    gap: str
    raw: str
    id: str | None
    untouched: bool = False


class DamagedRegionError(Exception):
    """The marks of the region are incomplete or repeated, so that it is not known what is ours."""


def has_marks(text: str, profile: Profile) -> bool:
    """Whether a note has a line that parts a region in this flavour."""
    if profile.start not in text and profile.end not in text:
        return False
    return any(match[0].strip() in {profile.start, profile.end} for match in _LINE.finditer(text))


def find_region(text: str, profile: Profile, start: int = 0) -> RegionSpan | None:
    """The region of a note after its front matter, which ends at ``start``; None if there is none.

    Raises :class:`DamagedRegionError` where its first or last line is missing or stands there twice.
    """
    marks = [
        (match.start(), match.end(), match[0].strip())
        for match in _LINE.finditer(text, start)
        if match[0].strip() in {profile.start, profile.end}
    ]
    if not marks:
        return None
    if [mark[2] for mark in marks] != [profile.start, profile.end]:
        raise DamagedRegionError
    return RegionSpan(marks[0][1], marks[1][0])


def new_region(blocks: Sequence[Block], newline: str = "\n") -> str:
    """The inside of a new region: blocks between blank lines."""
    text = "".join(f"\n{block.text}\n" for block in blocks) + "\n"
    return text.replace("\n", newline)


def update_region(
    text: str,
    blocks: Sequence[Block],
    last: Mapping[str, str] | None,
    profile: Profile,
    *,
    newline: str,
    beside: bool = False,
    deleted: DeletedBlocks = DeletedBlocks.REMOVE,
) -> RegionUpdate:
    """Bring the inside of a region up to date.

    ``last`` is what was last written, by block id; None if nothing is known of that. ``beside`` puts ours beside
    blocks that the owner changed (whose text loses its block id, which ours takes) and makes removed ones again.
    """
    known = dict(last or {})
    wanted = {block.id: block.text for block in blocks}
    pieces = _split(text, profile, known, wanted)
    update = _Update(known, wanted, newline, beside, deleted)
    for piece in pieces:
        update.take(piece)
    update.insert_missing([block.id for block in blocks], knows_all=last is not None)
    return update.result()


def _split(text: str, profile: Profile, known: Mapping[str, str], wanted: Mapping[str, str]) -> list[_Piece]:
    """The region as pieces whose texts, joined, are the region."""
    pieces: list[_Piece] = []
    lines: list[str] = []
    for match in _LINE.finditer(text):
        if not match[0]:
            break
        lines.append(match[0])
        named = profile.id_line.fullmatch(match[0].rstrip("\r\n"))
        if named and (named[1] in known or named[1] in wanted):
            pieces.append(_piece(lines, named[1], (known.get(named[1]), wanted.get(named[1]))))
            lines = []
    pieces.append(_Piece("".join(lines), "", None))
    return _without_copies(pieces)


def _piece(lines: list[str], block_id: str, texts: tuple[str | None, ...]) -> _Piece:
    """Tell a block from what stands before it: our own text if it is there as written, else all after blank lines."""
    bare = [line.rstrip("\r\n") for line in lines]
    for text in texts:
        own = text.split("\n") if text is not None else None
        if own and bare[-len(own) :] == own:
            return _Piece("".join(lines[: -len(own)]), "".join(lines[-len(own) :]), block_id, untouched=True)
    first = next(index for index, line in enumerate(bare) if line.strip())
    return _Piece("".join(lines[:first]), "".join(lines[first:]), block_id)


def _without_copies(pieces: list[_Piece]) -> list[_Piece]:
    """Of blocks that stand there more than once, only one is ours: the untouched one, else the first."""
    ours: dict[str, _Piece] = {}
    for piece in pieces:
        if piece.id is not None and (piece.id not in ours or (piece.untouched and not ours[piece.id].untouched)):
            ours[piece.id] = piece
    kept: list[_Piece] = []
    carried = ""
    for piece in pieces:
        if piece.id is None or ours[piece.id] is piece:
            kept.append(_Piece(carried + piece.gap, piece.raw, piece.id, piece.untouched))
            carried = ""
        else:
            carried += piece.gap + piece.raw
    return kept


class _Update:
    """The new region while it is put together."""

    def __init__(
        self, known: dict[str, str], wanted: dict[str, str], newline: str, beside: bool, deleted: DeletedBlocks
    ) -> None:
        self._known, self._wanted, self._newline = known, wanted, newline
        self._beside, self._deleted = beside, deleted
        self._pieces: list[_Piece] = []
        self._written: dict[str, str] = {}
        self._edited: list[str] = []
        self._removed: list[str] = []
        self._withheld: list[str] = []

    def take(self, piece: _Piece) -> None:
        """Take over one piece, changed if it is an untouched block of which there is news."""
        if piece.id is None:
            self._pieces.append(piece)
        elif piece.id not in self._wanted:
            self._take_deleted(piece, piece.id)
        elif piece.untouched:
            self._take_untouched(piece, piece.id)
        else:
            self._take_edited(piece, piece.id)

    def _take_untouched(self, piece: _Piece, block_id: str) -> None:
        text = self._wanted[block_id]
        if _bare(piece.raw) != text:
            piece.raw = self._raw(text)
        self._written[block_id] = text
        self._pieces.append(piece)

    def _take_edited(self, piece: _Piece, block_id: str) -> None:
        text = self._wanted[block_id]
        if self._beside:
            owners = _LINE.findall(piece.raw)
            owners = owners[: len(owners) - 1 if owners[-1] else len(owners) - 2]
            self._pieces.append(_Piece(piece.gap + "".join(owners) + self._newline, self._raw(text), block_id))
            self._written[block_id] = text
            return
        self._edited.append(block_id)
        if self._known.get(block_id) != text:
            self._withheld.append(block_id)
        if block_id in self._known:
            self._written[block_id] = self._known[block_id]
        self._pieces.append(piece)

    def _take_deleted(self, piece: _Piece, block_id: str) -> None:
        """A block whose highlight is no more."""
        text = self._known[block_id]
        if not piece.untouched:
            self._edited.append(block_id)
            self._written[block_id] = text
            self._pieces.append(piece)
        elif self._deleted is DeletedBlocks.STRIKE:
            self._written[block_id] = struck(text)
            if self._written[block_id] != text:
                piece.raw = self._raw(self._written[block_id])
            self._pieces.append(piece)
        elif piece.gap.strip():
            self._pieces.append(_Piece(piece.gap, "", None))

    def insert_missing(self, order: Sequence[str], *, knows_all: bool) -> None:
        """Put in the blocks that are not there; those written before were removed by the owner and stay away."""
        present = {piece.id for piece in self._pieces}
        for place, block_id in enumerate(order):
            if block_id in present:
                continue
            if knows_all and block_id in self._known and not self._beside:
                self._removed.append(block_id)
                self._written[block_id] = self._known[block_id]
                if self._known[block_id] != self._wanted[block_id]:
                    self._withheld.append(block_id)
                continue
            self._insert(block_id, set(order[:place]))
            present.add(block_id)

    def _insert(self, block_id: str, before: set[str]) -> None:
        """Put a block in after the last of those that come before it, else at the region's beginning."""
        text = self._wanted[block_id]
        self._written[block_id] = text
        at = max((index + 1 for index, piece in enumerate(self._pieces) if piece.id in before), default=0)
        self._pieces.insert(at, _Piece(self._newline, self._raw(text), block_id))
        following = self._pieces[at + 1]
        if not re.match(r"[ \t]*[\r\n]", following.gap or following.raw):
            following.gap = self._newline + following.gap

    def result(self) -> RegionUpdate:
        """The region, and what is to be said of it."""
        text = "".join(piece.gap + piece.raw for piece in self._pieces)
        return RegionUpdate(
            text, self._written, tuple(self._edited), tuple(self._removed), tuple(dict.fromkeys(self._withheld))
        )

    def _raw(self, text: str) -> str:
        return text.replace("\n", self._newline) + self._newline


def _bare(raw: str) -> str:
    """A block as it was written: without its last line end, the others LF."""
    return raw.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")


_MARKED = re.compile(r"([> \t]*(?:\[![\w-]+\][+-]? ?)?)(.*?)([ \t]*)")


def struck(text: str) -> str:
    """A block's text struck through line by line (``~~…~~``), the line that names it left as it is; once only."""
    *lines, name = text.split("\n")
    done = []
    for line in lines:
        match = _MARKED.fullmatch(line)
        if match is None or not match[2] or match[2].startswith("~~"):
            done.append(line)
        else:
            done.append(f"{match[1]}~~{match[2]}~~")
    return "\n".join([*done, name])
