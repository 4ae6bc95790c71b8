"""How fast annotating is with 100,000 papers (``LECTERN_BENCHMARK_PAPERS`` sets another number).

An operation on every paper may take 1.5 s and its undo 2 s on two cores; what an open window would feel of it is the
longest time for which another thread did not get its turn.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.highlights import TargetSpan
from reader.storage.store import LibraryStore
from tests.benchmarks.storage_measuring import annotate, import_as_one
from tests.storage.support import titled

PAPERS = int(os.environ.get("LECTERN_BENCHMARK_PAPERS", "100000"))
LINKED_NOTES = PAPERS // 10
Operation = Callable[[Library, list[int]], Any]

OPERATIONS: dict[str, Operation] = {
    "tag": lambda library, ids: library.tags.add(ids, ["one for all"]),
    "tag and untag": lambda library, ids: library.tags.change(ids, add=["one for all"], remove=["tag 1", "tag 2"]),
    "queue": lambda library, ids: library.states.set(ids, PaperState.QUEUED),
    "dismiss": lambda library, ids: library.states.set(ids, PaperState.DISMISSED),
    "start reading": lambda library, ids: library.states.start_reading(ids),
    "bury": lambda library, ids: library.states.bury(ids, "3d"),
}
QUESTIONS: dict[str, Operation] = {
    "tags of all papers": lambda library, ids: library.tags.on(ids),
    "completing a link": lambda library, ids: library.note_links.complete("ba de"),
    "completing a tag": lambda library, ids: library.tags.complete("tg 7"),
    "notes that link here": lambda library, ids: library.note_links.backlinks(2),
    "all highlights": lambda library, ids: library.highlights.all(),
    "highlights of all papers, in order": lambda library, ids: library.highlights.all(within=ids, label="Method"),
    "the list of highlights": lambda library, ids: library.highlights.search().ids,
    "highlights of a tag's papers": lambda library, ids: library.highlights.search('tag:"tag 7"').ids,
    "highlights with a word": lambda library, ids: library.highlights.search("label:claim model").ids,
    "forty rows of highlights": lambda library, ids: library.highlights.rows(range(5_000, 5_040)),
    "the list of notes": lambda library, ids: library.notes.search().ids,
    "forty rows of notes": lambda library, ids: library.notes.rows(range(5_000, 5_040)),
    "the history": lambda library, ids: library.history.steps(None),
}


def all_papers(library: Library) -> list[int]:
    return list(library.views.paper_ids(View(ViewKind.ALL)))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of many papers, a good part of them decided, tagged, highlighted and linked."""
    folder = tmp_path_factory.mktemp("filled")
    with LibraryStore(folder / "library.db") as store:
        import_as_one(store, PAPERS)
        annotate(store)
        ids = list(range(1, LINKED_NOTES + 1))
        titles = store.papers.titles(ids)
        with store.step(titled("annotate")):
            for paper_id in ids:
                store.notes.set(paper_id, f"{'Words of a note. ' * 60}[[{titles[paper_id % 100 + 1].title}]]")
                store.highlights.add_span(paper_id, "abstract", 10, 90)
                store.highlights.add_span(paper_id, "abstract", 100, 190, label="Method")
    return folder


@pytest.fixture(scope="module")
def library(filled: Path) -> Iterator[Library]:
    """The library, open; who changes it undoes that."""
    with Library(filled) as opened:
        yield opened


def felt(work: Callable[[], Any]) -> tuple[Any, float]:
    """What ``work`` gives, done on a thread of its own, and the longest time in which this one had no turn (ms)."""
    outcome: list[Any] = []
    thread = threading.Thread(target=lambda: outcome.append(work()))
    longest, last = 0.0, time.perf_counter()
    thread.start()
    while thread.is_alive():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return outcome[0], longest * 1_000


def measured(benchmark: BenchmarkFixture, work: Callable[[], Any]) -> Any:
    """What ``work`` gives, done once and measured with what another thread feels of it."""
    outcome, longest = benchmark.pedantic(felt, (work,), rounds=1)
    benchmark.extra_info |= {"papers": len(outcome.paper_ids), "longest wait of another thread (ms)": round(longest)}
    return outcome


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_on_every_paper(benchmark: BenchmarkFixture, library: Library, name: str) -> None:
    ids = all_papers(library)
    change = measured(benchmark, lambda: OPERATIONS[name](library, ids))
    assert len(change.paper_ids) > len(ids) // 2
    library.history.undo()


@pytest.mark.parametrize("name", OPERATIONS)
def test_its_undo(benchmark: BenchmarkFixture, library: Library, name: str) -> None:
    change = OPERATIONS[name](library, all_papers(library))
    assert measured(benchmark, library.history.undo).paper_ids == change.paper_ids


@pytest.mark.parametrize("name", OPERATIONS)
def test_its_redo(benchmark: BenchmarkFixture, library: Library, name: str) -> None:
    change = OPERATIONS[name](library, all_papers(library))
    library.history.undo()
    assert measured(benchmark, library.history.redo).paper_ids == change.paper_ids
    library.history.undo()


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question(benchmark: BenchmarkFixture, library: Library, name: str) -> None:
    ids = all_papers(library)
    benchmark.extra_info["answers"] = len(benchmark(QUESTIONS[name], library, ids))


def test_one_annotation_of_each_kind(benchmark: BenchmarkFixture, library: Library) -> None:
    """Tag, note, highlight, queue, move, bury, undo: seven keys' worth."""
    paper_id = all_papers(library)[0]

    def annotate_one() -> None:
        library.tags.toggle([paper_id], "tag 7")
        library.notes.append(paper_id, "A line.")
        library.highlights.toggle(paper_id, TargetSpan("abstract", 200, 290))
        library.queue.add([paper_id])
        library.queue.move([paper_id], -1)
        library.states.bury([paper_id], "tomorrow")
        library.history.undo()

    benchmark.pedantic(annotate_one, rounds=20)
