"""Dumps that keep the page's links: fixtures word for word, and each format's own rules."""

from datetime import date

import pytest

from reader.domain.dates import PartialDate
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, Organization, ParsedListing
from reader.formats import address_lines, markdown, numbered_links, registry, trending
from tests.formats.checking import check_account, fixture

PAGE = "https://huggingface.co/papers"
LINES = AccountUnit.LINES


def read(name: str) -> ParsedListing:
    """A fixture, read in whatever format it is taken for."""
    data = fixture(name)
    listing, detection = registry.parse_detected(data, name)
    assert detection.certain
    check_account(listing, data)
    return listing


def test_markdown_fixture() -> None:
    assert read("markdown.md") == ParsedListing(
        "markdown",
        (
            ListingRecord(
                "Oxbow: Cutting Off Meanders in Long Generations",
                "Long generations meander. We present Oxbow, which finds the neck of a meander [1] and "
                "cuts it, so that "
                "what follows joins what came before. The cut is chosen by a _neck score_ that costs one forward pass. "
                "Readers of 300 invented essays preferred the shortened ones in 71\\% of cases.",
                LineRange(27, 37),
                organization=Organization("delta-ai", "Delta *AI*"),
                published=PartialDate(None, 5, 29),
                comments=6,
                upvotes=101,
                arxiv_id="2606.90683",
                url=f"{PAGE}/2606.90683",
            ),
            ListingRecord(
                "The Silt of Conversation: Measuring What Dialogues Leave Behind",
                "Dialogues leave silt: words that both sides go on using. We measure it in 50 invented dialogues, show "
                "that - against intuition - hurried ones leave more, and that it settles at a rate of "
                "$\\frac{1}{3}$ per "
                "turn. The data are at https://example.org/silt_data.",
                LineRange(39, 55),
                author_count=3,
                published=PartialDate(2025, 2, 27),
                arxiv_id="2502.90581",
                url=f"{PAGE}/2502.90581",
            ),
            ListingRecord(
                "Weirs [v2] Without Water",
                "A weir raises water. We raise expectations in the same way, and lower them again.",
                LineRange(57, 67),
                author_count=10,
                published=PartialDate(2024, 7, 24),
                comments=1204,
                upvotes=7,
                arxiv_id="2407.97722",
                url=f"{PAGE}/2407.97722v2",
            ),
            ListingRecord(
                "Estuary",
                "",
                LineRange(69, 77),
                author_count=2,
                published=PartialDate(None, 9, 30),
                arxiv_id="2609.90319",
                url=f"{PAGE}/2609.90319",
            ),
        ),
        LineAccount(LINES, 48, 29, 19, 0),
        heading=PartialDate(2026, 10, 2),
        retrieved=date(2026, 10, 2),
        query="slow rivers of text",
        source_url=f"{PAGE}?q=slow%20rivers+of%20text",
    )


def test_refs_fixture() -> None:
    listing = read("refs.txt")
    assert listing.records == (
        ListingRecord(
            "PENUMBRA: An Efficient Detector for the Edges of Long Shadows",
            "Long shadows have soft edges, and existing detectors force a trade-off between the softness and the edge. "
            "We propose Penumbra, a detector that treats both as one quantity [a half-shadow] and resolves it in a "
            "single pass. On invented streets at four hours of the day it matches detectors of ten times its size.",
            LineRange(30, 47),
            author_count=3,
            published=PartialDate(None, 5, 30),
        ),
        ListingRecord(
            "A Sundial Has No Batteries, But What Must We Give in Return? A Comprehensive Benchmark of Timekeeping "
            "Under Capable Clouds",
            "Sundials need no batteries. We benchmark them under clouds, which need none either.",
            LineRange(48, 62),
            organization=Organization("gnomon", "Gnomon Institute"),
            published=PartialDate(2024, 3, 8),
            comments=6,
            upvotes=65,
        ),
        ListingRecord(
            "Noon",
            "At noon all shadows are short. This report says how short, by latitude, and lists the exceptions that its "
            "authors met on one walk.",
            LineRange(63, 79),
            author_count=671,
            published=PartialDate(2025, 11, 14),
            upvotes=1024,
        ),
    )
    (problem,) = listing.problems
    assert problem.lines == LineRange(80, 91)
    assert problem.reason == "This paper is cut off: the file ends in the middle of it."
    assert "Dusk" in problem.text
    assert listing.account == LineAccount(LINES, 69, 38, 23, 8)
    assert (listing.heading, listing.retrieved) == (PartialDate(None, 6, 29), date(2026, 6, 29))
    assert (listing.query, listing.source_url) == ("Long shadow detection", f"{PAGE}?q=Long+shadow+detection")


