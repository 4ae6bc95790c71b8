"""What the user adds beside states: tags, notes, saved searches, mute rules, and the rules of their names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from reader.domain.errors import ReaderError
from reader.domain.papers import Highlight

MAXIMUM_TAG_LENGTH = 200
_COLOR = re.compile("#[0-9A-Fa-f]{6}")


class TagNameError(ReaderError):
    """A name that no tag may have; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag. ``color`` is ``#rrggbb`` or None, ``favorite`` 1 to 9 or None; ``paper_count`` counts this very tag."""

    id: int
    name: str
    color: str | None
    description: str
    favorite: int | None
    paper_count: int


@dataclass(frozen=True, slots=True)
class Note:
    """A paper's note. ``revision`` names this text; saving hands it back, so that no newer text is overwritten.

    A paper without a note has revision 0 and an empty text.
    """

    paper_id: int
    text: str
    revision: int
    created: str | None = None
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class NoteRevision:
    """An earlier (or refused) text of a note; ``refused`` tells that a newer text stood in its way when saving."""

    revision: int
    text: str
    created: str
    refused: bool


class NoteConflictError(ReaderError):
    """A note was changed elsewhere since it was read. ``current`` stands; the refused text is kept as a revision."""

    def __init__(self, current: Note) -> None:
        super().__init__(
            "This note was changed elsewhere since it was opened; both texts are kept. Choose or join them."
        )
        self.current = current


@dataclass(frozen=True, slots=True)
class HighlightLabel:
    """A label of highlights: name and colour (``#rrggbb``) are the user's."""

    id: int
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class PaperTitle:
    """As much of a paper as names it."""

    id: int
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class PaperHighlight:
    """A highlight, and the paper it is in."""

    paper: PaperTitle
    highlight: Highlight


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A note's text, and the paper it is on; ``changed`` is ISO 8601 in UTC."""

    paper: PaperTitle
    text: str
    changed: str


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A saved search: ``number`` 1 to 9 is its key after ``g``, or None; ``sort`` an order's name or empty."""

    id: int
    name: str
    query: str
    sort: str
    number: int | None


@dataclass(frozen=True, slots=True)
class MuteRule:
    """A query whose papers never show in the inbox while ``enabled``."""

    id: int
    name: str
    query: str
    enabled: bool


def check_color(color: str) -> str:
    """The colour in its stored form, ``#rrggbb`` in small letters; :class:`ReaderError` for any other text."""
    if not _COLOR.fullmatch(color.strip()):
        raise ReaderError(f"“{color[:40]}” is no colour; write it like #6c99bb.")
    return color.strip().lower()


def fold_tag(name: str) -> str:
    """The form under which tag names are compared: Unicode, case ignored."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def check_tag_name(name: str) -> str:
    """The tag name in its stored form: trimmed, NFC, levels separated by single ``/``.

    Raises :class:`TagNameError` for a name that is empty, too long, starts with ``/``, has an empty level or holds
    control characters.
    """
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in name):
        raise TagNameError("A tag may not contain control characters or line breaks.")
    name = unicodedata.normalize("NFC", name).strip()
    if not name:
        raise TagNameError("A tag needs a name.")
    if name.startswith("/"):
        raise TagNameError("A tag may not start with “/”; write the upper level first, as in “method/diffusion”.")
    levels = [level.strip() for level in name.split("/")]
    if not all(levels):
        raise TagNameError("A tag may not end with “/” or have an empty level between two “/”.")
    name = "/".join(levels)
    if len(name) > MAXIMUM_TAG_LENGTH:
        raise TagNameError(f"A tag may have at most {MAXIMUM_TAG_LENGTH} characters; this one has {len(name)}.")
    return name
