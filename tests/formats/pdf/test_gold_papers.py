"""Gold papers: papers of invented text in the classes of publishers, each sentence of which is known."""

from __future__ import annotations

import json
from contextlib import closing
from functools import cache

import pytest

from reader.domain.page_text.document import DocumentText
from reader.domain.page_text.lines import Kind
from reader.formats.pdf.engine import PdfFile
from tests.formats.pdf.gold_measuring import GOLD, PAPERS, measured

LEAST_WHOLE, LEAST_ENDS = 0.96, 0.98
MOST_BYTES = 2_000_000


@cache
def read(name: str) -> DocumentText:
    with closing(PdfFile((GOLD / f"{name}.pdf").read_bytes())) as file:
        return DocumentText(file.characters(page) for page in range(file.page_count))


def test_there_are_enough_sentences_in_few_bytes() -> None:
    counts = [measured(name, read(name)).count for name in PAPERS]
    assert len(PAPERS) == 8
    assert sum(counts) >= 500
    assert sum(path.stat().st_size for path in GOLD.iterdir()) < MOST_BYTES


@pytest.mark.parametrize("name", PAPERS)
def test_sentences_are_read_right(name: str) -> None:
    share = measured(name, read(name))
    assert share.whole >= LEAST_WHOLE * share.count, share.wrong
    assert share.ends >= LEAST_ENDS * share.count, share.wrong


@pytest.mark.parametrize("name", PAPERS)
def test_running_text_comes_in_order_and_nothing_foreign_is_in_it(name: str) -> None:
    truth = [text for text, _ in json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))["body"]]
    body = [each.text for each in read(name).sentences if each.kind is Kind.BODY]
    assert len(body) <= len(truth) * 1.02
    places = [body.index(text) for text in truth if truth.count(text) == 1 and body.count(text) == 1]
    assert places == sorted(places)


@pytest.mark.parametrize("name", PAPERS)
def test_headings_and_references_are_told_apart(name: str) -> None:
    truth = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))
    pieces = read(name).sentences
    headings = [each.text.casefold() for each in pieces if each.kind is Kind.HEADING]
    assert all(any(each.endswith(title.casefold()) for each in headings) for title in truth["headings"])
    references = [each.text for each in pieces if each.kind is Kind.REFERENCE]
    found = sum(any(each.endswith(text) for each in references) for text in truth["references"])
    assert found >= 0.9 * len(truth["references"])


@pytest.mark.parametrize(("changed", "source"), [("rotated", "acl"), ("cropped", "springer")])
def test_turned_and_cropped_pages_say_the_same(changed: str, source: str) -> None:
    assert [(each.kind, each.text) for each in read(changed).sentences] == [
        (each.kind, each.text) for each in read(source).sentences
    ]
