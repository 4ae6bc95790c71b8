"""The inbox after a time away: what waited long, what came back, and in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reader.domain.papers import PaperState
from reader.domain.time_spans import TimeSpanError
from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.services.annotating import SetClock, all_ids, bring, state_of
from tests.services.support import finish, listing_text

CATCH_UP = View(ViewKind.CATCH_UP)


def test_the_last_listing_counts_not_the_publication(annotated: Library) -> None:
    bring(annotated, "Gamma Waves", "Zeta Clouds", name="later", heading="Mar 4")
    plan = annotated.triage.catch_up_plan("yesterday")
    assert (plan.dismissed, plan.left) == (0, 6)


def test_what_waited_long_goes_what_was_listed_again_stays(annotated: Library, set_clock: SetClock) -> None:
    set_clock.advance(days=20)
    ids = bring(annotated, "Gamma Waves", "Zeta Clouds", name="later", heading="Mar 20")
    annotated.states.set([1], PaperState.QUEUED)
    annotated.states.set_seen([2], True)
    annotated.states.bury([4], "3d")
    before = state_of(annotated)
    change = annotated.triage.catch_up("2w")
    assert change.paper_ids == {2, 5}  # neither decided, nor hidden, nor listed again; looking is not deciding
    assert list(annotated.views.paper_ids(CATCH_UP)) == [3, ids[-1]]
    annotated.history.undo()
    assert state_of(annotated) == before


def test_most_listed_first_then_most_upvoted(annotated: Library) -> None:
    bring(annotated, "Delta Rivers", "Epsilon Stones", name="second", heading="Mar 4")
    bring(annotated, "Epsilon Stones", name="third", heading="Mar 4")
    assert list(annotated.views.paper_ids(CATCH_UP))[:2] == [5, 4]


@pytest.mark.parametrize("text", ["", "next week", "2026-12-01"])
def test_only_the_past_can_be_old(annotated: Library, text: str) -> None:
    for ask in (annotated.triage.catch_up, annotated.triage.catch_up_plan):
        with pytest.raises(TimeSpanError):
            ask(text)


def test_what_was_hidden_comes_back_as_unseen(annotated: Library, set_clock: SetClock) -> None:
    annotated.states.set_seen([1, 2], True)
    annotated.states.bury([1, 3], "2d")
    assert annotated.views.came_back() == frozenset()
    set_clock.now += timedelta(days=2)
    assert annotated.views.came_back() == {1, 3}
    assert set(annotated.views.paper_ids(View(ViewKind.INBOX))) == {1, 2, 3, 4, 5}
    annotated.states.set([3], PaperState.DONE)
    assert annotated.views.came_back() == {1}
    annotated.states.set_seen([1], True, automatic=True)
    assert annotated.views.came_back() == frozenset()


def test_undoing_a_hiding_makes_a_paper_seen_again(annotated: Library) -> None:
    annotated.states.set_seen([1], True)
    before = state_of(annotated)
    annotated.states.bury([1], "2d")
    annotated.history.undo()
    assert state_of(annotated) == before
    assert annotated.papers.get(1).seen


def test_a_backlog_comes_in_as_seen_and_goes_with_its_import(annotated: Library) -> None:
    before = state_of(annotated)
    text = listing_text("Gamma Waves", "Zeta Clouds", "Eta Winds", heading="Mar 4")
    report = finish(annotated.imports.text(text, "backlog", seen=True))
    assert report.as_seen
    *_, six, seven = all_ids(annotated)
    assert [annotated.papers.get(one).seen for one in (3, six, seven)] == [False, True, True]
    assert set(annotated.views.paper_ids(View(ViewKind.INBOX))) == {1, 2, 3, 4, 5}
    after = state_of(annotated)
    undone = annotated.history.undo()
    assert undone is not None
    assert undone.kept_paper_ids == frozenset()
    assert state_of(annotated) == before
    annotated.history.redo()
    assert state_of(annotated) == after


def test_a_rehearsal_as_seen_marks_nothing(annotated: Library) -> None:
    before = state_of(annotated)
    finish(annotated.imports.text(listing_text("Zeta Clouds"), "backlog", seen=True, dry_run=True))
    assert state_of(annotated) == before


def test_what_was_imported_before_stays_unseen(annotated: Library) -> None:
    text = listing_text("Zeta Clouds")
    finish(annotated.imports.text(text, "day"))
    finish(annotated.imports.text(text, "day", seen=True))
    assert not annotated.papers.get(6).seen
