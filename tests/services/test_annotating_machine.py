"""Any sequence of operations, undone in full, leaves every table as at the start; redone in full, as at the end.

With the library closed and reopened at any point, and a second process that annotates, undoes and redoes in between.
The journal is left aside, and so is what it leaves aside; also what is seen, once moving on has marked something.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from reader.domain.changes import Change, Field, UndoneOperation
from reader.domain.errors import ReaderError
from reader.domain.papers import PaperState
from reader.domain.selection import PaperSort, SortBy
from reader.services import Library
from reader.services.library.highlights import TargetSpan
from reader.services.library.notes import SavedNote
from tests.examples import examples
from tests.services.annotating import SetClock, all_ids, state_of
from tests.services.support import finish, listing_text
from tests.storage.support import check_derived

ROOT = Path(__file__).parents[2]
TITLES = [f"Subject {letter}" for letter in "ABCDEFG"]
TAGS = ["a", "a/b", "A/c", "b", "É"]
TEXTS = st.sampled_from(["", "A note.", "Another [[Subject A]]\x00 note.\n", "x" * 2_000])
QUOTES = st.sampled_from(["no data", "Our METHOD needs", "it behaves", "Subject", "nowhere"])
CHOICES = st.lists(st.integers(0, 9), max_size=4)
CHOICE = st.integers(0, 9)
_SECOND_PROCESS = """
import json, sys
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from reader.domain.errors import ReaderError
from reader.domain.papers import PaperState
from reader.services import Library

for line in sys.stdin:
    folder, now, name, arguments, named = json.loads(line)
    if name == "states.set":
        arguments[1] = PaperState(arguments[1])
    with Library(Path(folder), clock=lambda: datetime.fromisoformat(now)) as library:
        try:
            outcome = attrgetter(name)(library)(*arguments, **named)
            print(bool(getattr(outcome, "change", outcome)), flush=True)
        except ReaderError:
            print("refused", flush=True)
