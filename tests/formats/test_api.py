"""The Daily Papers API's JSON."""

from __future__ import annotations

import json

import pytest

from reader.domain.dates import PartialDate
from reader.domain.errors import ParseError
from reader.domain.folding import fold_title
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, Organization, ParsedListing
from reader.formats import api, plain, registry
from reader.formats.entries import fold_lines
from reader.formats.text_decoder import Head
from tests.formats.structured_fixtures import REAL_DAYS, REAL_LISTINGS, fixture


def _parse(value: object) -> ParsedListing:
    return api.parse(json.dumps(value).encode())


def test_reads_the_old_schema() -> None:
    listing = api.parse(fixture("daily_papers_old.json"))
    assert listing.records == (
        ListingRecord(
            title="Counting Sheep in Low-Rank Meadows",
            abstract=(
                "Sheep that stand in a low-rank meadow are hard to count. We count them anyway. "
                "A second paragraph says that $n < m$ sheep suffice."
            ),
            lines=LineRange(1, 1),
            authors=("Ada Quillfeather", "Bo Tanglewood"),
            author_count=2,
            published=PartialDate(2024, 3, 1),
            comments=3,
            upvotes=26,
            arxiv_id="2403.01001",
            url="https://huggingface.co/papers/2403.01001",
            submitted_by="cleo",
        ),
        ListingRecord(
            title="$\\mathbb{WOOL}$: Weaving Over Ordered Lattices",
            abstract="Wool 🧶 is woven.",
            lines=LineRange(2, 2),
            published=PartialDate(2024, 2, 29),
            comments=0,
            upvotes=0,
            arxiv_id="2403.01002",
            url="https://huggingface.co/papers/2403.01002",
            submitted_by="Only A Fullname",
        ),
    )
    assert listing.account == LineAccount(AccountUnit.ENTRIES, total=2, records=2, boilerplate=0, problems=0)
    assert (listing.format, listing.heading, listing.problems) == ("api", PartialDate(2024, 3, 5), ())


def test_reads_the_new_schema() -> None:
    listing = api.parse(fixture("daily_papers_new.json"))
    assert listing.records == (
        ListingRecord(
            title="Lanterns for Sparse Corridors",
            abstract="We light sparse corridors with dense lanterns.",
            lines=LineRange(1, 1),
            authors=("Dina Överlund",),
            author_count=1,
            organization=Organization("lantern-lab", "Lantern Lab"),
            published=PartialDate(2026, 9, 1),
            comments=1,
            upvotes=92,
            arxiv_id="2609.02001",
            url="https://huggingface.co/papers/2609.02001",
            code_urls=("https://github.com/lantern-lab/corridors",),
            project_url="https://lanterns.example/",
            keywords=("sparse corridors", "lanterns"),
            submitted_by="dina",
        ),
        ListingRecord(
            title="What Do Icicles Know?",
            abstract="Little, as we show.",
            lines=LineRange(2, 2),
            authors=("Emil Frost",),
            author_count=1,
            published=PartialDate(2026, 8, 30),
            comments=0,
            upvotes=7,
            arxiv_id="2609.02002",
            url="https://huggingface.co/papers/2609.02002",
            submitted_by="emil",
        ),
    )
    assert listing.heading == PartialDate(2026, 9, 3)


@pytest.mark.parametrize(("name", "papers", "day"), [("2024-06-19", 20, 19), ("2026-08-20", 15, 20)])
def test_real_days_import_whole(name: str, papers: int, day: int) -> None:
    path = REAL_DAYS / f"{name}.json"
    if not path.exists():
        pytest.skip("the real days are not here")
    source = json.loads(path.read_bytes())
    listing, detection = registry.parse_detected(path.read_bytes(), path.name)
    assert (detection.format.name, detection.certain) == ("api", True)
    assert listing.account == LineAccount(AccountUnit.ENTRIES, papers, papers, 0, 0)
    assert listing.heading is not None
    assert (listing.heading.iso(), listing.heading.day) == (name, day)
    for entry, record in zip(source, listing.records, strict=True):
        paper = entry["paper"]
        assert record.title.split() == paper["title"].split()
        assert record.abstract.split() == paper["summary"].split()
        assert "\n" not in record.title + record.abstract
        assert (record.arxiv_id, record.upvotes, record.comments) == (
            paper["id"],
            paper["upvotes"],
            entry["numComments"],
        )
        assert record.author_count == len(paper["authors"]) == len(record.authors)
        assert record.published is not None
        assert paper["publishedAt"].startswith(record.published.iso())


