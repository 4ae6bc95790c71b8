"""Titles of steps as they are stored and put into words."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reader.domain.step_titles import UNTITLED, Argument, StepKind, StepTitle

TEXTS = st.text(max_size=20)
COUNTS = st.integers(min_value=0, max_value=100_000)
ARRIVED = {"papers", "notes", "tags", "of a later version"}
DAYS = st.dates().map(lambda day: day.isoformat())
SPECIAL: dict[str, st.SearchStrategy[Argument]] = {
    "papers": TEXTS | COUNTS,
    "tags": st.lists(TEXTS),
    "day": DAYS,
    **dict.fromkeys(ARRIVED - {"papers", "tags"}, COUNTS),
    **dict.fromkeys(("number", "year", "files", "hours", "pages", "sources"), COUNTS),
}


def fields(kind: StepKind) -> set[str]:
    """The arguments that a kind's sentences name."""
    names = {name for text in (kind.sentence, kind.second) for _, name, _, _ in string.Formatter().parse(text) if name}
    if "counts" in names:
        names = names - {"counts"} | ARRIVED
    return names | ({"today"} if "day" in names else set())


@st.composite
def parts(draw: st.DrawFn) -> StepTitle:
    """A title with one part."""
    kind = draw(st.sampled_from(StepKind))
    return kind(**{name: draw(DAYS if name == "today" else SPECIAL.get(name, TEXTS)) for name in sorted(fields(kind))})


TITLES = st.lists(parts(), max_size=3).map(lambda made: sum(made, UNTITLED))


@given(TITLES)
def test_a_title_is_read_as_it_was_stored(title: StepTitle) -> None:
    again = StepTitle.read(title.stored())
    assert (again, str(again), again.kind) == (title, str(title), title.kind)


@example(StepKind.SNOOZED(papers="Rivers", day="2026-03-02", today="2026-03-01"))
@given(TITLES)
def test_every_text_in_a_sentence_is_shown_as_wanted(title: StepTitle) -> None:
    def marked(text: str) -> str:
        shown.append(text)
        return "\0"

    shown: list[str] = []
    assert title.sentence(marked).count("\0") == len(shown)


@given(st.text() | st.sampled_from(["[]x", "7", "[7]", "null", '"text"', '{"starred": 1}']))
def test_a_text_is_a_title(text: str) -> None:
    title = StepTitle.read(text)
    assert str(title) in {text, ""}
    assert str(title) == text or text == "[]"


@pytest.mark.parametrize(
    "stored",
    [
        '[["starred", {}]]',
        '[["starred", null]]',
        '[["starred", ["papers"]]]',
        '[["a_kind_of_a_later_version", {"papers": 3}]]',
        '[["snoozed", {"papers": 3, "day": "soon", "today": "2026-03-01"}]]',
        '[["tagged", {"papers": {}, "tags": [7]}]]x',
    ],
)
def test_a_damaged_title_is_shown_as_it_is(stored: str) -> None:
    assert str(StepTitle.read(stored)) == stored


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        (UNTITLED, ""),
        (StepKind.STARRED(papers="Rivers"), "Starred: “Rivers”"),
        (StepKind.STARRED(papers=1), "Starred: 1 paper"),
        (StepKind.STARRED(papers=1_400), "Starred: 1,400 papers"),
        (StepKind.TAGGED(papers="Rivers", tags=["a", "b"]), "Tagged “a”, “b”: “Rivers”"),
        (StepKind.TAGGED(papers=14, tags=["a"]), "Tagged 14 papers “a”"),
        (
            StepKind.TAGGED(papers=14, tags=["a"]) + StepKind.UNTAGGED(papers="{tags}", tags=["b"]),
            "Tagged 14 papers “a” and untagged “b”: “{tags}”",
        ),
        (StepKind.SNOOZED(papers=2, day="2026-12-07", today="2026-03-01"), "Snoozed until Mon 7 Dec: 2 papers"),
        (StepKind.SNOOZED(papers=2, day="2027-12-07", today="2026-03-01"), "Snoozed until Tue 7 Dec 2027: 2 papers"),
        (StepKind.ARRIVED(device="Laptop", papers=14, notes=2), "From Laptop: 14 papers, 2 notes"),
        (StepKind.ARRIVED(device="Laptop", notes=1, papers=1, tags=0), "From Laptop: 1 paper, 1 note"),
        (
            StepKind.ARRIVED(device="Laptop", states=1_200, hopes=1, fears=1),
            "From Laptop: 1,200 states, 2 other changes",
        ),
        (StepKind.ARRIVED(device="Laptop"), "From Laptop: other changes"),
        (StepKind.FAVORITE(tag="a", number=3), "Made “a” favourite tag 3"),
        (StepKind.LISTING_YEAR(listing="page", year=2024), "Set the year of “page” to 2024"),
        (StepKind.HIGHLIGHTED(quote="so", papers="Rivers"), "Highlighted “so” in “Rivers”"),
        (StepKind.HIGHLIGHTED(quote="so", papers="Rivers").naming("Result"), "Highlighted as Result: “so” in “Rivers”"),
    ],
)
def test_sentences(title: StepTitle, sentence: str) -> None:
    assert str(title) == sentence


@pytest.mark.parametrize("kind", StepKind)
def test_both_sentences_of_a_kind_name_the_same_or_a_label(kind: StepKind) -> None:
    named = [{name for _, name, _, _ in string.Formatter().parse(text)} for text in (kind.sentence, kind.second)]
    assert named[1] - named[0] <= {"label"}
    assert named[0] <= named[1]