"""


class SecondProcess:
    """Another process with the same library, as a command line beside the window; the same one for all examples."""

    _process: ClassVar[subprocess.Popen[str] | None] = None

    @classmethod
    def call(cls, library: Library, clock: SetClock, name: str, *arguments: Any, **named: Any) -> str:
        """Have it carry out an operation; "True" if something changed, "False" if not, or "refused"."""
        if cls._process is None:
            cls._process = subprocess.Popen(
                [sys.executable, "-c", _SECOND_PROCESS],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT,
            )  # fmt: skip
        assert cls._process.stdin is not None and cls._process.stdout is not None
        request = [str(library.folder), clock.now.isoformat(), name, arguments, named]
        print(json.dumps(request), file=cls._process.stdin, flush=True)
        return cls._process.stdout.readline().strip()

    @classmethod
    def end(cls) -> None:
        process, cls._process = cls._process, None
        if process is not None:
            with process:
                assert process.stdin is not None
                process.stdin.close()


class AnnotatingMachine(RuleBasedStateMachine):
    """``states[n]`` is what the tables held after the first ``n`` steps that stand."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = SetClock()
        self.library = Library(self.folder / "library", clock=self.clock)
        self.aside: set[str] = set()
        self.imports = 0
        self.visit = 0
        self.states = [self.state()]

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        return {name: rows for name, rows in state_of(self.library).items() if name not in self.aside}

    def is_as(self, state: dict[str, list[tuple[Any, ...]]]) -> None:
        assert self.state() == {name: rows for name, rows in state.items() if name not in self.aside}

    @property
    def position(self) -> int:
        """How many steps stand."""
        return len(self.library.history.steps(None, undone=False))

    def papers(self, choice: list[int]) -> list[int]:
        ids = all_ids(self.library)
        return [ids[number % len(ids)] for number in choice] if ids else []

    def do(self, operation: Callable[[], Any]) -> None:
        """Carry out an operation: a step, a part of the last one, or no change at all."""
        self.clock.advance(seconds=1)
        before, position = self.state(), self.position
        try:
            outcome = operation()
        except ReaderError:
            outcome = None
        change = outcome.change if isinstance(outcome, SavedNote) else outcome
        change = (
            next((part for part in change if isinstance(part, Change)), None) if isinstance(change, tuple) else change
        )
        self.took(bool(change), before, position)

    def do_elsewhere(self, name: str, *arguments: Any, **named: Any) -> None:
        """Have the second process carry out an operation."""
        self.clock.advance(seconds=1)
        before, position = self.state(), self.position
        self.took(SecondProcess.call(self.library, self.clock, name, *arguments, **named) == "True", before, position)

    def took(self, changed: bool, before: dict[str, list[tuple[Any, ...]]], position: int) -> None:
        now = self.position
        if not changed:
            self.is_as(before)
            assert now == position
        else:
            assert now in {position, position + 1}
            assert self.library.history.next_redo() is None, "a new step ends redo"
            self.states[now:] = [self.state()]

    def went(self, outcome: UndoneOperation | None, expected: int) -> None:
        """Undo or redo has gone to where so many steps stand."""
        assert self.position == expected
        assert (outcome is None) == (outcome is None or not outcome.titles)
        self.is_as(self.states[expected])

    @initialize()
    def begin(self) -> None:
        """Something of everything, so that all rules have what to work on; each its own step."""
        self.bring(TITLES[:4], "Mar 1")
        library, ids = self.library, all_ids(self.library)
        self.do(partial(library.queue.add, ids[1:]))
        self.do(partial(library.tags.add, ids[:3], ["a", "b"]))
        self.do(partial(library.tags.set_favorite, "b", 1))
        self.do(partial(library.notes.append, ids[0], "[[Subject B]]"))
        self.do(partial(library.highlights.add_quote, ids[0], "no data"))
        self.do(partial(library.mutes.add, "Rule", "title:d"))
        self.do(partial(library.searches.add, "Search", "a", number=3))

    @rule(titles=st.lists(st.sampled_from(TITLES), min_size=1, max_size=4), heading=st.sampled_from(["Mar 1", "Mar 3"]))
    def bring(self, titles: list[str], heading: str) -> None:
        self.imports += 1
        text = listing_text(*dict.fromkeys(titles), heading=heading).replace("eleven points", f"{self.imports} points")
        self.do(partial(self.imported, text))

    def imported(self, text: str) -> Change:
        report = finish(self.library.imports.text(text, f"page {self.imports}"))
        assert report.failed == 0
        return Change.of(Field.LISTINGS)

    @rule(choice=CHOICES, state=st.sampled_from(PaperState))
    def decide(self, choice: list[int], state: PaperState) -> None:
        self.do(partial(self.library.states.set, self.papers(choice), state))

    @rule(choice=CHOICES, what=st.integers(0, 5))
    def mark(self, choice: list[int], what: int) -> None:
        ids = self.papers(choice)
        library = self.library
        self.do(
            [
                partial(library.states.set_starred, ids, True),
                partial(library.states.set_starred, ids, False),
                partial(library.states.set_seen, ids, True),
                partial(library.states.start_reading, ids),
                partial(library.states.bury, ids, "3d"),
                partial(library.states.unbury, ids),
            ][what]
        )

    @rule(choice=CHOICES)
    def move_on(self, choice: list[int]) -> None:
        self.aside = {"seen", "handled"}
        steps = self.library.history.steps(None)
        self.library.states.set_seen(self.papers(choice), True, automatic=True)
        assert self.library.history.steps(None) == steps

    @rule(
        choice=CHOICES,
        add=st.lists(st.sampled_from(TAGS), max_size=2),
        remove=st.lists(st.sampled_from(TAGS), max_size=2),
    )
    def change_tags(self, choice: list[int], add: list[str], remove: list[str]) -> None:
        self.do(partial(self.library.tags.change, self.papers(choice), add=add, remove=remove))

    @rule(name=st.sampled_from(TAGS), other=st.sampled_from([*TAGS, "new", "/wrong"]), what=st.integers(0, 5))
    def edit_tag(self, name: str, other: str, what: int) -> None:
        library = self.library
        self.do(
            [
                partial(library.tags.rename, name, other),
                partial(library.tags.merge, name, other),
                partial(library.tags.delete, name),
                partial(library.tags.set_color, name, "#abcdef"),
                partial(library.tags.set_favorite, name, len(other)),
                partial(library.tags.toggle_favorite, self.papers([0, 1]), len(other)),
            ][what]
        )

    @rule(choice=CHOICE, texts=st.lists(TEXTS, min_size=1, max_size=3))
    def visit_note(self, choice: int, texts: list[str]) -> None:
        self.visit += 1
        for paper_id in self.papers([choice]):
            for text in texts:
                revision = self.library.notes.of(paper_id).revision
                self.do(partial(self.library.notes.save, paper_id, text, revision=revision, visit=f"v{self.visit}"))

    @rule(choice=CHOICE, text=TEXTS, number=st.integers(0, 3))
    def append_or_restore(self, choice: int, text: str, number: int) -> None:
        for paper_id in self.papers([choice]):
            self.do(partial(self.library.notes.append, paper_id, text))
            for kept in self.library.notes.revisions(paper_id)[number : number + 1]:
                now = self.library.notes.of(paper_id).revision
                self.do(partial(self.library.notes.restore, paper_id, kept.revision, instead_of=now))

    @rule(choice=CHOICE, quote=QUOTES, label=st.sampled_from(["", "Method", "None"]), start=st.integers(0, 20))
    def highlight(self, choice: int, quote: str, label: str, start: int) -> None:
        for paper_id in self.papers([choice]):
            self.do(partial(self.library.highlights.add_quote, paper_id, quote, label=label, comment=quote))
            self.do(partial(self.library.highlights.toggle, paper_id, TargetSpan("title", 0, start), label=label))

    @rule(choice=CHOICE, what=st.integers(0, 1))
    def edit_highlight(self, choice: int, what: int) -> None:
        for found in self.library.highlights.all()[choice : choice + 1]:
            number = found.highlight.id
            library = self.library
            self.do(
                [
                    partial(library.highlights.update, number, label="Result", comment=f"Comment {choice}."),
                    partial(library.highlights.delete, number),
                ][what]
            )

    @rule(name=st.sampled_from(["Idea", "idea", "Doubt", ""]), what=st.integers(0, 2))
    def edit_labels(self, name: str, what: int) -> None:
        library, last = self.library, self.library.labels.all()[-1].id
        self.do(
            [
                partial(library.labels.add, name, "#123456"),
                partial(library.labels.update, last, name=name, color="#654321"),
                partial(library.labels.delete, last),
            ][what]
        )

    @rule(choice=CHOICES, places=st.integers(-3, 3), what=st.integers(0, 5))
    def queue(self, choice: list[int], places: int, what: int) -> None:
        ids, library = self.papers(choice), self.library
        self.do(
            [
                partial(library.queue.add, ids),
                partial(library.queue.remove, ids),
                partial(library.queue.move, ids, places),
                partial(library.queue.arrange, ids, abs(places)),
                partial(library.queue.sort, PaperSort(SortBy.TITLE, reverse=places > 0)),
                library.queue.take_next,
            ][what]
        )

    @rule(pair=st.lists(CHOICE, min_size=2, max_size=2), number=st.integers(1, 3))
    def join(self, pair: list[int], number: int) -> None:
        ids = self.papers(pair)
        if ids:
            self.do(partial(self.library.papers.merge, ids[0], ids[1]))
            self.do(partial(self.library.papers.set_arxiv_id, all_ids(self.library)[0], f"2501.0000{number}"))

    @rule(choice=CHOICE, what=st.integers(0, 2))
    def edit_listing(self, choice: int, what: int) -> None:
        library = self.library
        for listing in library.listings.all()[choice : choice + 1]:
            self.do(
                [
                    partial(library.listings.rename, listing.id, f"Name {choice}"),
                    partial(library.listings.set_year, listing.id, 2020 + choice),
                    partial(library.listings.remove, listing.id),
                ][what]
            )

    @rule(query=st.sampled_from(["subject", "title:a", "", "is:starred nothing"]), what=st.integers(0, 4))
    def keep_searches(self, query: str, what: int) -> None:
        library = self.library
        rules, searches = library.mutes.all(), library.searches.all()
        self.do(
            [
                partial(library.mutes.add, f"Rule {query}", query),
                partial(library.mutes.delete, rules[0].id if rules else 0),
                partial(library.searches.add, "Search", query, number=3),
                partial(library.searches.order, [search.id for search in searches[::-1]]),
                partial(library.searches.delete, searches[-1].id if searches else 0),
            ][what]
        )

    @rule(steps=st.integers(1, 4))
    def undo(self, steps: int) -> None:
        position = self.position
        self.went(self.library.history.undo(steps), max(0, position - steps))

    @rule(steps=st.integers(1, 4))
    def redo(self, steps: int) -> None:
        position = self.position
        self.went(self.library.history.redo(steps), min(len(self.states) - 1, position + steps))

    @precondition(lambda self: self.library.history.steps(1))
    @rule(place=st.floats(0, 1))
    def go_to_step(self, place: float) -> None:
        steps = self.library.history.steps(None)[::-1]
        index = round(place * len(steps))
        self.went(self.library.history.go_to(steps[index - 1].id if index else 0), index)

    @rule()
    def reopen(self) -> None:
        self.library.close()
        self.clock.advance(hours=1)
        self.library = Library(self.folder / "library", clock=self.clock)
        self.is_as(self.states[self.position])

    @rule(choice=CHOICES, name=st.sampled_from(TAGS), text=TEXTS, what=st.integers(0, 5))
    def annotate_elsewhere(self, choice: list[int], name: str, text: str, what: int) -> None:
        ids = self.papers(choice)
        first = ids[0] if ids else 0
        calls: list[Callable[[], None]] = [
            partial(self.do_elsewhere, "tags.change", ids, add=[name], remove=["b"]),
            partial(self.do_elsewhere, "notes.append", first, text),
            partial(self.do_elsewhere, "notes.save", first, text, revision=None),
            partial(self.do_elsewhere, "states.set", ids, "queued"),
            partial(self.do_elsewhere, "queue.arrange", ids, 1),
            partial(self.do_elsewhere, "highlights.add_quote", first, "it behaves", label="Method"),
        ]
        calls[what]()

    @rule(steps=st.integers(1, 2), forward=st.booleans())
    def undo_or_redo_elsewhere(self, steps: int, forward: bool) -> None:
        position, end = self.position, len(self.states) - 1
        expected = min(end, position + steps) if forward else max(0, position - steps)
        answer = SecondProcess.call(self.library, self.clock, "history.redo" if forward else "history.undo", steps)
        assert answer != "refused"
        assert self.position == expected
        self.is_as(self.states[expected])

    def teardown(self) -> None:
        try:
            end = len(self.states) - 1
            self.library.history.redo(end + 1)
            self.went(self.library.history.undo(end + 1), 0)
            assert not all_ids(self.library)
            self.went(self.library.history.redo(end + 1), end)
            check_derived(self.library._store)
        finally:
            self.library.close()
            shutil.rmtree(self.folder)


class TestAnnotating(AnnotatingMachine.TestCase):  # type: ignore[name-defined,misc]
    settings = examples(30, *HealthCheck, stateful_step_count=25)

    @classmethod
    def tearDownClass(cls) -> None:
        SecondProcess.end()