def test_a_paper_in_text_and_in_json_is_one_paper() -> None:
    abstract = "Geese fly in a wedge because wedges are easy to fly in, as we show by asking the geese. " * 4
    title = "$\\mathbb{GEESE}$: Wedges for the Long-Distance Traveller"
    wrapped = abstract.strip().replace(" because ", "\nbecause ").replace(" as we", "\n  as we")
    text = f"Daily Papers\n\nDec 8\n\n{title}\n\n{abstract.strip()}\n\n  • 2 authors\n·\nDec 7 3\n".encode()
    answer = [{"paper": {"id": "2512.00001", "title": title.replace(" the Long", "\n  the Long"), "summary": wrapped}}]
    (shown,) = plain.FORMAT.parse(text).records
    (given,) = _parse(answer).records
    assert fold_title(shown.title) == fold_title(given.title) != ""
    assert (shown.title, shown.abstract) == (given.title, given.abstract)


def test_real_papers_in_text_have_no_line_breaks_that_json_would_have() -> None:
    if not REAL_LISTINGS.exists():
        pytest.skip("the real listings are not here")
    for path in REAL_LISTINGS.glob("*.txt"):
        records = plain.FORMAT.parse(path.read_bytes()).records
        assert records
        refolded = [fold_lines(record.abstract) for record in records]
        assert refolded == [record.abstract for record in records]


@pytest.mark.parametrize("key", ["dailyPapers", "searchResults", "papers"])
def test_reads_a_list_within_an_object(key: str) -> None:
    entries = json.loads(fixture("daily_papers_new.json"))
    listing = _parse({key: entries, "dateString": "2026-09-04"})
    assert [record.arxiv_id for record in listing.records] == ["2609.02001", "2609.02002"]
    assert listing.heading == PartialDate(2026, 9, 4)


def test_a_search_shows_its_results_and_counts_the_rest_as_boilerplate() -> None:
    day, found = json.loads(fixture("daily_papers_old.json")), json.loads(fixture("daily_papers_new.json"))
    listing = _parse({"query": {"q": " sparse  lanterns "}, "dailyPapers": day, "searchResults": found})
    assert [record.arxiv_id for record in listing.records] == ["2609.02001", "2609.02002"]
    assert (listing.query, listing.account.boilerplate, listing.account.total) == ("sparse  lanterns", 2, 4)


def test_a_month_page_keeps_its_month() -> None:
    assert _parse({"dailyPapers": [{"paper": {"title": "x"}}], "dateString": "2026-09"}).heading == PartialDate(2026, 9)


def test_entries_of_different_days_give_no_heading() -> None:
    entries = [{"paper": {"title": f"x{day}"}, "publishedAt": f"2026-09-0{day}T00:00:00Z"} for day in (1, 2)]
    assert _parse(entries).heading is None


