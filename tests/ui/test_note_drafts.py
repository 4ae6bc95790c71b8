"""Unsaved text survives: a save that fails, a crash before the save, and a disk that takes nothing at all."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from reader.services import Library
from reader.services.library.note_drafts import FOLDER, NoteDraft
from reader.ui.app.window import MainWindow
from reader.ui.commands.palette import Palette
from tests.ui.conftest import WindowMaker, settle
from tests.ui.pressing import Hands


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Another process is writing and does not end."""
    with closing(sqlite3.connect(folder / "library.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits for long."""
    monkeypatch.setattr("reader.storage.connection._BUSY_TIMEOUT", 0.02)
    monkeypatch.setattr("reader.ui.notes.session._TRY_AGAIN_MS", 60)
    monkeypatch.setattr("reader.ui.notes.session._SAVE_AFTER_MS", 60)
    monkeypatch.setattr("reader.ui.notes.session._DRAFT_AFTER_MS", 20)


@pytest.fixture
def ours(impatient: None, open_window: WindowMaker, folder: Path, qtbot: QtBot) -> Hands:
    """Hands on a window whose library may be held by another process."""
    window = open_window(folder)
    return Hands(qtbot, window, lambda: settle(window))


def _drafts(folder: Path) -> list[Path]:
    return list((folder / FOLDER).glob("*")) if (folder / FOLDER).is_dir() else []


def _current(window: MainWindow) -> int:
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    return paper_id


def _crashed(hands: Hands, folder: Path, text: str) -> Path:
    """The library as it is found after a crash while a note was being written and could not be saved."""
    copy = folder.with_name("crashed")
    with _held(folder):
        hands.press("n")
        hands.type(text)
        hands.qtbot.waitUntil(lambda: "kept in a file" in hands.window.panes.note.state.text())
        shutil.copytree(folder, copy)
    settle(hands.window)
    hands.window.close()
    return copy


def _look(hands: Hands) -> Palette:
    notice = hands.window.panes.notice
    assert notice.isVisible()
    (look,) = [each for each in notice.findChildren(QPushButton) if each.text() == "Look"]
    look.click()
    return next(each for each in hands.window.findChildren(Palette) if each.isVisible())


def test_a_text_that_cannot_be_saved_stays_and_is_tried_again(ours: Hands, folder: Path) -> None:
    note = ours.window.panes.note
    with _held(folder):
        ours.press("n")
        ours.type("precious")
        ours.qtbot.waitUntil(lambda: note.state.text().endswith("kept in a file"))
        assert note.editor.toPlainText() == "precious"
        (path,) = _drafts(folder)
        assert json.loads(path.read_text())["text"] == "precious"
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    ours.qtbot.waitUntil(lambda: note.state.text() == "Saved")
    assert ours.window.workspace.library.notes.of(_current(ours.window)).text == "precious"
    assert _drafts(folder) == []


def test_what_is_saved_in_time_leaves_no_file(ours: Hands, folder: Path) -> None:
    ours.press("n")
    for word in ("one ", "two ", "three "):
        ours.type(word)
        ours.qtbot.wait(45)
    ours.qtbot.waitUntil(lambda: ours.window.panes.note.state.text() == "Saved")
    settle(ours.window)
    assert _drafts(folder) == []


def test_after_a_crash_the_text_is_offered_and_taken_back(ours: Hands, folder: Path, open_window: WindowMaker) -> None:
    paper_id = _current(ours.window)
    window = open_window(_crashed(ours, folder, "precious"))
    hands = Hands(ours.qtbot, window, lambda: settle(window))
    assert "A note was not saved" in window.panes.notice.text.text()
    assert window.workspace.library.notes.of(paper_id).text == ""
    palette = _look(hands)
    assert palette.model.rowCount() == 2
    hands.press("Enter")
    assert window.workspace.library.notes.of(paper_id).text == "precious"
    assert window.workspace.library.notes.drafts.all() == []
    assert _current(window) == paper_id
    assert window.panes.note.view.toPlainText().strip() == "precious"


def test_a_text_that_came_meanwhile_is_joined_with_it(ours: Hands, folder: Path, open_window: WindowMaker) -> None:
    paper_id = _current(ours.window)
    copy = _crashed(ours, folder, "precious")
    with Library(copy) as library:
        library.notes.save(paper_id, "theirs", revision=None)
    window = open_window(copy)
    hands = Hands(ours.qtbot, window, lambda: settle(window))
    _look(hands)
    hands.press("Enter")
    assert window.workspace.library.notes.of(paper_id).text == "theirs\n\n---\n\nprecious"


def test_what_nobody_wants_is_thrown_away(ours: Hands, folder: Path, open_window: WindowMaker) -> None:
    copy = _crashed(ours, folder, "nothing much")
    window = open_window(copy)
    hands = Hands(ours.qtbot, window, lambda: settle(window))
    _look(hands)
    hands.press("Down", "Enter")
    assert _drafts(copy) == []


def test_a_draft_of_a_paper_that_is_gone_can_be_copied(
    impatient: None, open_window: WindowMaker, folder: Path, qtbot: QtBot
) -> None:
    with Library(folder) as library:
        library.notes.drafts.keep(NoteDraft("abcdefgh", "a thought", 0, "2026-04-01T08:00:00Z"), 1)
    window = open_window(folder)
    hands = Hands(qtbot, window, lambda: settle(window))
    _look(hands)
    hands.press("Enter")
    assert QGuiApplication.clipboard().text() == "a thought"


def test_a_draft_that_was_saved_at_the_last_moment_is_not_offered(open_window: WindowMaker, folder: Path) -> None:
    with Library(folder) as library:
        paper = library.papers.get(1)
        library.notes.save(1, "saved", revision=None)
        library.notes.drafts.keep(NoteDraft(paper.key, "saved", 0, "2026-04-01T08:00:00Z"), 1)
    window = open_window(folder)
    assert not window.panes.notice.isVisible()
    assert _drafts(folder) == []


def test_a_window_does_not_close_over_a_text_that_stands_nowhere_else(ours: Hands, folder: Path) -> None:
    (folder / FOLDER).write_text("in the way")
    window = ours.window
    with _held(folder):
        ours.press("n")
        ours.type("precious")
        ours.qtbot.waitUntil(lambda: window.panes.note.state.text().startswith("Not saved, retrying"))
        window.close()
        assert window.isVisible()
        assert "could not be saved, nor kept" in (window.panes.notice.text.text() or ours.said)
        window.close()
        assert not window.isVisible()
