"""The index is kept in step beside the window, and never in anybody's way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reader.domain.errors import LibraryError
from reader.domain.reports import IndexProgress
from reader.domain.selection import IndexPart
from reader.services import Library
from reader.services.search import indexer as indexing_service
from reader.ui.app.window import MainWindow
from reader.ui.search import index_keeper
from tests.services.support import finish, listing_text
from tests.ui.conftest import SAMPLE, TODAY, WindowMaker, settle
from tests.ui.pressing import Hands


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_keeper.IndexKeeping.start, "__defaults__", (0.0,))
    monkeypatch.setattr(index_keeper, "QUIET_SECONDS", 0.05)


def test_the_index_learns_the_library_after_it_opens(window: MainWindow, qtbot: QtBot) -> None:
    library = window.workspace.library
    qtbot.waitUntil(lambda: window.indexing.is_idle)
    assert library.index.state().papers == 40
    assert not library.index.is_behind()


def test_changes_are_learned_too(window: MainWindow, hands: Hands, qtbot: QtBot) -> None:
    library = window.workspace.library
    qtbot.waitUntil(lambda: window.indexing.is_idle)
    window.workspace.perform(lambda: library.listings.remove(library.listings.all()[0].id))
    settle(window)
    assert library.views.counts().all < 40
    qtbot.waitUntil(lambda: not library.index.is_behind())
    assert library.index.state().papers == library.views.counts().all


def test_closing_in_the_middle_ends_the_thread(open_window: WindowMaker, folder: Path, qtbot: QtBot) -> None:
    window = open_window(folder)
    qtbot.waitUntil(lambda: not window.indexing.is_idle)
    window.close()
    assert [thread.name for thread in threading.enumerate() if thread.name == "index"] == []
    with Library(folder, clock=lambda: TODAY) as library:
        assert library.views.counts().all == 40


def test_the_index_is_compacted_once_all_is_quiet(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, keeping = window.workspace.library, window.indexing
    qtbot.waitUntil(lambda: keeping.is_idle)
    monkeypatch.setattr(indexing_service, "_LEAST_COMPACTED", 10)
    monkeypatch.setattr(index_keeper, "IDLE_SECONDS", 0.2)
    state = library._files.indexer().index.state
    # Four changes, each learned by itself, leave four small segments.
    for number in range(4):
        finish(library.imports.text(listing_text(f"Quiet River {number}", heading=f"Dec {number + 2}"), f"r{number}"))
        for _ in library.index.update():
            pass
    assert state().scattered
    keeping.wake()
    qtbot.waitUntil(lambda: not state().scattered and keeping.is_idle)
    assert state().segments[IndexPart.PAPERS] == 2
    assert len(library.search("river").paper_ids) == 4
    assert not library.index.is_behind()


def test_a_failure_is_told_once_in_a_sentence(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: window.indexing.is_idle)

    def fail(**options: object) -> Iterator[IndexProgress]:
        raise LibraryError("The disk is full.")

    monkeypatch.setattr(window.workspace.library.index, "update", fail)
    monkeypatch.setattr(window.workspace.library.index, "is_behind", lambda: True)
    told: list[str] = []
    window.indexing.failed.connect(told.append)
    window.indexing.wake()
    qtbot.waitUntil(lambda: told == ["The disk is full."])
    assert window.panes.status.message.text() == "The disk is full."
    qtbot.waitUntil(lambda: window.indexing.is_idle)


def test_progress_shows_where_long_work_shows(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.indexing.is_idle)
    QApplication.processEvents()
    assert not window.panes.status.is_working
    window.indexing.progressed.emit(IndexProgress(1_000, 9_577))
    assert window.panes.status.work.text() == "Indexing 1,000 of 9,577"
    window.indexing.progressed.emit(IndexProgress(100, 9_577, by_meaning=True))
    assert window.panes.status.work.text() == "Comparing papers, 100 of 9,577"
    assert window.panes.status.is_working
    window.indexing.ended.emit()
    assert not window.panes.status.is_working


def test_a_restore_waits_for_the_index_to_stand_still(
    window: MainWindow, hands: Hands, qtbot: QtBot, tmp_path: Path
) -> None:
    library = window.workspace.library
    backup = library.backups.make()
    for _ in library.imports.text(SAMPLE.read_text(encoding="utf-8").replace("a", "e"), "other"):
        pass
    window.indexing.wake()
    window.restoring._restore(backup.path)
    settle(window)
    qtbot.waitUntil(lambda: window.indexing.is_idle and not library.index.is_behind())
    assert library.views.counts().all == 40
    assert library.index.state().papers == 40


def test_papers_left_out_of_a_search_come_in_once_they_are_indexed(
    open_window: WindowMaker, folder: Path, qtbot: QtBot
) -> None:
    titles = [f"Undecided Paper Number {number}" for number in range(2_200)]
    with Library(folder, clock=lambda: TODAY) as library:
        finish(library.imports.text(listing_text(*titles), "many"))
    window = open_window(folder)
    hands = Hands(qtbot, window, lambda: settle(window))
    hands.press("/")
    hands.type("undecided")

    def found() -> int:
        return sum(row > 0 for row in window.panes.paper_model.entries.rows)

    qtbot.waitUntil(lambda: found() == len(titles))
    assert window.panes.pane.search.text == "undecided"
