"""BibTeX and BibLaTeX files."""

from __future__ import annotations

import pytest

from reader.domain.dates import PartialDate
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, Problem
from reader.formats import bibtex
from reader.formats.bibtex_names import read_names
from tests.formats.structured_fixtures import fixture


def _one(fields: str, kind: str = "article") -> ListingRecord:
    listing = bibtex.parse(f"@{kind}{{key,\n  {fields}\n}}\n".encode())
    assert listing.problems == ()
    (record,) = listing.records
    return record


def test_reads_what_many_programs_write() -> None:
    listing = bibtex.parse(fixture("papers.bib"))
    assert listing.records == (
        ListingRecord(
            title="Candles and $\\mathbb{W}_{a}$: 5% of Öl, \\emph{now} with LLMs & Wicks",
            abstract="Candles burn at both ends. We measure 3% of them.",
            lines=LineRange(4, 4),
            authors=("Ada Gale", "Bas van der Hoorn", "The Wax Team", "Martín López", "Bar Foo Jr."),
            author_count=5,
            published=PartialDate(2024, 1, 7),
            arxiv_id="2401.07001",
            url="https://arxiv.org/abs/2401.07001",
            keywords=("wax", "wicks"),
            categories=("cs.CL",),
        ),
        ListingRecord(
            title="A Repeated Key and a Concatenated Title",
            abstract="",
            lines=LineRange(5, 5),
            authors=("Ida Jay",),
            published=PartialDate(2023, 5, 3),
            url="https://doi.org/10.1000/wax_7",
            keywords=("tallow", "bees, wax"),
        ),
        ListingRecord(
            title="$\\mathbb{X}$: As Zotero Writes It",
            abstract="",
            lines=LineRange(6, 6),
            published=PartialDate(2024),
            arxiv_id="2402.07002",
        ),
        ListingRecord(title="Corridors of Record", abstract="", lines=LineRange(7, 7), arxiv_id="2403.07003"),
        ListingRecord(
            title="An Unknown Type Is Accepted",
            abstract="",
            lines=LineRange(10, 10),
            url="https://example.org/a_b",
        ),
    )
    assert listing.problems == (
        Problem(LineRange(8, 8), "The paper has no title.", "@thesis{nobody, author={No Title}}"),
        Problem(
            LineRange(9, 9),
            "The entry is not closed, or damaged within.",
            "@article{broken, title={A {Brace That Never Closes},\n  year=2020\n}",
        ),
    )
    assert listing.account == LineAccount(AccountUnit.ENTRIES, total=11, records=5, furniture=4, problems=2)
    assert listing.format == "bibtex"


@pytest.mark.parametrize(
    ("fields", "iso"),
    [
        ("year = 2024, month = {May}, day = 3", "2024-05-03"),
        ('year = {2024}, month = may # "~3"', "2024-05-03"),
        ("year = {2024}, month = {05}", "2024-05"),
        ("year = {2024}, month = {Mai}", "2024"),
        ("year = {2024}, month = feb, day = 30", "2024-02"),
        ("year = {2024}, month = 13", "2024"),
        ("date = {2024-05}, year = 1999", "2024-05"),
        ("date = {soon}, year = {[2024]}", "2024"),
        ("year = {in press}", None),
        ("year = {12024}", None),
        ("", None),
    ],
)
def test_dates(fields: str, iso: str | None) -> None:
    published = _one(f"title = {{T}}, {fields}").published
    assert (published.iso() if published else None) == iso


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ("eprint = {2401.07001}", "2401.07001"),
        ("eprint = {arXiv:2401.07001v2}, eprinttype = {arXiv}", "2401.07001"),
        ("eprint = {2401.07001}, eprinttype = {hal}", None),
        ("eprint = {cs/0501001}, archivePrefix = {arXiv}", "cs/0501001"),
        ("arxivId = {2401.07001}", "2401.07001"),
        ("doi = {10.48550/ARXIV.2401.07001}", "2401.07001"),
        ("url = {http://arxiv.org/abs/2401.07001v1}", "2401.07001"),
        ("journal = {arXiv preprint arXiv:2401.07001}", "2401.07001"),
        ("journal = {CoRR}, volume = {abs/2401.07001}", "2401.07001"),
        ("number = {arXiv:2401.07001}", "2401.07001"),
        ("note = {arXiv:2401.07001 [cs]}", "2401.07001"),
        ("note = {Extends arXiv:2401.07001}", None),
        ("volume = {2401.07001}", None),
    ],
)
def test_arxiv_identifiers(fields: str, identifier: str | None) -> None:
    assert _one(f"title = {{T}}, {fields}").arxiv_id == identifier


