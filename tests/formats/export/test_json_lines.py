"""JSON Lines: what is written reads back, and what is not understood is said."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.annotations import HighlightLabel, MuteRule, SavedSearch, Tag
from reader.domain.errors import ParseError
from reader.domain.papers import PaperState
from reader.domain.records import AccountUnit, LineAccount, LineRange, Organization, Problem
from reader.domain.subscriptions import PageName, Subscription, SubscriptionKind
from reader.domain.transfer import (
    TransferEarlier,
    TransferFetch,
    TransferListing,
    TransferNote,
    TransferPaper,
    TransferSighting,
)
from reader.formats.export.json_lines import (
    TYPES,
    VERSION,
    header_line,
    is_json_lines,
    item_line,
    read_json_lines,
)
from tests.examples import examples
from tests.formats.export.examples import highlight

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "export.md"

TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
COUNT = st.integers(0, 10_000)
PLACE = st.none() | COUNT
DAY = "2031-04-05T08:00:00Z"

LISTING = TransferListing(
    *("a" * 64, "sheep", False, "plain", 1, None, None, "--04-05", "2031-04-05", 2031, True, False, False),
    *("utf-8", False, "sheep.txt", None, DAY, LineAccount(AccountUnit.LINES, 9, 6, 2, 1)),
    problems=(Problem(LineRange(3, 4), "why", "what"),),
    page=PageName("daily", "day", "2031-04-05"),
    fetches=(TransferFetch("a" * 64, DAY), TransferFetch("b" * 64, DAY)),
)
PAPER = TransferPaper(
    *("abcd2345", ("bbbb2345",), "invented2031", "3104.01234", "Title", "Abstract", ("Ada",), 1),
    *(Organization("acct", "Org"), "2031-04-05", 3, "https://a.invalid", None, (), (), ("cs.ZZ",), 3, 12, 1),
    *("2031-04-05", "2031-04-05", "2031-04-05", DAY, "a" * 64, PaperState.QUEUED, DAY, True, DAY, None, DAY, 1),
    TransferNote("A note", DAY, DAY),
    tags=("rl",),
    highlights=(highlight(7),),
    sightings=(TransferSighting("a" * 64, 4, LineRange(1, 3), 1, None, None, None, "2031-04-06"),),
    earlier=(TransferEarlier("a" * 64, "2031-04-05", 3, None, 7),),
    former_titles=("old title",),
)
ITEMS = (
    LISTING,
    Tag(0, "rl", "#112233", "about it", 3, 0),
    HighlightLabel(0, "Claim", "#e5b567"),
    SavedSearch(0, "mine", "tag:rl", "date", None),
    MuteRule(0, "less", "-tag:rl", True),
    Subscription(0, "Morning", SubscriptionKind.DAILY, "day", 6, DAY),
    PAPER,
)

papers = st.builds(
    replace,
    st.just(PAPER),
    title=TEXT,
    abstract=TEXT,
    authors=TEXTS,
    tags=TEXTS,
    comments=st.none() | COUNT,
    organization=st.none() | st.builds(Organization, TEXT, TEXT),
    state=st.sampled_from(PaperState),
    note=st.none() | st.builds(TransferNote, TEXT, st.just(DAY), st.just(DAY)),
    highlights=st.lists(
        st.builds(highlight, COUNT, exact=TEXT, comment=TEXT, start=st.none() | COUNT, end=st.none() | COUNT),
        max_size=3,
    ).map(tuple),
)


def lines(*items: Any) -> list[bytes]:
    """A file's lines."""
    return [header_line().encode(), *(item_line(item).encode() for item in items)]


def test_every_kind_reads_back() -> None:
    assert tuple(read_json_lines(lines(*ITEMS))) == ITEMS
    assert {type(item) for item in ITEMS} == set(TYPES.values())


@examples(150)
@given(st.lists(papers, max_size=4))
def test_papers_read_back(exported: list[TransferPaper]) -> None:
    written = lines(*exported)
    assert list(read_json_lines(written)) == exported
    assert all(line.count(b"\n") == 1 and line.endswith(b"\n") for line in written)


