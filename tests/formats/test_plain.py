"""Plain listings: fixtures word for word, and each rule of :mod:`reader.formats.plain`."""

import pytest

from reader.domain.dates import PartialDate
from reader.domain.records import LineAccount, LineRange, ListingRecord, Organization, ParsedListing, Problem
from reader.formats import plain, registry
from reader.formats.text_decoder import Head
from tests.formats.checking import check_account, fixture, text_lines

HEADER = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community\n\nDec 8\n\n"
ABSTRACT = (
    "Moss grows slowly, and so do most data sets. We present a method that waits for both. It needs no labels, little "
    "water and a shady wall, and reaches the accuracy of gravel on five of seven invented gardens. Our experiments "
    "show that waiting is the main cost, and that it can be shared between gardens without loss of accuracy."
)
OTHER = ABSTRACT.replace("Moss", "Lichen")
THIRD = ABSTRACT.replace("Moss", "Fern")
LONE_TITLE = "This looks like a title, but no abstract follows it."
LONE_ABSTRACT = "This looks like an abstract without a title, or another paragraph of the abstract above it."


def read(*paragraphs: str, header: str = HEADER) -> ParsedListing:
    data = (header + "\n\n".join(paragraphs)).encode()
    listing = plain.parse(data)
    check_account(listing, data)
    return listing


def titles_and_abstracts(listing: ParsedListing) -> list[tuple[str, str]]:
    return [(record.title, record.abstract) for record in listing.records]


def test_blocks_fixture() -> None:
    data = fixture("plain_blocks.txt")
    lines = [line.strip() for line in text_lines(data)]
    listing = plain.parse(data)
    check_account(listing, data)

    def record(first: int, last: int, **details: object) -> ListingRecord:
        return ListingRecord(lines[first - 1], lines[first + 1], LineRange(first, last), **details)  # type: ignore[arg-type]

    assert listing == ParsedListing(
        "plain",
        (
            record(23, 29, author_count=8, published=PartialDate(2024, 9, 25), comments=3),
            record(
                31,
                37,
                organization=Organization("moss-lab", "Moss & Lichen Laboratory"),
                published=PartialDate(None, 2, 27),
            ),
            record(39, 45, author_count=1, published=PartialDate(2023, 12, 31), comments=112),
            record(47, 53, organization=Organization("", "Rookery"), published=PartialDate(None, 3, 3), comments=1),
            record(55, 57),
            record(59, 65, author_count=23, published=PartialDate(2025, 1, 9)),
        ),
        LineAccount(listing.account.unit, 48, 27, 21, 0),
        heading=PartialDate(None, 3, 4),
        query="tidal forecasting with little data",
    )
    assert listing.records[1].title.startswith("$\\mathbb{FERN}$: ")
    assert "``tight'' constants" in listing.records[1].abstract
    assert len(listing.records[4].title) > 165


def test_faults_fixture_costs_only_the_faulty_paragraphs() -> None:
    data = fixture("plain_faults.txt")
    lines = text_lines(data)
    listing = plain.parse(data)
    check_account(listing, data)
    assert titles_and_abstracts(listing) == [(lines[6], lines[8]), (lines[12], lines[14]), (lines[18], lines[20])]
    assert listing.problems == (
        Problem(LineRange(11, 11), LONE_TITLE, lines[10]),
        Problem(LineRange(17, 17), LONE_ABSTRACT, lines[16]),
    )