def test_refs_with_a_list_of_addresses() -> None:
    assert read("refs_with_addresses.txt") == ParsedListing(
        "refs",
        (
            ListingRecord(
                "Candles: Attention at Low Light",
                "Candles attend to little. We show that this is often enough, and measure how often.",
                LineRange(8, 23),
                author_count=2,
                published=PartialDate(None, 1, 4),
                comments=2,
                upvotes=3,
                arxiv_id="2601.90001",
                url=f"{PAGE}/2601.90001",
            ),
        ),
        LineAccount(LINES, 25, 12, 13, 0),
        heading=PartialDate(2026, 1, 5),
    )


def test_urls_fixture() -> None:
    assert read("urls.txt") == ParsedListing(
        "urls",
        (
            ListingRecord(
                "Better Than Your Ferry: Paper Boats That Learn from Puddles",
                "Paper boats sink. We fold them so that they sink later, with feedback from puddles that is available "
                "while folding but hidden on the pond ( Paper Boats). A boat outperforms its folder in 7 of 9 invented "
                "ponds. Our code is at https://example.org/boats",
                LineRange(58, 76),
                author_count=2,
                published=PartialDate(2024, 10, 7),
                upvotes=19,
                arxiv_id="2410.95434",
                url=f"{PAGE}/2410.95434",
            ),
            ListingRecord(
                "boat2vec",
                "Boats are vectors already. We prove it. https://example.org/proof",
                LineRange(78, 101),
                author_count=1,
                published=PartialDate(2024, 9, 3),
                comments=2,
                arxiv_id="1808.91400",
                url=f"{PAGE}/1808.91400",
            ),
            ListingRecord(
                "Soft Landings for Hard Boats",
                "Hard boats land hard. We soften the shore instead of the boat, and give the shore a say in when it is "
                "landed on.",
                LineRange(103, 129),
                organization=Organization("pond-works", "Pond Works"),
                published=PartialDate(None, 3, 23),
                comments=1,
                upvotes=5,
                arxiv_id="2510.91057",
                url=f"{PAGE}/2510.91057",
            ),
        ),
        LineAccount(LINES, 80, 36, 44, 0),
        heading=PartialDate(2026, 3, 25),
        retrieved=date(2026, 7, 28),
        query="Paper Boats",
        source_url=f"{PAGE}?q=Paper%20Boats",
    )


def test_trending_fixture_with_links() -> None:
    assert read("trending_links.md") == ParsedListing(
        "trending",
        (
            ListingRecord(
                "Thermals: Rising Without Flapping in Pretraining",
                "Kestrels rise without flapping. We pretrain without epochs: a thermal is a part of the "
                "data in which the "
                "loss falls by itself, and a model that stays in it rises. Models trained so need a third "
                "of the steps. "
                "[1] gives the proof.",
                LineRange(39, 91),
                organization=Organization("updraft-lab", "Updraft Laboratory"),
                published=PartialDate(2026, 10, 4),
                upvotes=117,
                arxiv_id="2610.95608",
                url=f"{PAGE}/2610.95608",
                code_urls=("https://github.com/example-updraft/thermals",),
                submitted_by="kestrel",
            ),
            ListingRecord(
                "Roost: Multi-Agent Sleep",
                "A multi-agent framework that lets agents sleep in turns, improving wakefulness by 12%.",
                LineRange(94, 150),
                author_count=4,
                published=PartialDate(2024, 12, 28),
                upvotes=149,
                arxiv_id="2412.90138",
                url=f"{PAGE}/2412.90138",
                code_urls=("https://github.com/example-roost/roost",),
            ),
        ),
        LineAccount(LINES, 65, 44, 21, 0),
        source_url=f"{PAGE}/trending",
        repeated=2,
    )


