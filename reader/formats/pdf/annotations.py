"""What was annotated in a file, as pypdf reads it (ISO 32000-2, §12.5).

PDFium does not tell the colour of an annotation that has an appearance, which most have. Whatever is not as the norm
has it is left out; a file may have been made to break this.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import islice
from typing import Any

from pypdf import PdfReader, apply_configuration
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from reader.domain.documents import AnnotationKind, Quad
from reader.formats.pdf.geometry import quads_of, quads_of_box
from reader.formats.pdf.problems import PdfError, PdfProblem
from reader.formats.pdf.strings import color_of, moment_of, plain_text, rich_text

MOST_ANNOTATIONS = 10_000
"""How many annotations of a file are read; the others are counted as left out."""
LONGEST_COMMENT = 50_000
LONGEST_NAME = 200
_MOST_NUMBERS = 8 * 1_000
"""A mark has so many quads at most: ten pages full of lines."""
_KINDS = {
    "/Highlight": AnnotationKind.HIGHLIGHT,
    "/Underline": AnnotationKind.UNDERLINE,
    "/StrikeOut": AnnotationKind.STRIKE_OUT,
    "/Squiggly": AnnotationKind.SQUIGGLY,
    "/Text": AnnotationKind.NOTE,
    "/FreeText": AnnotationKind.FREE_TEXT,
}
_NOT_MADE_BY_PEOPLE = {"/Link", "/Widget", "/Popup", "/PrinterMark", "/TrapNet", "/Watermark", "/Screen"}
_LEFT_OUT = {
    "/Ink": "ink",
    "/Stamp": "stamp",
    "/Square": "square",
    "/Circle": "circle",
    "/Line": "line",
    "/Polygon": "polygon",
    "/PolyLine": "polyline",
    "/Caret": "caret",
    "/FileAttachment": "file",
    "/Sound": "sound",
    "/Redact": "redaction",
}
_OTHER = "other"

_Key = tuple[int, int, int]
"""By what others on its page refer to an annotation: the page and the numbers of its object, or others without one.