@pytest.mark.parametrize(
    "title",
    [
        "Gardens",
        "MOSS",
        "Is Waiting All You Need?",
        "We Wait.",
        "Why Wait? A Study of Moss on Walls That Face North. And Why Not",
        "Waiting, Then More Waiting...",
        "$\\mathbb{X}$: Waiting with ${\\cal O}(n)$ Buckets",
        "苔藓生长的等待方法研究",
        "1-Bit Waiting",
        "\"Shall I Compare Thee?\" 'Quoted' Gardens",
        "Docs",
        "Spaces",
        "A title of one hundred and seventy-five characters that goes on about moss, lichen, fern and the other slow "
        "plants of the wall that faces north, until nothing is left to be said of them.",
        "12 Angry Gardeners",
        "iMoss",
        "Octopus 2",
        "Mars 2",
        "The 8 authors",
        "@home: Waiting Where You Are",
        "# of Leaves Is All You Need",
    ],
)
@pytest.mark.parametrize("block", [None, "  • 8 authors\n·\nSep 25, 2024 3"])
def test_position_settles_what_is_a_title(title: str, block: str | None) -> None:
    blocks = [] if block is None else [block]
    listing = read("A First Title", OTHER, *blocks, title, ABSTRACT, *blocks, "A Last Title", THIRD, *blocks)
    assert plain.detect(Head(f"{HEADER}A First Title\n\n{OTHER}\n\n{title}\n\n{ABSTRACT}".encode(), "page.txt")) == 0.9
    assert listing.problems == ()
    assert titles_and_abstracts(listing) == [("A First Title", OTHER), (title, ABSTRACT), ("A Last Title", THIRD)]


@pytest.mark.parametrize(
    "abstract", ["Short, but closed by its block.", "Technical report", "苔" * 60, "x " * 90 + "y"]
)
def test_a_block_vouches_for_any_abstract(abstract: str) -> None:
    listing = read("A Title", abstract, "  • 2 authors\n·\nOct 12", "Another Title", ABSTRACT)
    assert listing.problems == ()
    assert titles_and_abstracts(listing) == [("A Title", abstract), ("Another Title", ABSTRACT)]
    assert listing.records[0].author_count == 2
    assert listing.records[1].published is None


def test_a_word_of_the_page_is_the_title_of_even_a_short_abstract() -> None:
    short = "x" * 80 + " " + "y" * 84
    listing = read("First", ABSTRACT, "Spaces", short, "Last", OTHER, "Previous", "Next")
    assert listing.problems == ()
    assert titles_and_abstracts(listing) == [("First", ABSTRACT), ("Spaces", short), ("Last", OTHER)]


def test_shortest_abstracts_without_any_block() -> None:
    short = "x" * 80 + " " + "y" * 84
    assert len(short) == 165
    listing = read("One Title", short, "Another Title", short, "A Third Title", short)
    assert listing.problems == ()
    assert [record.abstract for record in listing.records] == [short] * 3


def test_a_title_with_its_block_is_a_paper_without_abstract() -> None:
    listing = read("First", ABSTRACT, "• 1 author\n·\nMay 1", "Bare", "• 2 authors\n·\nMay 2 4", "Last", OTHER)
    assert listing.problems == ()
    assert titles_and_abstracts(listing) == [("First", ABSTRACT), ("Bare", ""), ("Last", OTHER)]
    assert (listing.records[1].author_count, listing.records[1].comments) == (2, 4)


def test_missing_title_makes_a_problem_of_abstract_and_block() -> None:
    listing = read("First", ABSTRACT, "• 1 author\n·\nMay 1", OTHER, "• 2 authors\n·\nMay 2", "Last", THIRD)
    assert titles_and_abstracts(listing) == [("First", ABSTRACT), ("Last", THIRD)]
    (problem,) = listing.problems
    assert problem.lines == LineRange(19, 23)
    assert "without a title" in problem.reason


def test_block_without_paper_is_a_problem() -> None:
    listing = read("First", ABSTRACT, "• 1 author\n·\nMay 1", "• 2 authors\n·\nMay 2", "Last", OTHER)
    assert titles_and_abstracts(listing) == [("First", ABSTRACT), ("Last", OTHER)]
    (problem,) = listing.problems
    assert problem.text.split("\n") == ["• 2 authors", "·", "May 2"]


def test_two_titles_in_a_row() -> None:
    listing = read("First Title of Two Words", "Second Title of Three Words", ABSTRACT, "A Third Title", OTHER)
    assert titles_and_abstracts(listing) == [("Second Title of Three Words", ABSTRACT), ("A Third Title", OTHER)]
    assert [(problem.reason, problem.text) for problem in listing.problems] == [
        (LONE_TITLE, "First Title of Two Words")
    ]