def test_trending_fixture_without_links() -> None:
    assert read("trending_bare.md") == ParsedListing(
        "trending",
        (
            ListingRecord(
                "Abacus Lightning: Train ANY Abacus with Beads",
                "Abacus Lightning is a flexible framework for training beads in various abaci, using a "
                "hierarchy of rods.",
                LineRange(13, 23),
                author_count=8,
                code_urls=("https://github.com/example-abacus/lightning",),
            ),
            ListingRecord(
                "SlowDocking: An ultra-compact harbour model for end-to-end multi-modal mooring",
                "Ships moor slowly. SlowDocking moors them in one step.",
                LineRange(25, 39),
                code_urls=("https://github.com/example-abacus/slowdocking",),
            ),
        ),
        LineAccount(LINES, 29, 20, 9, 0),
        source_url=f"{PAGE}/trending",
        repeated=2,
    )


def parsed(text: str, module: object) -> ParsedListing:
    data = text.encode()
    listing: ParsedListing = module.parse(data)  # type: ignore[attr-defined]
    check_account(listing, data)
    return listing


ADDRESS = f"{PAGE}/2401.00001"
CARD = f"### [A Title]({ADDRESS})\n\n[An abstract.]({ADDRESS})\n\n[- 3 authors]({ADDRESS})\n\n·\n\nMay 1"


def test_daily_cards_show_who_submitted_them_and_no_abstract() -> None:
    text = (
        f"# Daily Papers\n\nOct 2\n\n[![](https://x.y/thumb.png)]({PAGE}/2401.00001)\n\nSubmitted by\n\n"
        f"[![](https://x.y/a.svg)Ada Example](https://huggingface.co/ada)\n\n"
        f"[27](https://huggingface.co/login?next=%2Fpapers%2F2401.00001)\n\n### [A Title]({PAGE}/2401.00001)\n\n"
        f"[- ![](https://x.y/b.svg)\\\\\n- 5 authors]({PAGE}/2401.00001)\n\n"
        f"[3]({PAGE}/2401.00001#community)\n"
    )
    listing = parsed(text, markdown)
    (record,) = listing.records
    assert (record.title, record.abstract, record.submitted_by) == ("A Title", "", "Ada Example")
    assert (record.author_count, record.comments, record.upvotes) == (5, 3, 27)
    assert listing.problems == ()
    assert record.lines == LineRange(5, 18)


def test_relative_links_and_setext_titles() -> None:
    text = "[A Title](/papers/2401.00001)\n-----\n\n[An abstract.](/papers/2401.00001)\n\n- 3 authors\n\nMay 1, 2024\n"
    (record,) = parsed(text, markdown).records
    assert (record.title, record.abstract, record.author_count) == ("A Title", "An abstract.", 3)
    assert (record.arxiv_id, record.url) == ("2401.00001", f"{PAGE}/2401.00001")
    assert record.published == PartialDate(2024, 5, 1)


def test_unclosed_abstract_is_a_problem_of_its_own_card_only() -> None:
    broken = f"### [Broken]({PAGE}/2401.00002)\n\n[We start and\\\\\nnever end."
    listing = parsed(f"{CARD}\n\n{broken}\n\n{CARD.replace('00001', '00003')}\n", markdown)
    assert [record.arxiv_id for record in listing.records] == ["2401.00001", "2401.00003"]
    (problem,) = listing.problems
    assert problem.lines == LineRange(11, 14)
    assert "does not end" in problem.reason


