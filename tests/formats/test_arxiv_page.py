"""arXiv's pages of papers, saved as HTML."""

from __future__ import annotations

import pytest

from reader.domain.dates import PartialDate
from reader.domain.errors import ParseError
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord
from reader.formats import arxiv_page, registry
from tests.formats.structured_fixtures import fixture


def test_reads_a_page_of_new_papers() -> None:
    listing, detection = registry.parse_detected(fixture("arxiv_list.html"), "anything")
    assert (detection.format.name, detection.certain) == ("arxiv-html", True)
    assert listing.records == (
        ListingRecord(
            title="Moths & Lamps: $x < y$ Again",
            abstract="Moths fly to lamps.",
            lines=LineRange(1, 1),
            authors=("Ada Möth", "Bo Lamp"),
            author_count=2,
            arxiv_id="2601.90011",
            url="https://arxiv.org/abs/2601.90011",
            code_urls=("https://github.com/moths/lamps",),
            categories=("cs.LG", "stat.ML"),
        ),
        ListingRecord(
            title=r"Lamp $\ell$",
            abstract="",
            lines=LineRange(2, 2),
            authors=("Cy Dee",),
            author_count=1,
            arxiv_id="hep-th/9901007",
            url="https://arxiv.org/abs/hep-th/9901007",
        ),
        ListingRecord(
            title="Old Moths",
            abstract="",
            lines=LineRange(3, 3),
            authors=("Cy Dee",),
            author_count=1,
            arxiv_id="2501.90003",
            url="https://arxiv.org/abs/2501.90003",
            is_revision=True,
        ),
    )
    assert listing.account == LineAccount(AccountUnit.ENTRIES, 4, 3, 0, 1)
    assert (listing.heading, listing.source_url) == (PartialDate(2026, 1, 23), "https://arxiv.org/list/cs.ML/new")


def test_reads_an_older_page() -> None:
    page = (
        '<html><head><title>cs.LG</title></head><body><div id="dlpage"><dl><dt><a name="item1">[1]</a>&nbsp; '
        '<span class="list-identifier"><a href="/abs/2301.90001" title="Abstract">arXiv:2301.90001</a> '
        '[<a href="/pdf/2301.90001">pdf</a>]</span></dt><dd><div class="meta"><div class="list-title mathjax">'
        '<span class="descriptor">Title:</span> Quiet Fens\n</div><div class="list-authors"><span class="descriptor">'
        'Authors:</span> <a href="/search/?query=F">C. Fen</a></div><div class="list-subjects"><span '
        'class="descriptor">Subjects:</span> <span class="primary-subject">Machine Learning (cs.LG)</span></div>'
        "</div></dd></dl></div></body></html>"
    )
    (record,) = registry.parse(page.encode(), "list.html").records
    assert (record.title, record.authors, record.categories) == ("Quiet Fens", ("C. Fen",), ("cs.LG",))


def test_reads_results_of_a_search() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>Search | arXiv e-print repository</title>"
        '<link rel="canonical" href="https://arxiv.org/search/?query=quiet+fens&amp;q=quiet+fens"></head><body><ol>'
        '<li class="arxiv-result"><div><p class="list-title is-inline-block"><a href="https://arxiv.org/abs/2410.90005">'
        'arXiv:2410.90005</a> <span>[<a href="https://arxiv.org/pdf/2410.90005">pdf</a>]</span></p>'
        '<div class="tags is-inline-block"><span class="tag is-link">cs.LG</span> <span class="tag">cs.AI</span>'
        '</div></div><p class="title is-5 mathjax">\n <span class="search-hit">Quiet</span> Fens</p>'
        '<p class="authors"><span>Authors:</span> <a href="x">C. Fen</a>, <a href="y">D. Reed</a></p>'
        '<p class="abstract mathjax"><span class="abstract-short">Fens are… <a>▽ More</a></span>'
        '<span class="abstract-full">Fens are quiet at night. <a>△ Less</a></span></p>'
        '<p class="is-size-7"><span>Submitted</span> 3 October, 2024; originally announced October 2024.</p>'
        "</li></ol></body></html>"
    )
    listing = registry.parse(page.encode(), "search.html")
    assert listing.records == (
        ListingRecord(
            title="Quiet Fens",
            abstract="Fens are quiet at night.",
            lines=LineRange(1, 1),
            authors=("C. Fen", "D. Reed"),
            author_count=2,
            published=PartialDate(2024, 10, 3),
            arxiv_id="2410.90005",
            url="https://arxiv.org/abs/2410.90005",
            categories=("cs.LG", "cs.AI"),
        ),
    )


def test_another_page_of_arxivs_is_refused() -> None:
    page = (
        '<html><head><link rel="canonical" href="https://arxiv.org/list/cs.LG/recent"></head><body>None.</body></html>'
    )
    with pytest.raises(ParseError, match="looks like an arXiv page, but there is no paper in it"):
        registry.parse(page.encode(), "recent.html")
    with pytest.raises(ParseError, match="too many elements"):
        arxiv_page.parse(b"<html>arxiv" + b"<dt>" * 200_000)
