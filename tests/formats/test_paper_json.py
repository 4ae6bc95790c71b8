"""Papers that programs dumped into JSON."""

from __future__ import annotations

import json

import pytest

from reader.domain.dates import PartialDate
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats import registry
from tests.formats.structured_fixtures import fixture


def _parse(value: object) -> ParsedListing:
    listing, detection = registry.parse_detected(json.dumps(value).encode(), "dump.json")
    assert (detection.format.name, detection.certain) == ("paper-json", True)
    return listing


def test_reads_results_of_arxivs_api_as_dumped() -> None:
    listing, detection = registry.parse_detected(fixture("arxiv_results.json"), "anything")
    assert (detection.format.name, detection.certain) == ("paper-json", True)
    assert listing.records == (
        ListingRecord(
            title="Herons Over Still Water",
            abstract="Herons stand. We count them.",
            lines=LineRange(1, 1),
            authors=("Dora Marsh", "Eli Reed"),
            author_count=2,
            published=PartialDate(2024, 3, 20),
            arxiv_id="2403.90021",
            url="https://arxiv.org/abs/2403.90021",
            doi="10.5555/heron.21",
            code_urls=("https://github.com/marsh/herons",),
            categories=("cs.LG", "stat.ML"),
        ),
    )


@pytest.mark.parametrize("key", ["id", "entry_id", "arxiv_id", "url", "pdf_url"])
@pytest.mark.parametrize(
    "shown", ["2403.90021", "http://arxiv.org/abs/2403.90021v1", "https://arxiv.org/pdf/2403.90021"]
)
def test_finds_the_identifier_under_any_name(key: str, shown: str) -> None:
    (record,) = _parse([{key: shown, "title": "Herons", "summary": "They stand.", "published": "2024-03-20"}]).records
    assert (record.arxiv_id, record.url) == ("2403.90021", "https://arxiv.org/abs/2403.90021")


def test_reads_semantic_scholars_answer() -> None:
    paper = {
        "paperId": "0f1e",
        "externalIds": {"ArXiv": "2403.90021", "DOI": "10.5555/heron.21", "CorpusId": 5},
        "title": "Herons",
        "abstract": "They stand.",
        "venue": "Annals of Moss",
        "year": 2024,
        "authors": [{"authorId": "1", "name": "Dora Marsh"}],
    }
    (record,) = _parse({"total": 1, "offset": 0, "data": [paper]}).records
    assert (record.arxiv_id, record.doi, record.publication.venue) == (
        "2403.90021",
        "10.5555/heron.21",
        "Annals of Moss",
    )
    assert (record.published, record.authors) == (PartialDate(2024), ("Dora Marsh",))


def test_reads_one_object_a_line() -> None:
    lines = [
        {
            "id": f"240{month}.90021",
            "authors": "D. Marsh, E. Reed",
            "title": f"Herons {month}",
            "categories": "cs.LG stat.ML",
            "abstract": "  They stand.\n",
            "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
            "update_date": "2008-11-26",
        }
        for month in (1, 2)
    ]
    data = "\n".join([*map(json.dumps, lines), '{"id": broken}', ""]).encode()
    listing, _ = registry.parse_detected(data, "snapshot.json")
    assert [record.arxiv_id for record in listing.records] == ["2401.90021", "2402.90021"]
    assert listing.records[0].authors == ("D. Marsh", "E. Reed")
    assert listing.records[0].published == PartialDate(2007, 4, 2)
    assert listing.records[0].categories == ("cs.LG", "stat.ML")
    assert [problem.text for problem in listing.problems] == ['"{\\"id\\": broken}"']


def test_an_entry_without_an_identity_is_a_problem() -> None:
    entries = [{"id": "2403.90021", "title": "Herons", "summary": "x"}, {"id": 7, "title": "Gate", "summary": "x"}]
    listing = _parse(entries)
    assert len(listing.records) == 1
    assert listing.problems[0].reason.startswith("The entry has neither an arXiv identifier nor a DOI")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([{"arxiv_id": "2403.90021", "title": "Herons"}], "https://arxiv.org/abs/2403.90021"),
        (
            {
                "results": [
                    {
                        "id": "https://openalex.org/W1",
                        "doi": "https://doi.org/10.5555/heron.22",
                        "title": "Herons",
                        "type": "article",
                        "authorships": [{"author": {"display_name": "Dora Marsh"}}],
                    }
                ]
            },
            "https://doi.org/10.5555/heron.22",
        ),
    ],
)
def test_reads_what_other_programs_name_otherwise(value: object, expected: str) -> None:
    (record,) = _parse(value).records
    assert (record.title, record.url) == ("Herons", expected)


def test_reads_the_lists_of_lecterns_own_command_line() -> None:
    shared = {
        "authors": ["Cleo Fen"],
        "comments": None,
        "upvotes": 3,
        "published": "2026-01-02",
        "categories": ["cs.LG"],
    }
    papers = [
        {"key": "abc", "title": "Quiet Fens", "arxiv_id": "2601.90051", "published_guessed": False, **shared},
        {"key": "abd", "title": "Loud Fens", "arxiv_id": None, "doi": "10.5555/b", "published_guessed": True, **shared},
        {"key": "abe", "title": "Nobody's Fens", "arxiv_id": None, "published_guessed": False, **shared},
    ]
    lines = "".join(json.dumps(paper) + "\n" for paper in papers)
    listing, detection = registry.parse_detected(lines.encode(), "papers.json")
    assert (detection.format.name, detection.certain, listing.problems) == ("paper-json", True, ())
    assert listing.format == "lectern-papers"
    assert [(each.key, each.title, each.arxiv_id, each.doi, each.published) for each in listing.records] == [
        ("abc", "Quiet Fens", "2601.90051", None, PartialDate(2026, 1, 2)),
        ("abd", "Loud Fens", None, "10.5555/b", None),
        ("abe", "Nobody's Fens", None, None, PartialDate(2026, 1, 2)),
    ]
