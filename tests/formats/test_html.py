"""Saved Daily Papers pages."""

from __future__ import annotations

import json

import pytest

from reader.domain.dates import PartialDate
from reader.domain.errors import ParseError
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, Organization, Problem
from reader.formats import api, html
from reader.formats.text_decoder import Head
from tests.formats.structured_fixtures import fixture, page

ENTRIES = json.loads(fixture("daily_papers_new.json"))


def test_reads_the_page_data_like_the_api() -> None:
    listing = html.parse(page({"periodType": "day", "dateString": "2026-09-04", "dailyPapers": ENTRIES}))
    assert listing.records == api.parse(fixture("daily_papers_new.json")).records
    assert listing.account == LineAccount(AccountUnit.ENTRIES, total=2, records=2, boilerplate=0, problems=0)
    assert (listing.format, listing.heading, listing.query) == ("html", PartialDate(2026, 9, 4), None)


def test_markup_within_the_data_is_text() -> None:
    title = "<b>Bold</b> & \"Quoted\" 'Claims' &amp; </div> --> 日本語"
    (record,) = html.parse(page({"dailyPapers": [{"paper": {"title": title}}]})).records
    assert record.title == title


def test_reads_a_search_page() -> None:
    head = '<link rel="canonical" href="https://huggingface.co/papers?q=sparse%20lanterns">'
    data = {"query": {"q": "sparse lanterns"}, "dailyPapers": ENTRIES[1:], "searchResults": ENTRIES[:1]}
    listing = html.parse(page(data, head=head))
    assert [record.arxiv_id for record in listing.records] == ["2609.02001"]
    assert listing.query == "sparse lanterns"
    assert listing.source_url == "https://huggingface.co/papers?q=sparse%20lanterns"
    assert (listing.account.total, listing.account.boilerplate) == (2, 1)


def test_the_address_gives_search_and_date_where_the_data_does_not() -> None:
    head = '<meta property="og:url" content="https://huggingface.co/papers/date/2026-09-05?q=moths">'
    listing = html.parse(page({"dailyPapers": ENTRIES}, head=head))
    assert (listing.query, listing.heading) == ("moths", PartialDate(2026, 9, 5))


def test_without_any_date_the_day_of_submission_is_the_heading() -> None:
    assert html.parse(page({"dailyPapers": ENTRIES})).heading == PartialDate(2026, 9, 3)


def test_reads_the_cards_where_the_data_is_missing() -> None:
    listing = html.parse(fixture("cards.html"))
    assert listing.records == (
        ListingRecord(
            title="Gardens of Forking Gradients & Hedges",
            abstract="Gradients fork in gardens; we follow both branches <at once> and meet ourselves.",
            lines=LineRange(1, 1),
            author_count=12,
            published=PartialDate(2025, 1, 30),
            comments=4,
            upvotes=1149,
            arxiv_id="2502.03001",
            url="https://huggingface.co/papers/2502.03001",
            code_urls=("https://github.com/forking/gardens",),
            submitted_by="gil",
        ),
        ListingRecord(
            title="A Harbour for Lost Tokens?",
            abstract="",
            lines=LineRange(2, 2),
            organization=Organization("harbour-ai", "Harbour AI"),
            published=PartialDate(2025, 2, 3),
            arxiv_id="2502.03002",
            url="https://huggingface.co/papers/2502.03002",
        ),
    )
    assert listing.problems == (Problem(LineRange(4, 4), "The paper has no title.", "no heading here"),)
    assert listing.account == LineAccount(AccountUnit.ENTRIES, total=5, records=3, boilerplate=1, problems=1)
    assert (listing.repeated, listing.heading) == (1, PartialDate(2025, 2, 4))
    assert listing.source_url == "https://huggingface.co/papers/date/2025-02-04"


def test_damaged_data_falls_back_on_the_cards() -> None:
    card = '<article><h3><a href="/papers/2502.03009">Still Shown</a></h3></article>'
    data = page({"dailyPapers": ENTRIES}, after=card).replace(b"}]}", b"}")
    assert [record.title for record in html.parse(data).records] == ["Still Shown"]


def test_headings_without_cards_will_do() -> None:
    data = b'<html><body><h3><a href="/papers/2502.03009">Only a Heading</a></h3><h3>Another</h3></body></html>'
    listing = html.parse(data)
    assert [record.title for record in listing.records] == ["Only a Heading"]
    assert listing.account == LineAccount(AccountUnit.ENTRIES, 2, 1, 1, 0)


def test_a_page_of_something_else_has_no_records() -> None:
    listing = html.parse(b"<!doctype html><html><body><p>Welcome.</p></body></html>")
    assert (listing.records, listing.account.total) == ((), 0)


@pytest.mark.parametrize(
    "unit",
    [b"<div>", b"<b id=1>", b'<p title="></p>">', b"<svg><g/>", b"<td><table>", b"<div><!-->"],
)
def test_refuses_what_could_take_minutes(unit: bytes) -> None:
    with pytest.raises(ParseError, match="too many elements"):
        html.parse(b"<html>" + unit * 40_000)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (page({"dailyPapers": []}), 1.0),
        (b'\xef\xbb\xbf\n<!DOCTYPE html><a href="/papers/2502.03001">', 0.9),
        (b"<html><head><link href='https://huggingface.co/papers'>", 0.9),
        (b"<!-- saved from url=(0014)about:internet -->\n<html>x", 0.5),
        (b'text about <div data-target="DailyPapers">', 0.0),
        (b"<feed>", 0.0),
        (b"", 0.0),
    ],
)
def test_detects(data: bytes, expected: float) -> None:
    assert html.detect(Head(data, "page.html")) == expected
