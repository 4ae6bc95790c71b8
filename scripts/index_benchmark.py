"""Print how fast searching is, as a table: ``python scripts/index_benchmark.py [--papers N ...] [--folder DIR]``.

Makes N invented papers for every N (10,000 and 100,000 unless told; kept in DIR for the next time if that is given),
indexes them, and measures with SQLite's FTS5 beside it over the same papers in the same run. Times are p50 / p95 / max.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.benchmarks.index_measuring import Figures, PapersInSqlite, build, measure

_ALONE = """
import sys, time
start = time.perf_counter()
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from reader.index.whoosh_index import WhooshIndex
loaded = time.perf_counter()
import psutil
from tests.benchmarks.index_measuring import PapersInSqlite, typed, typed_queries, typing_times
papers, queries, process = PapersInSqlite(Path(sys.argv[3]), 0), typed_queries(), psutil.Process()
before = process.memory_info().rss
opening = time.perf_counter()
index = WhooshIndex(Path(sys.argv[2]))
index.matching_ids(typed("trai"), papers)
first = time.perf_counter()
typing_times(queries, lambda text: index.matching_ids(typed(text), papers))
print(loaded - start, first - opening, process.memory_info().rss - before)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        columns = [_column(arguments.folder or Path(temporary), count) for count in arguments.papers]
    print("| " + " | ".join(["", *(f"{count:,} papers" for count in arguments.papers)]) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for row in zip(*columns, strict=True):
        print("| " + " | ".join([row[0][0], *(value for _, value in row)]) + " |")


def _column(folder: Path, count: int) -> list[tuple[str, str]]:
    """Everything measured for one size."""
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / f"papers-{count}.db"
    with tempfile.TemporaryDirectory(dir=folder) as index_folder:
        papers = PapersInSqlite(database, count)
        peer_seconds = papers.build_peer()
        seconds = build(Path(index_folder), papers)
        alone = _in_a_new_process(Path(index_folder), database)
        figures = measure(Path(index_folder), papers, count, seconds, peer_seconds)
        papers.connection.close()
    return _rows(figures, *alone)


def _in_a_new_process(index_folder: Path, database: Path) -> tuple[float, float, float]:
    """In a process of its own: seconds to load the modules, seconds from opening the index to the first result, and
    the bytes of memory added by that and by all the typing.
    """
    command = [sys.executable, "-c", _ALONE, sys.path[0], str(index_folder), str(database)]
    loading, first, memory = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(loading), float(first), float(memory)


def _rows(figures: Figures, loading: float, first: float, memory: float) -> list[tuple[str, str]]:
    """The figures as they stand in the table."""
    rate = figures.papers / figures.build_seconds
    return [
        ("build, in one process", f"{figures.build_seconds:.1f} s ({rate:,.0f} papers/s)"),
        ("index on disk", f"{figures.index_megabytes:.0f} MB"),
        ("loading the modules, once", f"{loading * 1000:.0f} ms"),
        ("from opening the index to the first result", f"{first * 1000:.0f} ms"),
        ("as you type, first touch", str(figures.first_touch)),
        ("as you type, again", str(figures.repeat)),
        ("as you type, FTS5", str(figures.peer_typing)),
        ("two words by relevance", str(figures.ranked)),
        ("two words by relevance, FTS5", str(figures.peer_ranked)),
        ("one edit to findable", str(figures.edit_to_findable)),
        ("one edit to the disk", str(figures.commit)),
        ("memory of the index after all the typing", f"{memory / 1e6:.0f} MB"),
        ("building FTS5", f"{figures.peer_build_seconds:.1f} s"),
    ]


if __name__ == "__main__":
    main()
