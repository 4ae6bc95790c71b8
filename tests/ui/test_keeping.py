"""Looking after the library from the window: backups, restoring, bundles, checks."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from reader.domain.backups import BackupKind
from reader.domain.errors import LibraryDamagedError, LibraryError
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.copies.bundle_file import open_bundle
from reader.ui.app.window import MainWindow
from reader.ui.maintenance.bundles import BundleSheet
from reader.ui.maintenance.restore_sheet import RestoreSheet
from reader.ui.overlays.overlay import Overlay
from reader.ui.overlays.prompt import Prompt
from reader.ui.overlays.text_sheet import TextSheet
from tests.services.support import finish, listing_text
from tests.storage.support import titled
from tests.ui.conftest import TODAY, WindowMaker, World, settle
from tests.ui.pressing import Hands
from tests.ui.test_importing import drop, of_paths


def run(window: MainWindow, hands: Hands, title: str) -> None:
    """Run a command by its name, through the palette."""
    hands.press("Ctrl+K")
    hands.type(title)
    hands.press("Enter")
    settle(window)


def kinds(window: MainWindow) -> list[BackupKind]:
    return [backup.kind for backup in window.workspace.library.backups.all()]


# --- backups ----------------------------------------------------------------------------------------------------------


def test_a_backup_is_made_now(window: MainWindow, hands: Hands) -> None:
    run(window, hands, "Back up now")
    assert hands.said.startswith("Backed up: 40 papers, ")
    assert kinds(window) == [BackupKind.MANUAL]
    assert not window.panes.status.is_working


def test_backups_are_made_when_due(window: MainWindow, hands: Hands) -> None:
    window.keeping.backups.look()
    settle(window)
    assert set(kinds(window)) == {BackupKind.DAILY, BackupKind.ANNOTATIONS}
    hands.press("s")
    window.keeping.backups.look()
    settle(window)
    assert len(kinds(window)) == 2, "the annotations are due half an hour after the last time"


def test_at_the_end_changed_annotations_are_backed_up(open_window: WindowMaker, folder: Path, hands: Hands) -> None:
    window = hands.window
    window.keeping.start()
    window.keeping.backups.look()
    settle(window)
    hands.press("s")
    window.close()
    with Library(folder) as library:
        made = [backup for backup in library.backups.all() if backup.kind is BackupKind.ANNOTATIONS]
        assert len(made) == 2
        library.history.undo()  # what it takes back is in the later of the two only, which would bring it back
        differing = [any(library.backups.preview(backup.path).differences) for backup in made]
        assert sorted(differing) == [False, True]


def test_backups_take_no_more_room_than_the_settings_give_them(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    assert library.backups.limits.total == 2_048 << 20
    window.settings.set("backups.megabytes", 20)
    assert library.backups.limits.total == 20 << 20
    settle(window)


def test_a_backup_that_fails_is_told_once(window: MainWindow, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise LibraryError("There is no room left on the disk.")

    monkeypatch.setattr(window.workspace.library.backups, "make_due", full)
    told: list[str] = []
    window.workspace.failed.connect(told.append)
    for _ in range(3):
        window.keeping.backups.look()
        settle(window)
    assert told == ["There is no room left on the disk."]


# --- restoring --------------------------------------------------------------------------------------------------------


def open_restore(window: MainWindow, hands: Hands) -> RestoreSheet:
    run(window, hands, "Restore")
    (sheet,) = window.findChildren(RestoreSheet)
    return sheet


def test_a_restore_says_before_what_it_would_change(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    library.backups.make()
    hands.press("d", "d", "s")
    library._store._clock = lambda: TODAY + timedelta(days=1)
    library.backups.make()
    sheet = open_restore(window, hands)
    assert sheet.list.model().index(1, 0).data().startswith("2026-04-02")
    assert "by hand" in sheet.list.model().index(1, 0).data()
    hands.qtbot.waitUntil(lambda: "nothing would change" in sheet.preview.toPlainText())
    hands.press("Down")
    hands.qtbot.waitUntil(lambda: "states: 3 would go" in sheet.preview.toPlainText())
    hands.press("Enter")
    assert library.views.counts().dismissed == 0


def test_annotations_are_added_and_the_sheet_says_so(
    window: MainWindow, hands: Hands, world: World, tmp_path: Path
) -> None:
    library = window.workspace.library
    library.tags.add(list(library.views.paper_ids(View(ViewKind.ALL)))[:1], ["mine"])
    library.backups.make(BackupKind.ANNOTATIONS)
    library.history.undo()
    library._store._clock = lambda: TODAY + timedelta(days=1)
    library.backups.make()
    world.backup = library.backups.make(BackupKind.ANNOTATIONS).path.rename(tmp_path / "carried.db")
    sheet = open_restore(window, hands)
    assert sheet.heading.text() == "Go back to a backup" and sheet.preview_title.text() == "What would change"
    hands.press("Down")
    assert sheet.heading.text() == "Add annotations from a backup" and "Nothing is removed" in sheet.words.text()
    hands.qtbot.waitUntil(lambda: "tags on papers: 1 would be added" in sheet.preview.toPlainText())
    assert sheet.preview_title.text() == "What would be added" and "would go" not in sheet.preview.toPlainText()
    sheet.file_button.click()
    hands.qtbot.waitUntil(lambda: "nothing would change" in sheet.preview.toPlainText())
    assert sheet.heading.text() == "Add annotations from a backup", "a file from elsewhere, too, once it was looked at"


def test_a_file_from_elsewhere_is_looked_at_first(
    window: MainWindow, hands: Hands, world: World, tmp_path: Path, folder: Path
) -> None:
    with Library(tmp_path / "other", clock=lambda: TODAY) as other:
        finish(other.imports.text(listing_text("An Only Paper"), "other"))
        world.backup = other.backups.make().path
    sheet = open_restore(window, hands)
    sheet.file_button.click()
    hands.qtbot.waitUntil(lambda: "papers: 40 would go, 1 would come back" in sheet.preview.toPlainText())
    assert window.workspace.library.views.counts().all == 40
    sheet.restore_button.click()
    settle(window)
    assert window.workspace.library.views.counts().all == 1
    assert kinds(window)[0] is BackupKind.BEFORE_RESTORE


def test_a_sheet_left_while_it_looks_harms_nothing(window: MainWindow, hands: Hands) -> None:
    window.workspace.library.backups.make()
    sheet = open_restore(window, hands)
    sheet._look()
    hands.press("Esc")
    hands.press("j")
    assert window.panes.papers.current_row == 1


# --- bundles ----------------------------------------------------------------------------------------------------------


def test_a_bundle_is_written(window: MainWindow, hands: Hands, world: World, tmp_path: Path) -> None:
    world.bundle_target = tmp_path / "mine"
    run(window, hands, "Write a bundle")
    assert hands.said == "Wrote mine.lectern: 40 papers"
    with open_bundle(tmp_path / "mine.lectern") as bundle:
        assert bundle.summary.paper_count == 40
    run(window, hands, "Write a bundle")
    assert "There is a file" in hands.said + window.panes.notice.text.text()


@pytest.fixture
def bundle(tmp_path: Path, world: World) -> Path:
    """Another library's bundle, with a paper and a note."""
    with Library(tmp_path / "elsewhere", clock=lambda: TODAY) as other:
        finish(other.imports.text(listing_text("A Paper from Elsewhere"), "elsewhere"))
        other.notes.save(other.views.paper_ids(View(ViewKind.ALL))[0], "Noted elsewhere.", revision=None)
        other.bundles.write(tmp_path / "other.lectern")
    world.bundle = tmp_path / "other.lectern"
    return world.bundle


