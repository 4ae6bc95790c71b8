"""Documents as reading a PDF gives them, made of a few words instead of files."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from reader.domain.documents import AnnotationKind, DocumentPlace, FoundAnnotation, ReadDocument

YELLOW, GREEN = "#ffff00", "#00ff00"


def digest(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def found(
    exact: str,
    *,
    page: int = 0,
    color: str | None = YELLOW,
    comment: str = "",
    origin: str = "",
    kind: AnnotationKind = AnnotationKind.HIGHLIGHT,
    created: str | None = "2026-02-01T08:00:00Z",
) -> FoundAnnotation:
    """An annotation of a text; its id is made of that unless one is given."""
    quad = (72.0, 700.0, 300.0, 700.0, 72.0, 688.0, 300.0, 688.0)
    place = DocumentPlace("", page, str(page + 1), (quad,), kind, origin or f"nm-{exact}")
    return FoundAnnotation(place, exact, "before ", " after", color, comment, "Ada", created, created)


def read_of(
    name: str,
    *annotations: FoundAnnotation,
    text: str | None = None,
    title: str = "",
    first_page: str = "",
) -> ReadDocument:
    """What a file says of itself whose bytes are ``name``; files with equal ``text`` are of one text."""
    sha256 = digest(name)
    placed = tuple(replace(each, place=replace(each.place, document=sha256)) for each in annotations)
    return ReadDocument(
        sha256=sha256,
        size=len(name.encode()),
        page_count=12,
        title=title,
        first_page=first_page,
        text_sha256=digest(text if text is not None else f"text of {name}"),
        annotations=placed,
        left_out={},
    )
