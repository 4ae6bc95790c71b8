"""A real window on a real library, without a screen; only file dialogs, the clock and the browser are stood in for."""

from __future__ import annotations

import gc
import os
import tempfile
import threading
import time

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["LECTERN_LOGS"] = tempfile.mkdtemp(prefix="lectern-logs-")

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from reader.domain.settings import Settings
from reader.services import Library
from reader.services.resources import resource_path
from reader.ui.app.browser import Opener
from reader.ui.app.environment import Environment
from reader.ui.app.file_dialogs import FileDialogs
from reader.ui.app.garbage_collection import CycleCollector
from reader.ui.app.window import MainWindow
from reader.ui.app.workspace import Workspace
from reader.ui.look.themes import Scheme, ThemeSwitch
from tests.patience import PATIENCE, wait_until
from tests.ui.pressing import Hands

SAMPLE = resource_path("sample", "daily-papers-sample.txt")
TODAY = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)


class PatientBot(QtBot):
    """Waits for what has to come as long as a busy machine needs."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = round(1_000 * PATIENCE)) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, *given: Any, timeout: int = round(1_000 * PATIENCE), **named: Any) -> Any:
        return super().waitSignal(*given, timeout=timeout, **named)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@dataclass
class World:
    """What stands in for the world around the window, and what it was asked."""

    opened: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    folder: Path | None = None
    backup: Path | None = None
    bundle: Path | None = None
    liked: Path | None = None
    bundle_target: Path | None = None
    opml: Path | None = None
    opml_target: Path | None = None
    shared: Path | None = None
    started: list[Path] = field(default_factory=list)
    export_to: Path | None = None
    export_asked: list[tuple[Path, str]] = field(default_factory=list)
    seconds: float = 100.0
    has_browser: bool = True
    programs: list[list[str]] = field(default_factory=list)
    has_programs: bool = True
    reader: str = ""

    def environment(self) -> Environment:
        return Environment(
            opener=Opener(self._open, self._start_program),
            chooser=_Chooser(self),
            clock=self._clock,
            start_window=self._start,
            default_reader=lambda: self.reader,
        )

    def _start(self, library: Path) -> bool:
        self.started.append(library)
        return True

    def _start_program(self, words: Sequence[str]) -> bool:
        self.programs.append(list(words))
        return self.has_programs

    def _open(self, address: str) -> bool:
        self.opened.append(address)
        return self.has_browser

    def _clock(self) -> float:
        return self.seconds


class _Chooser(FileDialogs):
    def __init__(self, world: World) -> None:
        self._world = world

    def listing_files(self, parent: QWidget, folder: Path) -> list[Path]:
        return self._world.files

    def pdf_files(self, parent: QWidget, folder: Path) -> list[Path]:
        return self._world.files

    def listing_folder(self, parent: QWidget, folder: Path) -> Path | None:
        return self._world.folder

    def backup_file(self, parent: QWidget, folder: Path) -> Path | None:
        return self._world.backup

    def opml_file(self, parent: QWidget, folder: Path) -> Path | None:
        return self._world.opml

    def opml_target(self, parent: QWidget, suggested: Path) -> Path | None:
        return self._world.opml_target

    def bundle_target(self, parent: QWidget, suggested: Path) -> Path | None:
        return self._world.bundle_target

    def bundle_file(self, parent: QWidget, folder: Path) -> Path | None:
        return self._world.bundle

    def sync_folder(self, parent: QWidget, folder: Path) -> Path | None:
        return self._world.shared

    def liked_papers(self, parent: QWidget, folder: Path) -> Path | None:
        return self._world.liked

    def export_folder(self, parent: QWidget, folder: Path, title: str) -> Path | None:
        self._world.export_asked.append((folder, title))
        return self._world.export_to


@pytest.fixture(scope="session")
def themes(qapp: QApplication) -> Iterator[ThemeSwitch]:
    qapp.setStyle("Fusion")
    collector = CycleCollector(qapp)
    yield ThemeSwitch(qapp, Scheme.LIGHT)
    collector.stop()


@pytest.fixture(autouse=True)
def no_closed_windows() -> Iterator[None]:
    """Windows that a test closed and left are deleted after it: each would be styled anew with all later ones."""
    yield
    for widget in QApplication.topLevelWidgets() if QApplication.instance() else []:
        if isinstance(widget, MainWindow) and widget.isHidden():
            widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def world() -> World:
    return World()


WindowMaker = Callable[..., MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, themes: ThemeSwitch, world: World) -> Iterator[WindowMaker]:
    """Opens windows on library folders and closes what is left open."""
    windows: list[MainWindow] = []

    def make(
        folder: Path, files: Sequence[Path] = (), *, is_sample: bool = False, settings: Settings | None = None
    ) -> MainWindow:
        workspace = Workspace(Library(folder, clock=lambda: TODAY))
        window = MainWindow(workspace, themes, world.environment(), is_sample=is_sample, settings=settings)
        windows.append(window)
        # Else a worker thread may free the widgets of an earlier test, and Qt crashes later: see garbage_collection.py.
        assert not gc.isenabled()
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        window.begin(files)
        settle(window)
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()
    QApplication.processEvents()
    # Without an event loop of its own nothing is deleted later, and hundreds of windows make every later test slower.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def settle(window: MainWindow) -> None:
    """Wait until the window's threads have nothing left to do and what they brought is shown."""
    still = 0

    def look() -> None:
        nonlocal still
        QApplication.processEvents()
        still = still + 1 if window.workspace.tasks.is_idle else 0
        if not still:
            time.sleep(0.001)

    wait_until(lambda: still == 3, look)


def carry_out(window: MainWindow) -> None:
    """Wait until the library thread has done what was asked of it, and show nothing of that yet."""
    done = threading.Event()
    window.workspace.tasks.write(done.set, lambda _: None)
    wait_until(done.is_set)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with the sample listing, made once; copied by ``sample``."""
    folder = tmp_path_factory.mktemp("sample") / "library"
    with Library(folder, clock=lambda: TODAY) as library:
        for _ in library.imports.paths([SAMPLE]):
            pass
    return folder


@pytest.fixture
def folder(sample_folder: Path, tmp_path: Path) -> Path:
    """A library of the test's own with the sample listing."""
    from shutil import copytree

    return copytree(sample_folder, tmp_path / "library")


@pytest.fixture
def window(open_window: WindowMaker, folder: Path) -> MainWindow:
    """The window on the sample listing, in the inbox."""
    return open_window(folder)


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    """Presses keys in ``window`` and waits for what they lead to."""
    return Hands(qtbot, window, lambda: settle(window))
