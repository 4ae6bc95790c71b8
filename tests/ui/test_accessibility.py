"""Usable without eyes or mouse: names on everything, no stop without one, the focus always to be seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from reader.domain.query import MAXIMUM_LENGTH
from reader.ui.annotations.pane import AnnotationPane
from reader.ui.app.window import MainWindow
from reader.ui.mute_rules.sheet import MuteSheet
from reader.ui.overlays.overlay import Overlay
from reader.ui.overlays.prompt import Prompt
from reader.ui.search.box import SearchBox
from tests.ui.pressing import Hands


def nameless(root: QWidget) -> list[str]:
    """Widgets that can have the focus, and have no name to say."""
    stops = [one for one in [root, *root.findChildren(QWidget)] if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return [
        f"{type(one).__name__} {one.objectName()}"
        for one in stops
        if not one.accessibleName() and not one.objectName().startswith("qt_")
    ]


def test_whatever_can_have_the_focus_has_a_name(window: MainWindow, hands: Hands) -> None:
    assert nameless(window) == []
    for command in ("view.palette", "view.settings", "help.keys", "help.about", "library.restore", "go.subscriptions"):
        window.runner.run(command)
        hands.settle()
        assert nameless(window) == []
        for overlay in window.findChildren(Overlay):
            overlay.dismiss()


def test_lists_tell_rows_to_screen_readers(window: MainWindow) -> None:
    for view, words in ((window.panes.papers, "Unseen"), (window.panes.sidebar, "papers")):
        told = QAccessible.queryAccessibleInterface(view)
        children = [child for number in range(told.childCount()) if (child := told.child(number)) is not None]
        spoken = [child.text(QAccessible.Text.Name) for child in children]
        assert sum(words in text for text in spoken) >= 7, spoken


def test_labels_and_buttons_are_plain_text(window: MainWindow, hands: Hands) -> None:
    for command in (None, "help.keys", "view.settings", "library.restore", "go.subscriptions"):
        if command is not None:
            window.runner.run(command)
            hands.settle()
        for label in window.findChildren(QLabel):
            assert label.textFormat() is Qt.TextFormat.PlainText or label.pixmap() is not None, label.text()


def test_tab_reaches_every_pane(window: MainWindow, hands: Hands) -> None:
    reached = set()
    for _ in range(12):
        hands.press("Tab")
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.add(focus.objectName())
    assert {"sidebar", "paper_list", "detail"} <= reached


def test_the_focus_can_be_seen(window: MainWindow, hands: Hands) -> None:
    """Each pane looks different with the focus than without."""
    for pane in (window.panes.sidebar, window.panes.papers, window.panes.detail):
        pane.setFocus()
        QApplication.processEvents()
        with_focus = pane.grab().toImage()
        window.panes.notice.show_text("x")
        window.panes.notice.findChildren(QAbstractButton)[0].setFocus()
        QApplication.processEvents()
        assert pane.grab().toImage() != with_focus, pane.objectName()
        window.panes.notice.dismiss()


def test_text_fields_have_names_and_limits(window: MainWindow) -> None:
    fields = [field for field in window.findChildren(QLineEdit) if not field.objectName().startswith("qt_")]
    assert fields
    assert all(field.accessibleName() and field.maxLength() <= 2 * MAXIMUM_LENGTH for field in fields)


def test_text_fields_hold_a_query_of_any_script(window: MainWindow, hands: Hands) -> None:
    """Qt counts UTF-16: a rule to mute 300 letters of a rare script muted what the first 250 find."""
    window.runner.run("go.highlights")
    hands.settle()
    query = "𐐨" * MAXIMUM_LENGTH
    panes = [*window.findChildren(SearchBox), *window.findChildren(AnnotationPane)]
    assert len(panes) > 1
    for pane in panes:
        pane.edit.setText(query)
        assert pane.edit.text() == query
        pane.edit.clear()
    sheet = MuteSheet(window, window.workspace, "Mute", (query, ""), lambda *_: None)
    assert sheet.query.text() == query
    hands.settle()
    sheet.dismiss()
    prompt = Prompt(window, "Search", query, check=lambda _: "", answered=lambda _: None)
    assert prompt.edit.text() == query
    prompt.dismiss()


def spoken(root: QAccessibleInterface, roles: set[QAccessible.Role]) -> list[tuple[QAccessible.Role, str]]:
    """What a client of the platform's accessibility is told of the parts with some roles."""
    found, waiting = [], [root]
    while waiting:
        part = waiting.pop()
        if part.role() in roles:
            found.append((part.role(), part.text(QAccessible.Text.Name)))
        waiting += [child for at in range(part.childCount()) if (child := part.child(at)) is not None]
    return found


def test_buttons_and_columns_have_names_for_screen_readers(window: MainWindow, hands: Hands) -> None:
    """A button beside the search box had none, and the column of the papers was called “1”."""
    hands.press("/")
    hands.type("papers")
    hands.settle()
    for command in (None, "go.highlights", "settings.keys", "help.keys"):
        if command is not None:
            window.runner.run(command)
            hands.settle()
        roles = {QAccessible.Role.Button, QAccessible.Role.PushButton, QAccessible.Role.ColumnHeader}
        told = spoken(QAccessible.queryAccessibleInterface(window), roles)
        assert len(told) > 1
        assert [pair for pair in told if not pair[1] or pair[1].isdigit()] == []
