"""How long comparing papers by their meaning takes, and how much memory and disk.

``LECTERN_BENCHMARK_PAPERS`` sets how many papers (10,000 unless told). Times are processor time: the work is done
beside the window, or in a child process of low priority. Word vectors are used where they are installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader.services import Library
from reader.services.meaning.upkeep import MEANING_FOLDER, MeaningUpkeep
from tests.benchmarks.zipf import ZipfPapers
from tests.services.support import finish

PAPERS = int(os.environ.get("LECTERN_BENCHMARK_PAPERS", "10000"))
ROOT = Path(__file__).resolve().parents[2]
MOST_FROM_NOTHING, MOST_FOR_100, MOST_FOR_A_LOOK = 60.0 * PAPERS / 10_000, 0.5, 0.1
MOST_BYTES_OF_A_PAPER = 600
_FILE = 10_000
_ALONE = """
import json, sys, time
from pathlib import Path
import psutil
from reader.services import Library
with Library(Path(sys.argv[1])) as library:
    library.papers.count()
    before = psutil.Process().memory_info().rss
    start = time.process_time()
    space = library.meaning.space()
    loaded = time.process_time()
    vector = space.vectors(space.paper_ids[:1].tolist())[0]
    looks = []
    for _ in range(20):
        begun = time.process_time()
        space.nearest(vector, 200)
        looks.append(time.process_time() - begun)
    moments = time.process_time()
    space.moments()
    moments = time.process_time() - moments
    memory = psutil.Process().memory_full_info()
    print(json.dumps([loaded - start, sorted(looks)[10], max(looks), moments, memory.rss - before]))
"""
_BUILDING = """
import sys, time
from pathlib import Path
import psutil
from reader.services.meaning.upkeep import MeaningUpkeep
from reader.storage.store import LibraryStore
with LibraryStore(Path(sys.argv[1]) / "library.db", read_only=True) as store:
    store.papers.count()
    before = most = psutil.Process().memory_info().rss
    start = time.process_time()
    for _ in MeaningUpkeep(store, Path(sys.argv[1]) / "meaning").work():
        most = max(most, psutil.Process().memory_info().rss)
    import resource
    most = max(most, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    print(time.process_time() - start, most - before)
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("meaning") / "library") as opened:
        source = ZipfPapers()
        for start in range(0, PAPERS, _FILE):
            bring(opened, source, min(_FILE, PAPERS - start), start + 1)
        yield opened


def bring(library: Library, source: ZipfPapers, count: int, first: int) -> None:
    entries = (
        f"@misc{{p{paper.id}, title = {{{paper.title}}}, abstract = {{{paper.abstract}}}}}"
        for paper in source.papers(count, first)
    )
    finish(library.imports.text("\n".join(entries), f"from {first}"))


def alone(script: str, library: Library) -> str:
    """What a script prints that is run in a process of its own."""
    arguments = [sys.executable, "-c", script, str(library.folder)]
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def cost(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def test_from_nothing(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    seconds, memory = map(float, alone(_BUILDING, library).split())
    size = sum(path.stat().st_size for path in (library.folder / MEANING_FOLDER).iterdir())
    with capsys.disabled():
        told = f"{seconds:.1f} s, {memory / 1e6:.0f} MB more, {size / 1e6:.1f} MB on disk"
        print(f"\n{PAPERS:,} papers from nothing: {told}")
    assert seconds <= MOST_FROM_NOTHING
    assert size / PAPERS <= MOST_BYTES_OF_A_PAPER + 8e6 / PAPERS


def test_a_look_at_all_papers(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    loading, usual, longest, moments, memory = json.loads(alone(_ALONE, library))
    with capsys.disabled():
        print(
            f"\nloading {loading:.2f} s, the 200 closest {usual * 1000:.0f} ms (at most {longest * 1000:.0f}), "
            f"means of products {moments:.2f} s, {memory / 1e6:.0f} MB more"
        )
    assert usual <= MOST_FOR_A_LOOK


def test_a_hundred_new_papers(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    upkeep = MeaningUpkeep(library._store, library.folder / MEANING_FOLDER)
    costs = []
    for number in range(3):
        before = library.papers.count()
        bring(library, ZipfPapers(number), 100, PAPERS + 1 + 100 * number)
        upkeep.owe(range(before + 1, before + 101))
        costs.append(cost(lambda: list(upkeep.catch_up())))
        assert not upkeep.is_behind()
    with capsys.disabled():
        print(f"\n100 new papers: {costs[0]:.2f} s, then {costs[1]:.2f} and {costs[2]:.2f} s")
    assert min(costs) <= MOST_FOR_100
