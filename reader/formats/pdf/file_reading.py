"""Reading a PDF file: what it says of itself, and its annotations with the text that they mark."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace

from reader.domain.documents import AnnotationKind, DocumentPlace, FoundAnnotation, ReadDocument
from reader.domain.page_text.document import DocumentText
from reader.domain.page_text.marking import Marker
from reader.formats.pdf.annotations import LONGEST_NAME, RawAnnotation, read_annotations
from reader.formats.pdf.engine import PdfFile
from reader.formats.pdf.geometry import box_around
from reader.formats.pdf.problems import PdfError
from reader.formats.pdf.strings import plain_text

LONGEST_QUOTE = 20_000
LONGEST_FIRST_PAGE = 20_000
LONGEST_TITLE = 1_000
_LAST = (2**31, 0)
"""Where annotations without text come on their page."""
_MOST_PAGES_READ = 200
_NOTES = (AnnotationKind.NOTE, AnnotationKind.FREE_TEXT)


def read_pdf(data: bytes) -> ReadDocument:
    """Read a file; raises :class:`~reader.formats.pdf.problems.PdfError`."""
    sha256 = hashlib.sha256(data).hexdigest()
    with closing(PdfFile(data)) as file:
        raw, left_out = _annotations(file, data)
        first_page, text_sha256 = _texts(file)
        return ReadDocument(
            sha256=sha256,
            size=len(data),
            page_count=file.page_count,
            title=plain_text(file.title, LONGEST_TITLE),
            first_page=first_page,
            text_sha256=text_sha256,
            annotations=tuple(_with_texts(file, raw, sha256)),
            left_out=left_out,
        )


def _annotations(file: PdfFile, data: bytes) -> tuple[list[RawAnnotation], dict[str, int]]:
    """The annotations, from a copy by PDFium if the file is encrypted or only PDFium can make sense of it."""
    if not file.is_encrypted:
        try:
            return read_annotations(data, file.page_count)
        except PdfError:
            pass
    return read_annotations(file.plain_copy(), file.page_count)


def _texts(file: PdfFile) -> tuple[str, str]:
    """The text of the first page, and the hash of all text without white space."""
    texts = hashlib.sha256()
    first_page = ""
    for page in range(file.page_count):
        text = file.text(page)
        first_page = first_page or (plain_text(text, LONGEST_FIRST_PAGE) if page == 0 else "")
        texts.update("".join(text.split()).encode("utf-8", "replace"))
    return first_page, texts.hexdigest()


def _with_texts(file: PdfFile, raw: Iterable[RawAnnotation], sha256: str) -> list[FoundAnnotation]:
    """The annotations with their texts, page by page in the order of reading (decision 62)."""
    by_page: dict[int, list[RawAnnotation]] = {}
    for annotation in raw:
        by_page.setdefault(annotation.page, []).append(annotation)
    origins: Counter[str] = Counter()
    found: list[FoundAnnotation] = []
    marker = Marker(DocumentText(file.characters(page) for page in _pages_around(by_page, file.page_count)))
    for page, here in sorted(by_page.items()):
        label = plain_text(file.page_label(page), LONGEST_NAME)
        placed: list[tuple[tuple[int, int], FoundAnnotation]] = []
        for annotation in here:
            name = annotation.name or _made_origin(annotation)
            origins[name] += 1
            origin = name if origins[name] == 1 else f"{name}#{origins[name]}"
            place = DocumentPlace(sha256, page, label, annotation.quads, annotation.kind, origin)
            placed.append(_with_text(annotation, place, marker))
        found += [each for _, each in sorted(placed, key=lambda pair: pair[0])]
    return found


def _with_text(
    annotation: RawAnnotation, place: DocumentPlace, marker: Marker
) -> tuple[tuple[int, int], FoundAnnotation]:
    """An annotation with its text, and where in the order of reading that begins."""
    is_note = annotation.kind in _NOTES
    page, quads = annotation.page, annotation.quads
    marked = marker.beside(page, box_around(quads)) if is_note else marker.under(page, quads)
    found = FoundAnnotation(
        place=place,
        exact=marked.exact[:LONGEST_QUOTE] if marked else "",
        prefix=marked.prefix if marked else "",
        suffix=marked.suffix if marked else "",
        color=annotation.color,
        comment=annotation.comment,
        author=annotation.author,
        created=annotation.created,
        changed=annotation.changed,
    )
    if marked and not is_note and _letters(annotation.comment) == _letters(marked.exact):
        found = replace(found, comment="")  # some programs put the marked text there
    return marked.place if marked else _LAST, found


def _pages_around(annotated: Iterable[int], page_count: int) -> list[int]:
    """The pages that are read to know the text of marks: all, of a long document those with marks and their neighbours.

    What is running text and what a running head is told by comparing pages.
    """
    if page_count <= _MOST_PAGES_READ:
        return list(range(page_count)) if annotated else []
    around = {page + step for page in annotated for step in (-1, 0, 1)}
    return sorted(page for page in around if 0 <= page < page_count)


def _made_origin(annotation: RawAnnotation) -> str:
    """An id for an annotation without one: of where it is and its kind, which stay when a comment is changed."""
    corners = [round(number) for quad in annotation.quads for number in quad]
    place = f"{annotation.page} {annotation.kind} {corners}"
    return f"place:{hashlib.sha256(place.encode()).hexdigest()[:20]}"


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
