"""One table of commands: everything that shows or runs commands agrees with it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QStyle

from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import Chord, ChordMatcher, KeyTrie, Matched, shown_chord
from reader.ui.commands.key_sheet import KeySheet, sheet_groups
from reader.ui.commands.menus import paper_menu
from reader.ui.commands.table import COMMANDS, COMMANDS_BY_ID, Command, Menu, Where
from reader.ui.look.typography import LARGEST_STEP
from tests.ui.pressing import Hands

DOCS = Path(__file__).parents[2] / "docs"
# What the design promises of the keys there are so far.
PROMISED = {
    "j": "go.next", "Down": "go.next", "k": "go.previous", "Up": "go.previous",
    "g g": "go.first", "Home": "go.first", "Shift+G": "go.last", "End": "go.last",
    "Space": "go.read_on", "Shift+Space": "go.read_back", "Enter": "paper.read", "Esc": "go.escape",
    "m": "paper.seen", "Shift+M": "paper.unseen", "s": "paper.star", "a": "paper.queue", "e": "paper.done",
    "d": "paper.dismiss", "#": "paper.dismiss", "Delete": "paper.dismiss",
    "o": "paper.page", "v": "paper.pdf", "c": "paper.code", "y y": "paper.copy_citation", "y m": "paper.copy_markdown",
    "g i": "go.inbox", "g q": "go.queue", "g r": "go.reading", "g s": "go.starred", "g e": "go.done",
    "g d": "go.dismissed", "g a": "go.all", "g l": "go.listings", "/": "go.find",
    "Ctrl+K": "view.palette", ":": "view.palette", "?": "help.keys",
    "u": "edit.undo", "Ctrl+Z": "edit.undo", "Shift+U": "edit.redo", "Ctrl+Shift+Z": "edit.redo",
    "[": "go.older_listing", "]": "go.newer_listing",
    "Ctrl+PgUp": "go.older_listing", "Ctrl+PgDown": "go.newer_listing",
    "Shift+I": "import.files", "F11": "view.full_screen", "Ctrl++": "view.larger", "Ctrl+-": "view.smaller",
    "Ctrl+0": "view.default_size",
}  # fmt: skip


BINDINGS = [(chord, command.id) for command in COMMANDS for chord in command.chords]
"""Every default chord and the id of its command."""


def test_ids_and_titles_are_unique() -> None:
    assert [name for name, count in Counter(command.id for command in COMMANDS).items() if count > 1] == []
    reached = Counter(command.title for command in COMMANDS)
    assert [name for name, count in reached.items() if count > 1] == []


def test_every_default_chord_can_be_typed() -> None:
    trie = KeyTrie(BINDINGS)
    for chord, command in BINDINGS:
        matcher = ChordMatcher(trie)
        assert [matcher.press(key) for key in chord][-1] == Matched(command)


def test_the_promised_keys_are_there() -> None:
    bound = {" ".join(str(key) for key in chord): command for chord, command in BINDINGS}
    spelled = {" ".join(str(key) for key in chord): text for text in PROMISED for chord in (_chord(text),)}
    assert {text: bound.get(spelling) for spelling, text in spelled.items()} == PROMISED


def _chord(text: str) -> tuple[object, ...]:
    from reader.ui.commands.key_chords import parse_chord

    return parse_chord(text)


def test_every_command_has_a_method_and_help_or_a_plain_title(window: MainWindow) -> None:
    assert window.runner.bound == set(COMMANDS_BY_ID)
    assert [command.id for command in COMMANDS if not command.title] == []


def test_the_page_of_keys_names_every_command() -> None:
    page = (DOCS / "keys.md").read_text(encoding="utf-8")
    assert [command.id for command in COMMANDS if f"| `{command.id}` |" not in page] == []


def test_unknown_and_doubled_commands_cannot_be_bound(window: MainWindow) -> None:
    for command_id in ("no.such", "go.next"):
        with pytest.raises(ValueError, match=command_id):
            window.runner.bind({command_id: window.close})


def test_menus_agree_with_the_table(window: MainWindow) -> None:
    menus = {action.menu().title(): action.menu() for action in window.menuBar().actions()}
    assert list(menus) == [menu.value for menu in Menu]
    for menu in Menu:
        menus[menu.value].aboutToShow.emit()
        shown = [action.text() for action in entries(menus[menu.value])]
        wanted = [_menu_text(window, command) for command in COMMANDS if command.menu is menu]
        assert sorted(shown) == sorted(wanted), "each once, those of one group together"


def entries(menu: QMenu) -> list[QAction]:
    """What a menu and the menus within it run."""
    found = []
    for action in menu.actions():
        if isinstance(within := action.menu(), QMenu):
            within.aboutToShow.emit()
            found += entries(within)
        elif not action.isSeparator():
            found.append(action)
    return found


def test_menus_have_room_on_a_screen_with_the_largest_text(window: MainWindow, hands: Hands) -> None:
    """The menu Paper was 1,800 pixels wide, in two columns that both ended below the screen."""
    window.settings.set("appearance.text_size", LARGEST_STEP)
    hands.settle()
    menus = [action.menu() for action in window.menuBar().actions()]
    for menu in (*menus, paper_menu(window, window.runner)):
        assert isinstance(menu, QMenu)
        shown = [action for action in menu.actions() if not action.isSeparator()]
        assert len(shown) <= 20, menu.title()
        assert menu.font().pointSizeF() == window.appearance.look.typography.interface().pointSizeF()
        height = menu.fontMetrics().height()
        assert menu.sizeHint().height() <= 20 * (height + 12) + 12 * 12, menu.title()
        assert menu.style().styleHint(QStyle.StyleHint.SH_Menu_Scrollable, None, menu), "on lower screens it scrolls"


def _menu_text(window: MainWindow, command: Command) -> str:
    keys = f"\t{shown_chord(command.chords[0])}" if command.chords else ""
    return window.runner.menu_title(command.id).replace("&", "&&") + keys


def test_no_menu_entry_makes_a_shortcut_of_its_own(window: MainWindow) -> None:
    actions = [action for menu in window.menuBar().actions() for action in entries(menu.menu())]
    assert [action.text() for action in actions if not action.shortcut().isEmpty()] == []


def test_menus_run_their_commands(window: MainWindow, hands: Hands) -> None:
    menu = paper_menu(window, window.runner)
    (star,) = [action for action in menu.actions() if action.data() == "paper.star"]
    star.trigger()
    hands.settle()
    assert window.reader.paper is not None
    assert window.reader.paper.starred


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_right_click_fills_no_new_menu(window: MainWindow) -> None:
    before = len(window.findChildren(QMenu))
    for _ in range(2):
        window.panes.papers.menu_wanted.emit(QPoint(5, 5))
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        popup.close()
    assert len(window.findChildren(QMenu)) == before


def test_menus_offer_only_what_is_possible(window: MainWindow, hands: Hands) -> None:
    listing_menu = window.menuBar().actions()[0].menu()
    (rename,) = [action for action in entries(listing_menu) if action.data() == "listing.rename"]
    listing_menu.aboutToShow.emit()
    assert not rename.isEnabled()
    hands.press("[")
    entries(listing_menu)
    assert rename.isEnabled()


def test_the_palette_offers_every_command_with_its_keys(window: MainWindow) -> None:
    offered = {item.title: item.keys for item in window.help.palette_items()}
    for command in COMMANDS:
        if command.id in {"view.palette", "go.escape"}:
            continue
        for chord in command.chords:
            assert shown_chord(chord) in offered[window.runner.title(command.id)]


def test_the_key_sheet_shows_every_key(window: MainWindow, hands: Hands) -> None:
    hands.press("?")
    (sheet,) = window.findChildren(KeySheet)
    shown = {row.title: row.keys for column in sheet.table.rows.columns for row in column}
    for command in COMMANDS:
        if command.chords:
            assert shown[window.runner.title(command.id)] == tuple(map(shown_chord, command.chords))


def test_the_key_sheet_puts_what_is_valid_here_first() -> None:
    groups = sheet_groups(
        COMMANDS, lambda command_id: COMMANDS_BY_ID[command_id].where is Where.ANYWHERE, "", _default_chords
    )
    title, members = groups[-1]
    assert title == "Not available now"
    assert {command.where for command in members} == {Where.PAPER}
    assert "Star" not in {command.title for _, others in groups[:-1] for command in others}


def test_the_key_sheet_is_searched_by_words_and_keys() -> None:
    def found(query: str) -> set[str]:
        return {
            command.id
            for _, members in sheet_groups(COMMANDS, lambda _: True, query, _default_chords)
            for command in members
        }

    assert found("pdf") == {"paper.pdf"}
    assert "go.first" in found("g g")
    assert found("no such words at all") == set()


def _default_chords(command_id: str) -> tuple[Chord, ...]:
    return COMMANDS_BY_ID[command_id].chords


def test_the_key_sheet_says_what_no_key_does_and_speaks_its_rows(window: MainWindow, hands: Hands) -> None:
    hands.press("?")
    (sheet,) = window.findChildren(KeySheet)
    rows = sheet.table.rows
    at = [(row.title, i, j) for j, column in enumerate(rows.columns) for i, row in enumerate(column)]
    (_, row, column) = next(one for one in at if one[0] == "Star")
    assert rows.data(rows.index(row, column), Qt.ItemDataRole.AccessibleTextRole) == "Star: s"
    before = sheet.table.verticalScrollBar().value()
    hands.press("Down", "PgDown")
    assert sheet.table.verticalScrollBar().value() > before
    hands.type("no such words")
    assert [[row.title for row in column] for column in rows.columns] == [
        ["No command matches. Ctrl+K finds every command."]
    ]
