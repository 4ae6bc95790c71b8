"""The window beside commands and later starts, each a real second process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.process.lock import LibraryLock
from reader.services.process.ownership import Owner, claim_or_hand_over
from reader.ui.app.application import Application
from reader.ui.app.window import MainWindow
from reader.ui.look.themes import ThemeSwitch
from tests.patience import PATIENCE, wait_until
from tests.ui.conftest import World, settle
from tests.ui.test_importing import markdown_page

ROOT = Path(__file__).parents[2]
"""Seconds; a second is what is promised, on a machine that does nothing else."""


class Opened:
    """A program with its owner, and second processes beside it."""

    def __init__(self, program: Application, owner: Owner, folder: Path) -> None:
        self.program, self.owner, self.folder = program, owner, folder

    @property
    def window(self) -> MainWindow:
        assert self.program.window is not None
        return self.program.window

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(ROOT / "main.py"), "--library", str(self.folder), *arguments]
        return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """A second process to its end, the window going on meanwhile."""
        process = self.start(*arguments)
        wait_for(lambda: process.poll() is not None)
        out, err = process.communicate()
        return process.returncode, out, err

    def shows(self, what: Callable[[], bool]) -> bool:
        """Whether the window comes to show something; it fails where that never comes."""
        wait_for(what)
        return True


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait with the window at work."""
    wait_until(holds, a_moment_of_work)


def a_moment_of_work() -> None:
    QApplication.processEvents()
    time.sleep(0.002)


@pytest.fixture
def opened(qapp: QApplication, themes: ThemeSwitch, world: World, folder: Path) -> Iterator[Opened]:
    """The sample's papers in a window that owns their library."""
    owner = claim_or_hand_over(folder)
    assert owner is not None
    with owner:
        program = Application(qapp, world.environment(), owner)
        program.open(folder)
        opened = Opened(program, owner, folder)
        settle(opened.window)
        yield opened
        program.close()
        QApplication.processEvents()


def first_key(opened: Opened) -> str:
    return next(iter(opened.window.workspace.library.papers.read([first_id(opened)]))).key


def first_id(opened: Opened) -> int:
    return int(opened.window.workspace.library.views.paper_ids(View(ViewKind.INBOX))[0])


def shown_count(opened: Opened, kind: ViewKind) -> int | None:
    """The figure beside a view in the left pane."""
    model = opened.window.panes.sidebar_model
    number = model.row_of(View(kind))
    row = model.row(number) if number is not None else None
    return row.count if row is not None else None


def test_a_tag_of_a_command_shows_in_the_window(opened: Opened) -> None:
    assert opened.run("tag", first_key(opened), "+from-outside")[0] == 0
    paper = opened.window.reader.paper
    assert paper is not None
    assert opened.shows(lambda: "from-outside" in opened.window.reader.paper.tags)
    assert opened.window.panes.status.message.text().startswith("By a command:")


def test_a_note_and_the_queue_of_commands_show(opened: Opened) -> None:
    key = first_key(opened)
    assert opened.run("note", key, "--set", "A thought from elsewhere.")[0] == 0
    assert opened.shows(lambda: "A thought from elsewhere." in opened.window.panes.note.view.toPlainText())
    assert opened.run("queue", "add", key)[0] == 0
    assert opened.shows(lambda: shown_count(opened, ViewKind.QUEUE) == 1)
    assert opened.run("undo")[0] == 0
    assert opened.shows(lambda: shown_count(opened, ViewKind.QUEUE) == 0)
    said = opened.window.panes.status.message
    assert opened.shows(lambda: said.text().startswith("By a command, undone: Queued: “"))


