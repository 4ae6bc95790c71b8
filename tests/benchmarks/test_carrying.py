"""Two libraries whose files Syncthing carries: the first time, and how long until one change is there."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.benchmarks.sync_measuring import make_library
from tests.services.sync.carriers import syncthing, until

PAPERS = int(os.environ.get("LECTERN_BENCHMARK_PAPERS", "10000"))
CHANGES = 20
ALL = View(ViewKind.ALL)


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[list[Path]]:
    """Two folders that Syncthing keeps in step."""
    folders = [tmp_path / "on-laptop", tmp_path / "on-desktop"]
    with syncthing(folders, tmp_path / "homes"):
        yield [folder / "lectern" for folder in folders]


def files(folder: Path) -> dict[str, int]:
    """The files of devices and packs that have come whole, with their sizes."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~")))
    return {str(path.relative_to(folder)): path.stat().st_size for path in found}


@pytest.mark.timeout(7200)
def test_one_change_through_syncthing(benchmark: BenchmarkFixture, tmp_path: Path, folders: list[Path]) -> None:
    (tmp_path / "laptop").mkdir()
    make_library(tmp_path / "laptop/library.db", PAPERS)
    told = benchmark.extra_info
    with Library(tmp_path / "laptop") as laptop, Library(tmp_path / "desktop") as desktop:
        begun, busy = time.monotonic(), time.process_time()
        laptop.sync.begin(str(folders[0]), "Laptop")
        laptop.sync.run()
        told["first_upload_s"], told["of_the_processor"] = time.monotonic() - begun, time.process_time() - busy
        sent = files(folders[0])
        for kind, ending in (("annotations_mb", ".lecs"), ("content_mb", ".lecp")):
            told[kind] = sum(size for name, size in sent.items() if name.endswith(ending)) / 1e6
        until(lambda: files(folders[1]) == sent)
        told["carried_after_s"] = time.monotonic() - begun - told["first_upload_s"]
        begun, busy = time.monotonic(), time.process_time()
        desktop.sync.join(str(folders[1]), "Desktop")
        desktop.sync.run()
        told["first_download_s"], told["of_it_busy_s"] = time.monotonic() - begun, time.process_time() - busy
        ids = {library: list(library.views.paper_ids(ALL)) for library in (laptop, desktop)}
        keys = {library.papers.get(paper_id).key: paper_id for library in (desktop,) for paper_id in ids[desktop][:500]}
        shared = [paper_id for paper_id in ids[laptop] if laptop.papers.get(paper_id).key in keys][:CHANGES]
        assert len(shared) == CHANGES

        left = list(range(CHANGES))

        def change(number: int) -> None:
            """A tag on one paper, until the other library shows it."""
            paper_id = shared[number]
            there = keys[laptop.papers.get(paper_id).key]
            before = files(folders[1])
            laptop.tags.add([paper_id], [f"round {number}"])
            laptop.sync.run()
            until(lambda: files(folders[1]) != before)  # which the window is told by the system
            desktop.sync.run()
            assert f"round {number}" in desktop.papers.get(there).tags

        benchmark.pedantic(change, setup=lambda: ((left.pop(),), {}), rounds=CHANGES)
