"""What opens over the window: keys stay in it, Esc leaves it, and the focus goes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QSize
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from reader.domain.errors import LibraryError
from reader.domain.views import View, ViewKind
from reader.ui.app.application import Application
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import Key
from reader.ui.commands.key_sheet import KeySheet
from reader.ui.commands.palette import Palette
from reader.ui.maintenance.restore_sheet import RestoreSheet
from reader.ui.overlays.overlay import Overlay
from reader.ui.overlays.prompt import Prompt
from reader.ui.overlays.text_sheet import TextSheet
from tests.ui.conftest import WindowMaker, World, settle
from tests.ui.pressing import Hands


def opened(window: MainWindow) -> list[str]:
    return [type(overlay).__name__ for overlay in window.findChildren(Overlay) if overlay.isVisible()]


@pytest.mark.parametrize(
    ("chord", "name"), [("Ctrl+K", "Palette"), (":", "Palette"), ("?", "KeySheet"), ("F1", "KeySheet")]
)
def test_keys_open_and_esc_closes(window: MainWindow, hands: Hands, chord: str, name: str) -> None:
    hands.press(chord)
    assert opened(window) == [name]
    hands.press("Esc")
    assert opened(window) == []
    assert window.panes.papers.hasFocus()


def test_no_key_reaches_what_lies_below(window: MainWindow, hands: Hands) -> None:
    hands.press("?")
    (sheet,) = window.findChildren(KeySheet)
    sheet.table.setFocus()
    for chord in ("d", "e", "m", "Shift+G", "Ctrl+Z"):
        hands.press(chord)
    assert window.workspace.library.views.counts().inbox == 40
    hands.press("Esc")


def test_tab_stays_within(window: MainWindow, hands: Hands) -> None:
    window.runner.run("listing.problems")
    TextSheet(window, "A sheet", "some text")
    (sheet,) = window.findChildren(TextSheet)
    visited = set()
    for _ in range(6):
        hands.press("Tab")
        focus = QApplication.focusWidget()
        assert focus is not None
        assert sheet.isAncestorOf(focus)
        visited.add(focus)
    hands.press("Shift+Tab")
    assert sheet.isAncestorOf(QApplication.focusWidget())
    assert len(visited) == 3


def test_a_click_beside_the_panel_leaves(window: MainWindow, hands: Hands) -> None:
    hands.press("?")
    (sheet,) = window.findChildren(KeySheet)
    hands.click(sheet, sheet.panel.geometry().center())
    assert opened(window) == ["KeySheet"]
    hands.click(sheet, QPoint(2, 2))
    assert opened(window) == []


def test_an_overlay_over_another_that_goes_first_goes_too(window: MainWindow, hands: Hands) -> None:
    """The focus cannot go back to what is gone."""
    hands.press("?")
    (below,) = window.findChildren(Overlay)
    above = Prompt(window, "What?", "", check=lambda text: "", answered=lambda text: None)
    below.dismiss()
    QApplication.sendPostedEvents(below, QEvent.Type.DeferredDelete.value)
    above.dismiss()
    assert above.isHidden()


def test_overlays_follow_the_window_s_size(window: MainWindow, hands: Hands) -> None:
    hands.press("Ctrl+K")
    (palette,) = window.findChildren(Palette)
    for size in ((900, 600), (1_600, 1_000), (720, 480)):
        window.resize(*size)
        QApplication.processEvents()
        status = window.panes.status
        assert palette.size() == QSize(window.width(), status.mapTo(window, QPoint()).y())
        assert status.isVisible() and palette.height() > 0.9 * window.height()
        assert palette.rect().contains(palette.panel.geometry())


def test_the_palette_runs_what_is_chosen(window: MainWindow, hands: Hands) -> None:
    hands.press("Ctrl+K")
    hands.type("starred")
    hands.press("Enter")
    assert window.navigator.view is not None
    assert window.navigator.view.kind is ViewKind.STARRED


def test_the_palette_finds_the_density_of_lists(window: MainWindow, hands: Hands) -> None:
    hands.press("Ctrl+K")
    hands.type("density")
    (palette,) = window.findChildren(Palette)
    first = palette.model.item(0)
    assert first is not None
    assert first.title == "Density: compact or comfortable lists"


def test_the_palette_is_walked_with_arrows(window: MainWindow, hands: Hands) -> None:
    hands.press("Ctrl+K")
    (palette,) = window.findChildren(Palette)
    hands.press("Down", "Down", "Up", "PgDown", "PgUp", "Up")
    assert palette.list.currentIndex().row() == 0
    hands.press("Down")
    assert palette.list.currentIndex().row() == 1
    hands.type("zzzzqqq")
    hands.press("Enter")
    assert opened(window) == ["Palette"]


def test_the_palette_jumps_to_listings(window: MainWindow, hands: Hands) -> None:
    hands.press("Ctrl+K")
    hands.type("daily-papers")
    hands.press("Enter")
    assert window.navigator.view is not None
    assert window.navigator.view.kind is ViewKind.LISTING


def test_a_command_that_cannot_run_says_what_it_needs(window: MainWindow, hands: Hands) -> None:
    hands.press("g q")
    hands.press("s")
    assert hands.said == "“Star” needs a paper."
    window.runner.run("listing.rename")
    assert hands.said == "“Rename listing” needs a listing."


def test_a_listing_is_renamed(window: MainWindow, hands: Hands) -> None:
    hands.press("[")
    window.runner.run("listing.rename")
    (prompt,) = window.findChildren(Prompt)
    assert prompt.edit.selectedText() == "daily-papers-sample"
    hands.press("Delete")
    hands.press("Enter")
    assert prompt.complaint.text() == "A listing needs a name."
    hands.type("My own & <b>name</b>")
    hands.press("Enter")
    assert window.workspace.library.listings.all()[0].name == "My own & <b>name</b>"
    assert window.panes.pane.title.text() == "My own & <b>name</b>"
    assert window.panes.sidebar_model.index(11).data() == "My own & <b>name</b>"
    hands.press("u")
    assert window.panes.pane.title.text() == "daily-papers-sample"


def test_a_listing_s_year_is_corrected(window: MainWindow, hands: Hands) -> None:
    hands.press("[")
    window.runner.run("listing.year")
    (prompt,) = window.findChildren(Prompt)
    prompt.edit.setText("1066")
    hands.press("Enter")
    assert "between 1990 and 2200" in prompt.complaint.text()
    prompt.edit.setText("2023")
    hands.press("Enter")
    assert window.workspace.library.listings.all()[0].heading_date == "2023-03-14"
    assert window.panes.pane.facts.text().startswith("Mar 14, 2023")
    assert "2023" in window.panes.detail.toPlainText()


def test_a_listing_without_problems_says_so(window: MainWindow, hands: Hands) -> None:
    hands.press("[")
    window.runner.run("listing.problems")
    hands.settle()
    assert hands.said == "No problems in daily-papers-sample"


def test_a_listing_is_removed_and_comes_back(window: MainWindow, hands: Hands) -> None:
    hands.press("[")
    window.runner.run("listing.remove")
    hands.settle()
    assert window.panes.is_welcome_shown
    hands.press("u")
    assert window.workspace.library.views.counts().all == 40
    assert not window.panes.is_welcome_shown


def test_the_marked_listing_is_meant_while_the_left_pane_has_the_focus(window: MainWindow, hands: Hands) -> None:
    hands.press("g l")
    assert window.runner.is_valid("listing.rename")
    window.runner.run("listing.rename")
    assert opened(window) == ["Prompt"]


def test_a_fault_of_ours_is_told_and_can_be_copied(window: MainWindow, hands: Hands) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a <b>title</b> that is nobody's business")

    window.workspace.tasks.read(fail, print)
    hands.settle()
    assert window.panes.notice.text.text().startswith("Internal error (ZeroDivisionError in")
    (copy, details, _) = window.panes.notice.findChildren(QPushButton)
    copy.click()
    details.click()
    (sheet,) = window.findChildren(TextSheet)
    assert "in fail" in sheet.text.toPlainText()
    assert "nobody" not in sheet.text.toPlainText()
    assert QGuiApplication.clipboard().text() == sheet.text.toPlainText()


def test_a_long_failure_is_told_whole(window: MainWindow, hands: Hands) -> None:
    window.workspace.failed.emit("A sentence that goes on " * 12)
    assert window.panes.notice.text.text().startswith("A sentence")
    assert window.panes.notice.isVisible()


def test_rows_that_cannot_be_read_are_told_of(
    window: MainWindow, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(ids: object) -> list[object]:
        raise LibraryError("The library is damaged. Restore a backup.")

    monkeypatch.setattr(window.panes.paper_model, "_read_rows", broken)
    monkeypatch.setattr(window.workspace.library.papers, "get", broken)
    window.panes.paper_model.refresh_all()
    hands.press("j", "j")
    assert "damaged" in hands.said + window.panes.notice.text.text()
    assert "damaged" in window.panes.detail.toPlainText()


def test_about_can_be_copied(window: MainWindow, hands: Hands) -> None:
    window.runner.run("help.about")
    hands.settle()
    (sheet,) = window.findChildren(TextSheet)
    assert "Lectern" in sheet.text.toPlainText()
    assert "40  papers" in sheet.text.toPlainText()


def test_a_backup_is_restored(window: MainWindow, hands: Hands) -> None:
    window.workspace.library.backups.make()
    hands.press("d", "d", "d")
    assert window.workspace.library.views.counts().dismissed == 3
    window.runner.run("library.restore")
    hands.settle()
    (sheet,) = window.findChildren(RestoreSheet)
    assert "40 papers" in sheet.list.model().index(0, 0).data()
    hands.press("Enter")
    assert window.workspace.library.views.counts().dismissed == 0
    assert window.panes.paper_model.rowCount() == 40
    assert hands.said.startswith("Restored")
    assert len(window.workspace.library.backups.all()) == 2
    hands.press("j", "d")
    assert window.workspace.library.views.counts().dismissed == 1


def test_a_file_that_is_no_backup_changes_nothing(
    window: MainWindow, hands: Hands, world: World, tmp_path: Path
) -> None:
    world.backup = tmp_path / "no.db"
    world.backup.write_bytes(b"not a library")
    hands.press("d")
    window.runner.run("library.restore")
    hands.settle()
    (sheet,) = window.findChildren(RestoreSheet)
    sheet.file_button.click()
    hands.qtbot.waitUntil(lambda: "damaged or no library" in sheet.preview.toPlainText())
    assert sheet.list.model().index(0, 0).data() == "no.db"
    assert not sheet.restore_button.isEnabled()
    hands.press("Enter", "Esc")
    assert window.workspace.library.views.counts().dismissed == 1
    assert opened(window) == []


def test_the_sample_opens_and_closes_again(
    qapp: QApplication, world: World, folder: Path, hands: Hands, open_window: WindowMaker
) -> None:
    program = Application(qapp, world.environment())
    program.open(folder.parent / "empty")
    first = program.window
    assert first is not None
    settle(first)
    assert first.panes.is_welcome_shown
    first.runner.run("library.sample")
    hands.qtbot.waitUntil(lambda: program.window is not first)
    sample = program.window
    assert sample is not None
    settle(sample)
    assert sample.workspace.library.views.counts().all == 40
    assert "Nothing here is kept" in sample.panes.notice.text.text()
    throwaway = sample.workspace.library.folder
    sample.runner.run("library.sample")
    QApplication.processEvents()
    assert program.window is not None
    settle(program.window)
    assert not throwaway.exists()
    assert program.window.panes.is_welcome_shown
    program.window.close()
    program.window.deleteLater()


def test_esc_leaves_the_sample_once_nothing_else_is_to_be_left(
    qapp: QApplication, world: World, folder: Path, hands: Hands
) -> None:
    program = Application(qapp, world.environment())
    program.open(folder.parent / "empty")
    home = program.window
    assert home is not None
    settle(home)
    home.runner.run("library.close_sample")
    assert home.panes.status.message.text() == "“Close the sample” needs the sample."
    home.runner.run("library.sample")
    hands.qtbot.waitUntil(lambda: program.window is not home)
    sample = program.window
    assert sample is not None
    settle(sample)
    assert sample.runner.is_valid("library.close_sample")
    keys = Hands(hands.qtbot, sample, lambda: settle(program.window or sample))
    sample.panes.pane.focus_list()
    keys.press("Enter", "Esc", "/", "Esc", "x", "j", "x", "Esc", "g l", "Esc", "g s")
    assert program.window is sample
    assert not sample.panes.notice.isHidden(), "what it says holds until it is closed"
    assert sample.panes.pane.empty.hasFocus(), "nothing is starred yet"
    keys.press("Esc")
    assert program.window is home
    assert home.isVisible()
    home.close()
    home.deleteLater()


def test_leaving_an_overlay_over_nothing_gives_the_focus_to_the_list(window: MainWindow, hands: Hands) -> None:
    """Keys went to the line that was no longer there, and then to nobody."""
    focus = QApplication.focusWidget()
    assert focus is not None
    focus.clearFocus()
    window.help.open_palette()
    hands.type("st")
    (palette,) = window.findChildren(Palette)
    hands.strike(Key("Esc"))
    assert QApplication.focusWidget() is not palette.edit
    hands.strike(Key("m"))
    assert palette.edit.text() == "st"
    hands.settle()
    assert QApplication.focusWidget() is window.panes.papers


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_what_lies_below_is_painted_once_and_again_when_it_changes(
    window: MainWindow, hands: Hands, qtbot: QtBot
) -> None:
    hands.press("Ctrl+K")
    (palette,) = window.findChildren(Palette)
    QApplication.processEvents()
    paints = Paints(window.panes.papers.viewport())
    hands.type("sta")
    QApplication.processEvents()
    assert palette.model.rowCount() and paints.count == 0
    corner = palette.grab().toImage().pixelColor(palette.width() // 2, 4)
    window.runner.run("paper.star")
    qtbot.waitUntil(lambda: paints.count > 0)
    QApplication.processEvents()
    before = paints.count
    hands.type("r")
    QApplication.processEvents()
    assert paints.count == before
    window.runner.run("view.theme_dark")
    qtbot.waitUntil(lambda: palette.grab().toImage().pixelColor(palette.width() // 2, 4) != corner)


def test_what_lies_below_is_dimmed_and_keeps_its_place(window: MainWindow, hands: Hands) -> None:
    before = window.grab().toImage()
    hands.press("Ctrl+K")
    QApplication.processEvents()
    (palette,) = window.findChildren(Palette)
    shadow = palette.palette().color(QPalette.ColorRole.Shadow)
    after = window.grab().toImage()
    for x, y in ((5, 5), (20, 60), (window.width() - 5, 200), (300, window.height() - 120)):
        plain, dimmed = before.pixelColor(x, y), after.pixelColor(x, y)
        share = shadow.alphaF()
        for channel in ("redF", "greenF", "blueF"):
            expected = getattr(plain, channel)() * (1 - share) + getattr(shadow, channel)() * share
            assert abs(getattr(dimmed, channel)() - expected) < 0.02, (x, y)


def test_what_arrives_late_takes_no_keys_from_what_opened_meanwhile(window: MainWindow, hands: Hands) -> None:
    window.navigator.open(View(ViewKind.STARRED))
    window.runner.run("view.palette")
    (palette,) = window.findChildren(Palette)
    window.panes.detail.setFocus()
    settle(window)
    QApplication.processEvents()
    hands.type("star")
    assert palette.edit.text() == "star"
    hands.press("Esc")
    assert QApplication.focusWidget() is window.panes.detail
