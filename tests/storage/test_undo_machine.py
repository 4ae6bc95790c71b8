"""Any sequence of operations, undone in full, leaves every table as at the start; redone in full, as at the end.

With reopening at any point, a second store that writes in between, runs of changes that are one step, and automatic
changes that are none.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from reader.domain.changes import Change
from reader.domain.dates import PartialDate
from reader.domain.errors import ReaderError
from reader.domain.folding import fold_title
from reader.domain.papers import PaperState
from reader.domain.preparation import SOURCE_RANK, TEXT_RANK, PreparedRecord
from reader.domain.selection import ALL_PAPERS, QUEUE, PaperSort, SortBy
from reader.storage.store import LibraryStore
from reader.storage.taste import Example
from tests.examples import examples
from tests.storage.support import TickingClock, check_derived, content, header, paper, titled

TITLES = [f"Subject {letter}" for letter in "ABCDEFGH"] + ["???"]
ARXIV_IDS = [None, None, "2501.00001", "2501.00002", "2501.00003"]
ABSTRACTS = ["We begin. The method works. We end.", "New words. The method works.", "The method.", ""]
DAYS = ["2025-01-01", "2025-02-01", "2025-03-01"]
TAGS = ["a", "a/b", "A/b/c", "b", "É", "Ss/x"]
RECORDS: st.SearchStrategy[PreparedRecord] = st.builds(
    paper,
    st.sampled_from(TITLES),
    st.sampled_from(ABSTRACTS),
    arxiv_id=st.sampled_from(ARXIV_IDS),
    upvotes=st.none() | st.integers(0, 9),
    published=st.none() | st.sampled_from([PartialDate(None, 12, 5), PartialDate(2024, 2, 29), PartialDate(2025)]),
    year=st.sampled_from([2024, 2025]),
    authors=st.sampled_from([(), ("Ada",), ("Ada", "Bo")]),
)
CHOICES = st.lists(st.integers(0, 12), max_size=5)
TEXTS = st.sampled_from(["", "A note.", "Another — note.\x00\n", "x" * 3000])


class UndoMachine(RuleBasedStateMachine):
    """``snapshots[n]`` is what the tables held after the first ``n`` steps of the history."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = TickingClock()
        self.store = self.open()
        self.aside: set[str] = set()
        self.imports = 0
        self.snapshots = [self.content()]

    def open(self) -> LibraryStore:
        return LibraryStore(self.folder / "library.db", clock=self.clock)

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        return {name: rows for name, rows in content(self.store).items() if name not in self.aside}

    def same(self, snapshot: dict[str, list[tuple[Any, ...]]]) -> None:
        expected = {name: rows for name, rows in snapshot.items() if name not in self.aside}
        found = self.content()
        assert {name: (found[name], rows) for name, rows in expected.items() if found[name] != rows} == {}

    @property
    def position(self) -> int:
        """The number of steps done and not undone."""
        return sum(not step.undone for step in self.store.history.steps(10_000))

    def papers(self, choice: list[int]) -> list[int]:
        """Some papers of those there are, in no particular order."""
        ids = sorted(self.store.papers.ids(ALL_PAPERS))
        return [ids[number % len(ids)] for number in choice] if ids else []

    def do(self, mutation: Callable[[], Change | Any]) -> None:
        """Run a mutation; it is a step, a part of the last one, or changes nothing."""
        before, position = self.content(), self.position
        try:
            change = mutation()
        except ReaderError:
            self.same(before)
            assert self.position == position
            return
        now = self.position
        if not change:
            self.same(before)
            assert now == position
        else:
            assert now in {position, position + 1}
            assert all(not step.undone for step in self.store.history.steps(10_000)), "a new step ends redo"
            self.snapshots[now:] = [self.content()]

    @initialize(records=st.lists(RECORDS, min_size=4, max_size=8))
    def begin(self, records: list[PreparedRecord]) -> None:
        self.add(records, TEXT_RANK, DAYS[0])

    @rule(
        records=st.lists(RECORDS, min_size=1, max_size=6),
        rank=st.sampled_from([TEXT_RANK, SOURCE_RANK]),
        day=st.sampled_from(DAYS),
    )
    def add(self, records: list[PreparedRecord], rank: int, day: str) -> None:
        self.imports += 1
        name = f"page {self.imports}"
        listing = header(name, rank=rank, day=day, heading=PartialDate(None, int(day[5:7]), 1), year=2025)
        operation = self.store.begin_operation(titled(f"import {name}"), "import")
        self.do(lambda: self.store.listings.add(listing, records, operation).change)

    @rule(choice=CHOICES, state=st.sampled_from(PaperState))
    def set_state(self, choice: list[int], state: PaperState) -> None:
        self.do(lambda: self.store.states.set(self.papers(choice), state))

    @rule(choice=CHOICES, starred=st.booleans())
    def star(self, choice: list[int], starred: bool) -> None:
        self.do(lambda: self.store.states.set_starred(self.papers(choice), starred))

    @rule(choice=CHOICES, seen=st.booleans())
    def see(self, choice: list[int], seen: bool) -> None:
        self.do(lambda: self.store.states.set_seen(self.papers(choice), seen))

    @rule(choice=CHOICES, days=st.none() | st.integers(-2, 5))
    def bury(self, choice: list[int], days: int | None) -> None:
        until = None if days is None else self.clock.now + timedelta(days=days)
        self.do(lambda: self.store.states.bury_until(self.papers(choice), until))

    @rule(choice=CHOICES, names=st.lists(st.sampled_from(TAGS), min_size=1, max_size=3), put=st.booleans())
    def tag(self, choice: list[int], names: list[str], put: bool) -> None:
        change = self.store.tags.add if put else self.store.tags.remove
        self.do(lambda: change(self.papers(choice), names))

    @rule(name=st.sampled_from(TAGS), other=st.sampled_from([*TAGS, "new", "a/b/c/d"]), what=st.integers(0, 4))
    def change_tag(self, name: str, other: str, what: int) -> None:
        mutations: list[Callable[[], Change]] = [
            lambda: self.store.tags.rename(name, other),
            lambda: self.store.tags.merge(name, other),
            lambda: self.store.tags.delete(name),
            lambda: self.store.tags.set_color(name, "#abcdef"),
            lambda: self.store.tags.set_favorite(name, len(other)),
        ]
        self.do(mutations[what])

    @rule(choice=st.integers(0, 12), text=TEXTS, visit=st.sampled_from([None, "v", "w"]))
    def write_note(self, choice: int, text: str, visit: str | None) -> None:
        found = self.papers([choice])
        if found:
            self.do(lambda: self.store.notes.set(found[0], text, visit=visit))

    @rule(choice=st.integers(0, 12), start=st.integers(0, 20), title=st.booleans())
    def highlight(self, choice: int, start: int, title: bool) -> None:
        found = self.papers([choice])
        target = "title" if title else "abstract"
        if found:
            self.do(lambda: self.store.highlights.add_span(found[0], target, start, start + 5)[1])

    @rule(choice=st.integers(0, 12), delete=st.booleans(), label=st.sampled_from(["claim", "Result"]))
    def change_highlight(self, choice: int, delete: bool, label: str) -> None:
        found = [mark for each in self.store.papers.read(self.store.papers.ids(ALL_PAPERS)) for mark in each.highlights]
        if found:
            mark = found[choice % len(found)]
            if delete:
                self.do(lambda: self.store.highlights.delete(mark.id))
            else:
                self.do(lambda: self.store.highlights.update(mark.id, label=label, comment=f"on {label}"))

    @rule(number=st.integers(0, 5), name=st.sampled_from(["Claim", "Idea", ""]), delete=st.booleans())
    def change_label(self, number: int, name: str, delete: bool) -> None:
        labels = self.store.labels.all()
        label = labels[number % len(labels)]
        if delete:
            self.do(lambda: self.store.labels.delete(label.id))
        else:
            self.do(lambda: self.store.labels.update(label.id, name=name, color="#000000"))

    @rule(choice=CHOICES, places=st.integers(-3, 3), run=st.sampled_from([None, "run"]))
    def move_in_queue(self, choice: list[int], places: int, run: str | None) -> None:
        self.do(lambda: self.store.queue.move_by(self.papers(choice), places, merge_key=run))

    @rule(choice=CHOICES, place=st.integers(1, 5))
    def move_to_place(self, choice: list[int], place: int) -> None:
        self.do(lambda: self.store.queue.move_to(self.papers(choice), place))

    @rule(number=st.none() | st.integers(1, 2), delete=st.booleans())
    def save_search(self, number: int | None, delete: bool) -> None:
        searches = self.store.searches.all()
        if delete and searches:
            self.do(lambda: self.store.searches.delete(searches[0].id))
        else:
            self.do(lambda: self.store.searches.add("s", "query", number=number)[1])

    @rule(delete=st.booleans())
    def change_mute_rules(self, delete: bool) -> None:
        rules = self.store.mutes.all()
        if delete and rules:
            self.do(lambda: self.store.mutes.delete(rules[-1].id))
        else:
            self.do(lambda: self.store.mutes.add("m", "query")[1])

    @rule(what=st.integers(0, 6), word=st.sampled_from(["tides", "rivers"]), title=st.sampled_from(TITLES))
    def wish(self, what: int, word: str, title: str) -> None:
        taste, fold = self.store.taste, fold_title(title)
        example = Example(f"key {title}", title, fold, "", None, None, None)
        mutations: list[Callable[[], Change]] = [
            lambda: taste.set_forgotten(word, True),
            lambda: taste.set_forgotten(word, False),
            lambda: taste.set_since(date(2025, 1, len(word))),
            lambda: taste.start_over(),
            lambda: taste.switch(word == "tides"),
            lambda: taste.add_examples([example], "liked.bib"),
            lambda: taste.forget_examples(),
        ]
        self.do(mutations[what])

    @rule(number=st.integers(0, 5), what=st.integers(0, 2), year=st.sampled_from([2023, 2024, 2025]))
    def correct_listing(self, number: int, what: int, year: int) -> None:
        listings = self.store.listings.all()
        if listings:
            listing = listings[number % len(listings)]
            mutations: list[Callable[[], Change]] = [
                lambda: self.store.listings.remove(listing.id),
                lambda: self.store.listings.rename(listing.id, f"name {year}"),
                lambda: self.store.listings.set_year(listing.id, year),
            ]
            self.do(mutations[what])

    @rule(choice=st.integers(0, 12), arxiv_id=st.sampled_from([*ARXIV_IDS[2:], "2501.00009"]))
    def set_arxiv_id(self, choice: int, arxiv_id: str) -> None:
        found = self.papers([choice])
        if found:
            self.do(lambda: self.store.papers.set_arxiv_id(found[0], arxiv_id))

    @rule(keep=st.integers(0, 12), other=st.integers(0, 12))
    def merge(self, keep: int, other: int) -> None:
        found = self.papers([keep, other])
        if found:
            self.do(lambda: self.store.papers.merge(*found))

    @rule(choice=st.integers(0, 12))
    def split(self, choice: int) -> None:
        keys = [key for paper in self.store.papers.read(self.papers(list(range(20)))) for key in paper.aliases]
        if keys:
            self.do(lambda: self.store.papers.split(keys[choice % len(keys)]))

    @rule(choice=CHOICES, state=st.sampled_from(PaperState), tag=st.sampled_from(TAGS))
    def do_several_as_one(self, choice: list[int], state: PaperState, tag: str) -> None:
        def mutation() -> Change:
            with self.store.step(titled("several")) as step:
                self.store.tags.add(self.papers(choice), [tag])
                self.store.states.set(self.papers(choice[1:]), state)
                self.store.states.set_seen(self.papers(choice), automatic=True)
            return step.change

        self.do(mutation)

    @rule(choice=CHOICES)
    def write_from_a_second_store(self, choice: list[int]) -> None:
        def mutation() -> Change:
            with self.open() as second:
                return second.states.set_starred(self.papers(choice), True)

        self.do(mutation)

    @rule(choice=CHOICES, seen=st.booleans())
    def see_automatically(self, choice: list[int], seen: bool) -> None:
        self.aside = {"seen", "handled"}
        before, steps = self.content(), self.store.history.steps(10_000)
        self.store.states.set_seen(self.papers(choice), seen, automatic=True)
        self.same(before)
        assert self.store.history.steps(10_000) == steps

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = self.open()

    @rule(steps=st.integers(1, 4))
    def undo(self, steps: int) -> None:
        position = self.position
        undone = self.store.history.undo(steps)
        reached = max(0, position - steps)
        assert (undone is None) == (position == 0)
        assert self.position == reached
        self.same(self.snapshots[reached])

    @precondition(lambda self: self.position < len(self.snapshots) - 1)
    @rule(steps=st.integers(1, 4))
    def redo(self, steps: int) -> None:
        position = self.position
        assert self.store.history.redo(steps) is not None
        reached = min(len(self.snapshots) - 1, position + steps)
        assert self.position == reached
        self.same(self.snapshots[reached])

    def teardown(self) -> None:
        try:
            check_derived(self.store)
            assert list(self.store.papers.ids(QUEUE, PaperSort(SortBy.QUEUE))) is not None
            self.store.history.undo(10_000)
            self.same(self.snapshots[0])
            check_derived(self.store)
            self.store.history.redo(10_000)
            self.same(self.snapshots[-1])
            check_derived(self.store)
        finally:
            self.close()

    def close(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)


TestUndoMachine = UndoMachine.TestCase
TestUndoMachine.settings = examples(15, HealthCheck.data_too_large, stateful_step_count=20)