def test_faults_that_cancel_out_do_not_shift_what_is_between() -> None:
    between = [text for number in range(20) for text in (f"Title Number {number} of Many", ABSTRACT)]
    listing = read("Lone Title Without Abstract", *between, OTHER, "After All This", THIRD)
    assert [record.title for record in listing.records] == [*between[::2], "After All This"]
    assert [problem.reason for problem in listing.problems] == [LONE_TITLE, LONE_ABSTRACT]


def test_second_paragraph_is_joined_where_a_block_ends_the_paper() -> None:
    listing = read("First", ABSTRACT, OTHER, "moss Moss\n·\nMay 1", "Last", THIRD)
    assert listing.problems == ()
    assert titles_and_abstracts(listing) == [
        ("First", f"{ABSTRACT}\n\n{OTHER}"),
        ("Last", THIRD),
    ]


def test_second_paragraph_without_block_is_a_problem() -> None:
    listing = read("First Title of All", ABSTRACT, OTHER, "Last Title of All", THIRD)
    assert titles_and_abstracts(listing) == [("First Title of All", ABSTRACT), ("Last Title of All", THIRD)]
    assert [problem.reason for problem in listing.problems] == [LONE_ABSTRACT]


def test_list_items_belong_to_the_abstract_that_announces_them() -> None:
    listing = read(
        "First", f"{ABSTRACT} We show:", "- that moss is slow;\n- that we are slower;", "1) and why.", "Last", OTHER
    )
    assert listing.problems == ()
    listed = f"{ABSTRACT} We show:\n\n- that moss is slow;\n- that we are slower;\n\n1) and why."
    assert titles_and_abstracts(listing) == [("First", listed), ("Last", OTHER)]
    assert listing.records[0].lines == LineRange(11, 18)


def test_wrapped_paragraphs_are_joined() -> None:
    wrapped = (
        "Moss grows slowly, and so do most data\nsets. We present a method that waits\n  for both of them, and more."
    )
    listing = read("A Title That\nGoes On", wrapped, "• 1 author\n·\nMay 1")
    assert titles_and_abstracts(listing) == [
        (
            "A Title That Goes On",
            "Moss grows slowly, and so do most data sets. We present a method that waits for both of them, and more.",
        )
    ]


def test_lines_as_long_as_abstracts_are_paragraphs() -> None:
    listing = read(f"First\n{ABSTRACT}\n• 1 author\n·\nMay 1 3\nLast\n{OTHER}\nzai-org Z.ai\n·\nMay 2")
    assert listing.problems == ()
    assert titles_and_abstracts(listing) == [("First", ABSTRACT), ("Last", OTHER)]
    assert [record.published for record in listing.records] == [PartialDate(None, 5, 1), PartialDate(None, 5, 2)]
    assert listing.records[1].organization == Organization("zai-org", "Z.ai")


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("  • 8 authors\n·\nSep 25, 2024 3", (8, None, PartialDate(2024, 9, 25), 3)),
        ("• 1 author\n·\nOct 12", (1, None, PartialDate(None, 10, 12), None)),
        (
            "\u00a0\u00a0•\u00a08\u00a0authors\n\u00a0·\u00a0\nSep\u00a025,\u00a02024\u00a03",
            (8, None, PartialDate(2024, 9, 25), 3),
        ),
        ("• 1,024 authors\n·\nOct 12 1,204", (1024, None, PartialDate(None, 10, 12), 1204)),
        ("•\n•\n• 8 authors\n·\nOct 12", (8, None, PartialDate(None, 10, 12), None)),
        ("• 8 authors\n\n·\n\nOct 12 2", (8, None, PartialDate(None, 10, 12), 2)),
        ("zai-org Z.ai\n·\nOct 13 2", (None, Organization("zai-org", "Z.ai"), PartialDate(None, 10, 13), 2)),
        ("Google\n·\nOct 13", (None, Organization("", "Google"), PartialDate(None, 10, 13), None)),
        ("acme Acme Inc.\n·\nOct 13", (None, Organization("acme", "Acme Inc."), PartialDate(None, 10, 13), None)),
        ("acme Acme Labs\n\n·\n\nOct 13", (None, Organization("acme", "Acme Labs"), PartialDate(None, 10, 13), None)),
        ("·\nOct 13", (None, None, PartialDate(None, 10, 13), None)),
        ("Oct 13 5", (None, None, PartialDate(None, 10, 13), 5)),
        ("• 8 authors", (8, None, None, None)),
    ],
)
def test_blocks(block: str, expected: tuple[object, ...]) -> None:
    listing = read("A First Title", ABSTRACT, block, "A Last Title", OTHER, block)
    assert listing.problems == ()
    assert titles_and_abstracts(listing) == [("A First Title", ABSTRACT), ("A Last Title", OTHER)]
    for record in listing.records:
        assert (record.author_count, record.organization, record.published, record.comments) == expected


