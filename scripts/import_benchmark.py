"""Print how fast listings are imported: ``python scripts/import_benchmark.py [--papers N] [--page N]``.

Makes plain listings of N invented papers, parses them alone, stores parsed records alone, and imports all of them with
the command line into a new library, watching its memory.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reader.domain.preparation import prepare_header, prepare_records
from reader.domain.records import ParsedListing
from reader.domain.step_titles import UNTITLED
from reader.formats.registry import parse
from reader.storage.store import LibraryStore
from tests.benchmarks.zipf import ZipfPapers

ROOT = Path(__file__).resolve().parents[1]
_FURNITURE = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--page", type=int, default=5_000, help="papers in a file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        pages = list(_write_pages(folder / "pages", arguments.papers, arguments.page))
        started = time.process_time()
        listings = [parse(page.read_bytes(), page.name) for page in pages]
        parsing = time.process_time() - started
        _print("parsed", arguments.papers / parsing, "papers/s", "20,000")
        _print("stored, with journal and index marks", _store(folder / "stored.db", listings), "papers/s", "5,000")
        seconds, megabytes = _import(folder / "library", folder / "pages")
        _print("imported by the command line, all in all", arguments.papers / seconds, "papers/s", "")
        _print("peak memory of its two processes together", megabytes, "MB", "250 at most")


def _write_pages(folder: Path, papers: int, page: int) -> Iterator[Path]:
    """Plain listings of invented papers."""
    folder.mkdir()
    texts = ZipfPapers().papers(papers)
    for number, start in enumerate(range(0, papers, page)):
        parts = [_FURNITURE, f"{_MONTHS[number % 12]} {1 + number % 28}"]
        for place in range(start, min(start + page, papers)):
            text = next(texts)
            block = f"  • {1 + place % 12} authors\n·\nSep {1 + place % 28}, {2019 + place % 6} {place % 30}"
            parts += [f"{text.title} {place}", text.abstract, block]
        path = folder / f"page-{number:04}.txt"
        path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        yield path


def _store(database: Path, listings: list[ParsedListing]) -> float:
    """Papers stored a second, parsed and prepared before."""
    prepared = []
    for number, listing in enumerate(listings):
        header = prepare_header(
            listing, sha256=f"{number:064}", file_name="page", stem="page", modified=None, today=date(2026, 1, 1)
        )
        prepared.append((header, list(prepare_records(listing, header))))
    with LibraryStore(database) as store:
        operation = store.begin_operation(UNTITLED, "import")
        started = time.perf_counter()
        for header, records in prepared:
            store.listings.add(header, records, operation)
        return sum(len(records) for _, records in prepared) / (time.perf_counter() - started)


def _import(library: Path, pages: Path) -> tuple[float, float]:
    """Seconds of ``lectern import``, and the most megabytes that its processes held together, looked at often."""
    command = [sys.executable, str(ROOT / "main.py"), "--library", str(library), "import", str(pages), "--json"]
    most = 0
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = psutil.Popen(command, stdout=output)
        while process.poll() is None:
            most = max(most, _memory_of(process))
            time.sleep(0.02)
        seconds = time.perf_counter() - started
        output.seek(0)
        assert json.loads(output.read())["totals"]["failed"] == 0
    return seconds, most / 2**20


def _memory_of(process: psutil.Process) -> int:
    """Bytes held by a process and its children now."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += each.memory_info().rss
    return total


def _print(what: str, figure: float, unit: str, wanted: str) -> None:
    print(f"| {what} | {figure:,.0f} {unit} | {wanted} |")


if __name__ == "__main__":
    main()
