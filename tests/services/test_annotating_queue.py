"""States, the queue, burying, merging, saved searches and mute rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reader.domain.changes import Field
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import PaperState
from reader.domain.selection import PaperSort, SortBy
from reader.domain.time_spans import TimeSpanError
from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.services.annotating import SetClock, bring, paper, state_of, titles


def inbox(library: Library) -> list[int]:
    return sorted(library.views.paper_ids(View(ViewKind.INBOX)))


class TestQueue:
    def test_papers_are_added_removed_and_arranged(self, annotated: Library) -> None:
        annotated.queue.add([3, 1])
        annotated.queue.add([2, 1])
        assert list(annotated.queue.ids()) == [3, 1, 2]
        annotated.queue.arrange([2, 3, 5], 1)
        assert list(annotated.queue.ids()) == [2, 3, 1]
        assert titles(annotated)[0] == "Moved in the queue: 2 papers"
        assert str(annotated.queue.remove([3, 5]).title).startswith("Taken out of the queue: “")
        assert list(annotated.queue.ids()) == [2, 1]
        assert paper(annotated, 3).state is PaperState.INBOX
        assert not annotated.queue.remove([3])
        assert not annotated.queue.arrange([2], 1)

    def test_moves_to_a_place_keep_their_order(self, annotated: Library) -> None:
        annotated.queue.add([1, 2, 3, 4, 5])
        annotated.queue.move_to_top([4, 3])
        assert list(annotated.queue.ids()) == [3, 4, 1, 2, 5]
        annotated.queue.move_to_bottom([3, 1])
        assert list(annotated.queue.ids()) == [4, 2, 5, 3, 1]
        annotated.queue.move_to([1], 2)
        assert list(annotated.queue.ids()) == [4, 1, 2, 5, 3]

    def test_a_run_of_moves_is_one_step(self, annotated: Library, set_clock: SetClock) -> None:
        annotated.queue.add([1, 2, 3, 4])
        steps = len(titles(annotated))
        for _ in range(3):
            annotated.queue.move([1], 1)
            set_clock.advance(seconds=50)
        assert list(annotated.queue.ids()) == [2, 3, 4, 1]
        assert len(titles(annotated)) == steps + 1
        annotated.queue.move([1, 4], -1)
        assert len(titles(annotated)) == steps + 2, "other papers begin another run"
        set_clock.advance(seconds=61)
        annotated.queue.move([1, 4], -1)
        assert len(titles(annotated)) == steps + 3, "so does a pause"
        annotated.states.set_starred([5], True)
        annotated.queue.move([1, 4], 1)
        assert len(titles(annotated)) == steps + 5, "and another step"
        annotated.history.undo(5)
        assert list(annotated.queue.ids()) == [1, 2, 3, 4]

    def test_it_is_sorted_once(self, annotated: Library) -> None:
        assert not annotated.queue.sort(PaperSort(SortBy.TITLE))
        annotated.queue.add([1, 2, 3, 4])
        annotated.queue.sort(PaperSort(SortBy.TITLE, reverse=True))
        assert [paper(annotated, each).title[0] for each in annotated.queue.ids()] == ["G", "D", "B", "A"]
        assert titles(annotated)[0] == "Sorted the queue by title"
        annotated.queue.add([5])
        assert annotated.queue.ids()[-1] == 5

    def test_taking_the_next_begins_to_read_it(self, annotated: Library) -> None:
        assert annotated.queue.take_next() is None
        annotated.queue.add([2, 1])
        taken = annotated.queue.take_next()
        assert taken is not None
        paper_id, change = taken
        assert (paper_id, str(change.title)) == (2, "Taken from the queue: “Beta on $\\alpha$ Masks”")
        assert change.touches(Field.QUEUE)
        assert paper(annotated, 2).state is PaperState.READING
        assert list(annotated.queue.ids()) == [1]
        annotated.history.undo()
        assert list(annotated.queue.ids()) == [2, 1]


class TestOpening:
    def test_opening_makes_reading_of_what_was_to_be_read(self, annotated: Library) -> None:
        annotated.queue.add([2])
        annotated.states.set([3], PaperState.DONE)
        annotated.states.set([4], PaperState.DISMISSED)
        before = state_of(annotated)
        change = annotated.states.start_reading([1, 2, 3, 4])
        assert str(change.title) == "Started reading: 2 papers"
        assert [paper(annotated, each).state.value for each in (1, 2, 3, 4)] == [
            "reading", "reading", "done", "dismissed",
        ]  # fmt: skip
        assert not annotated.states.start_reading([1, 3])
        annotated.history.undo()
        assert state_of(annotated) == before
        assert str(annotated.states.start_reading([1]).title) == "Started reading: “Alpha of Trees”"

    def test_opening_never_blocks_undoing_what_was_before(self, annotated: Library) -> None:
        before = state_of(annotated)
        annotated.queue.add([1])
        annotated.states.start_reading([1])
        annotated.history.undo(2)
        assert state_of(annotated) == before


class TestBurying:
    def test_buried_papers_are_back_on_their_day(self, annotated: Library, set_clock: SetClock) -> None:
        day = set_clock().astimezone().date() + timedelta(days=3)
        change = annotated.states.bury([1, 2], "3d")
        assert str(change.title) == f"Snoozed until {day:%a} {day.day} {day:%b}: 2 papers"
        assert inbox(annotated) == [3, 4, 5]
        set_clock.advance(days=2)
        assert inbox(annotated) == [3, 4, 5]
        set_clock.advance(days=1)
        assert inbox(annotated) == [1, 2, 3, 4, 5]
        assert titles(annotated)[0] == str(change.title), "coming back is no step"

    def test_tomorrow_begins_at_midnight_where_the_user_is(self, annotated: Library, set_clock: SetClock) -> None:
        annotated.states.bury([1], "tomorrow")
        local = set_clock().astimezone()
        midnight = local.replace(hour=0, minute=0, second=0)
        set_clock.now = midnight.replace(day=local.day + 1)
        assert inbox(annotated) == [1, 2, 3, 4, 5]

    def test_unburying_and_wrong_days(self, annotated: Library) -> None:
        annotated.states.bury([1], "next mon")
        annotated.states.unbury([1])
        assert inbox(annotated) == [1, 2, 3, 4, 5]
        for text in ("", "yesterday", "2020-01-01", "soon"):
            with pytest.raises(TimeSpanError):
                annotated.states.bury([1], text)


def test_merging_keeps_everything_of_both_and_is_undone(annotated: Library) -> None:
    annotated.notes.append(1, "One.")
    annotated.notes.append(2, "Two.")
    annotated.tags.change([2], add=["t"], remove=[])
    annotated.highlights.add_quote(2, "no data")
    annotated.queue.add([2])
    before, key = state_of(annotated), paper(annotated, 2).key
    annotated.papers.merge(1, 2)
    merged = annotated.papers.with_key(key)
    assert (merged.id, merged.tags, merged.state) == (1, ("t",), PaperState.QUEUED)
    assert "One." in merged.note and "Two." in merged.note
    assert len(merged.highlights) == 1
    assert list(annotated.queue.ids()) == [1]
    annotated.history.undo()
    assert state_of(annotated) == before


def test_saved_searches_are_kept_ordered_and_changed(annotated: Library) -> None:
    first, change = annotated.searches.add("Masks", "masks", sort="title", number=1)
    second, _ = annotated.searches.add("Waves", "waves", number=1)
    assert change.touches(Field.SEARCHES)
    assert [(search.name, search.number) for search in annotated.searches.all()] == [("Masks", None), ("Waves", 1)]
    annotated.searches.order([second, first])
    annotated.searches.update(replace(annotated.searches.all()[1], name="All masks"))
    assert [search.name for search in annotated.searches.all()] == ["Waves", "All masks"]
    annotated.searches.delete(first)
    annotated.history.undo(3)
    assert [search.name for search in annotated.searches.all()] == ["Masks", "Waves"]


class TestMuteRules:
    def test_a_rule_hides_what_it_showed_beforehand(self, annotated: Library) -> None:
        annotated.states.set([3], PaperState.DONE)
        assert sorted(annotated.mutes.preview("waves OR masks")) == [2]
        rule_id, change = annotated.mutes.add("Enough", "waves OR masks")
        assert change.paper_ids == {2, 3}
        assert (inbox(annotated), annotated.views.counts().muted) == ([1, 4, 5], 2)
        (rule,) = annotated.mutes.all()
        annotated.mutes.update(replace(rule, enabled=False))
        assert inbox(annotated) == [1, 2, 4, 5]
        annotated.mutes.update(replace(rule, query="rivers"))
        assert inbox(annotated) == [1, 2, 5]
        annotated.mutes.delete(rule_id)
        assert (inbox(annotated), annotated.mutes.all()) == ([1, 2, 4, 5], [])

    def test_undo_redo_and_imports_follow_the_rules(self, annotated: Library) -> None:
        annotated.mutes.add("Enough", "waves")
        undone = annotated.history.undo()
        assert undone is not None
        assert 3 in undone.paper_ids
        assert inbox(annotated) == [1, 2, 3, 4, 5]
        annotated.history.redo()
        assert inbox(annotated) == [1, 2, 4, 5]
        bring(annotated, "More Waves", "More Hills", name="more")
        assert inbox(annotated) == [1, 2, 4, 5, 7]
        annotated.history.undo()
        annotated.history.redo()
        assert inbox(annotated) == [1, 2, 4, 5, 7]
        assert annotated.views.counts().muted == 2

    def test_a_rule_that_asks_for_tags_is_worked_out_anew_on_request(self, annotated: Library) -> None:
        annotated.mutes.add("Boring", "tag:boring")
        annotated.tags.add([1], ["boring"])
        assert inbox(annotated) == [1, 2, 3, 4, 5]
        assert annotated.mutes.refresh().paper_ids == {1}
        assert inbox(annotated) == [2, 3, 4, 5]
        assert not annotated.mutes.refresh()

    def test_a_rule_for_everything_is_refused(self, annotated: Library) -> None:
        with pytest.raises(ReaderError, match="every paper"):
            annotated.mutes.add("All", "  ")
        rule_id, _ = annotated.mutes.add("Some", "waves")
        (rule,) = annotated.mutes.all()
        with pytest.raises(ReaderError, match="every paper"):
            annotated.mutes.update(replace(rule, query=""))
        annotated.mutes.delete(rule_id)
        with pytest.raises(NotFoundError):
            annotated.mutes.update(rule)


def test_an_arxiv_id_is_taken_from_an_address_and_nothing_else(annotated: Library) -> None:
    annotated.papers.set_arxiv_id(1, "https://arxiv.org/abs/2501.00001v3")
    assert paper(annotated, 1).arxiv_id == "2501.00001"
    with pytest.raises(ReaderError, match="no arXiv id in that"):
        annotated.papers.set_arxiv_id(1, "https://example.org/1")


def test_keys_name_papers_in_order_and_once(annotated: Library) -> None:
    keys = [paper(annotated, each).key for each in (3, 1)]
    assert annotated.papers.ids_of_keys([*keys, f" {keys[0].upper()}"]) == [3, 1]
    with pytest.raises(NotFoundError, match="nosuchkey"):
        annotated.papers.ids_of_keys([*keys, "nosuchkey"])