Programs that save space write alike annotations of several pages as one object.
"""


@dataclass(frozen=True, slots=True)
class RawAnnotation:
    """An annotation without the text under it. ``name`` is its /NM, empty if it has none."""

    page: int
    kind: AnnotationKind
    quads: tuple[Quad, ...]
    color: str | None
    comment: str
    author: str
    created: str | None
    changed: str | None
    name: str


@dataclass(slots=True)
class _Entry:
    """An annotation as it stands in the file. ``made`` is None for a kind that is left out."""

    made: RawAnnotation | None
    comment: str
    author: str
    answers: _Key | None
    """What it is a reply to or grouped with."""
    is_grouped: bool
    is_state: bool
    """Whether it only says that somebody accepted or rejected what it answers."""


@dataclass(slots=True)
class _Found:
    entries: dict[_Key, _Entry] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


def read_annotations(data: bytes, page_count: int) -> tuple[list[RawAnnotation], dict[str, int]]:
    """The annotations of the first pages, in the file's order, and how many of which kinds are left out.

    The file must not be encrypted. Raises :class:`PdfError` if pypdf cannot read it.
    """
    found = _Found()
    try:
        with apply_configuration(jbig2dec_binary=None, disable_legacy_handling=True), BytesIO(data) as stream:
            reader = PdfReader(stream)
            for number in range(min(page_count, len(reader.pages))):
                _read_page(reader.pages[number], number, found)
    except MemoryError:
        raise
    except Exception as error:  # pypdf says that damaged files may cause any
        raise PdfError(PdfProblem.DAMAGED) from error
    return _with_replies(found.entries), dict(sorted(found.left_out.items()))


def _read_page(page: DictionaryObject, number: int, found: _Found) -> None:
    annotations = _value(page, "/Annots")
    if not isinstance(annotations, ArrayObject):
        return
    for place, reference in enumerate(list.__iter__(annotations)):
        if len(found.entries) >= MOST_ANNOTATIONS:
            found.left_out[_OTHER] += len(annotations) - place
            return
        key = _key(number, reference) or (number, -1 - place, 0)
        try:
            _read_entry(reference.get_object(), number, key, found)
        except MemoryError:
            raise
        except Exception:  # one damaged annotation is no reason to refuse the others
            found.left_out[_OTHER] += 1


def _read_entry(annotation: Any, page: int, key: _Key, found: _Found) -> None:
    if not isinstance(annotation, DictionaryObject) or key in found.entries:
        return
    subtype = str(_value(annotation, "/Subtype"))
    if subtype in _NOT_MADE_BY_PEOPLE:
        return
    kind = _KINDS.get(subtype)
    if kind is None:
        found.left_out[_LEFT_OUT.get(subtype, _OTHER)] += 1
    comment, author = _comment(annotation), _string(annotation, "/T", LONGEST_NAME)
    answers = dict.get(annotation, "/IRT")
    found.entries[key] = _Entry(
        made=_made(annotation, page, kind, comment, author) if kind else None,
        comment=comment,
        author=author,
        answers=_key(page, answers),
        is_grouped=_value(annotation, "/RT") == "/Group",
        is_state="/StateModel" in annotation,
    )


def _key(page: int, reference: Any) -> _Key | None:
    return (page, reference.idnum, reference.generation) if isinstance(reference, IndirectObject) else None


def _made(
    annotation: DictionaryObject, page: int, kind: AnnotationKind, comment: str, author: str
) -> RawAnnotation | None:
    """The annotation; None if it marks no place."""
    quads: tuple[Quad, ...] = ()
    if kind not in (AnnotationKind.NOTE, AnnotationKind.FREE_TEXT):
        # Some programs leave a mark with no quads behind when one is deleted.
        if _value(annotation, "/QuadPoints") == []:
            return None
        quads = quads_of(_numbers(annotation, "/QuadPoints"))
    quads = quads or quads_of_box(_numbers(annotation, "/Rect"))
    if not quads:
        return None
    return RawAnnotation(
        page=page,
        kind=kind,
        quads=quads,
        color=color_of(_numbers(annotation, "/C")),
        comment=comment,
        author=author,
        created=moment_of(_string(annotation, "/CreationDate", LONGEST_NAME)),
        changed=moment_of(_string(annotation, "/M", LONGEST_NAME)),
        name=_string(annotation, "/NM", LONGEST_NAME),
    )


def _with_replies(entries: dict[_Key, _Entry]) -> list[RawAnnotation]:
    """The annotations that are no replies, each with the replies to it and to these below its comment."""
    comments: dict[_Key, list[str]] = {}
    roots: dict[_Key, _Key] = {}
    for key, entry in entries.items():
        root = _root(key, entries, roots)
        said = entry.comment
        if root == key or (said and not entry.is_state):
            is_others = root != key and entry.author and entry.author != entries[root].author
            comments.setdefault(root, []).append(f"{entry.author}: {said}" if is_others else said)
    made: list[RawAnnotation] = []
    for key, entry in entries.items():
        if entry.made is not None and not entry.is_state and roots[key] == key:
            partner = entries.get(entry.answers) if entry.answers else None
            parts = comments[key]
            if entry.is_grouped and partner is not None and partner.made is None:
                parts = [*parts, partner.comment]  # the caret of a replacement has the new words
            made.append(replace(entry.made, comment="\n\n".join(filter(None, parts))[:LONGEST_COMMENT]))
    return made


def _root(key: _Key, entries: dict[_Key, _Entry], roots: dict[_Key, _Key]) -> _Key:
    """The annotation that the talk began with to which this belongs, which may be itself; kept in ``roots``."""
    seen: dict[_Key, None] = {}
    while key not in roots:
        seen[key] = None
        answers = entries[key].answers
        if answers is None or answers not in entries or answers in seen or _stands_alone(entries[key]):
            roots[key] = key
        else:
            key = answers
    roots.update(dict.fromkeys(seen, roots[key]))
    return roots[key]


def _stands_alone(entry: _Entry) -> bool:
    """Whether an annotation is grouped with another one and yet a mark itself, as a text that is to be replaced."""
    return entry.is_grouped and entry.made is not None


def _comment(annotation: DictionaryObject) -> str:
    comment = _string(annotation, "/Contents", LONGEST_COMMENT)
    if comment:
        return comment
    rich = _value(annotation, "/RC")
    if isinstance(rich, StreamObject):
        rich = rich.get_data()
    return rich_text(_text(rich), LONGEST_COMMENT)


def _string(annotation: DictionaryObject, key: str, longest: int) -> str:
    return plain_text(_text(_value(annotation, key)), longest)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def _numbers(annotation: DictionaryObject, key: str) -> list[float]:
    """The numbers of an array, as many as are read; none if it is no array or has anything else in it."""
    array = _value(annotation, key)
    if not isinstance(array, ArrayObject):
        return []
    try:
        return [float(each.get_object()) for each in islice(list.__iter__(array), _MOST_NUMBERS)]
    except (TypeError, ValueError):
        return []


def _value(dictionary: DictionaryObject, key: str) -> Any:
    """The value of a key, looked up if it is an object of its own; None if there is none."""
    value = dict.get(dictionary, key)
    return value.get_object() if isinstance(value, IndirectObject) else value
