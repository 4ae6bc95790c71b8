"""How fast the library's database is, with 100,000 papers (``LECTERN_BENCHMARK_PAPERS`` sets another number)."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from reader.domain.changes import Change
from reader.domain.papers import PaperState
from reader.domain.selection import ALL_PAPERS, INBOX, QUEUE, PaperFilter, PaperSort, SortBy, in_state
from reader.storage.store import LibraryStore
from tests.benchmarks.storage_measuring import annotate, import_as_one, import_as_pages
from tests.storage.support import TickingClock

PAPERS = int(os.environ.get("LECTERN_BENCHMARK_PAPERS", "100000"))
ROOT = Path(__file__).parents[2]
VIEWS = {
    "inbox": INBOX,
    "queue": QUEUE,
    "done": in_state(PaperState.DONE),
    "starred": PaperFilter(starred=True),
    "all": ALL_PAPERS,
    "tag": PaperFilter(tags=("tag 7",)),
    "listing": PaperFilter(listing_ids=(3,)),
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library of many papers, annotated."""
    folder = tmp_path_factory.mktemp("filled")
    with LibraryStore(folder / "library.db", clock=TickingClock()) as store:
        import_as_pages(store, PAPERS)
        annotate(store)
    return folder


@pytest.fixture(scope="module")
def store(filled: Path) -> Iterator[LibraryStore]:
    """The library, to be read."""
    with LibraryStore(filled / "library.db", clock=TickingClock()) as opened:
        yield opened


@pytest.fixture
def copy(filled: Path, tmp_path: Path) -> Iterator[LibraryStore]:
    """A copy of the library, to be changed."""
    with LibraryStore(filled / "library.db") as source:
        source.backup(tmp_path / "library.db")
    with LibraryStore(tmp_path / "library.db", clock=TickingClock()) as opened:
        yield opened
    shutil.rmtree(tmp_path)


def test_storing_one_large_listing(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    with LibraryStore(tmp_path / "library.db", clock=TickingClock()) as empty:
        seconds = benchmark.pedantic(import_as_one, (empty, PAPERS), rounds=1)
    benchmark.extra_info["papers_per_second"] = round(PAPERS / seconds)


def test_storing_many_pages(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    with LibraryStore(tmp_path / "library.db", clock=TickingClock()) as empty:
        seconds = benchmark.pedantic(import_as_pages, (empty, PAPERS), rounds=1)
    benchmark.extra_info["papers_per_second"] = round(PAPERS / seconds)


@pytest.mark.skipif(os.name == "nt", reason="the peak is asked of Unix")
def test_memory_of_storing(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.storage_measuring", str(PAPERS), str(tmp_path)]

    def run() -> int:
        return int(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()[-1])

    benchmark.extra_info["megabytes"] = benchmark.pedantic(run, rounds=1)


def test_opening(benchmark: BenchmarkFixture, filled: Path) -> None:
    benchmark(lambda: LibraryStore(filled / "library.db").close())


def test_counts(benchmark: BenchmarkFixture, store: LibraryStore) -> None:
    counts = benchmark(store.views.counts)
    assert counts.inbox == len(store.papers.ids(INBOX))


@pytest.mark.parametrize("view", VIEWS)
def test_ids_of_a_view(benchmark: BenchmarkFixture, store: LibraryStore, view: str) -> None:
    ids = benchmark(store.papers.ids, VIEWS[view])
    benchmark.extra_info["papers"] = len(ids)


@pytest.mark.parametrize("by", SortBy)
def test_ids_in_an_order(benchmark: BenchmarkFixture, store: LibraryStore, by: SortBy) -> None:
    assert len(benchmark(store.papers.ids, ALL_PAPERS, PaperSort(by))) == len(store.papers.ids(ALL_PAPERS))


def test_forty_rows(benchmark: BenchmarkFixture, store: LibraryStore) -> None:
    ids = list(store.papers.ids(INBOX))
    dice = random.Random(5)

    def rows() -> int:
        start = dice.randrange(len(ids) - 40)
        return len(store.papers.rows(ids[start : start + 40]))

    assert benchmark(rows) == 40


def test_one_whole_paper(benchmark: BenchmarkFixture, store: LibraryStore) -> None:
    ids = list(store.papers.ids(ALL_PAPERS))
    dice = random.Random(5)
    benchmark(lambda: list(store.papers.read([dice.choice(ids)])))


def test_one_journalled_change(benchmark: BenchmarkFixture, copy: LibraryStore) -> None:
    (paper_id,) = copy.papers.ids(ALL_PAPERS)[:1]
    states = [PaperState.DONE, PaperState.INBOX]

    def change() -> Change:
        states.reverse()
        return copy.states.set([paper_id], states[0])

    assert benchmark(change)


LARGE: dict[str, Callable[[LibraryStore, list[int]], Change]] = {
    "done": lambda store, ids: store.states.set(ids, PaperState.DONE),
    "queue": lambda store, ids: store.states.set(ids, PaperState.QUEUED),
    "star": lambda store, ids: store.states.set_starred(ids, True),
    "seen": lambda store, ids: store.states.set_seen(ids, True),
    "tag": lambda store, ids: store.tags.add(ids, ["one for all"]),
}


@pytest.mark.parametrize("name", LARGE)
def test_one_operation_on_every_paper(benchmark: BenchmarkFixture, copy: LibraryStore, name: str) -> None:
    ids = list(copy.papers.ids(ALL_PAPERS))
    change = benchmark.pedantic(LARGE[name], (copy, ids), rounds=1)
    assert len(change.paper_ids) > len(ids) // 2


@pytest.mark.parametrize("name", LARGE)
def test_its_undo(benchmark: BenchmarkFixture, copy: LibraryStore, name: str) -> None:
    ids = list(copy.papers.ids(ALL_PAPERS))
    LARGE[name](copy, ids)
    undone = benchmark.pedantic(copy.history.undo, rounds=1)
    assert len(undone.paper_ids) > len(ids) // 2


def test_undo_of_every_import(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    with LibraryStore(tmp_path / "library.db", clock=TickingClock()) as empty:
        import_as_pages(empty, PAPERS)
        benchmark.pedantic(empty.history.undo, rounds=1)
        assert empty.views.counts().all == 0
