"""What the process that reads a PDF file answers: JSON, which is as untrusted as the file.

Nothing of an answer is believed before it was looked at: a file that broke into that process could send anything.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from reader.domain.documents import AnnotationKind, DocumentPlace, FoundAnnotation, Quad, ReadDocument
from reader.formats.pdf.problems import MOST_PAGES, PdfProblem

LARGEST_ANSWER = 64 * 1024 * 1024
_LONGEST_TEXT = 60_000
_LONGEST_NAME = 300
_MOST_ITEMS = 10_000
_MOST_KINDS = 100
_FARTHEST = 1e6
_SHA256 = re.compile("[0-9a-f]{64}")
_COLOR = re.compile("#[0-9a-f]{6}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

_Value = TypeVar("_Value")


class BadAnswerError(Exception):
    """An answer that no process of ours gives."""


def encode_document(read: ReadDocument) -> bytes:
    """The answer for a file that was read."""
    return json.dumps({"document": asdict(read)}).encode()


def encode_problem(problem: PdfProblem) -> bytes:
    """The answer for a file that cannot be read."""
    return json.dumps({"problem": problem}).encode()


def decode(answer: bytes) -> ReadDocument | PdfProblem:
    """What was read, or the problem; raises :class:`BadAnswerError` for anything else."""
    try:
        found = json.loads(answer)
        return PdfProblem(found["problem"]) if "problem" in found else _document(found["document"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadAnswerError(str(error)) from error


def _document(found: dict[str, Any]) -> ReadDocument:
    pages = _count(found["page_count"], MOST_PAGES)
    sha256 = _matching(_SHA256, found["sha256"])
    left_out = found["left_out"]
    if len(left_out) > _MOST_KINDS:
        raise ValueError("too many kinds")
    return ReadDocument(
        sha256=sha256,
        size=_count(found["size"], 2**40),
        page_count=pages,
        title=_text(found["title"]),
        first_page=_text(found["first_page"]),
        text_sha256=_matching(_SHA256, found["text_sha256"]),
        annotations=_several(found["annotations"], lambda each: _annotation(each, pages, sha256)),
        left_out={_text(kind, _LONGEST_NAME): _count(number, 2**31) for kind, number in left_out.items()},
    )


def _annotation(found: dict[str, Any], pages: int, sha256: str) -> FoundAnnotation:
    place = found["place"]
    return FoundAnnotation(
        place=DocumentPlace(
            document=sha256,
            page=_count(place["page"], pages - 1),
            page_label=_text(place["page_label"], _LONGEST_NAME),
            quads=_several(place["quads"], _quad),
            kind=AnnotationKind(place["kind"]),
            origin=_text(place["origin"], _LONGEST_NAME),
        ),
        exact=_text(found["exact"]),
        prefix=_text(found["prefix"], _LONGEST_NAME),
        suffix=_text(found["suffix"], _LONGEST_NAME),
        color=None if found["color"] is None else _matching(_COLOR, found["color"]),
        comment=_text(found["comment"]),
        author=_text(found["author"], _LONGEST_NAME),
        created=_moment(found["created"]),
        changed=_moment(found["changed"]),
    )


def _quad(found: Any) -> Quad:
    if not isinstance(found, list) or len(found) != 8:
        raise ValueError("no quad")
    x1, y1, x2, y2, x3, y3, x4, y4 = map(_number, found)
    return x1, y1, x2, y2, x3, y3, x4, y4


def _number(found: Any) -> float:
    if type(found) not in (int, float) or not math.isfinite(found) or abs(found) > _FARTHEST:
        raise ValueError("no place on a page")
    return float(found)


def _several(found: Any, one: Callable[[Any], _Value]) -> tuple[_Value, ...]:
    if not isinstance(found, list) or len(found) > _MOST_ITEMS:
        raise ValueError("no list, or too long")
    return tuple(map(one, found))


def _count(found: Any, most: int) -> int:
    if type(found) is not int or not 0 <= found <= most:
        raise ValueError("no number, or too large")
    return found


def _text(found: Any, longest: int = _LONGEST_TEXT) -> str:
    if not isinstance(found, str) or len(found) > longest:
        raise ValueError("no text, or too long")
    found.encode()  # halves of characters are no text
    return found


def _moment(found: Any) -> str | None:
    return None if found is None else _matching(_MOMENT, found)


def _matching(pattern: re.Pattern[str], found: Any) -> str:
    text = _text(found)
    if pattern.fullmatch(text) is None:
        raise ValueError("not of its form")
    return text
