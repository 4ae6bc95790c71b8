"""PubMed's files and EndNote's, tagged and as XML."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reader.domain.bibliography import Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.errors import ParseError
from reader.domain.records import LineRange, ListingRecord
from reader.formats import endnote_xml, registry
from reader.formats.loose_dates import read_loose_date
from tests.formats.structured_fixtures import fixture

_LANTERNS = ListingRecord(
    title="Lanterns in Urtica",
    abstract="We light lanterns. They glow.",
    lines=LineRange(1, 1),
    authors=("Ada Thistle", "Bo van der Moor"),
    author_count=2,
    author_names=(Name("Thistle", "Ada"), Name("Moor", "Bo", "van der")),
    published=PartialDate(2031, 4, 2),
    keywords=("moss", "lanterns"),
    publication=Publication("Annals of Moss", "12", "3", "101-117", "Fen Press", "article", "thistle2031"),
)
_WITH_SOCIETY = {
    "authors": (*_LANTERNS.authors, "The Lantern Society"),
    "author_count": 3,
    "author_names": (*_LANTERNS.author_names, Name(literal="The Lantern Society")),
}


def test_reads_pubmed() -> None:
    listing, detection = registry.parse_detected(fixture("pubmed.nbib"), "anything")
    assert (detection.format.name, detection.certain) == ("nbib", True)
    first, second = listing.records
    assert first == replace(
        _LANTERNS,
        title="Lanterns in urtica: a study of moss that goes on over the line",
        abstract="We light lanterns. They glow & last.",
        doi="10.5555/moss.71",
        url="https://doi.org/10.5555/moss.71",
        publication=Publication("Annals of moss", "12", "3", "101-117", None, "article"),
        **_WITH_SOCIETY,
    )
    assert (second.title, second.authors, second.published) == ("Are fens quiet?", ("C Fen",), PartialDate(2030))
    assert second.url == "https://pubmed.ncbi.nlm.nih.gov/99000002/"
    assert [problem.reason for problem in listing.problems] == ["The paper has no title."]


def test_pubmeds_names_keep_their_suffix() -> None:
    data = b"PMID- 99000003\nTI  - Quiet fens.\nFAU - van Reed, Eli Jr\nFAU - Fen, C 3rd\nFAU - Moss, Di II\n"
    (record,) = registry.parse(data, "one.nbib").records
    assert record.author_names == (
        Name("Reed", "Eli", "van", "Jr"),
        Name("Fen", "C", suffix="3rd"),
        Name("Moss", "Di", suffix="II"),
    )


def test_reads_endnotes_tagged_form() -> None:
    listing, detection = registry.parse_detected(fixture("endnote.enw"), "anything")
    assert (detection.format.name, detection.certain) == ("enw", True)
    first, second = listing.records
    assert first == replace(_LANTERNS, doi="10.5555/moss.72", url="https://moss.example/72", **_WITH_SOCIETY)
    assert (second.arxiv_id, second.published, second.publication.entry_type) == (
        "2601.90072",
        PartialDate(2026),
        "misc",
    )
    assert [problem.reason for problem in listing.problems] == ["The paper has no title."]


def test_reads_endnotes_xml() -> None:
    listing, detection = registry.parse_detected(fixture("endnote.xml"), "anything")
    assert (detection.format.name, detection.certain) == ("endnote-xml", True)
    first, second = listing.records
    assert first == replace(_LANTERNS, doi="10.5555/moss.73", url="https://moss.example/73")
    assert (second.arxiv_id, second.authors) == ("2601.90073", ("Cleo Fen",))
    assert [problem.reason for problem in listing.problems] == ["The paper has no title."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<xml><records><record>", "damaged or breaks off"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><xml><records/></xml>', "declares entities"),
        ("<a>" * 40 + "</a>" * 40, "nests its elements too deeply"),
        ("<xml>" + "<a/>" * 20_000 + "</xml>", "almost nothing in them"),
    ],
)
def test_xml_that_is_not_safe_is_refused(text: str, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        endnote_xml.parse(text.encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024 Oct 4", PartialDate(2024, 10, 4)),
        ("2024 Nov-Dec", PartialDate(2024, 11)),
        ("2024/10/04", PartialDate(2024, 10, 4)),
        ("4 October 2024", PartialDate(2024, 10, 4)),
        ("2024 Feb 31", PartialDate(2024, 2)),
        ("2024 Winter", PartialDate(2024)),
        ("20241004", PartialDate(2024, 10, 4)),
        ("soon", None),
    ],
)
def test_dates(text: str, expected: PartialDate | None) -> None:
    assert read_loose_date(text) == expected
