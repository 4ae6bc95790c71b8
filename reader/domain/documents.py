"""Documents: the PDF files that belong to papers, and what others annotated in them.

Terms are those of W3C Web Annotation for quotes and places, and of ISO 32000-2 (§12.5.6) for annotations: quads are
quadrilaterals of eight numbers in points of the unrotated page, in the order top left, top right, bottom left, bottom
right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

Quad = tuple[float, float, float, float, float, float, float, float]
"""x and y of four corners in points, with two decimals.

They are in the page's user space (ISO 32000-2, §8.3.2.3), whose origin is the lower left corner of most pages before
they are turned, and of some a point outside.
"""


class AnnotationKind(StrEnum):
    """How something is annotated in a document. The values are those of the library, of JSON and of exports."""

    HIGHLIGHT = "highlight"
    UNDERLINE = "underline"
    STRIKE_OUT = "strike-out"
    SQUIGGLY = "squiggly"
    NOTE = "note"
    FREE_TEXT = "free-text"


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """Where a highlight stands in a document.

    ``document`` is the SHA-256 of the file, in hexadecimal; ``page`` counts from 0; ``page_label`` is what the document
    calls that page, which is what people cite. ``quads`` hold only for that very file. ``origin`` is the id (/NM) that
    the annotation has in the file, or one made of what it says where it has none; empty for a highlight made here.
    ``position`` grows in reading order among the highlights of one page; only a library gives it.
    """

    document: str
    page: int
    page_label: str
    quads: tuple[Quad, ...] = ()
    kind: AnnotationKind = AnnotationKind.HIGHLIGHT
    origin: str = ""
    position: int = 0

    @property
    def page_number(self) -> int:
        """The page counted from 1, as it stands in addresses (``#page=7``)."""
        return self.page + 1

    @property
    def cited_page(self) -> str:
        """The page as people cite it: ``p. 7``, by the document's own name for it if there is one."""
        return f"p. {self.page_label or self.page_number}"


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a paper in a library.

    ``path`` is where the file was attached from on this device, None if it came otherwise; ``is_stored`` tells whether
    the library has a copy of its own. ``page_count`` counts pages, ``size`` bytes; ``attached`` is ISO 8601 in UTC.
    """

    id: int
    sha256: str
    size: int
    page_count: int
    path: str | None
    is_stored: bool
    attached: str


@dataclass(frozen=True, slots=True)
class FoundAnnotation:
    """An annotation as it was read from a file, before anything of it is in a library.

    ``exact`` is the text that it marks, of a note the line beside it; ``prefix`` and ``suffix`` are up to 32 characters
    around that. ``color`` is ``#rrggbb`` or None. Times are ISO 8601 in UTC, None if unknown.
    """

    place: DocumentPlace
    exact: str
    prefix: str
    suffix: str
    color: str | None
    comment: str
    author: str
    created: str | None
    changed: str | None


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What a PDF file says of itself.

    ``first_page`` is the text of page 1, ``title`` that of its metadata. ``text_sha256`` is the SHA-256 of all text
    without white space, the same for two files that differ only in annotations and metadata. ``annotations`` are in
    reading order. ``left_out`` counts annotations by kind that are not imported: ink, stamps and the like.
    """

    sha256: str
    size: int
    page_count: int
    title: str
    first_page: str
    text_sha256: str
    annotations: tuple[FoundAnnotation, ...]
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True)
class ColorChoice:
    """A colour (``#rrggbb``) of annotations in a file: how many have it, and which labels it may stand for, by name.

    ``remembered`` is the label that was chosen for it before, or None; ``nearest`` that of the likest colour.
    """

    color: str
    count: int
    remembered: str | None
    nearest: str


@dataclass(frozen=True, slots=True)
class AttachReport:
    """What attaching a file did: how many of its annotations became highlights, and how many had been imported before.

    ``was_attached`` is True if the paper had this very file already, ``is_newer`` if it had another file of the same
    text, whose highlights hold for this one too.
    """

    document: Document
    added: int
    known: int
    was_attached: bool
    is_newer: bool


_GAP = 1024
"""What lies between the positions of two highlights that are imported together, for those that come later."""


def positions_between(known: Sequence[int | None]) -> list[int]:
    """Positions in reading order for annotations of which some have one: the others lie between these."""
    positions: list[int] = []
    last, place = 0, 0
    for is_new, group in groupby(known, key=lambda each: each is None):
        values = list(group)
        place += len(values)
        if not is_new:
            positions += [value or 0 for value in values]
        else:
            following = known[place] if place < len(known) else None
            step = _GAP if following is None else (following - last) / (len(values) + 1)
            positions += [last + int(step * number) for number in range(1, len(values) + 1)]
        last = positions[-1]
    return positions