def test_a_paper_listed_twice_is_one_record_with_all_that_is_known() -> None:
    first = {"paper": {"id": "2609.02001", "title": "Lanterns", "upvotes": 0}}
    second = {"paper": {"id": "2609.02001", "title": "Lanterns!", "summary": "Light.", "upvotes": 5}}
    listing = _parse([first, second])
    assert [(record.title, record.abstract, record.upvotes) for record in listing.records] == [
        ("Lanterns", "Light.", 0)
    ]
    assert (listing.repeated, listing.account.records, listing.account.total) == (1, 2, 2)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"paper": {"id": "2609.02001"}}, "The paper has no title."),
        ({"paper": {"title": "  \n "}}, "The paper has no title."),
        ({"paper": {"title": ["a", "list"]}}, "The paper's title is not text."),
        ({"paper": {"title": "x", "summary": {"a": 1}}}, "The paper's summary is not text."),
        ({"paper": None}, "The entry contains no paper."),
        ({}, "The entry contains no paper."),
        ([], "The entry contains no paper."),
        ("text", "The entry contains no paper."),
        (None, "The entry contains no paper."),
    ],
)
def test_a_broken_entry_is_a_problem_and_the_others_stay(entry: object, reason: str) -> None:
    listing = _parse([{"paper": {"title": "One"}}, entry, {"paper": {"title": "Three"}}])
    assert [record.title for record in listing.records] == ["One", "Three"]
    assert [record.lines for record in listing.records] == [LineRange(1, 1), LineRange(3, 3)]
    (problem,) = listing.problems
    assert (problem.lines, problem.reason) == (LineRange(2, 2), reason)
    assert json.loads(problem.text) == entry
    assert listing.account == LineAccount(AccountUnit.ENTRIES, 3, 2, 0, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"upvotes": "12"},
        {"upvotes": True},
        {"upvotes": -3},
        {"upvotes": 1.5},
        {"upvotes": [1]},
        {"authors": None},
        {"authors": {"name": "x"}},
        {"authors": [None, 5, [], {"name": ["x"]}]},
        {"publishedAt": 20240101},
        {"publishedAt": "2024-13-45"},
        {"publishedAt": "yesterday"},
        {"organization": "Somewhere"},
        {"organization": {"name": 1, "fullname": []}},
        {"githubRepo": ["https://github.com/a/b"]},
        {"githubRepo": "https://user@github.com/a/b"},
        {"projectPage": "file:///etc/passwd"},
        {"ai_keywords": "moths"},
        {"ai_keywords": [1, None, " "]},
        {"submittedOnDailyBy": "somebody"},
        {"numComments": {}},
        {"id": 2403.01001},
        {"id": "not an id"},
    ],
)
def test_a_field_of_the_wrong_kind_is_left_out(fields: dict[str, object]) -> None:
    listing = _parse([{"paper": {"title": "Still Here", "summary": "So am I.", **fields}}])
    assert listing.problems == ()
    assert listing.records == (ListingRecord(title="Still Here", abstract="So am I.", lines=LineRange(1, 1)),)


def test_numbers_that_no_database_holds_are_left_out() -> None:
    data = b'[{"paper": {"title": "x", "upvotes": %s}, "numComments": NaN}]' % (b"9" * 5_000)
    (record,) = api.parse(data).records
    assert (record.upvotes, record.comments) == (None, None)


def test_lone_surrogates_and_controls_never_reach_a_record() -> None:
    data = rb'[{"paper": {"title": "a\ud800b\u0000c\u0007", "summary": "\udfff", "authors": [{"name": "\ud83e"}]}}]'
    (record,) = api.parse(data).records
    assert (record.title, record.abstract, record.authors) == ("a\ufffdbc", "\ufffd", ("\ufffd",))


def test_a_broken_entry_with_lone_surrogates_has_a_text_that_can_be_stored() -> None:
    (problem,) = api.parse(rb'["\ud800\u0000"]').problems
    assert problem.text.encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "line 1, column 1"),
        (b'[{"paper": {"title": "x"}}', "line 1, column 27"),
        (b"[\n{,}]", "line 2, column 2"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"null", "contains no list of papers"),
        (b"12", "contains no list of papers"),
        (b'{"models": []}', "contains no list of papers"),
    ],
)
def test_refuses_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(ParseError, match=words) as refusal:
        api.parse(data)
    assert "\n" not in str(refusal.value)


def test_a_single_paper_is_a_list_of_one() -> None:
    paper = json.loads(fixture("daily_papers_new.json"))[0]["paper"]
    assert [record.arxiv_id for record in _parse(paper).records] == ["2609.02001"]


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b'{"dailyPapers": []}', "page", 1.0),
        (b'  [ {"paper": {"title": "x", "summary": "y"}}]', "page", 1.0),
        (b'[{"name": "x"}]', "models.json", 0.5),
        (b'[{"name": "x"}]', "models", 0.2),
        (b"[101](https://example.org)", "page.json", 0.0),
        (b"plain text", "page.json", 0.0),
    ],
)
def test_detects(data: bytes, name: str, expected: float) -> None:
    assert api.detect(Head(data, name)) == expected