def test_a_bundle_is_taken_over_as_one_step(window: MainWindow, hands: Hands, bundle: Path) -> None:
    run(window, hands, "Open a bundle")
    (sheet,) = window.findChildren(BundleSheet)
    assert sheet.facts.text().startswith("1 paper")
    sheet.merge_button.click()
    settle(window)
    library = window.workspace.library
    assert library.views.counts().all == 41
    assert hands.said.startswith("Merged the bundle: 1 new paper")
    hands.press("u")
    assert library.views.counts().all == 40


def test_a_bundle_is_opened_by_itself(
    window: MainWindow, hands: Hands, bundle: Path, world: World, folder: Path
) -> None:
    run(window, hands, "Open a bundle")
    assert window.findChildren(BundleSheet)
    hands.press("Enter")  # the button that opens it has the focus
    (prompt,) = [one for one in window.findChildren(Prompt) if one.isVisible()]
    assert prompt.edit.text() == str(folder.parent / "other")
    prompt.edit.setText(str(folder))
    hands.press("Enter")
    assert "never replaces anything" in prompt.complaint.text()
    prompt.edit.setText("relative")
    hands.press("Enter")
    assert "Name a folder" in prompt.complaint.text()
    prompt.edit.setText(str(folder.parent / "other"))
    hands.press("Enter")
    assert world.started == [folder.parent / "other"]
    with Library(folder.parent / "other") as other:
        assert other.views.counts().all == 1
    assert window.workspace.library.views.counts().all == 40


def test_a_bundle_that_is_dropped_is_asked_about(window: MainWindow, hands: Hands, bundle: Path) -> None:
    assert drop(window, of_paths(bundle))
    (sheet,) = window.findChildren(BundleSheet)
    assert sheet.facts.text().startswith("1 paper")
    hands.press("Esc")
    assert not window.imports.is_running
    assert window.workspace.library.views.counts().all == 40


def test_what_is_no_bundle_says_so(window: MainWindow, hands: Hands, world: World, tmp_path: Path) -> None:
    world.bundle = tmp_path / "no.lectern"
    world.bundle.write_bytes(b"PK\x03\x04 nothing of the kind")
    run(window, hands, "Open a bundle")
    assert "is no bundle of Lectern" in hands.said + window.panes.notice.text.text()
    assert window.findChildren(BundleSheet) == []