def test_impossible_date_is_no_date() -> None:
    listing = read("A First Title", ABSTRACT, "• 8 authors\n·\nFeb 30", "A Last Title", OTHER)
    assert [record.title for record in listing.records] == ["A First Title", "A Last Title"]
    assert [problem.text for problem in listing.problems] == ["Feb 30"]


@pytest.mark.parametrize(
    ("header", "heading", "query"),
    [
        ("", None, None),
        ("Dec 8, 2024\n\n", PartialDate(2024, 12, 8), None),
        ("Subscribe\n\nslow gardens\n\nDec 8\n\n", PartialDate(None, 12, 8), "slow gardens"),
        ("by AK and the research community\n\nslow gardens\n\nDaily\nWeekly\nMonthly\n\n", None, "slow gardens"),
        (
            "by AK and the research community\n\nDaily\n\nslow gardens\n\nDec 8\n\n",
            PartialDate(None, 12, 8),
            "slow gardens",
        ),
    ],
)
def test_headers(header: str, heading: PartialDate | None, query: str | None) -> None:
    listing = read("A First Title", ABSTRACT, "A Last Title", OTHER, header=header)
    assert listing.problems == ()
    assert len(listing.records) == 2
    assert (listing.heading, listing.query) == (heading, query)


def test_several_unknown_lines_above_the_date_are_problems() -> None:
    header = "Subscribe\n\nslow gardens\n\nand something else\n\nDec 8\n\n"
    listing = read("A First Title", ABSTRACT, "A Last Title", OTHER, header=header)
    assert len(listing.records) == 2
    assert listing.query is None
    assert [problem.text for problem in listing.problems] == ["slow gardens", "and something else"]


def test_pages_one_after_the_other() -> None:
    second_header = HEADER.replace("Dec 8", "moss on walls\n\nDec 9")
    page = f"A First Title\n\n{ABSTRACT}\n\nPrevious\n\nNext\n\n{second_header}"
    listing = read(f"{page}A Last Title\n\n{OTHER}")
    assert listing.problems == ()
    assert titles_and_abstracts(listing) == [("A First Title", ABSTRACT), ("A Last Title", OTHER)]
    assert listing.heading == PartialDate(None, 12, 8)


def test_odd_line_separators_stay_inside_texts() -> None:
    abstract = f"{ABSTRACT}\u2028Another line\u0085and another\x0b still the same."
    listing = plain.parse(f"{HEADER}A Title\n\n{abstract}\n\nOther Title\n\n{OTHER}".encode())
    assert listing.records[0].abstract == abstract.replace("\x0b", "")
    assert listing.records[1].lines == LineRange(15, 17)


def test_nothing_at_all() -> None:
    listing = plain.parse(b"")
    assert listing.records == ()
    assert listing.account.total == 0


def test_one_paper_with_its_block_spread_out_is_a_listing() -> None:
    abstract = (
        "We study what happens to a page of one paper when every line of it stands alone, and find that it is read."
    )
    page = f"new\n\nDec 8\n\nA Page of One\n\n{abstract} {abstract}\n\n  • 2 authors\n\n·\n\nDec 6 3\n"
    listing = registry.parse(page.encode(), "page.txt")
    assert [(record.title, record.author_count, record.comments) for record in listing.records] == [
        ("A Page of One", 2, 3)
    ]
