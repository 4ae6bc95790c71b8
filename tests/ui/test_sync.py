"""Two windows on two libraries that meet in a real folder: setting up, what arrives, what is kept beside, closing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from reader.domain.cancellation import Cancelled
from reader.domain.papers import PaperState
from reader.domain.sync_reports import SyncProgress, SyncReport
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.history import shown_step
from reader.services.sync import child
from reader.services.sync.child import run_in_child
from reader.services.sync.turn import SyncTurn
from reader.ui.app.window import MainWindow
from reader.ui.overlays.overlay import Overlay
from reader.ui.sync import syncing, timer
from reader.ui.sync.beside_sheet import BesideSheet
from reader.ui.sync.set_up_sheet import SetUpSheet
from reader.ui.sync.state_sheet import StateSheet
from reader.ui.sync.watching import FolderWatch
from tests.ui.conftest import TODAY, WindowMaker, World, settle
from tests.ui.pressing import Hands

NEVER = 10_000_000


@dataclass
class Desk:
    """A window on a library of its own, and hands that press its keys."""

    window: MainWindow
    hands: Hands

    @property
    def library(self) -> Library:
        return self.window.workspace.library

    @property
    def word(self) -> str:
        """What the status line says of synchronising."""
        word = self.window.panes.status.findChild(QWidget, "sync_word")
        return word.text() if word is not None and word.isVisible() else ""

    def overlay(self, kind: type[Overlay]) -> Overlay | None:
        found = [each for each in self.window.findChildren(kind) if each.isVisible()]
        return found[-1] if found else None

    def turn_to(self) -> None:
        """Turn to this window, as a click on its title does."""
        self.window.activateWindow()
        self.hands.qtbot.waitUntil(self.window.isActiveWindow)

    def run(self, command: str) -> None:
        self.turn_to()
        self.window.runner.run(command)
        settle(self.window)

    def sync(self) -> None:
        """Synchronise once, to the end."""
        self.run("sync.now")
        assert self.hands.said.startswith("Synced"), self.hands.said

    def press(self, *chords: str) -> None:
        """Press keys in this window, which the user has turned to."""
        self.turn_to()
        self.hands.press(*chords)

    def state(self, paper_id: int) -> PaperState:
        (row,) = self.library.papers.rows([paper_id])
        return row.state

    @property
    def starred(self) -> set[int]:
        ids = self.library.views.paper_ids(View(ViewKind.ALL))
        return {row.id for row in self.library.papers.rows(list(ids)) if row.starred}

    def steps(self) -> list[str]:
        return [shown_step(step.title) for step in self.library.history.steps() if not step.undone]


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing happens by the clock, nor because files arrive."""
    monkeypatch.setattr(FolderWatch, "start", lambda self: None)
    for name in ("OUT_AFTER_MS", "EVERY_MS", "EVERY_REMOTE_MS", "FIRST_AFTER_MS"):
        monkeypatch.setattr(timer, name, NEVER)
    monkeypatch.setattr(timer, "LEAST_BETWEEN_SECONDS", NEVER)


@pytest.fixture
def shared(tmp_path: Path, world: World) -> Path:
    """The folder that both see, still empty; the dialogs choose it."""
    folder = tmp_path / "shared"
    folder.mkdir()
    world.shared = folder
    return folder


@pytest.fixture
def sit(open_window: WindowMaker, qtbot: QtBot) -> Callable[[Path], Desk]:
    def make(folder: Path) -> Desk:
        window = open_window(folder)
        return Desk(window, Hands(qtbot, window, lambda: settle(window)))

    return make


def set_up(folder: Path, target: Path, name: str, *, joins: bool) -> None:
    with Library(folder, clock=lambda: TODAY) as library:
        (library.sync.join if joins else library.sync.begin)(str(target), name)
        library.sync.run()


@pytest.fixture
def folders(sample_folder: Path, tmp_path: Path, shared: Path) -> tuple[Path, Path]:
    """The libraries of Laptop and Desktop, which have met in the folder, with the same papers in the same order."""
    laptop, desktop = (copytree(sample_folder, tmp_path / name) for name in ("laptop", "desktop"))
    set_up(laptop, shared, "Laptop", joins=False)
    set_up(desktop, shared, "Desktop", joins=True)
    return laptop, desktop


