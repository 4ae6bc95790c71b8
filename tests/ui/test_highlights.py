"""Highlighting by sentence labels, by key: made, taken off, ranges, comments, labels, and undone."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from reader.domain.papers import Highlight
from reader.ui.app.window import MainWindow
from reader.ui.highlights.editor import HighlightEditor
from reader.ui.highlights.focused import FocusedHighlight
from reader.ui.highlights.sentences import SentenceLabels
from reader.ui.highlights.words import WordSelection
from tests.ui.pressing import Hands, key_events, named


def highlights(window: MainWindow) -> list[Highlight]:
    """Those of the paper that is shown, as the library has them."""
    assert window.reader.paper is not None
    return window.workspace.library.highlights.of(window.reader.paper.id)


def quotes(window: MainWindow) -> list[str]:
    return [each.exact for each in highlights(window)]


def sentences(window: MainWindow) -> list[str]:
    mode = window.highlights.mode
    assert isinstance(mode, SentenceLabels)
    assert window.reader.paper is not None
    texts = {"title": window.reader.paper.title, "abstract": window.reader.paper.abstract}
    return [texts[each.target][each.start : each.end] for each in mode._sentences]


def test_a_label_highlights_its_sentence_and_again_takes_it_off(window: MainWindow, hands: Hands) -> None:
    hands.press("h")
    every = sentences(window)
    assert len(every) >= 3
    hands.press("s")
    assert quotes(window) == [every[1]]
    hands.press("d")
    assert set(quotes(window)) == {every[1], every[2]}
    hands.press("s")
    assert quotes(window) == [every[2]]
    hands.press("Esc")
    assert window.highlights.mode is None
    assert window.panes.papers.hasFocus()


def test_a_range_is_one_highlight_and_undo_goes_back_to_its_first_sentence(window: MainWindow, hands: Hands) -> None:
    hands.press("h")
    every = sentences(window)
    hands.press("s", "-", "f", "Esc")
    (found,) = quotes(window)
    assert found.startswith(every[1])
    assert found.endswith(every[3])
    hands.press("u")
    assert quotes(window) == [every[1]]
    hands.press("u")
    assert quotes(window) == []
    hands.press("Shift+U", "Shift+U")
    assert quotes(window) == [found]


def test_what_is_said_of_a_highlight_names_its_paper(window: MainWindow, hands: Hands) -> None:
    paper = window.reader.paper
    assert paper is not None
    inside = f"in {named(hands)}  ·  u undoes"
    first, second = [each.name for each in window.workspace.library.labels.all()][:2]
    for keys, begins in (
        ("h s", f"Highlighted as {first}: “"),
        ("Tab s", f"Changed highlight to {second}: “"),
        ("s", "Deleted highlight “"),
    ):
        hands.press(*keys.split())
        assert hands.said.startswith(begins)
        assert hands.said.endswith(inside)


def test_a_range_may_be_typed_faster_than_it_is_dealt_with(window: MainWindow, hands: Hands) -> None:
    from reader.ui.commands.key_chords import Key

    hands.press("h")
    for key in ("s", "-", "d"):
        hands.strike(Key(key))
    hands.settle()
    assert len(quotes(window)) == 1


def test_a_range_from_title_to_abstract_is_one_step_of_two_highlights(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "a", "-", "s", "Esc")
    assert [each.target for each in highlights(window)] == ["title", "abstract"]
    hands.press("u", "u")
    assert highlights(window) == []


def test_shift_asks_for_a_comment(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "Shift+S")
    (editor,) = window.findChildren(HighlightEditor)
    assert editor.edit.hasFocus()
    hands.type("why, and how?")
    hands.press("Enter")
    (found,) = highlights(window)
    assert found.comment == "why, and how?"
    assert window.highlights.bar.hasFocus()  # typing labels goes on
    hands.press("Esc")
    assert "why, and how?" in window.panes.detail.toPlainText()


def test_a_shifted_label_on_a_highlight_comments_on_it(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "s", "Shift+S")
    hands.type("later")
    hands.press("Enter")
    assert [each.comment for each in highlights(window)] == ["later"]


def test_a_comment_has_lines_and_is_kept_however_one_leaves(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "Shift+S")
    hands.type("one")
    hands.press("Shift+Enter")
    hands.type("two")
    hands.press("Esc")
    assert [each.comment for each in highlights(window)] == ["one\ntwo"]


def test_tab_changes_the_label(window: MainWindow, hands: Hands) -> None:
    hands.press("h")
    names = [each.name for each in window.workspace.library.labels.all()]
    assert window.highlights.bar.label.text() == names[0]
    hands.press("Tab", "s")
    assert [each.label for each in highlights(window)] == [names[1]]
    hands.press("Tab", "s")
    assert [each.label for each in highlights(window)] == [names[2]]  # another label on the same words: that one now
    hands.press("Shift+Tab", "Shift+Tab", "d")
    assert [each.label for each in highlights(window)] == [names[2], names[0]]
    hands.press("Esc", "h")
    assert window.highlights.bar.label.text() == names[0]


def test_backspace_and_wrong_letters_do_nothing(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "-", "z", "1", "Backspace", "Backspace")
    assert highlights(window) == []
    assert window.highlights.mode is not None


def test_commands_with_ctrl_work_meanwhile(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "s", "Ctrl+Z")
    assert highlights(window) == []
    assert window.highlights.mode is not None
    hands.press("Ctrl+K", "Esc")
    assert window.highlights.bar.hasFocus()


def test_no_letter_runs_a_command_meanwhile(window: MainWindow, hands: Hands) -> None:
    before = window.panes.papers.current_paper_id
    hands.press("h", "Shift+G", "j", "k", "x")
    for overlay in window.findChildren(HighlightEditor):
        overlay.dismiss()
    assert window.panes.papers.current_paper_id == before
    assert not window.panes.papers.is_selecting


def test_another_paper_ends_the_labels(window: MainWindow, hands: Hands) -> None:
    hands.press("h")
    window.reader.next()
    hands.settle()
    assert window.highlights.mode is None
    assert window.panes.papers.hasFocus()


def test_a_mouse_selection_is_highlighted_exactly(window: MainWindow, hands: Hands) -> None:
    paper = window.reader.paper
    assert paper is not None
    detail = window.panes.detail
    start = detail.toPlainText().index(paper.abstract[:40])
    cursor = QTextCursor(detail.document())
    cursor.setPosition(start + 4)
    cursor.setPosition(start + 17, QTextCursor.MoveMode.KeepAnchor)
    detail.setTextCursor(cursor)
    detail.setFocus()
    hands.press("h")
    (found,) = highlights(window)
    assert (found.target, found.start, found.exact) == ("abstract", 4, paper.abstract[4:17])
    assert window.highlights.mode is None
    assert not detail.textCursor().hasSelection()


def test_keys_go_from_highlight_to_highlight(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "a", "s", "d", "Esc")
    ids = [each.id for each in highlights(window)]
    seen = []
    for key in ("}", "}", "}", "{"):
        hands.press(key)
        seen.append(window.highlights.layer.here)
    assert seen == [ids[0], ids[1], ids[2], ids[1]]
    assert "2 of 3" in window.highlights.bar.hint.text()
    hands.press("}", "}")
    assert "No highlight further on" in hands.said
    hands.press("Esc")
    assert window.highlights.layer.here is None
    assert window.panes.papers.hasFocus()


def test_keys_go_on_into_other_papers(window: MainWindow, hands: Hands) -> None:
    first = window.panes.papers.current_paper_id
    hands.press("h", "s", "d", "Esc", "j", "j", "j", "h", "s", "Esc", "k", "k", "k")
    hands.press(">", ">")
    assert window.panes.papers.current_paper_id == first
    hands.press(">")
    assert window.panes.papers.current_paper_id != first
    assert [each.id for each in highlights(window)] == [window.highlights.layer.here]
    hands.press(">")
    assert "No highlight further down" in hands.said
    hands.press("<")
    assert window.panes.papers.current_paper_id == first
    assert window.highlights.layer.here == highlights(window)[-1].id


def test_enter_edits_and_delete_removes(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "s", "Esc")
    hands.press("}", "Enter")
    hands.type("to check")
    hands.press("Tab", "Enter")
    (found,) = highlights(window)
    assert (found.comment, found.label) == ("to check", "Method")
    assert isinstance(window.highlights.mode, FocusedHighlight)
    hands.press("Tab")
    assert highlights(window)[0].label == "Result"
    hands.press("Delete")
    assert highlights(window) == []
    assert window.highlights.mode is None
    assert window.reader.paper is not None
    assert window.reader.paper.state.value == "inbox"  # the paper was not dismissed by that
    hands.press("u")
    assert [each.comment for each in highlights(window)] == ["to check"]


def test_other_keys_work_while_a_highlight_is_focused(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "s", "Esc")
    hands.press("}", "s")
    assert window.reader.paper is not None
    assert window.reader.paper.starred
    assert window.highlights.mode is not None
    hands.press("j")
    assert window.highlights.mode is None
    assert window.panes.papers.hasFocus()


def test_shift_h_and_the_palette_act_on_the_focused_highlight(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+H")
    assert "Go to a highlight first" in hands.said
    hands.press("h", "s", "Esc")
    hands.press("}", "Shift+H")
    assert isinstance(QApplication.focusWidget(), QPlainTextEdit)
    hands.press("Enter")
    window.runner.run("highlight.delete")
    hands.settle()
    assert highlights(window) == []


def test_a_comment_is_kept_when_the_window_closes(window: MainWindow, hands: Hands) -> None:
    from reader.services import Library

    folder = window.workspace.library.folder
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    hands.press("h", "Shift+S")
    hands.type("at the last moment")
    window.close()
    with Library(folder) as library:
        assert [each.comment for each in library.highlights.of(paper_id)] == ["at the last moment"]


@pytest.mark.parametrize("command", ["highlight.sentences", "highlight.words", "highlight.next"])
def test_nothing_happens_where_there_is_no_paper(window: MainWindow, hands: Hands, command: str) -> None:
    hands.press("g q")
    window.runner.run(command)
    hands.settle()
    assert window.highlights.mode is None


def test_looking_at_a_comment_changes_nothing(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "s", "Esc")
    (found,) = highlights(window)
    comment = "first\r\nsecond\u2028third " + "word " * 10_000 + "end"
    window.workspace.library.highlights.update(found.id, comment=comment)
    steps = len(window.workspace.library.history.steps())
    hands.press("}", "Enter")
    hands.press("Enter")
    assert highlights(window)[0].comment == comment
    assert len(window.workspace.library.history.steps()) == steps
    hands.press("Enter")
    hands.type("!")
    hands.press("Esc")
    assert highlights(window)[0].comment.endswith("word end!")


def test_a_comment_that_was_changed_elsewhere_meanwhile_is_not_overwritten(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "Shift+S")
    hands.type("mine")
    (found,) = highlights(window)
    window.workspace.library.highlights.update(found.id, comment="theirs")
    hands.press("Enter")
    assert [each.comment for each in highlights(window)] == ["theirs\n\nmine"]


def test_a_comment_on_a_highlight_that_is_gone_meanwhile_is_on_the_clipboard(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "Shift+S")
    hands.type("mine")
    window.workspace.library.highlights.delete(highlights(window)[0].id)
    hands.press("Enter")
    assert "clipboard" in hands.said
    assert QGuiApplication.clipboard().text() == "mine"


def test_the_bar_leaves_the_text_in_sight(window: MainWindow, hands: Hands) -> None:
    detail = window.panes.detail
    before = detail.viewport().height()
    hands.press("h")
    bar = window.highlights.bar
    assert bar.isVisible()
    assert detail.viewport().geometry().bottom() < bar.geometry().top()
    assert detail.rect().contains(bar.geometry())
    window.resize(720, 480)
    hands.settle()
    assert detail.viewport().geometry().bottom() < bar.geometry().top()
    assert detail.rect().contains(bar.geometry())
    window.resize(1280, 820)
    hands.press("Esc")
    assert detail.viewport().height() == before


def test_a_click_in_the_text_ends_the_labels(window: MainWindow, hands: Hands) -> None:
    hands.press("h")
    hands.click(window.panes.detail.viewport())
    assert window.highlights.mode is None
    assert window.panes.detail.hasFocus()


def test_a_click_in_the_list_of_highlights_goes_to_one(window: MainWindow, hands: Hands) -> None:
    from PySide6.QtCore import QUrl

    hands.press("h", "s", "d", "Esc")
    ids = [each.id for each in highlights(window)]
    window.panes.detail.anchorClicked.emit(QUrl(f"lectern-highlight:{ids[1]}"))
    assert window.highlights.layer.here == ids[1]
    window.panes.detail.anchorClicked.emit(QUrl("lectern-highlight:999"))
    assert window.highlights.layer.here == ids[1]


def hold(hands: Hands, key: str) -> None:
    """A key that is held: pressed, and pressed again by the keyboard itself."""
    from reader.ui.commands.key_chords import Key

    hands.press(key)
    press, _ = key_events(Key.parse(key))
    for _ in range(3):
        again = QKeyEvent(press.type(), press.key(), press.modifiers(), press.text(), True)
        QApplication.sendEvent(QApplication.focusWidget() or hands.window, again)
    hands.settle()


def test_a_held_key_never_toggles(window: MainWindow, hands: Hands) -> None:
    hands.press("h")
    hold(hands, "s")
    assert len(highlights(window)) == 1
    hands.press("Esc", "}")
    hold(hands, "Tab")
    assert highlights(window)[0].label == "Method"
    hold(hands, "s")
    assert window.reader.paper is not None
    assert window.reader.paper.starred
    hands.press("Esc", "w")
    mode = window.highlights.mode
    assert isinstance(mode, WordSelection)
    before = mode.selected.start
    hold(hands, "l")
    words = window.reader.paper.abstract[before : mode.selected.start].split()
    assert len(words) == 4  # moving goes on
    hold(hands, "v")
    hands.press("l", "Enter")
    assert window.highlights.mode is None
