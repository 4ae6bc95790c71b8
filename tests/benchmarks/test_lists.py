"""How long lists take: every order, groups, what mute rules hide, papers that may be one.

``LECTERN_BENCHMARK_PAPERS`` sets how many papers (10,000 unless told), ``LECTERN_BENCHMARK_FOLDER`` where their library
is kept from one run to the next.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from reader.domain.selection import PaperSort, SortBy
from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.benchmarks.window_measuring import make_library

PAPERS = int(os.environ.get("LECTERN_BENCHMARK_PAPERS", "10000"))
ALL, INBOX = View(ViewKind.ALL), View(ViewKind.INBOX)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    kept = os.environ.get("LECTERN_BENCHMARK_FOLDER")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("lists")
    make_library(folder, PAPERS)
    with Library(folder / "library") as opened:
        for _ in opened.index.update():
            pass
        yield opened


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("by", list(SortBy))
def test_sorting(benchmark: BenchmarkFixture, library: Library, by: SortBy, reverse: bool) -> None:
    benchmark(library.views.paper_ids, ALL, PaperSort(by, reverse))


def test_grouping(benchmark: BenchmarkFixture, library: Library) -> None:
    ids = library.views.paper_ids(ALL)
    assert sum(len(group) for _, group in benchmark(library.views.by_listing, ids)) == len(ids)


def test_what_a_mute_rule_would_hide(benchmark: BenchmarkFixture, library: Library) -> None:
    assert len(benchmark(library.mutes.preview, "title:diffusion"))


def test_the_inbox_beside_a_mute_rule(benchmark: BenchmarkFixture, library: Library) -> None:
    _, change = library.mutes.add("diffusion", "title:diffusion")
    assert change.paper_ids
    try:
        benchmark(lambda: (library.views.paper_ids(INBOX), library.mutes.papers(), library.views.came_back()))
    finally:
        library.history.undo()


def test_papers_that_may_be_one(benchmark: BenchmarkFixture, library: Library) -> None:
    ids = library.views.paper_ids(ALL)
    places = iter(range(0, len(ids), max(len(ids) // 97, 1)))
    benchmark.pedantic(lambda: library.papers.near_duplicates(ids[next(places)]), rounds=30)
