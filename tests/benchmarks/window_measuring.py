"""Measuring the window: a library of invented papers, how long it takes to be usable, how fast a key shows."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication

from reader.domain.subscriptions import SubscriptionKind
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.process.threads import prepare_process
from reader.storage.subscriptions import SubscriptionCheck
from reader.ui.app.application import make_application
from reader.ui.app.environment import Environment
from reader.ui.app.garbage_collection import CycleCollector
from reader.ui.app.window import MainWindow
from reader.ui.app.workspace import Workspace
from reader.ui.listings.import_flow import Paths
from reader.ui.look.themes import ThemeSwitch
from reader.ui.papers.view import PaperListView

_ROOT = Path(__file__).resolve().parents[2]
_LISTING_PAPERS = 100
_KEY_INTERVAL_SECONDS = 1 / 30
_SIZE = (1440, 900)
_WORDS = [
    "model",
    "models",
    "learning",
    "language",
    "training",
    "data",
    "reasoning",
    "attention",
    "transformer",
    "diffusion",
    "policy",
    "reward",
    "agent",
    "agents",
    "benchmark",
    "evaluation",
    "retrieval",
    "context",
    "token",
    "tokens",
    "sparse",
    "latent",
    "video",
    "image",
    "scene",
    "robot",
    "planning",
    "search",
    "graph",
    "we",
    "the",
    "of",
    "and",
    "to",
    "for",
    "with",
    "in",
    "on",
    "that",
    "this",
    "are",
    "is",
    "by",
    "from",
    "our",
    "as",
    "which",
    "show",
    "propose",
    "method",
    "methods",
    "results",
    "large",
    "small",
    "efficient",
    "robust",
    "general",
    "novel",
    "simple",
    "existing",
    "several",
    "across",
    "under",
    "without",
    "between",
    "multi",
    "cross",
    "self",
]


@dataclass(frozen=True, slots=True)
class KeyTimes:
    """Times from a key to the end of the list's repaint, in milliseconds."""

    p50: float
    p95: float
    longest: float

    @classmethod
    def of(cls, seconds: list[float]) -> KeyTimes:
        """The figures of single times."""
        ordered = sorted(1_000 * one for one in seconds)
        return cls(ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)], ordered[-1])