def test_cut_off_markdown_card() -> None:
    text = f"{CARD}\n\n### [Broken]({PAGE}/2401.00002)\n\n[We start and\\\\\n\n[Content truncated]\n"
    listing = parsed(text, markdown)
    assert [record.arxiv_id for record in listing.records] == ["2401.00001"]
    assert [problem.lines for problem in listing.problems] == [LineRange(11, 15)]


def test_prose_between_cards_is_a_problem() -> None:
    listing = parsed(f"{CARD}\n\nSome prose that belongs nowhere.\n\n{CARD.replace('00001', '00002')}\n", markdown)
    assert len(listing.records) == 2
    assert [problem.text for problem in listing.problems] == ["Some prose that belongs nowhere."]


def test_markdown_keeps_latex() -> None:
    text = f"### [T]({PAGE}/2401.00001)\n\n[At 5\\% of $\\\\alpha\\_1$ \\\\{{x\\\\}} and \\[y\\].]({PAGE}/2401.00001)\n"
    (record,) = parsed(text, markdown).records
    assert record.abstract == "At 5\\% of $\\alpha_1$ \\{x\\} and [y]."


def test_broken_urls_card_is_a_problem() -> None:
    first = f" [-] 3\n\nA Title\n\n{PAGE}/2401.00001\n\nAn abstract.\n\n{PAGE}/2401.00001\n\nMay 1\n\n"
    broken = f" [-] 4\n\nBroken\n\n{PAGE}/2401.00002\n\nAn abstract without its address.\n\n"
    listing = parsed(f"{first}{broken}{first.replace('00001', '00003')}", address_lines)
    assert [(record.arxiv_id, record.upvotes) for record in listing.records] == [("2401.00001", 3), ("2401.00003", 3)]
    (problem,) = listing.problems
    assert problem.lines == LineRange(13, 19)


def test_unclosed_refs_card_is_a_problem_of_its_own() -> None:
    card = "[\n1\n][2]\n\n### [A Title][3]\n\n[\n\nAn abstract.\n\n][4]\n·\nMay 1\n"
    broken = "[\n1\n][5]\n\n### [Broken][6]\n\n[\n\nAn abstract without end.\n"
    listing = parsed(f"{card}{broken}{card}", numbered_links)
    assert [record.title for record in listing.records] == ["A Title", "A Title"]
    assert [problem.lines for problem in listing.problems] == [LineRange(14, 22)]


def test_trending_cards_are_folded_wherever_they_stand() -> None:
    def card(name: str) -> str:
        return f"### {name}\n\nAbout {name}.\n- 2 authors\n[LINK: GitHub 3k](https://github.com/x/{name})\n\n"

    listing = parsed("## Trending Papers\n\n" + card("one") + card("two") + card("one"), trending)
    assert [record.title for record in listing.records] == ["one", "two"]
    assert listing.repeated == 1
    assert listing.records[0].lines == LineRange(3, 7)
    assert listing.problems == ()


@pytest.mark.parametrize(
    ("previous", "year"),
    [("2025-10-01", 2025), ("2025-09-29", 2025), ("2025-08-01", None), ("2025-99-99", None), ("9999-12-31", None)],
)
def test_the_day_before_tells_the_year(previous: str, year: int | None) -> None:
    listing = parsed(f"Oct 2\n\n{CARD}\n\n[Previous]({PAGE}/date/{previous})\n", markdown)
    assert listing.heading == PartialDate(year, 10, 2)
    assert listing.problems == ()


def test_new_year_lies_between_a_heading_and_the_day_before() -> None:
    listing = parsed(f"Jan 2\n\n{CARD}\n\n[Previous]({PAGE}/date/2025-12-31)\n", markdown)
    assert listing.heading == PartialDate(2026, 1, 2)