@pytest.mark.parametrize(
    ("text", "names", "count"),
    [
        ("Ada Gale", ("Ada Gale",), 1),
        ("Gale, Ada and Bas van Hoorn", ("Ada Gale", "Bas van Hoorn"), 2),
        ("{Simon and Partners} and others", ("Simon and Partners",), None),
        ("Foo, Jr., Bar", ("Bar Foo Jr.",), 1),
        ("G{\\\"o}del, Kurt AND {\\'E}. Galois", ("Kurt Gödel", "É. Galois"), 2),
        ("Ann~Bee", ("Ann Bee",), 1),
        ("Bee,", ("Bee",), 1),
        ("a, b, c, d", ("c d a b",), 1),
        ("}{ and {", ("and",), 1),
        ("and and", ("and and",), 1),
        ("", (), None),
        ("x" * 500, ("x" * 500,), 1),
    ],
)
def test_names(text: str, names: tuple[str, ...], count: int | None) -> None:
    assert read_names(text) == (names, count)


def test_strings_and_braces_in_titles() -> None:
    data = b'@string(a = "First")\n@string{b = {Second}}\n@misc{k, title = A # { and } # b, note = "{\\"a}"}\n'
    assert [record.title for record in bibtex.parse(data).records] == ["First and Second"]


@pytest.mark.parametrize(
    "text",
    [
        "just some words\nand more\n",
        "@comment{anything {nested} here}\n@preamble{x}\n@string{a = {b}}\n",
        "contact: someone@example.org {x}",
        "",
    ],
)
def test_furniture_is_no_problem(text: str) -> None:
    listing = bibtex.parse(text.encode())
    assert (listing.records, listing.problems) == ((), ())
    assert listing.account.total == listing.account.furniture


@pytest.mark.parametrize(
    "text",
    [
        "@art-icle{x, title={T}}",
        "@article{x, title={T}",
        "@article{x, title={T} year={2}}",
        "@article x, title={T}}",
        "@string{a = {b}",
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_text(text: str) -> None:
    listing = bibtex.parse(f"@misc{{ok, title={{Fine}}}}\n{text}\n".encode())
    assert [record.title for record in listing.records] == ["Fine"]
    assert listing.problems
    assert text[:10] in "".join(problem.text for problem in listing.problems)
    assert listing.account.total == 1 + listing.account.furniture + len(listing.problems)


def test_damage_does_not_reach_the_next_entry() -> None:
    data = b"@misc{a, title={Open\n\n@misc{b, title={Whole}}\n"
    listing = bibtex.parse(data)
    assert [record.title for record in listing.records] == ["Whole"]
    assert len(listing.problems) == 1


def test_says_nothing_on_the_terminal(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    bibtex.parse(b"@misc{a, title={Open\n@misc{b\n@misc{c, title={x}, title={y}}")
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (fixture("papers.bib"), "papers.bib", 0.95),
        (b"\n  @InProceedings {x,", "x", 0.95),
        (b"@dataset{x,", "x.bib", 0.8),
        (b"@dataset{x,", "x", 0.4),
        (b"% nothing yet", "x.bib", 0.3),
        (b"mail me@example.org {now}", "x", 0.0),
    ],
)
def test_detects(data: bytes, name: str, expected: float) -> None:
    assert bibtex.detect(data, name) == expected