def test_only_our_own_files_are_taken_for_ours() -> None:
    assert is_json_lines(header_line().encode()) and is_json_lines(b"\xef\xbb\xbf" + header_line().encode())
    for other in (b"", b"{}", b"[]", b'{"type": "other"}', b"not json", b"[" * 100_000, b"\xff\xfe"):
        assert not is_json_lines(other)
        with pytest.raises(ParseError):
            list(read_json_lines([other]))
    with pytest.raises(ParseError, match="newer"):
        list(read_json_lines([json.dumps({"type": "lectern", "version": VERSION + 1}).encode()]))


def without(name: str) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(item_line(PAPER))
    del members[name]
    return members


BROKEN = (
    (b"no json", "not JSON"),
    (b"[1, 2]", "not a listing"),
    (b'{"type": "paper"}', "lacks"),
    (b'{"type": "nothing"}', "not a listing"),
    (json.dumps(without("title")).encode(), "lacks “title”"),
    (json.dumps({**json.loads(item_line(PAPER)), "title": 3}).encode(), "“title” should be a text"),
    (json.dumps({**json.loads(item_line(PAPER)), "starred": 1}).encode(), "“starred” should be true or false"),
    (json.dumps({**json.loads(item_line(PAPER)), "comments": 2**70}).encode(), "“comments” should be a whole number"),
    (json.dumps({**json.loads(item_line(PAPER)), "comments": 1.5}).encode(), "“comments” should be a whole number"),
    (json.dumps({**json.loads(item_line(PAPER)), "tags": "rl"}).encode(), "“tags” should be a list"),
    (json.dumps({**json.loads(item_line(PAPER)), "state": "asleep"}).encode(), "“state” has an unknown value"),
    (json.dumps({**json.loads(item_line(PAPER)), "note": [1]}).encode(), "“note” should be an object"),
    (json.dumps({**json.loads(item_line(PAPER)), "first_seen": "soon"}).encode(), "“first_seen” does not have"),
    (json.dumps({**json.loads(item_line(PAPER)), "published": "2031-4-5"}).encode(), "“published” does not have"),
    (json.dumps({**json.loads(item_line(PAPER)), "published_certainty": 9}).encode(), "“published_certainty” is out"),
    (b"{" * 100_000, "not JSON"),
)


@pytest.mark.parametrize(("line", "reason"), BROKEN)
def test_a_line_that_is_not_understood_is_a_problem_and_the_others_are_read(line: bytes, reason: str) -> None:
    found = list(read_json_lines([*lines(LISTING), line + b"\n", b"\n", item_line(PAPER).encode()]))
    assert found[0] == LISTING and found[2] == PAPER and len(found) == 3
    problem = found[1]
    assert isinstance(problem, Problem) and reason in problem.reason and problem.lines == LineRange(3, 3)


def test_unknown_members_are_passed_over_and_controls_dropped() -> None:
    members = {**json.loads(item_line(PAPER)), "later": {"x": 1}, "title": "a\u0000b\u001bc"}
    (found,) = read_json_lines([header_line().encode(), json.dumps(members).encode()])
    assert found == replace(PAPER, title="abc")


@examples(200)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_line_raises(line: bytes) -> None:
    for found in read_json_lines([header_line().encode(), line]):
        assert isinstance(found, Problem)


def test_the_documentation_names_every_member() -> None:
    text = DOCUMENTATION.read_text("utf-8")
    for name, kind in TYPES.items():
        section = re.search(rf"^#### `{name}`$(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
        assert section, name
        documented = re.findall(r"^\| `(\w+)` \|", section[1], re.MULTILINE)
        written = json.loads(item_line(next(item for item in ITEMS if type(item) is kind)))
        assert documented == [member for member in written if member != "type"], name
        assert set(documented) <= {field.name for field in fields(kind)}