@pytest.fixture
def pair(folders: tuple[Path, Path], by_hand: None, sit: Callable[[Path], Desk]) -> tuple[Desk, Desk]:
    """Windows on both, which synchronise when asked."""
    laptop, desktop = folders
    return sit(laptop), sit(desktop)


def test_the_first_begins_and_the_second_joins_by_keys(
    sample_folder: Path, tmp_path: Path, shared: Path, by_hand: None, sit: Callable[[Path], Desk]
) -> None:
    one = sit(copytree(sample_folder, tmp_path / "laptop"))
    one.press("s")
    one.run("sync.open")
    sheet = one.overlay(SetUpSheet)
    assert isinstance(sheet, SetUpSheet)
    assert not sheet.do_button.isEnabled()
    one.hands.press("Enter")  # an empty line chooses the folder
    one.hands.qtbot.waitUntil(sheet.do_button.isEnabled)
    assert sheet.do_button.text() == "Begin"
    assert sheet.preview.text().startswith("Begins a shared folder: 40 papers, 0 notes")
    assert list(shared.iterdir()) == []  # only looked at
    sheet.name.setText("Laptop")
    sheet.name.setFocus()
    one.hands.press("Enter")
    one.hands.qtbot.waitUntil(lambda: one.word == "Synced")
    assert (shared / "lectern.json").exists()
    state = one.overlay(StateSheet)
    assert isinstance(state, StateSheet)
    assert state.facts["Folder"].text() == str(shared)
    assert state.facts["This machine"].text() == "Laptop"
    one.hands.press("Esc")
    assert one.overlay(Overlay) is None
    two = sit(tmp_path / "desktop")
    two.run("sync.open")
    two.hands.press("Enter")
    sheet = two.overlay(SetUpSheet)
    assert isinstance(sheet, SetUpSheet)
    two.hands.qtbot.waitUntil(sheet.do_button.isEnabled)
    assert sheet.do_button.text() == "Join"
    assert sheet.preview.text().startswith("Joins “laptop” (Laptop): 40 papers, 0 notes")
    sheet.do_button.setFocus()
    two.hands.press("Enter")
    two.hands.qtbot.waitUntil(lambda: two.word == "Synced")
    two.hands.press("Esc")
    assert two.library.views.counts().all == 40
    assert len(two.starred) == 1


