"""How fast pages are fetched from a server on this machine, compared with importing the same bytes as files."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from reader.services import Library
from tests.benchmarks.page_server import DAYS, FIRST, LAST, PAPERS, pages
from tests.services.fetching import run, subscribe_daily
from tests.services.support import finish

ROOT = Path(__file__).parents[2]
ROUNDS = 3


def clock() -> datetime:
    return datetime(2025, 9, 1, tzinfo=UTC)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The server, to which every request goes."""
    command = [sys.executable, "-m", "tests.benchmarks.page_server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for name, value in json.loads(process.stdout.readline()).items():
            monkeypatch.setenv(name, value)
        yield
        process.communicate("")


def import_files(folder: Path, contents: dict[str, bytes]) -> float:
    """The seconds that importing the pages as files takes."""
    (folder / "files").mkdir()
    for name, content in contents.items():
        (folder / "files" / f"daily-papers-{name}.json").write_bytes(content)
    with Library(folder / "imported", clock=clock) as library:
        begun = time.perf_counter()
        report = finish(library.imports.paths([folder / "files"]))
        seconds = time.perf_counter() - begun
        assert report.total("new") == DAYS * PAPERS
    return seconds


def fetch_pages(folder: Path) -> float:
    """The seconds that fetching the same pages takes."""
    with Library(folder / "fetched", clock=clock) as library:
        subscribe_daily(library)
        begun = time.perf_counter()
        report = run(library.subscriptions.fetch(library.subscriptions.all(), since=FIRST, until=LAST))
        seconds = time.perf_counter() - begun
        assert report.failed == 0
        assert report.as_import.total("new") == DAYS * PAPERS
    return seconds


def test_fetching_ten_thousand_papers(benchmark: BenchmarkFixture, tmp_path: Path, server: None) -> None:
    """One after the other, several times, so that both have the same share of a busy machine."""
    contents, times = pages(), []

    def work() -> None:
        folder = tmp_path / str(len(times))
        folder.mkdir()
        times.append((fetch_pages(folder), import_files(folder, contents)))

    benchmark.pedantic(work, rounds=ROUNDS)
    fetched, imported = (min(each) for each in zip(*times, strict=True))
    benchmark.extra_info["papers_per_second"] = round(DAYS * PAPERS / fetched)
    benchmark.extra_info["imported_per_second"] = round(DAYS * PAPERS / imported)
    benchmark.extra_info["of_importing"] = f"{imported / fetched:.0%}"
