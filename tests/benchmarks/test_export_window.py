"""Exporting all papers of a library in the real window: how long the window answers nothing meanwhile.

Wanted with 10,000 annotated papers (``LECTERN_BENCHMARK_PAPERS`` sets another number): no turn of the event loop longer
than 50 ms. On a busy machine a turn also holds what others were given; so the window's own work in it stands beside.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytest_benchmark.fixture import BenchmarkFixture

from reader.services import Library
from reader.ui.app.environment import Environment
from reader.ui.app.file_dialogs import FileDialogs
from reader.ui.commands.key_chords import parse_chord
from tests.benchmarks.window_measuring import Bench, make_library
from tests.ui.pressing import key_events

PAPERS = int(os.environ.get("LECTERN_BENCHMARK_PAPERS", "10000"))


@dataclass
class Turns:
    """The longest turn of the event loop, in seconds by the clock and of the window's own work."""

    seconds: float = 0.0
    longest: float = 0.0
    longest_work: float = 0.0

    def measure(self, act: Callable[[], object]) -> None:
        began, worked = time.perf_counter(), time.thread_time()
        act()
        self.longest = max(self.longest, time.perf_counter() - began)
        self.longest_work = max(self.longest_work, time.thread_time() - worked)


class Chooser(FileDialogs):
    """Chooses a folder without asking."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def export_folder(self, parent: QWidget, folder: Path, title: str) -> Path | None:
        return self.folder


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vault")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, vault: Path) -> Iterator[Bench]:
    given = os.environ.get("LECTERN_BENCHMARK_FOLDER")
    folder = Path(given) if given else tmp_path_factory.mktemp("export")
    make_library(folder, PAPERS)
    with Library(folder / "library") as library:
        library.tags.add(library.exports.everything(), ["method/one", "to read"])
    for kept in ("settings.toml", "exports.json"):  # of an earlier run on the same library
        (folder / "library" / kept).unlink(missing_ok=True)
    bench = Bench(folder, Environment(chooser=Chooser(vault)))
    bench.window.indexing.hold()
    bench.window.activateWindow()
    yield bench
    bench.window.indexing.go_on()
    bench.close()


def press(bench: Bench, *chords: str) -> Turns:
    """Press keys one after the other, and wait after each until nothing is going on any more."""
    turns = Turns()
    start = time.perf_counter()
    for chord in chords:
        for key in parse_chord(chord):
            for event in key_events(key):
                focus = QApplication.focusWidget() or bench.window
                turns.measure(lambda focus=focus, event=event: QApplication.sendEvent(focus, event))  # type: ignore[misc]
        turns.measure(QApplication.processEvents)
        while not bench.window.workspace.tasks.is_idle:
            turns.measure(QApplication.processEvents)
            time.sleep(0.0005)
        turns.measure(QApplication.processEvents)
    turns.seconds = time.perf_counter() - start
    return turns


def test_export_of_everything(benchmark: BenchmarkFixture, bench: Bench, vault: Path) -> None:
    bench.window.panes.papers.setFocus()
    steps = {
        "sheet": ("Shift+E",),
        "plan": ("Enter",),
        "walk": ("j", "j", "Right", "Left", "End", "Home"),
        "write": ("Enter",),
        "again": ("Shift+E", "Enter"),
        "nothing": ("Enter",),
        "by itself": ("s", "Ctrl+S"),
        "report": ("Shift+E", "Down", "Down", "Enter", "Enter"),
    }

    def all_of_it() -> dict[str, Turns]:
        return {name: press(bench, *chords) for name, chords in steps.items()}

    found = benchmark.pedantic(all_of_it, rounds=1)
    assert len(list(vault.rglob("*.md"))) == PAPERS + 1
    for name, turns in found.items():
        longest, work = 1_000 * turns.longest, 1_000 * turns.longest_work
        shown = f"{turns.seconds:.2f} s, longest turn {longest:.1f} ms, own work in a turn {work:.1f} ms"
        benchmark.extra_info[name] = shown
        print(f"{name}: {shown}")
