"""Tables of papers."""

from __future__ import annotations

import pytest

from reader.domain.bibliography import Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.errors import ParseError
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord
from reader.formats import registry, table
from reader.formats.export.spreadsheet import csv_lines
from tests.formats.export.examples import paper
from tests.formats.structured_fixtures import fixture


def test_reads_zoteros_table() -> None:
    listing, detection = registry.parse_detected(fixture("zotero.csv"), "anything")
    assert (detection.format.name, detection.certain, listing.format) == ("csv", True, "csv")
    assert listing.records == (
        ListingRecord(
            title='Lanterns in Urtica, and "Lamps"',
            abstract="We light lanterns.",
            lines=LineRange(1, 1),
            authors=("Ada Thistle", "Bo van der Moor", "The Lantern Society"),
            author_count=3,
            author_names=(Name("Thistle", "Ada"), Name("Moor", "Bo", "van der"), Name("Society", "The Lantern")),
            published=PartialDate(2031, 4, 2),
            url="https://moss.example/61",
            doi="10.5555/moss.61",
            publication=Publication("Annals of Moss", "12", "3", "101-117", "Fen Press", "article"),
            keywords=("moss", "lanterns"),
        ),
        ListingRecord(
            title="Quiet Fens",
            abstract="Fens are quiet.",
            lines=LineRange(2, 2),
            authors=("Cleo Fen",),
            author_count=1,
            author_names=(Name("Fen", "Cleo"),),
            published=PartialDate(2026, 1),
            arxiv_id="2601.90061",
            url="http://arxiv.org/abs/2601.90061",
            publication=Publication(publisher="arXiv", entry_type="misc"),
        ),
    )
    assert listing.account == LineAccount(AccountUnit.ENTRIES, 4, 2, 1, 1)


@pytest.mark.parametrize(
    ("authors", "shown"),
    [
        ("Fen C.; Reed E.M.", ("C. Fen", "E.M. Reed")),
        ("Fen C., Reed E.M.", ("C. Fen", "E.M. Reed")),
        ("Fen C, van der Reed EM", ("C Fen", "EM van der Reed")),
        ("Fen, Cleo (57190000001); van der Reed, Eli (57190000002)", ("Cleo Fen", "Eli van der Reed")),
        ("Cleo Fen; Eli Reed", ("Cleo Fen", "Eli Reed")),
    ],
)
def test_reads_scopus_table(authors: str, shown: tuple[str, ...]) -> None:
    text = (
        '"Authors","Author(s) ID","Title","Year","Source title","Volume","Issue","Page start","Page end","Cited by",'
        '"DOI","Link","Abstract","Author Keywords","Document Type","EID"\n'
        f'"{authors}","1; 2","Quiet Fens","2030","Annals of Moss","11","2","7","19","4","10.5555/moss.62",'
        '"https://www.scopus.com/inward?eid=2-s2.0","[No abstract available]","fens; quiet","Article","2-s2.0"\n'
    )
    (record,) = registry.parse(text.encode("utf-8-sig"), "scopus.csv").records
    assert (record.title, record.authors, record.abstract) == ("Quiet Fens", shown, "")
    assert (record.doi, record.published, record.keywords) == ("10.5555/moss.62", PartialDate(2030), ("fens", "quiet"))
    assert record.publication == Publication("Annals of Moss", "11", "2", "7-19", None, "article")


def test_an_articles_number_stands_for_its_pages() -> None:
    heading = "Authors,Title,Year,Source title,Volume,Issue,Art. No.,Page start,Page end,DOI\n"
    rows = "Fen C.,Quiet Fens,2030,Moss,11,2,104871,,,10.5555/a\nFen C.,Loud Fens,2030,Moss,11,2,,7,9,10.5555/b\n"
    listing = registry.parse((heading + rows).encode(), "scopus.csv")
    assert [record.publication.pages for record in listing.records] == ["104871", "7-9"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_reads_what_spreadsheets_write(separator: str) -> None:
    rows = [["Title", "Authors", "Year", "DOI"], ["Quiet Fens", "Cleo Fen", "2030", "10.5555/m"], ["", "", "", ""]]
    text = "\r\n".join(separator.join(row) for row in rows)
    listing = registry.parse(text.encode(), "papers.csv")
    assert [(record.title, record.authors, record.doi) for record in listing.records] == [
        ("Quiet Fens", ("Cleo Fen",), "10.5555/m")
    ]


def test_a_row_with_more_cells_than_the_heading_is_a_problem() -> None:
    listing = table.parse(
        b"Title,Authors,Year,DOI\nMoss, and more,Ann Bee,2030,10.5555/m\nMoss,Ann Bee,2030,10.5555/m\n"
    )
    assert [record.title for record in listing.records] == ["Moss"]
    assert "more cells than the heading" in listing.problems[0].reason


@pytest.mark.parametrize(
    "text",
    ["title,abstract\nMoss,Grows\n", "name,author\na,b\n", "a,b,c\n1,2,3\n", "title;price\nMoss;3\n", "title\nx\n"],
)
def test_other_tables_are_refused(text: str) -> None:
    with pytest.raises(ParseError):
        registry.parse(text.encode(), "thing.csv")


def test_lecterns_own_table_gives_back_what_a_bibliography_said() -> None:
    said = Publication("Annals of Moss", "12", "3", "7-19", "Invented Press", "mastersthesis", "Fen:30")
    codes = ("https://github.com/moss/a", "https://github.com/moss/b")
    exported = paper(publication=said, code_urls=codes, more_authors=True, author_count=None, published_guessed=True)
    listing = registry.parse("".join(csv_lines([exported])).encode(), "lectern.csv")
    (record,) = listing.records
    assert (listing.format, record.key, record.authors) == ("lectern-csv", exported.key, exported.authors)
    assert (record.publication, record.code_urls, record.more_authors) == (said, codes, True)
    assert record.published is None
    certain = paper(published="2031-04", published_guessed=False)
    (record,) = registry.parse("".join(csv_lines([certain])).encode(), "lectern.csv").records
    assert (record.published, record.more_authors) == (PartialDate(2031, 4), False)
