"""The settings window, by key: every change holds at once and is kept, and new keys are pressed, not typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetrics, QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from reader.domain.settings import SETTINGS, AutomaticExport, Density, Scheme, value_of
from reader.services.settings.file import read_settings
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import Key
from reader.ui.look.typography import LARGEST_STEP
from reader.ui.settings.controls import Choice, Row, TextLine
from reader.ui.settings.key_page import KeyPage
from reader.ui.settings.overlay import SettingsOverlay
from reader.ui.settings.pages import OPTIONS, TITLES, SettingsPage
from tests.ui.conftest import WindowMaker, World, settle
from tests.ui.pressing import Hands


def overlay_of(window: MainWindow) -> SettingsOverlay:
    (found,) = [overlay for overlay in window.findChildren(SettingsOverlay) if overlay.isVisible()]
    return found


def go_to(hands: Hands, section: str) -> SettingsOverlay:
    """Open the settings and walk to a section with the arrows."""
    hands.press(",")
    overlay = overlay_of(hands.window)
    names = [name for name, _ in overlay.pages]
    hands.press(*["Down"] * names.index(section))
    assert overlay.stack.currentWidget() is dict(overlay.pages)[section]
    return overlay


def focus_name() -> str:
    widget = QApplication.focusWidget()
    return widget.accessibleName() if widget is not None else ""


def test_every_setting_has_a_row_with_words(window: MainWindow, hands: Hands) -> None:
    hands.press(",")
    pages = [page for _, page in overlay_of(window).pages if isinstance(page, SettingsPage)]
    rows = {name: row for page in pages for name, row in page.rows.items()}
    assert set(rows) == set(SETTINGS) - {"keys.bindings"} == set(TITLES)
    for name, row in rows.items():
        assert row.help.text().lower().startswith(SETTINGS[name].help[:20].lower())
        assert row.control.accessibleName() or isinstance(row.control, TextLine)


def test_every_value_of_a_choice_is_one_that_fits() -> None:
    for name, options in OPTIONS.items():
        assert [value for value, _ in options] == [SETTINGS[name].check(value) for value, _ in options]
        assert SETTINGS[name].default in [value for value, _ in options]


def test_arrows_change_a_setting_at_once_and_esc_leaves(window: MainWindow, hands: Hands, folder: Path) -> None:
    hands.press(",", "Right", "Right", "Right")
    assert window.settings.settings.appearance.theme is Scheme.DARK
    assert window.appearance.look.theme.dark
    hands.press("Down", "Down", "Down", "Right")
    assert focus_name() == "List density"
    assert window.settings.settings.appearance.density is Density.COMPACT
    hands.press("Esc")
    assert not [overlay for overlay in window.findChildren(SettingsOverlay) if overlay.isVisible()]
    assert window.panes.papers.hasFocus()
    assert read_settings(folder).settings.appearance.theme is Scheme.DARK


def test_back_to_default_by_key_and_by_button(window: MainWindow, hands: Hands, folder: Path) -> None:
    overlay = go_to(hands, "Appearance")
    hands.press("Right", "Right", "Right")
    page = overlay.pages[0][1]
    assert isinstance(page, SettingsPage)
    row = page.rows["appearance.theme"]
    assert row.back.isVisible()
    hands.press("Backspace")
    assert window.settings.settings.appearance.theme is Scheme.SYSTEM
    assert not row.back.isVisible()
    hands.press("Right", "Tab")
    assert QApplication.focusWidget() is row.back
    hands.press("Space")
    assert window.settings.settings.appearance.theme is Scheme.SYSTEM
    assert "theme = " not in [line[:8] for line in (folder / "settings.toml").read_text().splitlines()]


def test_choices_are_clicked_too(window: MainWindow, hands: Hands, qtbot: QtBot) -> None:
    overlay = go_to(hands, "Appearance")
    (choice,) = [found for found in overlay.findChildren(Choice) if found.accessibleName() == "Theme"]
    choice.setFixedWidth(choice.sizeHint().width())  # room for all values, whatever the font
    place = choice._segments()[2].center().toPoint()
    qtbot.mouseClick(choice, Qt.MouseButton.LeftButton, pos=place)
    assert window.settings.settings.appearance.theme is Scheme.DARK


def test_numbers_are_checked_and_explained(window: MainWindow, hands: Hands) -> None:
    overlay = go_to(hands, "Reading")
    hands.press("Right")
    edit = QApplication.focusWidget()
    assert isinstance(edit, QLineEdit)
    edit.selectAll()
    hands.type("2,5")
    hands.press("Enter")
    assert window.settings.settings.reading.seen_after_seconds == 2.5
    edit.selectAll()
    hands.type("soon")
    hands.press("Enter")
    assert window.settings.settings.reading.seen_after_seconds == 2.5
    page = dict(overlay.pages)["Reading"]
    assert isinstance(page, SettingsPage)
    assert page.rows["reading.seen_after_seconds"].complaint.text() == "This must be a number from 0 to 600."
    hands.press("Esc")
    assert edit.text() == "2.5"
    assert overlay_of(window).isVisible(), "the first Esc only gives up what was typed"
    hands.press("Esc")
    assert window.panes.papers.hasFocus()


def test_paths_are_typed_or_chosen(window: MainWindow, hands: Hands, world: World, tmp_path: Path) -> None:
    go_to(hands, "Export")
    hands.press("Right")
    hands.type("/home/ada/Notes")
    hands.press("Enter")
    assert window.settings.settings.export.vault == "/home/ada/Notes"
    world.export_to = tmp_path
    hands.press("Tab", "Enter")
    assert window.settings.settings.export.vault == str(tmp_path)
    hands.press(*["Down"] * 7, "Right", "Right")  # past “Back to default”
    assert window.settings.settings.export.automatic is AutomaticExport.ON_SAVE


def test_tab_stays_within(window: MainWindow, hands: Hands) -> None:
    overlay = go_to(hands, "Export")
    for _ in range(25):
        hands.press("Tab")
        assert overlay.isAncestorOf(QApplication.focusWidget())


def test_what_is_changed_elsewhere_shows(window: MainWindow, hands: Hands) -> None:
    overlay = go_to(hands, "Export")
    window.settings.set("export.folder", "Papers")
    page = dict(overlay.pages)["Export"]
    assert isinstance(page, SettingsPage)
    line = page.rows["export.folder"].control
    assert isinstance(line, TextLine)
    assert line.edit.text() == "Papers"


def find_command(hands: Hands, words: str) -> KeyPage:
    """Go to the keys and to a command there."""
    hands.window.runner.run("settings.keys")
    hands.settle()
    page = dict(overlay_of(hands.window).pages)["Keys"]
    assert isinstance(page, KeyPage)
    assert page.edit.hasFocus(), "words of a command can be typed at once"
    hands.type(words)
    hands.press("Enter")
    assert page.table.hasFocus()
    return page


def shown_keys(page: KeyPage) -> str:
    return page.table.item(page.table.currentRow(), 1).text()


def test_new_keys_are_pressed(window: MainWindow, hands: Hands, folder: Path) -> None:
    page = find_command(hands, "take its star")
    hands.press("Enter")
    assert page.capture.hasFocus()
    hands.press("z", "z")
    assert page.capture.keys.text() == "z z"
    assert "Enter assigns them" in page.capture.verdict.text()
    hands.press("Enter")
    assert shown_keys(page) == "z z   (yours)"
    assert page.table.hasFocus()
    assert read_settings(folder).settings.keys.bindings == {"paper.star": ("z z",)}
    hands.press("Esc", "z z")
    assert window.reader.paper is not None
    assert window.reader.paper.starred


def test_a_conflict_is_named_and_not_taken(window: MainWindow, hands: Hands) -> None:
    page = find_command(hands, "take its star")
    hands.press("Enter", "d")
    told = "“d” already belongs to “Dismiss”. Ctrl+Enter reassigns it, or press another key."
    assert page.capture.verdict.text() == told
    hands.press("Enter")
    assert page.capture.isVisible()
    hands.press("Esc")
    assert window.settings.settings.keys.bindings == {}
    assert page.table.hasFocus()
    hands.press("Enter", "g")
    assert page.capture.verdict.property("error")
    assert "“g”" in page.capture.verdict.text()
    assert "Ctrl+Enter" not in page.capture.verdict.text(), "it is the beginning of many commands' keys"


def test_another_key_replaces_one_that_is_taken(window: MainWindow, hands: Hands) -> None:
    """“d”, then “z” gave “d z”, which cannot be typed either."""
    page = find_command(hands, "take its star")
    hands.press("Enter", "d", "z")
    assert page.capture.keys.text() == "z"
    hands.press("Esc", "Enter", "Alt+l", "e", "Alt+s", "z", "z")
    assert page.capture.keys.text() == "Alt+S z z", "Alt+S is free, and further keys make a sequence"
    hands.press("Esc", "Enter", "d", "e", "F7", "Enter")
    assert window.runner.keys("paper.star") == "F7"
    assert window.runner.keys("paper.done") == "e"


def test_the_beginning_of_other_keys_may_be_gone_on_with(window: MainWindow, hands: Hands) -> None:
    page = find_command(hands, "take its star")
    hands.press("Enter", "g", "z")
    assert page.capture.keys.text() == "g z"
    hands.press("Enter")
    assert window.runner.keys("paper.star") == "g z"
    hands.press("Insert", "y")
    assert "press a further key" in page.capture.verdict.text().lower()
    hands.press("y", "q")
    assert page.capture.keys.text() == "q", "y y is taken"


def test_keys_are_taken_over_from_another_command(window: MainWindow, hands: Hands) -> None:
    page = find_command(hands, "take its star")
    hands.press("Enter", "d", "Ctrl+Enter")
    assert shown_keys(page) == "d   (yours)"
    assert window.runner.keys("paper.dismiss") == "#   Delete"
    assert window.preferences.problems == []
    hands.press("Esc", "d")
    assert window.reader.paper is not None
    assert window.reader.paper.starred


def test_keys_are_added_and_go_back_to_default(window: MainWindow, hands: Hands) -> None:
    page = find_command(hands, "take its star")
    hands.press("Insert", "F7", "Enter")
    assert window.runner.keys("paper.star") == "s   F7"
    hands.press("Delete")
    assert window.runner.keys("paper.star") == "s"
    assert shown_keys(page) == "s"
    assert window.settings.settings.keys.bindings == {}


def test_keys_that_open_menus_or_move_the_focus_are_pressed_all_the_same(window: MainWindow, hands: Hands) -> None:
    page = find_command(hands, "take its star")
    hands.press("Enter", "Alt+l")
    assert "opens a menu" in page.capture.verdict.text()
    assert QApplication.activePopupWidget() is None
    hands.press("Esc", "Enter", "Tab", "Enter")
    assert window.runner.keys("paper.star") == "Tab"


def test_the_preset_is_a_choice(window: MainWindow, hands: Hands) -> None:
    go_to(hands, "Keys")
    hands.press("Right", "Right")
    assert window.runner.keys("paper.star") == "Alt+S"
    hands.press("Esc", "s", "Ctrl+,")
    assert overlay_of(window).isVisible()
    assert window.reader.paper is not None
    assert not window.reader.paper.starred


def test_labels_are_renamed_recoloured_made_and_deleted(window: MainWindow, hands: Hands) -> None:
    go_to(hands, "Highlights")
    hands.press("Right")
    assert focus_name() == "Label 1: name"
    edit = QApplication.focusWidget()
    assert isinstance(edit, QLineEdit)
    edit.selectAll()
    hands.type("thesis")
    hands.press("Enter")
    labels = window.workspace.library.labels.all
    assert labels()[0].name == "thesis"
    hands.press("Tab")
    assert focus_name() == "Label 1: colour"
    color = QApplication.focusWidget()
    assert isinstance(color, QLineEdit)
    color.selectAll()
    hands.type("#123456")
    hands.press("Enter")
    assert labels()[0].color == "#123456"
    count = len(labels())
    hands.press(*["Down"] * (count + 1))
    assert focus_name() == "New label"
    hands.type("doubt")
    hands.press("Enter")
    assert [label.name for label in labels()][count:] == ["doubt"]
    (delete,) = [found for found in overlay_of(window).findChildren(QPushButton)
                 if found.accessibleName() == f"Label {count + 1}: delete" and found.isVisible()]  # fmt: skip
    hands.click(delete)
    assert len(labels()) == count
    hands.press("Esc", "u", "u", "u", "u")
    assert labels()[0].name != "thesis"


def test_the_focus_stays_on_its_control_when_labels_change(window: MainWindow, hands: Hands) -> None:
    go_to(hands, "Highlights")
    hands.press("Right", "Tab")
    assert focus_name() == "Label 1: colour"
    labels = window.workspace.library.labels
    window.workspace.perform(lambda: labels.update(labels.all()[1].id, name="doubt"))
    hands.settle()
    assert focus_name() == "Label 1: colour"


def test_leaving_at_once_waits_for_nothing(window: MainWindow, hands: Hands) -> None:
    for _ in range(5):
        hands.strike(Key(","))
        QApplication.processEvents()
        hands.strike(Key("Esc"))
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    hands.settle()
    assert window.panes.papers.hasFocus()
    assert window.panes.notice.isHidden()


def test_change_keys_goes_to_its_search_box_from_open_settings_too(window: MainWindow, hands: Hands) -> None:
    hands.press(",")
    window.runner.run("settings.keys")
    assert focus_name() == "Search commands and keys"
    hands.type("star")
    window.runner.run("settings.keys")
    hands.type("dismiss")
    page = dict(overlay_of(window).pages)["Keys"]
    assert isinstance(page, KeyPage)
    assert page.edit.text() == "dismiss"


def test_settings_open_once(window: MainWindow, hands: Hands) -> None:
    hands.press(",")
    window.runner.run("settings.keys")
    assert overlay_of(window).list.currentItem().text() == "Keys"


def test_favourite_tags_are_numbered(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    library.tags.add([1], ["to-try"])
    go_to(hands, "Tags")
    hands.press("Right", "Down", "Down")
    assert focus_name() == "Favourite tag 3"
    hands.type("to-try")
    hands.press("Enter")
    assert library.tags.named("to-try").favorite == 3
    hands.type("no such tag")
    hands.press("Enter")
    assert library.tags.named("to-try").favorite == 3


def test_backups_are_made_from_there(window: MainWindow, hands: Hands) -> None:
    overlay = go_to(hands, "Backups")
    (made,) = [found for found in overlay.findChildren(QPushButton) if found.accessibleName() == "Back up now"]
    hands.click(made)
    assert not overlay.isVisible()
    assert len(window.workspace.library.backups.all()) == 1


def test_problems_stand_in_a_section_of_their_own(folder: Path, open_window: WindowMaker, qtbot: QtBot) -> None:
    (folder / "settings.toml").write_text('[appearance]\ntheme = "pink"\n')
    window = open_window(folder)
    hands = Hands(qtbot, window, lambda: settle(window))
    hands.click(next(found for found in window.panes.notice.findChildren(QPushButton) if found.text() == "Show"))
    overlay = overlay_of(window)
    assert overlay.list.currentItem().text() == "Problems (1)"
    page = overlay.stack.currentWidget()
    assert page is not None
    assert any(label.text().startswith("Line 2: “appearance.theme” must be") for label in page.findChildren(QLabel))
    (folder / "settings.toml").write_text('[appearance]\ntheme = "dark"\n')
    qtbot.waitUntil(lambda: window.appearance.look.theme.dark)
    settle(window)
    assert overlay.list.item(overlay.list.count() - 1).isHidden()


def test_the_file_is_opened_to_edit(window: MainWindow, hands: Hands, world: World, folder: Path) -> None:
    go_to(hands, "Appearance")
    hands.click(overlay_of(window).file_button)
    assert world.opened == [(folder / "settings.toml").as_uri()]
    assert "# theme = " in (folder / "settings.toml").read_text()
    world.has_browser = False
    window.runner.run("settings.file")
    hands.settle()
    assert str(folder / "settings.toml") in hands.said


def test_the_sample_has_no_file_to_open(folder: Path, open_window: WindowMaker, world: World) -> None:
    window = open_window(folder, is_sample=True)
    window.runner.run("settings.file")
    settle(window)
    assert world.opened == []
    assert "sample" in window.panes.status.message.text()


@pytest.mark.parametrize("step", [-4, 5])
def test_every_page_has_room_at_every_text_size(window: MainWindow, hands: Hands, step: int) -> None:
    window.resize(900, 600)
    window.settings.set("appearance.text_size", step)
    hands.press(",")
    overlay = overlay_of(window)
    for number, (_, page) in enumerate(overlay.pages):
        overlay.list.setCurrentRow(number)
        QApplication.processEvents()
        assert page.body.width() <= page.viewport().width()
        if isinstance(page, SettingsPage):
            for row in page.rows.values():
                assert row.title.heightForWidth(row.title.width()) <= row.title.height(), "nothing of it is cut"
                assert row.control.geometry().right() <= row.width()


def test_every_page_has_room_for_the_widest_letters(window: MainWindow, hands: Hands) -> None:
    """Where there is no font, every letter is a box as wide as high: pages were 542 wide in 307 pixels."""
    window.resize(900, 600)
    window.settings.set("appearance.text_size", LARGEST_STEP)
    hands.press(",")
    overlay = overlay_of(window)
    pages = [page for _, page in overlay.pages]
    hands.settle()
    for part in (overlay, *overlay.findChildren(QWidget)):
        wide = QFont(part.font())
        missing = max(0, QFontInfo(wide).pixelSize() - QFontMetrics(wide).averageCharWidth())
        wide.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, missing)
        part.setFont(wide)
    hands.settle()
    for number, page in enumerate(pages):
        overlay.list.setCurrentRow(number)
        hands.settle()
        assert page.body.width() <= page.viewport().width()
        assert page.width() >= overlay.panel.width() / 2
        assert {row.x() for row in page.findChildren(Row)} <= {page.column.contentsMargins().left()}
    assert overlay.file_button.is_cut


def test_sections_follow_the_size_of_the_text_at_once(window: MainWindow, hands: Hands) -> None:
    hands.press(",")
    overlay = overlay_of(window)
    before, button_before = overlay.list.width(), overlay.file_button.width()
    window.settings.set("appearance.text_size", LARGEST_STEP)
    hands.settle()
    assert overlay.list.width() > before
    assert overlay.file_button.width() > button_before


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_a_choice_without_room_cuts_its_value_and_tells_it(window: MainWindow) -> None:
    choice = Choice(((1, "A value of many words"), (2, "Another")), "Values")
    choice.setParent(window)
    choice.resize(choice.minimumSizeHint())
    choice.show()
    assert choice.narrow_text() == "    A value of many words   ›"
    choice.setFixedWidth(choice.width() // 2)
    assert choice.narrow_text().strip(" ›").endswith("…")
    place = choice.rect().center()
    asked = QHelpEvent(QEvent.Type.ToolTip, place, choice.mapToGlobal(place))
    QApplication.sendEvent(choice, asked)
    assert QToolTip.text() == "A value of many words"
    QToolTip.hideText()


def test_settings_are_read_as_what_they_are(window: MainWindow) -> None:
    assert all(value_of(window.settings.settings, name) == facts.default for name, facts in SETTINGS.items())