def test_thinking_better_of_a_bundle_changes_nothing(window: MainWindow, hands: Hands) -> None:
    run(window, hands, "Open a bundle")
    run(window, hands, "Write a bundle")
    assert [one for one in window.findChildren(Overlay) if one.isVisible()] == []


# --- checking ---------------------------------------------------------------------------------------------------------


def test_a_sound_library_is_called_sound(window: MainWindow, hands: Hands) -> None:
    run(window, hands, "Check the library")
    (sheet,) = window.findChildren(TextSheet)
    hands.qtbot.waitUntil(lambda: bool(sheet.text.toPlainText()))
    assert sheet.action_button is None
    sheet.copy.click()
    assert QGuiApplication.clipboard().text() == sheet.text.toPlainText()


def test_what_is_wrong_is_repaired(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    hands.press("a")
    with library._store._journal.unrecorded() as writer:
        writer.execute("DELETE FROM queue")
    run(window, hands, "Check the library")
    (sheet,) = window.findChildren(TextSheet)
    assert "Queued papers have no place in the queue" in sheet.text.toPlainText()
    assert "lectern check" not in sheet.text.toPlainText()
    assert sheet.action_button is not None
    sheet.action_button.click()
    settle(window)
    after = [one for one in window.findChildren(TextSheet) if one.isVisible()]
    assert "repaired" in after[0].text.toPlainText()
    hands.press("Esc")
    assert library.checks.run().is_sound
    assert window.panes.paper_model.rowCount() == 39
    assert BackupKind.BEFORE_REPAIR in kinds(window)


def test_long_work_can_be_cancelled(window: MainWindow, hands: Hands) -> None:
    def wait(cancelled: object) -> None:
        from time import sleep

        from reader.domain.errors import WorkCancelledError

        while not cancelled():
            sleep(0.001)
        raise WorkCancelledError

    window.keeping.work.begin("Working…", wait, print)
    assert window.panes.status.is_working
    assert window.panes.status.work.text() == "Working…"
    window.runner.run("library.check")
    assert hands.said == "Working… It has to end, or be cancelled, first."
    window.runner.run("library.restore")
    assert window.findChildren(RestoreSheet) == []
    hands.click(window.panes.status.cancel)
    assert hands.said == "Cancelled; nothing was changed."
    assert not window.panes.status.is_working


def test_closing_gives_long_work_up(open_window: WindowMaker, tmp_path: Path, folder: Path) -> None:
    from time import sleep

    window = open_window(copytree(folder, tmp_path / "copy"))

    def wait(cancelled: object) -> None:
        while not cancelled():
            sleep(0.001)
        given_up.append(True)

    given_up: list[bool] = []
    window.keeping.work.begin("Working…", wait, print)
    window.close()
    assert given_up


def test_damage_that_turns_up_can_be_recovered_from(window: MainWindow, hands: Hands, folder: Path) -> None:
    """It is said with a way out; where the library's own database is sound after all, that is said instead."""
    found: list[LibraryDamagedError] = []
    window.keeping.damage_found.connect(found.append)
    window.workspace.report_failure(LibraryDamagedError("A file is damaged."))
    assert window.panes.notice.text.text() == "A file is damaged."
    recover = window.panes.notice.findChildren(QPushButton)[0]
    hands.click(recover)
    assert hands.said == "The library’s own database is sound"
    assert found == []
    with (folder / "library.db").open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 20)
    hands.click(window.panes.notice.findChildren(QPushButton)[0])
    assert len(found) == 1


def test_the_restore_list_is_plain_and_spoken(window: MainWindow, hands: Hands) -> None:
    window.workspace.library.backups.make(BackupKind.ANNOTATIONS)
    sheet = open_restore(window, hands)
    label = sheet.list.model().index(0, 0).data(Qt.ItemDataRole.DisplayRole)
    assert "annotations only" in label
    assert json.dumps(label)


def test_a_fault_amid_a_change_leaves_nothing_of_it(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library

    def half() -> None:
        with library._store.step(titled("half a step")):
            library.states.set_starred([1], True)
            raise ZeroDivisionError

    window.workspace.perform(half)
    settle(window)
    assert window.panes.notice.text.text().startswith("Internal error (ZeroDivisionError")
    assert library.views.counts().starred == 0
    assert str(library.history.steps(5)[0].title) != "half a step"
    hands.press("s")
    assert library.views.counts().starred == 1


def test_what_is_written_is_kept_when_the_session_may_end(window: MainWindow, hands: Hands, folder: Path) -> None:
    hands.press("n")
    hands.type("Not saved yet")
    window.save()
    settle(window)
    assert window.isVisible()
    assert window.workspace.library.notes.of(window.reader.paper.id).text == "Not saved yet"
    assert (folder / "window.json").exists()