def test_a_star_here_is_seen_there_by_itself(
    folders: tuple[Path, Path], sit: Callable[[Path], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timer, "OUT_AFTER_MS", 50)
    monkeypatch.setattr(timer, "EVERY_MS", NEVER)  # so it is the folder that tells
    laptop, desktop = map(sit, folders)
    laptop.press("j", "s")
    starred = laptop.window.panes.papers.current_paper_id
    laptop.hands.qtbot.waitUntil(lambda: len(desktop.starred) == 1)
    assert laptop.starred == {starred}


def test_turning_to_another_window_sends_at_once(pair: tuple[Desk, Desk]) -> None:
    laptop, desktop = pair
    laptop.press("s")
    QApplication.sendEvent(laptop.window, QEvent(QEvent.Type.WindowDeactivate))
    settle(laptop.window)
    assert laptop.word == "Synced"
    desktop.sync()
    assert len(desktop.starred) == 1


def test_what_arrives_moves_neither_list_nor_paper(pair: tuple[Desk, Desk]) -> None:
    laptop, desktop = pair
    desktop.press("j", "j", "j", "x", "j", "x")
    papers = desktop.window.panes.papers
    before = papers.current_paper_id, papers.current_row, papers.selected_count, desktop.hands.title
    laptop.press("e", "e")
    laptop.sync()
    desktop.sync()
    assert (papers.current_paper_id, papers.current_row, papers.selected_count, desktop.hands.title) == before
    assert before[2] == 2
    assert desktop.library.views.counts().done == 2
    assert desktop.window.panes.notice.isHidden()
    assert any(step.startswith("From Laptop: ") for step in desktop.steps())


def test_undo_passes_by_what_arrived(pair: tuple[Desk, Desk]) -> None:
    laptop, desktop = pair
    desktop.press("s")
    laptop.press("j", "s")
    laptop.sync()
    desktop.sync()
    assert len(desktop.starred) == 2
    desktop.press("u")
    assert len(desktop.starred) == 1


def disagree(laptop: Desk, desktop: Desk) -> int:
    """Both decide about the first paper before they meet; its id, the same in both libraries."""
    paper_id = laptop.window.panes.papers.current_paper_id
    assert paper_id is not None and paper_id == desktop.window.panes.papers.current_paper_id
    laptop.press("d")
    desktop.press("a")
    laptop.sync()
    desktop.sync()
    laptop.sync()
    return paper_id


def test_what_two_devices_said_differently_is_kept_beside_and_can_be_taken(pair: tuple[Desk, Desk]) -> None:
    laptop, desktop = pair
    paper_id = disagree(laptop, desktop)
    for desk in pair:
        assert desk.state(paper_id) is PaperState.QUEUED
        assert desk.word == "Synced  ·  kept beside (1)"
    desktop.press("g k")
    sheet = desktop.overlay(BesideSheet)
    assert isinstance(sheet, BesideSheet)
    assert sheet.table.hasFocus()
    assert sheet.heading.text() == "Kept beside (1)"
    assert "Queued  ·  beside: Dismissed (Laptop, " in sheet.model.text(0, spoken=False)
    desktop.hands.press("Enter")
    assert desktop.state(paper_id) is PaperState.DISMISSED
    assert sheet.nothing.text() == "Nothing is kept beside: your devices agree."
    desktop.hands.press("Esc")
    desktop.sync()
    laptop.sync()
    assert laptop.state(paper_id) is PaperState.DISMISSED
    assert laptop.word == desktop.word == "Synced"


def test_taking_is_a_step_that_undo_takes_back(pair: tuple[Desk, Desk]) -> None:
    laptop, desktop = pair
    paper_id = disagree(laptop, desktop)
    desktop.press("g k")
    desktop.hands.press("Enter")
    assert desktop.state(paper_id) is PaperState.DISMISSED
    desktop.hands.press("u")
    assert desktop.state(paper_id) is PaperState.QUEUED


def test_what_is_shown_can_be_kept(pair: tuple[Desk, Desk]) -> None:
    laptop, desktop = pair
    paper_id = disagree(laptop, desktop)
    desktop.press("g k")
    desktop.hands.press("Delete")
    desktop.hands.press("Esc")
    desktop.sync()
    laptop.sync()
    assert [desk.state(paper_id) for desk in pair] == [PaperState.QUEUED] * 2
    assert laptop.word == desktop.word == "Synced"


def test_from_what_is_kept_beside_to_the_paper(pair: tuple[Desk, Desk]) -> None:
    laptop, desktop = pair
    paper_id = disagree(laptop, desktop)
    desktop.press("g e")
    desktop.press("g k")
    desktop.hands.press("o")
    assert desktop.overlay(BesideSheet) is None
    assert desktop.window.panes.papers.current_paper_id == paper_id


def test_a_note_that_is_being_written_is_joined_with_what_arrives(pair: tuple[Desk, Desk]) -> None:
    laptop, desktop = pair
    laptop.press("n")
    laptop.hands.type("written there")
    laptop.window.notes.flush()
    settle(laptop.window)
    laptop.sync()
    desktop.press("n")
    desktop.hands.type("written here")
    paper_id = desktop.window.panes.papers.current_paper_id
    assert paper_id is not None
    editor = desktop.window.panes.note.editor
    desktop.hands.qtbot.waitUntil(lambda: desktop.library.notes.of(paper_id).text == "written here")
    desktop.hands.type(", and on")  # not saved yet as the other text comes
    desktop.window.sync.sync_now()
    settle(desktop.window)
    desktop.hands.type(" and on")
    desktop.hands.qtbot.waitUntil(lambda: "written there" in editor.toPlainText())
    assert "written here, and on and on" in editor.toPlainText()
    assert desktop.overlay(Overlay) is None
    assert editor.hasFocus()
    desktop.hands.qtbot.waitUntil(lambda: "and on and on" in desktop.library.notes.of(paper_id).text)
    laptop.sync()
    desktop.sync()
    laptop.sync()
    for desk in pair:
        text = desk.library.notes.of(paper_id).text
        assert "written here, and on and on" in text
        assert "written there" in text


def test_closing_sends_what_is_not_sent(pair: tuple[Desk, Desk]) -> None:
    laptop, desktop = pair
    laptop.press("s")
    laptop.window.close()
    desktop.sync()
    assert len(desktop.starred) == 1


def test_a_folder_that_is_missing_is_said_and_forgotten_when_it_is_back(pair: tuple[Desk, Desk], shared: Path) -> None:
    laptop, _ = pair
    away = shared.rename(shared.with_name("away"))
    laptop.run("sync.now")
    assert laptop.word == "Sync: folder missing"
    assert str(shared) in laptop.hands.said
    laptop.press("s")
    assert len(laptop.starred) == 1
    away.rename(shared)
    laptop.sync()
    assert laptop.word == "Synced"


def test_what_cannot_be_a_target_is_refused_in_the_sheet(
    folder: Path, tmp_path: Path, world: World, sit: Callable[[Path], Desk]
) -> None:
    desk = sit(folder)
    world.shared = folder / "index"
    desk.run("sync.open")
    desk.hands.press("Enter")
    sheet = desk.overlay(SetUpSheet)
    assert isinstance(sheet, SetUpSheet)
    desk.hands.qtbot.waitUntil(lambda: sheet.preview.property("error"))
    assert not sheet.do_button.isEnabled()
    assert sheet.preview.text().endswith(".")
    desk.hands.press("Esc")
    assert desk.overlay(Overlay) is None


def test_stopping_deletes_nothing(pair: tuple[Desk, Desk], shared: Path) -> None:
    laptop, _ = pair
    laptop.press("s")
    laptop.sync()
    files = sorted(path.name for path in shared.rglob("*"))
    laptop.run("sync.open")
    sheet = laptop.overlay(StateSheet)
    assert isinstance(sheet, StateSheet)
    sheet.leave_button.setFocus()
    laptop.hands.press("Enter")
    assert "keep what they have" in sheet.trouble.text()
    laptop.hands.press("Enter")
    assert laptop.word == ""
    assert laptop.hands.said == "Sync stopped: this library keeps all it has"
    assert sorted(path.name for path in shared.rglob("*")) == files
    assert len(laptop.starred) == 1
    assert not laptop.library.is_synced


def test_a_folder_that_was_moved_is_gone_on_with(pair: tuple[Desk, Desk], shared: Path, world: World) -> None:
    laptop, _ = pair
    world.shared = moved = shared.rename(shared.with_name("moved"))
    laptop.run("sync.open")
    state = laptop.overlay(StateSheet)
    assert isinstance(state, StateSheet)
    state.change_button.setFocus()
    laptop.hands.press("Enter")
    laptop.hands.press("Enter")  # an empty line chooses the folder
    sheet = laptop.overlay(SetUpSheet)
    assert isinstance(sheet, SetUpSheet)
    laptop.hands.qtbot.waitUntil(sheet.do_button.isEnabled)
    assert sheet.preview.text().startswith("Goes on in “laptop”")
    sheet.do_button.setFocus()
    laptop.hands.press("Enter")
    laptop.hands.qtbot.waitUntil(lambda: laptop.word == "Synced")
    status = laptop.library.sync.status()
    assert status is not None
    assert status.target == str(moved)
    assert not shared.exists()


def test_the_command_is_called_by_what_it_does_now(pair: tuple[Desk, Desk]) -> None:
    laptop, _ = pair
    assert laptop.window.runner.title("sync.open") == "Sync…"
    laptop.window.sync.rest()
    assert laptop.window.runner.title("sync.open") == "Sync: set up…"
    assert laptop.word == ""


def test_a_click_on_the_word_opens_the_sheet(pair: tuple[Desk, Desk]) -> None:
    laptop, _ = pair
    word = laptop.window.panes.status.findChild(QWidget, "sync_word")
    assert word is not None
    laptop.hands.click(word)
    assert laptop.overlay(StateSheet) is not None


@pytest.mark.parametrize("limit", ["MUCH_TO_READ", "MUCH_TO_SEND"])
def test_a_later_run_with_much_to_do_is_a_process_too(
    pair: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    laptop, desktop = pair
    in_child: list[Path] = []

    def run(folder: Path, report: Callable[[SyncProgress], object], cancelled: Cancelled) -> SyncReport:
        in_child.append(folder)
        return run_in_child(folder, report, cancelled)

    monkeypatch.setattr(child, "run_in_child", run)
    laptop.press("s")
    laptop.sync()
    desktop.sync()
    assert in_child == []
    monkeypatch.setattr(syncing, limit, 0)
    laptop.press("j", "s")
    laptop.window.sync.syncing.read_status()
    settle(laptop.window)
    laptop.sync()
    desktop.sync()
    settle(desktop.window)
    assert in_child == [(desktop if limit == "MUCH_TO_READ" else laptop).library.folder]
    assert desktop.starred == laptop.starred
    assert len(desktop.starred) == 2


def test_the_sheet_has_the_keys_while_a_run_goes_on(pair: tuple[Desk, Desk], folders: tuple[Path, Path]) -> None:
    laptop, _ = pair
    turn = SyncTurn(folders[0], "a test")
    turn.acquire(0)
    try:
        laptop.turn_to()
        laptop.window.runner.run("sync.now")
        laptop.window.runner.run("sync.open")
        laptop.hands.qtbot.waitUntil(lambda: laptop.overlay(StateSheet) is not None)
        assert laptop.window.sync.syncing is not None
        assert laptop.window.sync.syncing.is_running
        sheet = laptop.overlay(StateSheet)
        assert isinstance(sheet, StateSheet)
        assert sheet.work.isVisible()
        assert sheet.sync_button.hasFocus()
        sheet.cancel_button.click()
    finally:
        turn.release()
    settle(laptop.window)
    assert not sheet.work.isVisible()
    laptop.hands.press("Esc")
    assert laptop.overlay(Overlay) is None


def test_a_protected_folder_is_joined_with_its_passphrase(
    sample_folder: Path, tmp_path: Path, shared: Path, by_hand: None, sit: Callable[[Path], Desk]
) -> None:
    laptop = copytree(sample_folder, tmp_path / "laptop")
    with Library(laptop, clock=lambda: TODAY) as library:
        library.sync.begin(str(shared), "Laptop", "correct horse")
        library.sync.run()
    desk = sit(copytree(sample_folder, tmp_path / "desktop"))
    desk.run("sync.open")
    desk.hands.press("Enter")
    sheet = desk.overlay(SetUpSheet)
    assert isinstance(sheet, SetUpSheet)
    desk.hands.qtbot.waitUntil(lambda: "protected by a passphrase" in sheet.preview.text())
    assert not sheet.do_button.isEnabled()
    assert sheet.passphrase.hasFocus()
    desk.hands.type("wrong")
    desk.hands.qtbot.waitUntil(lambda: bool(sheet.preview.property("error")))
    assert not sheet.do_button.isEnabled()
    sheet.passphrase.clear()
    desk.hands.type("correct horse")
    desk.hands.qtbot.waitUntil(sheet.do_button.isEnabled)
    desk.hands.press("Enter")
    desk.hands.qtbot.waitUntil(lambda: desk.word == "Synced")
    state = desk.overlay(StateSheet)
    assert isinstance(state, StateSheet)
    assert state.facts["Protected"].text() == "by a passphrase"


def test_what_a_command_set_up_or_left_is_seen(
    folder: Path, shared: Path, by_hand: None, sit: Callable[[Path], Desk]
) -> None:
    desk = sit(folder)
    assert desk.word == ""
    set_up(folder, shared, "Laptop", joins=False)
    QApplication.sendEvent(desk.window, QEvent(QEvent.Type.WindowActivate))
    settle(desk.window)
    assert desk.word == "Synced"
    with Library(folder, clock=lambda: TODAY) as library:
        library.sync.leave()
    assert desk.window.sync.syncing is not None
    desk.window.sync.syncing.read_status()
    settle(desk.window)
    assert desk.word == ""
    desk.run("sync.now")
    assert isinstance(desk.overlay(SetUpSheet), SetUpSheet)


def test_a_restored_library_goes_on_as_another_device(pair: tuple[Desk, Desk]) -> None:
    laptop, desktop = pair
    laptop.library.backups.make()
    laptop.press("s")
    laptop.sync()
    before = laptop.library.sync.status()
    laptop.run("library.restore")
    laptop.hands.press("Enter")
    laptop.hands.qtbot.waitUntil(lambda: laptop.starred == set())
    settle(laptop.window)
    assert laptop.word == "Synced"
    laptop.press("j", "s")
    laptop.sync()
    status = laptop.library.sync.status()
    assert status is not None and before is not None
    assert status.device != before.device
    desktop.sync()
    assert len(desktop.starred) == 2