def test_an_import_of_a_command_shows(opened: Opened, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(markdown_page([("Imported by a Command", "2601.00001")]))
    code, out, _ = opened.run("import", str(page))
    assert code == 0
    assert "1 new" in out
    assert opened.shows(lambda: "Imported 1 file: 1 new paper." in opened.window.panes.notice.text.text())
    assert opened.shows(lambda: shown_count(opened, ViewKind.ALL) == 41)


def test_what_is_wrong_with_a_command_comes_back_to_it(opened: Opened) -> None:
    code, _, errors = opened.run("tag", first_key(opened), "+/x")
    assert code == 1
    assert "may not start with" in errors
    code, _, errors = opened.run("tag", "nosuchkey", "+x")
    assert code == 1
    assert opened.window.panes.notice.isHidden()


def test_a_restore_by_a_command_is_refused_in_one_sentence(opened: Opened) -> None:
    library = opened.window.workspace.library
    library.backups.make()
    opened.window.runner.run("paper.star")
    settle(opened.window)
    for command in (("restore", "newest"), ("check", "--repair")):
        code, out, errors = opened.run(*command)
        assert (code, out) == (1, "")
        (sentence,) = errors.splitlines()
        assert f"to itself, and process {os.getpid()} (the window" in sentence
    assert library.views.counts().starred == 1


def test_a_rehearsal_by_a_command_takes_nothing_of_the_window_s_back(opened: Opened, tmp_path: Path) -> None:
    """A star set while it goes on must neither be rolled back with it nor fail."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(60):
        (pages / f"{number:02}.md").write_text(markdown_page([(f"Page {number}", f"2601.{number:05}")]))
    process = opened.start("import", "--dry-run", str(pages))
    workspace = opened.window.workspace
    stars = 0
    while process.poll() is None:
        workspace.perform(star(opened, stars))
        stars += 1
        wait_for(lambda: workspace.is_settled)
    process.communicate()
    assert process.returncode == 0
    settle(opened.window)
    assert stars > 3
    assert workspace.library.views.counts().starred == (stars % 2)
    assert workspace.library.views.counts().all == 40


def star(opened: Opened, number: int) -> Callable[[], object]:
    library, paper_id = (
        opened.window.workspace.library,
        opened.window.workspace.library.views.paper_ids(View(ViewKind.ALL))[0],
    )
    return lambda: library.states.set_starred([paper_id], number % 2 == 0)


def test_a_later_start_hands_its_files_over_and_ends(opened: Opened, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(markdown_page([("Handed Over", "2601.00002")]))
    code, out, err = opened.run(str(page))
    assert (code, out, err) == (0, "", "")
    wait_for(lambda: opened.window.workspace.library.views.counts().all == 41)
    settle(opened.window)
    assert opened.window.navigator.view is not None
    assert opened.window.navigator.view.kind is ViewKind.IMPORT


def test_behind_the_sample_the_library_is_served_as_ever(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    home, key = opened.window, first_key(opened)
    home.runner.run("library.sample")
    wait_for(lambda: opened.window is not home)
    settle(opened.window)
    assert not home.isVisible()
    assert opened.run("tag", key, "+unseen")[0] == 0
    assert [tag.name for tag in home.workspace.library.tags.all()] == ["unseen"]
    page = tmp_path / "page.md"
    page.write_text(markdown_page([("Not for the Sample", "2601.00003")]))
    assert opened.run(str(page))[0] == 0
    assert opened.window is home
    assert home.isVisible()
    wait_for(lambda: home.workspace.library.views.counts().all == 41)
    settle(home)


def test_a_window_closed_amid_a_command_s_import_loses_nothing(opened: Opened, tmp_path: Path) -> None:
    """Nobody hangs, what was imported is whole, and the command says how far it came."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(400):
        (pages / f"{number:03}.md").write_text(markdown_page([(f"Page {number}", f"2601.{number:05}")]))
    process = opened.start("import", str(pages))
    library = opened.window.workspace.library
    wait_for(lambda: library.views.counts().all > 40)
    opened.window.close()
    opened.owner.close()
    assert process.wait(timeout=PATIENCE) in {0, 1}
    process.communicate()
    with Library(opened.folder) as again:
        assert again.views.counts().all == sum(listing.paper_count for listing in again.listings.all())
        assert again.checks.run().is_sound


def test_files_that_come_as_the_window_closes_are_not_lost(opened: Opened, tmp_path: Path) -> None:
    """They are refused, so that whoever hands them over opens the library itself."""
    window = opened.window
    opened.program._stop_serving()
    outcome: list[object] = []

    def claim() -> None:
        owner = claim_or_hand_over(opened.folder, [tmp_path / "a.md"])
        outcome.append(owner)
        if owner is not None:
            owner.close()

    thread = threading.Thread(target=claim)
    thread.start()
    time.sleep(0.3)
    assert outcome == []
    window.close()
    opened.owner.close()
    thread.join(PATIENCE)
    assert isinstance(outcome[0], Owner)


def test_after_an_unclean_end_the_library_is_checked_quietly(
    qapp: QApplication, themes: ThemeSwitch, world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reader.services.copies.crash_recovery._SMALL", 0)
    monkeypatch.setattr("reader.ui.maintenance.commands._CHECK_AFTER_MS", 10)
    lock = LibraryLock(folder)
    assert lock.try_acquire("the window")
    lock.needs_check = True
    lock.release()
    owner = claim_or_hand_over(folder)
    assert owner is not None
    assert owner.needs_check
    with owner:
        program = Application(qapp, world.environment(), owner)
        program.open(folder)
        assert program.window is not None
        message = program.window.panes.status.message
        wait_for(lambda: "was checked, and is sound" in message.text())
        assert not owner.needs_check
        settle(program.window)
        assert program.window.panes.notice.isHidden()
        program.close()
    assert lock.path.read_bytes() == b""


def test_deciding_goes_on_beside_a_command(opened: Opened) -> None:
    key = first_key(opened)
    process = opened.start("state", key, "done")
    opened.window.runner.run("paper.star")
    wait_for(lambda: process.poll() is not None)
    process.communicate()
    settle(opened.window)
    paper = opened.window.workspace.library.papers.with_key(key)
    assert (paper.starred, paper.state) == (True, PaperState.DONE)
