"""What the process that reads a file answers is believed only if it is of its form."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.documents import ReadDocument
from reader.formats.pdf.answers import BadAnswerError, decode, encode_document, encode_problem
from reader.formats.pdf.file_reading import read_pdf
from reader.formats.pdf.problems import PdfProblem
from tests.formats.pdf.hostile import sample

READ = read_pdf(sample())
ANSWER = json.loads(encode_document(READ))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something could be put into an answer instead of what is there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in items for place in places(each, (*path, key)))]


def forged(path: tuple[Any, ...], junk: Any) -> bytes:
    answer = {"": deepcopy(ANSWER)}
    holder: Any = answer
    for key in ("", *path)[:-1]:
        holder = holder[key]
    holder[("", *path)[-1]] = junk
    return json.dumps(answer[""]).encode()


def test_answers_arrive_as_they_were_given() -> None:
    assert decode(encode_document(READ)) == READ
    assert len(READ.annotations) == 6
    assert {decode(encode_problem(problem)) for problem in PdfProblem} == set(PdfProblem)


JUNK = [
    None,
    True,
    -1,
    1.5,
    10**30,
    float("nan"),
    float("inf"),
    "",
    "x" * 70_000,
    "\ud800",
    [],
    [[]],
    {},
    {"x": 1},
    [0] * 20_000,
]


@given(st.sampled_from(places(ANSWER)), st.sampled_from(JUNK))
def test_forged_answers_are_refused_or_harmless(path: tuple[Any, ...], junk: Any) -> None:
    try:
        found = decode(forged(path, junk))
    except BadAnswerError:
        return
    assert isinstance(found, ReadDocument)
    assert decode(encode_document(found)) == found  # every value is of its type and within its bounds
    json.dumps(json.loads(encode_document(found)), allow_nan=False)


@pytest.mark.parametrize(
    ("path", "junk"),
    [
        (("document", "sha256"), "../../etc/passwd"),
        (("document", "text_sha256"), "A" * 64),
        (("document", "title"), "\ud800"),
        (("document", "first_page"), "x" * 70_000),
        (("document", "page_count"), True),
        (("document", "page_count"), 10**9),
        (("document", "left_out"), {str(number): 1 for number in range(1_000)}),
        (("document", "annotations"), "not a list"),
        (("document", "annotations", 0, "place", "page"), 3),
        (("document", "annotations", 0, "place", "kind"), "novelty"),
        (("document", "annotations", 0, "place", "quads"), [[0] * 7]),
        (("document", "annotations", 0, "place", "quads", 0, 0), float("nan")),
        (("document", "annotations", 0, "color"), "red"),
        (("document", "annotations", 0, "changed"), "yesterday"),
        (("document", "annotations", 0), None),
        (("document",), None),
        ((), []),
        ((), {"problem": "novelty"}),
    ],
)
def test_forged_answers_are_refused(path: tuple[Any, ...], junk: Any) -> None:
    with pytest.raises(BadAnswerError):
        decode(forged(path, junk))


@pytest.mark.parametrize("answer", [b"", b"{", b"\xff", b"[" * 100_000, b"\x80\x04K\x07."])
def test_what_is_no_answer_is_refused(answer: bytes) -> None:
    with pytest.raises(BadAnswerError):
        decode(answer)
