"""The program as it is started: in a process of its own, up to its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from reader.services import Library
from reader.ui.app.application import Application
from reader.ui.listings.import_flow import Paths
from tests.patience import PATIENCE
from tests.ui.conftest import SAMPLE, WindowMaker, World, settle

ROOT = Path(__file__).parents[2]
_RUN = """
    import signal
    import sys
    from pathlib import Path
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    from reader.ui.app import application
    from reader.ui.app import window

    begin = window.MainWindow.begin
    steps = {steps}
    number = 0

    def next_step():
        global number
        open_windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, window.MainWindow)]
        current = [one for one in open_windows if one.isVisible()][-1]
        if not current.workspace.tasks.is_idle:
            QTimer.singleShot(50, next_step)
            return
        if steps[number] == "SIGTERM":
            signal.raise_signal(signal.SIGTERM)
        else:
            current.runner.run(steps[number])
        number += 1
        if number < len(steps):
            QTimer.singleShot(300, next_step)

    def begin_and_go_on(self, files=()):
        begin(self, files)
        if number == 0:
            QTimer.singleShot(300, next_step)

    window.MainWindow.begin = begin_and_go_on
    sys.exit(application.run_window(Path(sys.argv[1]), [Path(one) for one in sys.argv[2:]]))
"""


def run(folder: Path, *files: Path, steps: list[str]) -> subprocess.CompletedProcess[str]:
    """Start the program, run commands in whatever window it shows, and wait for its end."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_RUN).format(steps=steps), str(folder), *map(str, files)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_the_program_runs_imports_and_ends(tmp_path: Path) -> None:
    done = run(tmp_path / "library", SAMPLE, steps=["go.next", "paper.star", "window.close"])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with Library(tmp_path / "library") as library:
        assert library.views.counts().all == 40
        assert library.views.counts().starred == 1


def test_the_sample_comes_and_goes_and_the_program_goes_on(tmp_path: Path) -> None:
    steps = ["library.sample", "paper.dismiss", "library.sample", "go.all", "window.close"]
    done = run(tmp_path / "library", steps=steps)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with Library(tmp_path / "library") as library:
        assert library.views.counts().all == 0


def test_quitting_after_the_sample_closes_the_library_behind_it(tmp_path: Path) -> None:
    done = run(tmp_path / "library", steps=["library.sample", "library.sample", "window.close"])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = run(tmp_path / "library", SAMPLE, steps=["library.sample", "window.close", "window.close"])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with Library(tmp_path / "library") as library:
        assert library.views.counts().all == 40
    assert (tmp_path / "library" / "window.json").exists()


@pytest.mark.parametrize("way_back", ["window.close", "library.close_sample", "go.escape"])
def test_closing_the_sample_comes_back_and_the_program_goes_on(tmp_path: Path, way_back: str) -> None:
    """Ctrl+W and the window's own button ended the program."""
    steps = ["library.sample", "paper.star", way_back, "paper.star", "window.close"]
    done = run(tmp_path / "library", SAMPLE, steps=steps)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with Library(tmp_path / "library") as library:
        assert library.views.counts().starred == 1, "the second star was given in the library"


def test_a_signal_ends_the_program_from_the_sample_too(tmp_path: Path) -> None:
    done = run(tmp_path / "library", SAMPLE, steps=["library.sample", "go.next", "SIGTERM"])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_library_that_cannot_be_opened_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"this is not a library at all" * 100)
    done = run(tmp_path, steps=["window.close"])
    assert done.returncode == 1
    assert "damaged or no library; restore a backup" in done.stderr.splitlines()[-1]


def test_a_window_closed_amid_an_import_leaves_a_sound_library(
    open_window: WindowMaker, tmp_path: Path, world: World
) -> None:
    from tests.ui.test_importing import markdown_page

    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(60):
        (pages / f"{number:02}.md").write_text(markdown_page([(f"Page {number}", f"2601.{number:05}")]))
    window = open_window(tmp_path / "library")
    window.imports.begin(Paths((pages,)))
    while not window.panes.status.work.text().startswith("Importing"):
        QApplication.processEvents()
    window.close()
    with Library(tmp_path / "library") as library:
        listings = library.listings.all()
        assert library.views.counts().all == sum(listing.paper_count for listing in listings)
    again = open_window(tmp_path / "library", [pages])
    assert again.workspace.library.views.counts().all == 60


def test_the_same_window_state_is_used_by_a_reopened_library(
    qapp: QApplication, themes: object, world: World, folder: Path
) -> None:
    program = Application(qapp, world.environment())
    program.open(folder)
    assert program.window is not None
    settle(program.window)
    program.window.runner.run("go.last")
    program.window.close()
    program.open(folder)
    settle(program.window)
    assert program.window.panes.papers.current_row == 39
    program.window.close()
    program.window.deleteLater()
