"""The user's tags, notes, saved searches and mute rules, and the rules for their names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from reader.domain.errors import ReaderError
from reader.domain.papers import Highlight

MAXIMUM_TAG_LENGTH = 200
_COLOR = re.compile("#[0-9A-Fa-f]{6}")


class TagNameError(ReaderError):
    """A tag name that is not allowed; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag. ``color`` is ``#rrggbb`` or None, ``favorite`` 1 to 9 or None; ``paper_count`` omits the tags below it."""

    id: int
    name: str
    color: str | None
    description: str
    favorite: int | None
    paper_count: int


@dataclass(frozen=True, slots=True)
class Note:
    """A paper's note. ``revision`` identifies the text: saving passes it back, so that no newer text is overwritten.

    A paper without a note has revision 0 and an empty text.
    """

    paper_id: int
    text: str
    revision: int
    created: str | None = None
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class NoteRevision:
    """An earlier text of a note; ``refused`` is True for a text that was not saved because a newer one existed."""

    revision: int
    text: str
    created: str
    refused: bool


class NoteConflictError(ReaderError):
    """A note was changed elsewhere since it was read: ``current`` is the note, the refused text a revision."""

    def __init__(self, current: Note) -> None:
        super().__init__(
            "This note was changed elsewhere since it was opened; both texts are kept. Choose or join them."
        )
        self.current = current


@dataclass(frozen=True, slots=True)
class HighlightLabel:
    """A highlight label, with its name and colour (``#rrggbb``), both set by the user."""

    id: int
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class PaperTitle:
    """The few fields of a paper that are needed to name it."""

    id: int
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class PaperHighlight:
    """A highlight with its paper."""

    paper: PaperTitle
    highlight: Highlight


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A note's text with its paper; ``changed`` is ISO 8601 in UTC."""

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
    """A query whose papers are kept out of the inbox while ``enabled``."""

    id: int
    name: str
    query: str
    enabled: bool


def check_color(color: str) -> str:
    """Convert a colour to its stored form, ``#rrggbb`` in lower case; raises :class:`ReaderError` for other text."""
    if not _COLOR.fullmatch(color.strip()):
        raise ReaderError(f"“{color[:40]}” is not a colour; write it like #6c99bb.")
    return color.strip().lower()


def fold_tag(name: str) -> str:
    """The form in which tag names are compared: NFC, without regard to case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def check_tag_name(name: str) -> str:
    """Convert a tag name to its stored form: trimmed, NFC, levels separated by single ``/``.

    Raises :class:`TagNameError` for a name that is empty, too long, starts with ``/``, has an empty level or contains
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