def write_listings(folder: Path, papers: int, *, per_listing: int = _LISTING_PAPERS, seed: int = 7) -> list[Path]:
    """Listing files of invented papers, one a day, in the API's form."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    files = []
    for number, start in enumerate(range(0, papers, per_listing)):
        day = date(2026, 3, 1) - timedelta(days=number)
        entries = [_entry(rng, f"{seed}-{one}", day) for one in range(start, min(start + per_listing, papers))]
        path = folder / f"day-{day.isoformat()}.json"
        path.write_text(json.dumps(entries), encoding="utf-8")
        files.append(path)
    return files


def _entry(rng: random.Random, mark: str, day: date) -> dict[str, object]:
    title = " ".join(rng.choices(_WORDS, k=rng.randint(5, 16))).capitalize()
    summary = ". ".join(" ".join(rng.choices(_WORDS, k=rng.randint(12, 30))).capitalize() for _ in range(8))
    shown = f"{day.isoformat()}T00:00:00.000Z"
    authors = [{"name": f"{rng.choice(_WORDS).capitalize()} {rng.choice(_WORDS).capitalize()}"} for _ in range(4)]
    paper = {"title": f"{title} ({mark})", "summary": f"{summary}.", "authors": authors, "publishedAt": shown}
    return {"paper": {**paper, "upvotes": rng.randint(0, 90)}, "numComments": rng.randint(0, 9), "title": title}


def make_library(folder: Path, papers: int) -> None:
    """A library of that many papers; what is there already is left as it is."""
    with Library(folder / "library") as library:
        if library.views.counts().all < papers:
            for _ in library.imports.paths(write_listings(folder / "listings", papers)):
                pass


def launch_seconds(folder: Path) -> float:
    """From starting the interpreter until the list is painted with its papers and takes keys."""
    started = time.time()
    command = [sys.executable, "-m", "tests.benchmarks.window_measuring", str(folder / "library"), repr(started)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


class _Painted(PaperListView):
    """Notes when it last finished painting."""

    at = 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _Painted.at = time.perf_counter()


class Bench:
    """One open window to measure."""

    def __init__(self, folder: Path, environment: Environment | None = None) -> None:
        """Open the window on the library that :func:`make_library` made in ``folder``, with all papers."""
        prepare_process()
        running = QApplication.instance()
        self._application = running if isinstance(running, QApplication) else make_application(["lectern"])
        self._collector = CycleCollector(self._application)
        import reader.ui.shell.panes

        reader.ui.shell.panes.PaperListView = _Painted
        workspace = Workspace(Library(folder / "library"))
        self.window = MainWindow(workspace, ThemeSwitch(self._application), environment or Environment())
        self.window.resize(*_SIZE)
        self.window.panes.spread(_SIZE[0])
        self.window.show()
        self.window.begin()
        self.wait_for(self._is_idle)
        self.open(View(ViewKind.ALL))

    def close(self) -> None:
        """Close the window."""
        self.window.close()
        self.window.deleteLater()
        self._application.processEvents()
        self._collector.stop()

    def open(self, view: View) -> float:
        """Show a view; the seconds until it is painted."""
        start = time.perf_counter()
        self.window.navigator.open(view)
        self.wait_for(self._is_idle)
        return max(_Painted.at, start) - start

    def _is_idle(self) -> bool:
        return self.window.workspace.tasks.is_idle and self.window.navigator.view is not None

    def wait_for(self, holds: object, seconds: float = 120) -> None:
        """Let events happen until something holds."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self._application.processEvents()
            if callable(holds) and holds():
                self._application.processEvents()
                return
            time.sleep(0.0005)
        raise TimeoutError

    def key_times(self, presses: int, *, key: Qt.Key = Qt.Key.Key_J) -> KeyTimes:
        """Press a key as often as a held key repeats; each time is up to the end of the list's repaint."""
        times = list(self._presses(presses, key))
        return KeyTimes.of(times)

    def _presses(self, presses: int, key: Qt.Key) -> Iterator[float]:
        papers = self.window.panes.papers
        papers.setFocus()
        due = time.perf_counter()
        for _ in range(presses):
            due += _KEY_INTERVAL_SECONDS
            while time.perf_counter() < due:
                self._application.processEvents()
                time.sleep(0.0005)
            start = time.perf_counter()
            event = QKeyEvent(QEvent.Type.KeyPress, key.value, Qt.KeyboardModifier.NoModifier, chr(key.value).lower())
            QApplication.sendEvent(papers, event)
            while _Painted.at < start:
                self._application.processEvents()
            yield _Painted.at - start

    def begin_import(self, files: list[Path]) -> None:
        """Start an import in the window."""
        self.window.imports.begin(Paths(tuple(files)))

    def begin_download(self, target: Path) -> None:
        """Join the libraries of a shared folder, and take in what they have."""
        self.window.workspace.library.sync.join(str(target), "window")
        self.window.sync.begin()
        self.wait_for(lambda: self.is_syncing)

    @property
    def is_syncing(self) -> bool:
        """Whether a run goes on."""
        return self.window.sync.syncing is not None and self.window.sync.syncing.is_running

    def begin_fetch(self) -> None:
        """Start fetching a month of Daily Papers in the window."""
        subscriptions = self.window.workspace.library.subscriptions
        made, _ = subscriptions.add(SubscriptionKind.DAILY, "day", every=0)
        long_ago = datetime.now(UTC) - timedelta(days=60)
        subscriptions.note_check(made, SubscriptionCheck(f"{long_ago:%Y-%m-%dT%H:%M:%SZ}"))
        self.window.subscriptions.fetching.fetch("all", lambda library: library.subscriptions.all())

    @property
    def is_fetching(self) -> bool:
        """Whether that fetch is still going on."""
        return self.window.subscriptions.fetching.is_running

    @property
    def is_importing(self) -> bool:
        """Whether that import is still going on."""
        return self.window.imports.is_running


class _FirstPaint(QObject):
    """Ends the program once the list has been painted with papers in it."""

    def __init__(self, window: MainWindow, started: float) -> None:
        super().__init__(window)
        self._window = window
        self._started = started
        window.panes.papers.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._window.panes.paper_model.rowCount():
            self._window.panes.papers.viewport().removeEventFilter(self)
            self._window.panes.papers.viewport().repaint()
            print(time.time() - self._started)
            self._window.close()
            QApplication.exit()
        return False


def _launch(folder: Path, started: float) -> None:
    """In a process of its own: what ``lectern`` does, up to the first useful paint."""
    from reader.services.process.diagnostics import Diagnostics
    from reader.services.process.ownership import claim_or_hand_over
    from reader.ui.app.application import Application

    owner = claim_or_hand_over(folder)
    assert owner is not None
    with owner, Diagnostics():
        prepare_process()
        application = make_application(["lectern"])
        program = Application(application, owner=owner)
        program.open(folder)
        assert program.window is not None
        _FirstPaint(program.window, started)
        application.exec()
        program.close()


if __name__ == "__main__":
    _launch(Path(sys.argv[1]), float(sys.argv[2]))
