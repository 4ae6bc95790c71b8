"""CSL-JSON: what is read of it, and what other JSON is not."""

from __future__ import annotations

import json

import pytest

from reader.domain.bibliography import Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.errors import ParseError
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, ParsedListing
from reader.formats import csl_json, registry
from tests.formats.structured_fixtures import fixture


def _parse(value: object) -> ParsedListing:
    return csl_json.parse(json.dumps(value).encode())


def _only(item: dict[str, object]) -> ListingRecord:
    (record,) = _parse([{"id": "k", "type": "article", "title": "Moss", **item}]).records
    return record


def test_reads_every_field() -> None:
    listing, detection = registry.parse_detected(fixture("library.csl.json"), "anything")
    assert (detection.format.name, detection.certain) == ("csl-json", True)
    first, second = listing.records
    assert first == ListingRecord(
        title="Lanterns in Urtica & CO2",
        abstract="We light a < b lanterns.  They glow.",
        lines=LineRange(1, 1),
        authors=("Ada Thistle", "Bo van der Moor Jr.", "The Lantern Society"),
        author_count=3,
        author_names=(
            Name("Thistle", "Ada"),
            Name("Moor", "Bo", "van der", "Jr."),
            Name(literal="The Lantern Society"),
        ),
        published=PartialDate(2031, 4, 2),
        url="https://moss.example/lanterns",
        doi="10.5555/MOSS.2031.4",
        publication=Publication("Annals of Moss", "12", "3", "101-117", "Fen Press", "article", "thistle2031lanterns"),
        keywords=("moss", "lanterns, lit"),
    )
    assert (second.arxiv_id, second.doi, second.url) == ("2011.90017", None, "https://arxiv.org/abs/2011.90017")
    assert (second.authors, second.more_authors, second.author_count) == (("Cleo Fen",), True, None)
    assert second.published == PartialDate(2030, 11)
    assert (second.publication.cite_key_given, second.publication.number) == ("fen2030quiet", None)
    assert listing.account == LineAccount(AccountUnit.ENTRIES, 3, 2, 0, 1)
    assert listing.problems[0].reason == "The paper has no title."


def test_no_address_is_made_of_a_citation_key() -> None:
    assert _only({"id": "bee2024tidal", "author": [{"family": "Bee"}]}).url is None
    assert _only({"URL": "javascript:alert(1)", "DOI": "https://doi.org/10.5555/x"}).url == "https://doi.org/10.5555/x"


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ({"date-parts": [[2024]]}, PartialDate(2024)),
        ({"date-parts": [[2024, 2, 31]]}, PartialDate(2024, 2)),
        ({"date-parts": [[2024, 5], [2024, 7]]}, PartialDate(2024, 5)),
        ({"date-parts": [["2024", "5"]]}, PartialDate(2024, 5)),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": [[]], "literal": "Spring 1999"}, PartialDate(1999)),
        ({"raw": "1999-04-01/1999-05-01"}, PartialDate(1999, 4, 1)),
        ("2024-05-03", PartialDate(2024, 5, 3)),
        ({"date-parts": [[True, 1]]}, None),
        ([], None),
    ],
)
def test_dates(issued: object, expected: PartialDate | None) -> None:
    assert _only({"issued": issued}).published == expected


@pytest.mark.parametrize(
    ("creator", "expected"),
    [
        ({"family": "van Fen", "given": "Ann"}, Name("van Fen", "Ann")),
        ({"family": "Gogh", "given": "V.", "dropping-particle": "van"}, Name("Gogh", "V.", "van")),
        ({"family": "Plato"}, Name(literal="Plato")),
        ({"name": "The Fen Group", "sequence": "additional"}, Name(literal="The Fen Group")),
        ("Ann Bee", Name(literal="Ann Bee")),
    ],
)
def test_names_keep_their_parts(creator: object, expected: Name) -> None:
    assert _only({"author": [creator, {}, None, 5]}).author_names == (expected,)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda item: item,
        lambda item: [{name: value for name, value in item.items() if name != "type"}],
        lambda item: {"items": [item]},
        lambda item: {"references": [item]},
        lambda item: {"status": "ok", "message-type": "work", "message": {**item, "title": [item["title"]]}},
        lambda item: {"message-type": "work-list", "message": {"items": [item]}},
    ],
)
def test_reads_items_however_they_are_wrapped(wrap: object) -> None:
    item = {
        "id": "k",
        "type": "article",
        "title": "Moss",
        "DOI": "10.5555/m",
        "author": [{"family": "B", "given": "A"}],
    }
    data = json.dumps(wrap(item)).encode()  # type: ignore[operator]
    listing, detection = registry.parse_detected(data, "x.json")
    assert (detection.format.name, [record.doi for record in listing.records]) == ("csl-json", ["10.5555/m"])


@pytest.mark.parametrize(
    "value",
    [
        [{"userId": 1, "id": 1, "title": "Mend the gate", "completed": False}],
        [{"id": "fen/heron-7b", "modelId": "fen/heron-7b", "title": "A Model", "tags": []}],
        [{"id": 4, "type": "task", "title": "Mend the gate"}],
        {"title": "My Package", "id": "p", "type": "module"},
        [{"id": "a1", "title": "A Video", "authors": [{"name": "Somebody"}], "url": "https://example.org/v"}],
        [{"id": "a1", "title": "A Post", "summary": "It says.", "published": "2024-01-01"}],
        {"data": [{"title": "A Song", "authors": ["Somebody"], "id": "7"}]},
    ],
)
def test_json_of_other_things_is_refused(value: object) -> None:
    for name in ("thing.json", "thing"):
        with pytest.raises(ParseError):
            registry.parse(json.dumps(value, indent=1).encode(), name)


@pytest.mark.parametrize("data", [b"", b"[", b"null", b"12", b'{"a": []}', b'[{"title": "x"}', b"[" * 100_000])
def test_refuses_in_one_sentence(data: bytes) -> None:
    with pytest.raises(ParseError) as refusal:
        csl_json.parse(data)
    assert str(refusal.value).endswith(".")
