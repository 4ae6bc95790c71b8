"""What decisions say about taste, and the order with papers from outside the usual."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.papers import PaperState
from reader.domain.taste import (
    Decision,
    PaperPart,
    PaperSignals,
    Reasons,
    WordPart,
    decision_of,
    explored,
    missing,
    needs,
    shuffled_by_time,
)

EARLY, LATE = "2026-01-01T08:00:00Z", "2026-02-01T08:00:00Z"
NOTHING = PaperSignals("key", 1)
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


@pytest.mark.parametrize(
    ("signals", "weight"),
    [
        ({"starred": True}, 20),
        ({"state": PaperState.DONE}, 15),
        ({"state": PaperState.QUEUED}, 10),
        ({"state": PaperState.READING}, 10),
        ({"tagged": EARLY}, 5),
        ({"noted": EARLY, "highlighted": EARLY}, 10),
        ({"state": PaperState.DONE, "tagged": EARLY}, 20),
        ({"starred": True, "state": PaperState.DONE, "tagged": EARLY, "noted": EARLY, "highlighted": EARLY}, 30),
        ({"starred": True, "state": PaperState.DISMISSED}, 20),
        ({"example_added": EARLY}, 20),
        ({"state": PaperState.DONE, "is_bulk": True}, 3),
        ({"state": PaperState.DONE, "is_bulk": True, "starred": True}, 20),
    ],
)
def test_what_is_liked_and_how_much(signals: dict[str, object], weight: int) -> None:
    decision = decision_of(NOTHING._replace(**signals))  # type: ignore[arg-type]
    assert decision is not None
    assert (decision.is_liked, decision.weight) == (True, weight)


@pytest.mark.parametrize(("signals", "weight"), [({}, 10), ({"is_bulk": True}, 2), ({"tagged": EARLY}, 10)])
def test_dismissed_is_a_no(signals: dict[str, object], weight: int) -> None:
    decision = decision_of(NOTHING._replace(state=PaperState.DISMISSED, changed=EARLY, **signals))  # type: ignore[arg-type]
    assert decision == Decision("key", 1, False, weight, EARLY)


def test_the_inbox_says_nothing() -> None:
    assert decision_of(NOTHING) is None
    assert decision_of(NOTHING._replace(changed=EARLY)) is None


@pytest.mark.parametrize(
    ("signals", "moment"),
    [
        ({"state": PaperState.DONE, "changed": EARLY, "tagged": LATE}, EARLY),
        ({"state": PaperState.DONE, "changed": EARLY, "starred": True, "starred_changed": LATE}, LATE),
        ({"state": PaperState.DONE, "changed": LATE, "starred": True, "starred_changed": EARLY}, LATE),
        ({"tagged": EARLY, "noted": LATE}, LATE),
        ({"example_added": EARLY, "tagged": LATE}, EARLY),
        ({"example_added": LATE, "state": PaperState.DONE, "changed": EARLY}, EARLY),
        ({"state": PaperState.DONE}, ""),
    ],
)
def test_a_decision_has_the_time_of_its_own_state(signals: dict[str, object], moment: str) -> None:
    decision = decision_of(NOTHING._replace(**signals))  # type: ignore[arg-type]
    assert decision is not None and decision.moment == moment


@pytest.mark.parametrize(
    ("liked", "dismissed", "expected"),
    [(0, 0, (5, 5)), (4, 3, (1, 2)), (5, 5, (0, 0)), (19, 0, (0, 5)), (20, 0, (0, 0)), (0, 300, (5, 0))],
)
def test_what_a_beginning_needs(liked: int, dismissed: int, expected: tuple[int, int]) -> None:
    decisions = [Decision(f"k{number}", number, number < liked, 10, EARLY) for number in range(liked + dismissed)]
    assert missing(decisions) == expected


def test_what_is_needed_in_words() -> None:
    assert needs((1, 2)) == "needs 3 more decisions (1 to keep, 2 to dismiss)"
    assert needs((1, 0)) == "needs 1 more decision (1 to keep)"


@given(st.integers(0, 200), st.dates())
def test_every_tenth_place_is_from_outside_and_every_paper_there_once(count: int, day: date) -> None:
    order = list(range(count))
    found, outside = explored(order, {number: f"key{number}" for number in order}, day)
    assert sorted(found) == order
    assert len(outside) == count // 10
    assert outside == {found[place] for place in range(9, count, 10)}
    assert all(paper_id >= count // 3 for paper_id in outside)
    assert [each for each in found if each not in outside] == [each for each in order if each not in outside]


def test_what_is_drawn_is_the_days_own() -> None:
    order, keys = list(range(100)), {number: f"key{number}" for number in range(100)}
    assert explored(order, keys, MONDAY) == explored(order, keys, MONDAY)
    assert explored(order, keys, MONDAY)[1] != explored(order, keys, TUESDAY)[1]


def test_decisions_of_one_moment_are_in_no_telling_order() -> None:
    decisions = [Decision(f"k{number:03}", number, number < 50, 10, EARLY) for number in range(100)]
    assert shuffled_by_time(decisions) == shuffled_by_time(decisions[::-1])
    first = shuffled_by_time(decisions)[:50]
    assert 15 <= sum(each.is_liked for each in first) <= 35
    later = decisions[0]._replace(moment=LATE)
    assert shuffled_by_time([later, *decisions[1:]])[-1] == later


def reasons(score: float, *parts: float) -> Reasons:
    words = tuple(WordPart(f"word{number}", part) for number, part in enumerate(parts))
    papers = tuple(PaperPart(f"k{number}", "T", part, part > 0) for number, part in enumerate(parts))
    return Reasons(score, words, papers, score, score)


def test_the_largest_parts_are_told() -> None:
    found = reasons(1.0, 0.9, -0.5, 0.4, 0.35, 0.3, -0.25, -0.2, 0.01)
    assert [each.part for each in found.words_for] == [0.9, 0.4, 0.35]
    assert [each.part for each in found.words_against] == [-0.5, -0.25]
    assert [each.part for each in found.papers_for] == [0.9, 0.4, 0.35]
    assert [each.part for each in found.papers_against] == [-0.5, -0.25]


def test_no_word_is_told_twice() -> None:
    words = [
        ("sparse attention", 0.5),
        ("attention", 0.4),
        ("sparse", 0.3),
        ("masks", 0.2),
        ("flat", -0.4),
        ("flat sea", -0.3),
    ]
    found = Reasons(1.0, tuple(WordPart(word, part) for word, part in words), (), 1.0, 1.0)
    assert [each.word for each in found.words_for] == ["sparse attention", "masks"]
    assert [each.word for each in found.words_against] == ["flat"]


def test_a_reason_is_strong_away_from_the_middle_and_with_a_word_that_says_so() -> None:
    assert reasons(1.0, 0.9, 0.1).are_strong
    assert not reasons(0.2, 0.2).are_strong
    assert not reasons(1.0, *[0.02] * 50).are_strong
    assert not reasons(-1.0, 0.5, *[-0.01] * 150).are_strong
