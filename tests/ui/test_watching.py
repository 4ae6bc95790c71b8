"""The watched folder in the window: files go in by themselves, nobody is disturbed, nothing goes in twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reader.domain.views import View, ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.listings import watched_folder
from reader.ui.listings.import_flow import Paths
from tests.services.support import listing_text
from tests.ui.conftest import WindowMaker, World, settle
from tests.ui.pressing import Hands


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_folder, "LOOK_EVERY_SECONDS", 0.01)


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    (tmp_path / "listings").mkdir()
    return tmp_path / "listings"


@pytest.fixture
def pass_time(world: World) -> Callable[[], None]:
    """Lets three seconds go by between two looks."""

    def advance() -> None:
        threading.Event().wait(0.05)
        world.seconds += 3

    return advance


def papers(window: MainWindow) -> int:
    return window.workspace.library.views.counts().all


def put(folder: Path, name: str, *titles: str) -> None:
    (folder / name).write_text(listing_text(*titles, heading="Mar 3"), encoding="utf-8")


def test_new_files_go_in_and_nobody_is_taken_elsewhere(
    window: MainWindow, hands: Hands, watched: Path, pass_time: Callable[[], None], qtbot: QtBot
) -> None:
    before, view, title = papers(window), window.navigator.view, hands.title
    window.settings.set("imports.watched_folder", str(watched))
    hands.settle()
    assert window.watched.is_watching
    put(watched, "today.txt", "Gneiss", "Hornfels")
    pass_time()
    qtbot.waitUntil(lambda: "watched folder" in window.panes.notice.text.text())
    hands.settle()
    assert papers(window) == before + 2
    assert window.panes.notice.text.text().startswith("From the watched folder: Imported 1 file: 2 new papers.")
    assert (window.navigator.view, hands.title) == (view, title)
    assert window.imports.preview is None
    hands.press("u")
    assert papers(window) == before
    pass_time()
    pass_time()
    hands.settle()
    assert papers(window) == before  # what was undone does not come again


def test_a_file_in_the_library_is_passed_over_in_silence(
    window: MainWindow, hands: Hands, watched: Path, pass_time: Callable[[], None], qtbot: QtBot
) -> None:
    put(watched, "known.txt", "Gneiss")
    window.imports.begin(Paths((watched / "known.txt",)))
    hands.settle()
    if window.imports.preview is not None:
        hands.press("Enter")
    window.panes.notice.dismiss()
    before = papers(window)
    window.settings.set("imports.watched_folder", str(watched))
    pass_time()
    put(watched, "new.txt", "Hornfels")
    pass_time()
    qtbot.waitUntil(lambda: papers(window) == before + 1)
    hands.settle()
    assert "Imported 1 file: 1 new paper" in window.panes.notice.text.text()


def test_what_is_no_listing_is_said_in_a_sentence_once(
    open_window: WindowMaker, folder: Path, watched: Path, pass_time: Callable[[], None], qtbot: QtBot
) -> None:
    (watched / "diary.json").write_text('{"dear": "diary"}', encoding="utf-8")
    window = open_window(folder)
    window.settings.set("imports.watched_folder", str(watched))
    pass_time()
    pass_time()
    qtbot.waitUntil(lambda: "diary.json" in window.panes.notice.text.text())
    settle(window)
    sentence = window.panes.notice.text.text()
    assert sentence.startswith("From the watched folder: diary.json: The JSON contains no list")
    qtbot.wait(30)
    window.close()
    again = open_window(folder)
    pass_time()
    pass_time()
    qtbot.wait(60)
    settle(again)
    assert again.watched.is_watching
    assert not again.panes.notice.isVisible()


def test_a_folder_that_is_missing_is_said_once_and_found_again(
    window: MainWindow, hands: Hands, watched: Path, pass_time: Callable[[], None], qtbot: QtBot
) -> None:
    watched.rmdir()
    said: list[str] = []
    window.workspace.failed.connect(said.append)
    window.settings.set("imports.watched_folder", str(watched))
    qtbot.waitUntil(lambda: bool(said))
    qtbot.wait(50)
    assert len(said) == 1
    assert "is not there" in said[0]
    before = papers(window)
    watched.mkdir()
    put(watched, "today.txt", "Gneiss")
    pass_time()
    pass_time()
    qtbot.waitUntil(lambda: papers(window) == before + 1)
    hands.settle()


def test_another_folder_or_none(window: MainWindow, hands: Hands, watched: Path) -> None:
    threads = threading.active_count()
    window.settings.set("imports.watched_folder", str(watched))
    assert window.watched.is_watching
    window.settings.set("imports.watched_folder", "somewhere/near")
    assert not window.watched.is_watching
    assert "absolute path" in hands.said or "absolute path" in window.panes.notice.text.text()
    window.settings.set("imports.watched_folder", "")
    hands.settle()
    assert not window.watched.is_watching
    hands.qtbot.waitUntil(lambda: threading.active_count() <= threads + 1)


def test_during_a_triage_it_goes_on(
    window: MainWindow, hands: Hands, watched: Path, pass_time: Callable[[], None], qtbot: QtBot
) -> None:
    window.settings.set("imports.watched_folder", str(watched))
    hands.press("g i", "Shift+T")
    hands.press("d")
    title, before = hands.title, papers(window)
    put(watched, "today.txt", "Gneiss")
    pass_time()
    pass_time()
    qtbot.waitUntil(lambda: papers(window) == before + 1)
    hands.settle()
    assert window.triage.is_running
    assert hands.title == title
    hands.press("Esc", "Enter")
    assert window.navigator.view == View(ViewKind.INBOX)
