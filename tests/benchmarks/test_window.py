"""How fast the window is with many papers; see ``scripts/window_benchmark.py`` for the figures in one table.

``LECTERN_BENCHMARK_PAPERS`` sets how many (100,000 unless told).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from reader.domain.views import View, ViewKind
from tests.benchmarks.paper_server import paper_server
from tests.benchmarks.window_measuring import Bench, KeyTimes, launch_seconds, make_library, write_listings

PAPERS = int(os.environ.get("LECTERN_BENCHMARK_PAPERS", "100000"))
_PRESSES = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("window")
    make_library(folder, PAPERS)
    return folder


@pytest.fixture(scope="module")
def bench(folder: Path) -> Iterator[Bench]:
    bench = Bench(folder)
    yield bench
    bench.close()


def _note(benchmark: BenchmarkFixture, times: KeyTimes) -> None:
    benchmark.extra_info |= {"p50_ms": times.p50, "p95_ms": times.p95, "max_ms": times.longest}


def test_launch(benchmark: BenchmarkFixture, folder: Path) -> None:
    seconds = benchmark.pedantic(launch_seconds, (folder,), rounds=3)
    benchmark.extra_info["seconds_to_usable"] = seconds


@pytest.mark.parametrize("kind", [ViewKind.INBOX, ViewKind.ALL])
def test_open_a_view(benchmark: BenchmarkFixture, bench: Bench, kind: ViewKind) -> None:
    benchmark.pedantic(bench.open, (View(kind),), rounds=5)
    assert bench.window.panes.paper_model.rowCount() >= PAPERS


def test_key_to_repaint(benchmark: BenchmarkFixture, bench: Bench) -> None:
    bench.open(View(ViewKind.ALL))
    _note(benchmark, benchmark.pedantic(bench.key_times, (_PRESSES,), rounds=1))


def test_key_to_repaint_beside_an_import(benchmark: BenchmarkFixture, bench: Bench, tmp_path: Path) -> None:
    bench.begin_import(write_listings(tmp_path, 30_000, seed=99))
    bench.wait_for(lambda: bench.is_importing)
    _note(benchmark, benchmark.pedantic(bench.key_times, (_PRESSES,), rounds=1))
    assert bench.is_importing, "the import was over too soon to measure anything beside it"
    bench.window.imports.cancel()
    bench.wait_for(lambda: not bench.is_importing)


def test_two_other_text_sizes(benchmark: BenchmarkFixture, bench: Bench) -> None:
    bench.open(View(ViewKind.ALL))

    def change() -> None:
        for command in ("view.larger", "view.smaller"):
            bench.window.runner.run(command)

    benchmark.pedantic(change, rounds=5)


def test_key_to_repaint_beside_a_fetch(benchmark: BenchmarkFixture, bench: Bench) -> None:
    with paper_server(1_000):
        bench.begin_fetch()
        _note(benchmark, benchmark.pedantic(bench.key_times, (_PRESSES,), rounds=1))
        assert bench.is_fetching, "the fetch was over too soon to measure anything beside it"
        bench.window.subscriptions.fetching.cancel()
        bench.wait_for(lambda: not bench.is_fetching)
