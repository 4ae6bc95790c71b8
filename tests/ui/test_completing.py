"""Completing by key: hosts and progress in sight, one step to undo, offers to take, and new imports by themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from reader.domain.papers import Paper
from reader.domain.views import View, ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.overlays.text_sheet import TextSheet
from reader.ui.paper_actions.offers_sheet import OffersSheet
from tests.services.completing import bring, fill
from tests.services.support import listing_text
from tests.ui.conftest import WindowMaker, World
from tests.ui.pressing import Hands
from tests.web.papers import Invented
from tests.web.server import Fault, WebServer, playing, status

ALL = View(ViewKind.ALL)
TITLE = "Silt and Song of the Lower River"
OTHER = "Counting Beetles on a Glass Plate"
RIGHT = Invented("2501.00007", TITLE, ("Ann Bee", "Cai Dee"))
SECOND_PART = Invented("2501.00008", f"{OTHER} II", ("Eve Fox",))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    with playing(monkeypatch) as running:
        fill(running, RIGHT, SECOND_PART)
        yield running


@pytest.fixture
def ids(server: WebServer, window: MainWindow, hands: Hands, tmp_path: Path) -> list[int]:
    """Two papers without authors, the first of which is shown."""
    brought = bring(window.workspace.library, tmp_path, TITLE, OTHER)
    window.navigator.open(ALL, brought[0])
    hands.settle()
    return brought


def _paper(window: MainWindow, paper_id: int) -> Paper:
    return window.workspace.library.papers.get(paper_id)


def _notice(window: MainWindow) -> str:
    return window.panes.notice.text.text() if window.panes.notice.isVisible() else ""


def _click(window: MainWindow, label: str) -> None:
    (found,) = [one for one in window.panes.notice.findChildren(QPushButton) if one.text() == label]
    found.click()


def _sheet(window: MainWindow) -> OffersSheet:
    (found,) = [one for one in window.findChildren(OffersSheet) if one.isVisible()]
    return found


def test_the_current_paper_is_completed_and_undone(window: MainWindow, hands: Hands, ids: list[int]) -> None:
    hands.press("Shift+C")
    assert _paper(window, ids[0]).authors == ("Ann Bee", "Cai Dee")
    assert "Ann Bee" in window.panes.detail.toPlainText()
    assert window.panes.status.message.text() == f"Completed “{TITLE}”  ·  u undoes"
    hands.press("u")
    assert _paper(window, ids[0]).authors == ()
    assert "Ann Bee" not in window.panes.detail.toPlainText()


def test_the_selection_is_completed_and_what_is_unsure_is_offered(
    window: MainWindow, hands: Hands, ids: list[int]
) -> None:
    hands.press("x", "j", "x", "Shift+C")
    assert _notice(window).startswith("2 papers: 1 completed, 1 with offers")
    _click(window, "Offers…")
    sheet = _sheet(window)
    assert sheet.heading.text() == "Offers for 1 paper"
    assert f"For “{OTHER}”" in sheet.facts.text()
    assert "Eve Fox, 2025, arXiv:2501.00008, Hugging Face" in sheet.facts.text()
    assert "Its title is similar, not the same." in sheet.facts.text()
    hands.press("Enter")
    assert not [one for one in window.findChildren(OffersSheet) if one.isVisible()]
    assert _paper(window, ids[1]).authors == ("Eve Fox",)
    hands.press("u")
    assert _paper(window, ids[1]).authors == ()
    _click(window, "Details")
    (details,) = [one for one in window.findChildren(TextSheet) if one.isVisible()]
    assert TITLE in details.text.toPlainText()


def test_hosts_are_named_and_it_can_be_cancelled(
    server: WebServer, window: MainWindow, hands: Hands, ids: list[int], qtbot: QtBot
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def wait(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        asked.set()
        go_on.wait()
        status(404)(handler, b"")

    server.faults = [Fault(wait, "/api/papers/search")]
    window.runner.run("paper.complete")
    qtbot.waitUntil(lambda: asked.is_set() and f"127.0.0.1:{server.port}" in window.panes.status.work.text())
    assert window.panes.status.cancel.isVisible()
    window.runner.run("paper.complete")
    assert "has to end, or be cancelled, first" in window.panes.status.message.text()
    window.panes.status.cancel.click()
    hands.settle()
    go_on.set()
    assert "Cancelled before the end" in window.panes.status.message.text()
    assert not window.panes.status.is_working
    assert _paper(window, ids[0]).authors == ()


def test_a_host_in_trouble_is_told(server: WebServer, window: MainWindow, hands: Hands, ids: list[int]) -> None:
    server.faults = [Fault(status(429, retry_after="600"), "/")]
    hands.press("Shift+C")
    assert "1 failed" in _notice(window)
    assert "asks for fewer requests (429)" in _notice(window)


def test_from_a_file_nobody_is_called(
    server: WebServer, window: MainWindow, hands: Hands, ids: list[int], world: World, tmp_path: Path
) -> None:
    better = tmp_path / "better.ris"
    better.write_text(f"TY  - JOUR\nTI  - {TITLE}\nAU  - Bee, Ann\nPY  - 2025\nER  - \n", "utf-8")
    world.files = [better]
    window.runner.run("paper.complete_from_file")
    hands.settle()
    assert _paper(window, ids[0]).authors == ("Ann Bee",)
    assert server.seen == []


def test_new_imports_are_completed_only_if_the_setting_says_so(
    server: WebServer, window: MainWindow, hands: Hands, tmp_path: Path
) -> None:
    path = tmp_path / "page.txt"
    path.write_text(listing_text(OTHER, heading="Dec 8, 2025"), "utf-8")
    window.import_files([path])
    hands.settle()
    assert server.seen == []
    window.settings.set("imports.complete", True)
    path.write_text(listing_text(TITLE, heading="Dec 9, 2025"), "utf-8")
    window.import_files([path])
    hands.settle()
    found = window.workspace.library.search(TITLE, exact=True).paper_ids
    assert _paper(window, found[0]).authors == ("Ann Bee", "Cai Dee")


def test_the_sample_is_not_asked_about(server: WebServer, open_window: WindowMaker, folder: Path, qtbot: QtBot) -> None:
    window = open_window(folder, is_sample=True)
    window.runner.run("paper.complete")
    assert "invented" in window.panes.status.message.text()
    assert server.seen == []


def test_closing_the_window_does_not_wait_for_a_host(
    server: WebServer, window: MainWindow, hands: Hands, ids: list[int], qtbot: QtBot
) -> None:
    asked = threading.Event()

    def hang(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        asked.set()
        server.stopping.wait()
        handler.close_connection = True

    server.faults = [Fault(hang, "/")]
    window.runner.run("paper.complete")
    qtbot.waitUntil(asked.is_set)
    window.close()
    assert not window.isVisible()
