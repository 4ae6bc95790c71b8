"""Any records, written as any text dump of the page, read back to what the dump can express."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.dates import MONTH_NAMES, PartialDate
from reader.domain.records import AccountUnit, ListingRecord, Organization
from reader.formats import registry
from tests.examples import examples
from tests.formats.rendering import NOWHERE, RENDERINGS, Page, Rendering

# Words that a dump would read as something else alone on a line are none of these: brackets and list marks without
# anything, backslashes at an end (Markdown's line break), heading and rule marks.
_WORD_CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Z", "M"))
_SPECIAL_WORDS = [
    *(
        "$\\mathbb{X}$",
        "$\\alpha$:",
        "5\\%",
        "{LLM}",
        "\\emph{now}",
        "\\-",
        "\\[x\\]",
        "a_b",
        "*bold*",
        "__init__",
        "`code`",
    ),
    *(
        "[1]",
        "[a](b)",
        "(x)",
        "1.",
        "2)",
        "-3",
        "#1",
        "C#",
        "R&D",
        "~1",
        "<b>",
        "&amp;",
        "“quoted”",
        "``tex''",
        "8",
        "authors",
    ),
    *("e.g.", "Yes?", "No!", "So...", "https://example.org/a_b", "日本語", "العربية"),
]
_words = st.one_of(st.text(_WORD_CHARACTERS, min_size=1, max_size=12), st.sampled_from(_SPECIAL_WORDS))


def _is_plain_word(word: str) -> bool:
    return any(char.isalnum() for char in word) and not word.endswith("\\")


def _texts(minimum: int, maximum: int) -> st.SearchStrategy[str]:
    return st.lists(_words.filter(_is_plain_word), min_size=minimum, max_size=maximum).map(" ".join)


def _is_title(text: str) -> bool:
    """Not what the page itself could say at that place: a number, a date, an address, an item of a list, one word."""
    words = text.split()
    return len(words) > 1 and not (
        text[0].isdigit()
        or text[0] in "-*•‣–—([#+=~>"
        or words[0] == "https://example.org/a_b"
        or (len(words[0]) < 6 and words[0][-1] in ".)")
        or (words[0][:3] in MONTH_NAMES and words[1][0].isdigit())
    )


_titles = _texts(2, 20).filter(_is_title).filter(lambda text: len(text) <= 175)
_FILLING = (
    "We fill this invented abstract up with words that say nothing, because what is tested are the words between them, "
    "and abstracts of real pages have 165 characters at the least"
)
_abstracts = st.builds(
    lambda middle, at, end: " ".join([*_FILLING.split()[:at], middle, *_FILLING.split()[at:], end]),
    _texts(1, 12),
    st.integers(1, 20),
    _texts(1, 3),
)
_days = st.dates(date(2000, 1, 1), date(2031, 12, 31))
_shown_dates = st.builds(
    lambda day, has_year: PartialDate(day.year if has_year else None, day.month, day.day), _days, st.booleans()
)
_names = st.lists(st.from_regex(r"[A-ZÄ][a-zé]{1,8}\.?|&|AI2", fullmatch=True), min_size=1, max_size=4).map(" ".join)
_organizations = st.builds(
    Organization,
    st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{1,20}", fullmatch=True),
    _names.filter(lambda name: name[0] != "&" and name[-1] != "."),
)
_counts = st.none() | st.integers(0, 10**5)


def _letters(text: str) -> str:
    """A text's letters and digits, which no format changes."""
    return "".join(filter(str.isalnum, text))


@st.composite
def _records(draw: st.DrawFn) -> tuple[ListingRecord, ...]:
    ids = draw(st.lists(st.integers(0, 99_999), min_size=1, max_size=3, unique=True))
    return tuple(
        ListingRecord(
            draw(_titles),
            draw(_abstracts),
            NOWHERE,
            author_count=draw(st.none() | st.integers(1, 3000)),
            organization=draw(st.none() | _organizations),
            published=draw(st.none() | _shown_dates),
            comments=draw(_counts),
            upvotes=draw(_counts),
            arxiv_id=f"24{draw(st.integers(1, 12)):02d}.{number:05d}",
            code_urls=draw(st.sampled_from([(), ("https://github.com/example/code",)])),
            submitted_by=draw(st.none() | st.sampled_from(["kestrel", "Ada Example"])),
        )
        for number in ids
    )


_pages = st.builds(
    Page,
    heading=_shown_dates,
    query=st.none() | st.sampled_from(["long shadows", "Gumbel-Softmax", "C++ & tides"]),
    exported=st.none() | _days,
)


@pytest.mark.parametrize("rendering", RENDERINGS, ids=lambda rendering: rendering.name)
@examples(60)
@given(records=_records(), page=_pages)
def test_rendered_records_read_back(rendering: Rendering, records: tuple[ListingRecord, ...], page: Page) -> None:
    text = rendering.render(records, page)
    listing, detection = registry.parse_detected(text.encode(), "page.txt")

    assert (detection.format.name, detection.certain) == (rendering.name, True)
    assert listing.problems == ()
    read = [replace(record, lines=NOWHERE) for record in listing.records]
    assert read == [rendering.expressible(record) for record in records]
    expected = rendering.page(page)
    assert (listing.heading, listing.query, listing.retrieved) == (expected.heading, expected.query, expected.exported)
    assert listing.repeated == (len(records) if rendering.name == "trending" else 0)

    lines = text.split("\n")
    account = listing.account
    assert account.unit is AccountUnit.LINES
    assert account.total == sum(bool(line.strip()) for line in lines) == account.records + account.boilerplate
    for record in listing.records:
        inside = _letters(" ".join(lines[record.lines.first - 1 : record.lines.last]))
        assert _letters(record.title) in inside
        assert _letters(record.abstract) in inside
    starts = [record.lines.first for record in listing.records]
    assert starts == sorted(starts)


@pytest.mark.parametrize("rendering", RENDERINGS, ids=lambda rendering: rendering.name)
@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_change_nothing(rendering: Rendering, line_end: str) -> None:
    record = ListingRecord("A Title of Five Words", "We " + "write text that is wrapped. " * 10 + "End.", NOWHERE)
    record = replace(record, arxiv_id="2401.00001", published=PartialDate(2024, 1, 2), author_count=3)
    text = rendering.render([record, replace(record, title="Another Title", arxiv_id="2401.00002")], Page(None))
    expected = rendering.parse(text.encode())
    assert len(expected.records) == 2
    assert rendering.parse(text.replace("\n", line_end).encode()) == expected


@pytest.mark.parametrize("rendering", RENDERINGS, ids=lambda rendering: rendering.name)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides(rendering: Rendering, encoding: str) -> None:
    record = ListingRecord("Ein Titel für Prüfungen", "We " + "résumé naïve text, 日本語. " * 10, NOWHERE)
    record = replace(record, arxiv_id="2401.00001")
    text = rendering.render([record, replace(record, title="Zweiter Titel", arxiv_id="2401.00002")], Page(None))
    listing = registry.parse(text.encode(encoding), "page.txt")
    assert listing.records == rendering.parse(text.encode()).records
    assert not listing.encoding_uncertain
    assert listing.encoding == ("utf-8" if encoding == "utf-8-sig" else "utf-16-le")
