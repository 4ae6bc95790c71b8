"""A library that cannot be opened: the ways back, and that the damaged database is kept whatever is chosen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reader.domain.errors import LibraryDamagedError
from reader.services import Library
from reader.services.copies.restore import list_backups
from reader.services.process.ownership import Owner, claim_or_hand_over
from reader.ui.app.application import Application
from reader.ui.app.recovery import RecoveryWindow
from reader.ui.look.themes import ThemeSwitch
from tests.patience import PATIENCE
from tests.ui.conftest import TODAY, World, settle
from tests.ui.test_accessibility import nameless

ROOT = Path(__file__).parents[2]
GARBAGE = b"this was a library once " * 400


@pytest.fixture
def damaged(folder: Path) -> Path:
    """The sample's library, backed up, then one paper starred, then its database overwritten."""
    with Library(folder, clock=lambda: TODAY) as library:
        library.backups.make()
        library.states.set_starred([1], True)
    (folder / "library.db").write_bytes(GARBAGE)
    (folder / "library.db-wal").write_bytes(b"its log")
    return folder


@pytest.fixture
def program(
    qapp: QApplication, themes: ThemeSwitch, world: World, damaged: Path
) -> Iterator[tuple[Application, Owner]]:
    owner = claim_or_hand_over(damaged, take_damaged=True)
    assert owner is not None
    with owner:
        program = Application(qapp, world.environment(), owner)
        yield program, owner
        program.close()
        QApplication.processEvents()


def offered(program: Application, owner: Owner, folder: Path, qtbot: QtBot) -> RecoveryWindow:
    assert owner.damage is not None
    with pytest.raises(LibraryDamagedError):
        program.open(folder)
    program.recover(folder, owner.damage)
    window = program._recovery
    assert window is not None
    qtbot.waitUntil(lambda: not window.bar.isVisible())
    return window


def kept_aside(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "aside").glob("damaged-*/*")}


def test_the_newest_backup_is_put_in_its_place(program: tuple[Application, Owner], damaged: Path, qtbot: QtBot) -> None:
    window = offered(*program, damaged, qtbot)
    assert "2026-04-02" in window.offer.text()
    assert "40 papers" in window.offer.text()
    assert nameless(window) == []
    assert window.restore_button.hasFocus()
    window.restore_button.click()
    qtbot.waitUntil(window.open_button.isVisible)
    assert "aside" in window.promise.text()
    kept = kept_aside(damaged)
    assert (kept["library.db"], kept["library.db-wal"]) == (GARBAGE, b"its log")
    window.open_button.click()
    opened = program[0].window
    assert opened is not None
    settle(opened)
    assert opened.panes.paper_model.rowCount() == 40
    assert program[1].damage is None
    assert not program[1].needs_check


def test_what_can_be_read_is_salvaged(program: tuple[Application, Owner], damaged: Path, qtbot: QtBot) -> None:
    window = offered(*program, damaged, qtbot)
    window.salvage_button.click()
    qtbot.waitUntil(window.open_button.isVisible)
    assert "40 from backups" in window.offer.text()
    assert kept_aside(damaged)["library.db"] == GARBAGE
    window.open_button.click()
    assert program[0].window is not None
    settle(program[0].window)
    assert program[0].window.workspace.library.views.counts().all == 40


def test_without_a_backup_there_is_salvage(program: tuple[Application, Owner], damaged: Path, qtbot: QtBot) -> None:
    for backup in (damaged / "backups").glob("*.db"):
        backup.unlink()
    window = offered(*program, damaged, qtbot)
    assert "no backup" in window.offer.text()
    assert not window.restore_button.isEnabled()
    window.salvage_button.click()
    qtbot.waitUntil(window.open_button.isVisible)
    assert "1 imported file imported again" in window.offer.text()
    window.open_button.click()
    assert program[0].window is not None
    settle(program[0].window)
    assert program[0].window.workspace.library.views.counts().all == 40


def test_quitting_leaves_everything_as_it_is(program: tuple[Application, Owner], damaged: Path, qtbot: QtBot) -> None:
    window = offered(*program, damaged, qtbot)
    with qtbot.waitSignal(window.given_up):
        window.quit_button.click()
    assert (damaged / "library.db").read_bytes() == GARBAGE
    assert (damaged / "library.db-wal").read_bytes() == b"its log"
    assert not (damaged / "aside").exists()


def test_a_backup_that_is_gone_leaves_the_other_way_open(
    program: tuple[Application, Owner], damaged: Path, qtbot: QtBot
) -> None:
    window = offered(*program, damaged, qtbot)
    for backup in (damaged / "backups").glob("*.db"):
        backup.write_bytes(b"no longer a backup")
    window.restore_button.click()
    qtbot.waitUntil(lambda: not window.bar.isVisible())
    assert "damaged or no library" in window.offer.text()
    assert window.salvage_button.isEnabled()
    assert (damaged / "library.db").read_bytes() == GARBAGE


def test_damage_that_shows_while_it_is_open_leads_there_too(
    qapp: QApplication, themes: ThemeSwitch, world: World, folder: Path, qtbot: QtBot
) -> None:
    """The window goes, the lock stays, and files that come meanwhile are imported in the end."""
    owner = claim_or_hand_over(folder)
    assert owner is not None
    with owner:
        program = Application(qapp, world.environment(), owner)
        program.open(folder)
        first = program.window
        assert first is not None
        settle(first)
        first.workspace.library.backups.make()
        before = first.workspace.library.backups.all()
        first.keeping.damage_found.emit(LibraryDamagedError("The library is damaged (a page)."))
        window = program._recovery
        assert window is not None
        assert not first.isVisible()
        qtbot.waitUntil(lambda: not window.bar.isVisible())
        assert "It lacks" not in window.missing.text()
        assert list_backups(folder) == before, "no backup was made of what is damaged"
        window.restore_button.click()
        qtbot.waitUntil(window.open_button.isVisible)
        window.open_button.click()
        assert program.window is not None
        assert program.window is not first
        settle(program.window)
        assert program.window.panes.paper_model.rowCount() == 40
        assert claim_or_hand_over_elsewhere(folder, qtbot) == 0
        program.close()


def claim_or_hand_over_elsewhere(folder: Path, qtbot: QtBot) -> int:
    """A second start's exit code."""
    process = subprocess.Popen([sys.executable, str(ROOT / "main.py"), "--library", str(folder)])
    qtbot.waitUntil(lambda: process.poll() is not None)
    return process.wait()


# --- without anybody to ask -------------------------------------------------------------------------------------------


def start(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    kept.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "--library", str(folder)],
        env=kept | environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a screen")
def test_without_a_screen_damage_is_one_sentence(damaged: Path) -> None:
    done = start(damaged)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "damaged or no library; restore a backup" in done.stderr
    assert (damaged / "library.db").read_bytes() == GARBAGE


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_no_damage(folder: Path) -> None:
    folder.chmod(0o500)
    try:
        done = start(folder, QT_QPA_PLATFORM="offscreen")
    finally:
        folder.chmod(0o700)
    assert done.returncode == 1
    assert "cannot be written to" in done.stderr
    assert "damaged" not in done.stderr
