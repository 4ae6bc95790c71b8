"""Any records, written in any structured format, read back to what the format can express."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.dates import PartialDate
from reader.domain.records import AccountUnit, ListingRecord, Organization
from reader.formats import registry
from tests.examples import examples
from tests.formats.rendering_structured import NOWHERE, RENDERINGS, Rendering

_WORD_CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Z", "M"))
_SPECIAL_WORDS = st.sampled_from(
    [
        "$x < y$",
        "$\\alpha$",
        "5%",
        "{LLM}",
        "a_b",
        "C#",
        "R&D",
        "\\emph{now}",
        "“quoted”",
        "~1",
        "<b>",
        "&amp;",
        "🧶",
        "日本語",
    ]
)
# Words that a format reads as something of its own are no words of these texts: see the strategies' filters.
_words = st.one_of(st.text(_WORD_CHARACTERS, min_size=1, max_size=12), _SPECIAL_WORDS)


def _is_single_encoded(text: str) -> bool:
    """Whether a text does not look as if UTF-8 had been read as Latin-1, which feedparser mends."""
    try:
        return text.encode("latin-1").decode("utf-8") == text
    except UnicodeError:
        return True


def _is_one_reading(text: str) -> bool:
    """Whether a text is read alike everywhere: no lone ``$`` (maths) or lone bar (arXiv's mail), no sign as maths."""
    words = text.split(" ")
    is_misread = text.count("$") % 2 or any(sign in text for sign in ("$<$", "$>$"))  # BibTeX means the sign by these
    return not is_misread and "\\\\" not in text and not any(set(word) <= {"\\"} for word in words)


def _texts(minimum: int, maximum: int) -> st.SearchStrategy[str]:
    joined = st.lists(_words, min_size=minimum, max_size=maximum).map(" ".join)
    return joined.filter(lambda text: _is_single_encoded(text) and _is_one_reading(text))


_given_names = st.from_regex(r"[A-ZÀÖÉ][a-zäöüßçøé]{3,8}( [A-Z]\.)?", fullmatch=True)
_names = st.builds("{} {}".format, _given_names, st.from_regex(r"[A-ZÀÖÉ][a-zäöüßçøé'’-]{3,8}[a-z]", fullmatch=True))
_counts = st.none() | st.integers(0, 10**6)
_keywords = st.from_regex(r"[a-z][a-z0-9-]{1,8}( [a-z]{2,8})?", fullmatch=True)
_records = st.builds(
    ListingRecord,
    title=_texts(1, 9).filter(lambda text: any(char.isalnum() for char in text)),
    abstract=_texts(0, 30),
    lines=st.just(NOWHERE),
    authors=st.lists(_names, max_size=4).map(tuple),
    organization=st.none() | st.builds(Organization, _keywords, _names),
    published=st.none() | st.dates(min_value=date(1991, 8, 14)).map(PartialDate.from_date),
    comments=_counts,
    upvotes=_counts,
    code_urls=st.sampled_from([(), ("https://github.com/moths/lamps",)]),
    project_url=st.sampled_from([None, "https://moths.example/"]),
    keywords=st.lists(_keywords, max_size=3, unique=True).map(tuple),
    categories=st.lists(
        st.sampled_from(["cs.LG", "cs.CL", "math.ST", "hep-th"]), min_size=1, max_size=3, unique=True
    ).map(tuple),
    submitted_by=st.none() | _keywords,
)


@st.composite
def _listings(draw: st.DrawFn) -> list[ListingRecord]:
    records = draw(st.lists(_records, min_size=1, max_size=5))
    return [replace(record, arxiv_id=f"2401.{number:05d}") for number, record in enumerate(records, start=1)]


@pytest.mark.parametrize("rendering", RENDERINGS, ids=lambda rendering: rendering.name)
@given(records=_listings())
@examples(60)
def test_rendered_records_read_back(rendering: Rendering, records: list[ListingRecord]) -> None:
    text = rendering.render(records)
    listing = rendering.parse(text.encode())
    assert listing.problems == ()
    assert [replace(record, lines=NOWHERE) for record in listing.records] == [
        replace(rendering.expressible(record), lines=NOWHERE) for record in records
    ]
    account = listing.account
    assert account.total == account.records + account.boilerplate
    if account.unit is AccountUnit.ENTRIES:
        assert (account.records, account.boilerplate) == (len(records), 0)
        assert [record.lines.first for record in listing.records] == list(range(1, len(records) + 1))
    else:
        assert account.total == sum(bool(line.strip()) for line in text.split("\n"))
        assert account.records == sum(_non_blank(text, record) for record in listing.records)


@pytest.mark.parametrize("rendering", RENDERINGS, ids=lambda rendering: rendering.name)
@given(records=_listings())
@examples(15)
def test_the_registry_knows_the_format(rendering: Rendering, records: list[ListingRecord]) -> None:
    data = rendering.render(records).encode()
    detection = registry.detect(data, "listing")
    assert (detection.format.name, detection.certain) == (rendering.name, True)
    assert registry.parse(data, "listing").format == rendering.name


def _non_blank(text: str, record: ListingRecord) -> int:
    """The non-blank lines in a record's range, which must hold its identifier."""
    lines = text.split("\n")[record.lines.first - 1 : record.lines.last]
    assert f"arXiv:{record.arxiv_id}" in lines
    return sum(bool(line.strip()) for line in lines)
