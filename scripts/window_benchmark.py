"""Print how fast the window is: ``python scripts/window_benchmark.py [--papers N] [--folder DIR]`` (with extra dev).

Makes a library of N invented papers (100,000 unless told; kept in DIR for the next time if that is given), then
measures launch, switching views, and the time from ``j`` to the end of the list's repaint, at rest, beside an
import, and beside a fetch of 10,000 papers.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.benchmarks import sync_measuring
from tests.benchmarks.paper_server import paper_server
from tests.benchmarks.window_measuring import Bench, KeyTimes, launch_seconds, make_library, write_listings

_PRESSES = 1_000
_LAUNCHES = 3
_IMPORTED = 30_000
_FETCHED_A_DAY = 320
_SHARED = 10_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        make_library(folder, arguments.papers)
        measure(folder, arguments.papers)


def measure(folder: Path, papers: int) -> None:
    """Everything, for a library that is there."""
    print(f"{papers:,} papers")
    for _ in range(_LAUNCHES):
        print(f"launch to usable            {launch_seconds(folder):6.2f} s")
    bench = Bench(folder)
    for kind in (ViewKind.INBOX, ViewKind.QUEUE, ViewKind.ALL):
        print(f"open {kind.value:<22} {1_000 * bench.open(View(kind)):6.0f} ms")
    _print_keys("j to repaint", bench.key_times(_PRESSES))
    with tempfile.TemporaryDirectory() as listings:
        bench.begin_import(write_listings(Path(listings), _IMPORTED, seed=papers))
        bench.wait_for(lambda: bench.is_importing)
        times = bench.key_times(_PRESSES // 3)
        still = "to the end" if bench.is_importing else "import ended before"
        _print_keys(f"beside an import ({still})", times)
        bench.window.imports.cancel()
        bench.wait_for(lambda: not bench.is_importing)
    with paper_server(_FETCHED_A_DAY):
        bench.begin_fetch()
        times = bench.key_times(_PRESSES // 3)
        _print_keys(f"beside a fetch ({'to the end' if bench.is_fetching else 'fetch ended before'})", times)
        bench.wait_for(lambda: not bench.is_fetching)
    measure_sync(bench)
    print(f"memory                      {psutil.Process().memory_info().rss / 1_000_000:6.0f} MB")
    bench.close()


def measure_sync(bench: Bench) -> None:
    """Keys beside a first download, and how long a closing window takes to send a star."""
    with tempfile.TemporaryDirectory() as temporary:
        target, other = Path(temporary) / "shared", Path(temporary) / "other"
        target.mkdir()
        other.mkdir(mode=0o700)
        sync_measuring.make_library(other / "library.db", _SHARED)
        with Library(other) as library:
            library.sync.begin(str(target), "other")
            library.sync.run()
        begun = time.perf_counter()
        bench.begin_download(target)
        times = bench.key_times(_PRESSES // 3)
        _print_keys(f"beside a download ({'to the end' if bench.is_syncing else 'ended before'})", times)
        bench.wait_for(lambda: not bench.is_syncing)
        print(f"{_SHARED:,} papers came in      {time.perf_counter() - begun:6.1f} s")
        library = bench.window.workspace.library
        library.states.set_starred([bench.window.panes.papers.current_paper_id or 1], True)
        begun = time.perf_counter()
        library.sync.run(out_only=True)
        print(f"a star is sent              {1_000 * (time.perf_counter() - begun):6.0f} ms")
        library.sync.leave()


def _print_keys(what: str, times: KeyTimes) -> None:
    print(f"{what:<27} p50 {times.p50:5.1f}  p95 {times.p95:5.1f}  max {times.longest:5.1f} ms")


if __name__ == "__main__":
    main()
