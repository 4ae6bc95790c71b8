"""The managed region of a note: Lectern owns the inside block by block, its owner everything else.

Each block ends in a line that names it (``^h-7f3a9c``). A block that stands there as it was last written is untouched
and may be updated; any other is its owner's work and is kept, as is any text between blocks. See
``docs/decisions/0013-a-note-has-two-owners.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reader.domain.settings import DeletedHighlights
from reader.formats.export.front_matter import Span
from reader.formats.export.profiles import Profile

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the region: its id, and its text, lines separated by LF, the last of which names it."""

    id: str
    text: str


@dataclass(slots=True)
class RegionUpdate:
    """A region brought up to date.

    ``written`` is what now counts as last written, by block id. ``edited`` are blocks that the owner changed,
    ``removed`` those that the owner took out; ``withheld`` are those of them for which there is news that was kept
    back.
    """

    text: str = ""
    written: dict[str, str] = field(default_factory=dict)
    edited: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)

    def keep(self, block_id: str, old: str | None, new: str | None, how: list[str]) -> None:
        """Leave a block to its owner and record it in ``how`` they changed it."""
        how.append(block_id)
        if new not in {None, old}:
            self.withheld.append(block_id)
        if old is not None:
            self.written[block_id] = old


@dataclass(slots=True)
class _Piece:
    """A stretch of the region: what stands before a block (the owner's), and the block; ``id`` is empty at the end."""

    gap: str
    raw: str
    id: str
    untouched: bool = False


class DamagedRegionError(Exception):
    """A region with missing or repeated marks, so that its limits are unknown."""


def has_marks(text: str, profile: Profile) -> bool:
    """Whether a note has a mark of a region in a flavour."""
    if profile.start not in text and profile.end not in text:
        return False
    return any(match[0].strip() in {profile.start, profile.end} for match in _LINE.finditer(text))


def find_region(text: str, profile: Profile, start: int = 0) -> Span | None:
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
    return Span(marks[0][1], marks[1][0])


def new_region(blocks: Sequence[Block], newline: str = "\n") -> str:
    """The inside of a new region: blocks between blank lines."""
    return "".join(newline + _raw(block.text, newline) for block in blocks) + newline


def update_region(
    text: str,
    blocks: Sequence[Block],
    last: Mapping[str, str] | None,
    profile: Profile,
    *,
    newline: str,
    beside: bool = False,
    deleted: DeletedHighlights = DeletedHighlights.REMOVE,
) -> RegionUpdate:
    """Bring the inside of a region up to date.

    ``last`` is what was last written, by block id; None if nothing is known of that. ``beside`` puts ours beside
    blocks that the owner changed (whose text loses its block id, which ours takes) and makes removed ones again.
    """
    known = last or {}
    wanted = {block.id: block.text for block in blocks}
    update = RegionUpdate()
    pieces: list[_Piece] = []
    for piece in _split(text, profile, known, wanted):
        old, new = known.get(piece.id), wanted.get(piece.id)
        if not piece.id:
            pass
        elif piece.untouched:
            # Only a block that stands there as it was last written may be changed or taken out.
            wish = struck(old) if new is None and old is not None and deleted is DeletedHighlights.STRIKE else new
            if wish is not None:
                update.written[piece.id] = wish
                piece.raw = piece.raw if _bare(piece.raw) == wish else _raw(wish, newline)
            elif piece.gap.strip():
                piece = _Piece(piece.gap, "", "")
            else:
                continue
        elif beside and new is not None:
            # The owner's text loses the line that names the block: an id must be unique in a note.
            update.written[piece.id] = new
            owners = "".join(_LINE.findall(piece.raw)[:-1])
            piece = _Piece(piece.gap + owners + newline, _raw(new, newline), piece.id)
        else:
            update.keep(piece.id, old, new, update.edited)
        pieces.append(piece)
    present = {piece.id for piece in pieces}
    before: set[str] = set()
    for block in blocks:
        if block.id in known and block.id not in present and not beside:
            update.keep(block.id, known[block.id], block.text, update.removed)
        elif block.id not in present:
            update.written[block.id] = block.text
            _insert(pieces, before, _Piece(newline, _raw(block.text, newline), block.id))
        before.add(block.id)
    update.text = "".join(piece.gap + piece.raw for piece in pieces)
    return update


def _insert(pieces: list[_Piece], before: set[str], piece: _Piece) -> None:
    """Insert a block after the last of the blocks ``before`` it, or at the beginning."""
    at = max((index + 1 for index, other in enumerate(pieces) if other.id in before), default=0)
    following = pieces[at]
    if not re.match(r"[ \t]*[\r\n]", following.gap or following.raw):
        following.gap = piece.gap + following.gap
    pieces.insert(at, piece)


def _split(text: str, profile: Profile, known: Mapping[str, str], wanted: Mapping[str, str]) -> list[_Piece]:
    """The region as pieces whose texts, joined, are the region."""
    pieces: list[_Piece] = []
    lines: list[str] = []
    for line in _LINE.findall(text):
        lines.append(line)
        named = profile.id_line.fullmatch(line.rstrip("\r\n"))
        if named and (named[1] in known or named[1] in wanted):
            pieces.append(_piece(lines, named[1], (known.get(named[1]), wanted.get(named[1]))))
            lines = []
    pieces.append(_Piece("".join(lines), "", ""))
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
    """Keep one of each repeated block: the untouched one, or else the first; the others become the owner's text."""
    ours: dict[str, _Piece] = {}
    for piece in pieces:
        if piece.id and (piece.id not in ours or (piece.untouched and not ours[piece.id].untouched)):
            ours[piece.id] = piece
    kept: list[_Piece] = []
    carried = ""
    for piece in pieces:
        if not piece.id or ours[piece.id] is piece:
            piece.gap, carried = carried + piece.gap, ""
            kept.append(piece)
        else:
            carried += piece.gap + piece.raw
    return kept


def _raw(text: str, newline: str) -> str:
    """A block's text as written to the note."""
    return text.replace("\n", newline) + newline


def _bare(raw: str) -> str:
    """The text of a block in a note: line ends LF, without the last one."""
    return raw.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")


_MARKED = re.compile(r"\A([> \t]*(?:\[![\w-]+\][+-]? ?)?)(.*?)[ \t]*\Z")


def struck(text: str) -> str:
    """A block's text struck through line by line (``~~…~~``), the line that names it left as it is; once only."""
    *lines, name = text.split("\n")
    return "\n".join([*(_MARKED.sub(_struck_line, line) for line in lines), name])


def _struck_line(line: re.Match[str]) -> str:
    return f"{line[1]}~~{line[2]}~~" if line[2] and not line[2].startswith("~~") else line[0]
