"""Notes by key: written, kept within a second and on every way out, shown safely, linked, and never overwritten."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication, QTextOption

from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.notes.editor import utf16_length
from reader.ui.notes.html import note_html
from reader.ui.notes.revisions import RevisionSheet
from tests.ui.conftest import WindowMaker
from tests.ui.pressing import Hands


def _current(window: MainWindow) -> int:
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    return paper_id


def _note(window: MainWindow, paper_id: int) -> str:
    return window.workspace.library.notes.of(paper_id).text


def _write(hands: Hands, text: str) -> None:
    hands.press("n")
    hands.type(text)
    hands.press("Esc")


def test_a_note_is_written_and_kept_on_leaving(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("n")
    assert window.panes.note.editor.hasFocus()
    hands.type("just e and d, s and u")
    assert window.panes.note.state.text() == "Not saved yet"
    hands.press("Esc")
    assert window.panes.papers.hasFocus()
    assert _note(window, paper_id) == "just e and d, s and u"
    assert "just e and d, s and u" in window.panes.note.view.toPlainText()


def test_a_note_begun_beside_the_list_is_left_for_the_paper_that_stands_alone_now(
    window: MainWindow, hands: Hands
) -> None:
    hands.press("n")
    window.panes.set_focus_reading(True)
    hands.click(window.panes.note.editor.viewport())
    assert window.panes.note.editor.hasFocus()
    hands.press("Esc")
    assert window.panes.is_focus_reading
    assert window.panes.detail.hasFocus()


def test_a_note_is_kept_within_a_second_while_one_types(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("n")
    hands.type("kept")
    hands.qtbot.waitUntil(lambda: _note(window, paper_id) == "kept")
    hands.qtbot.waitUntil(lambda: window.panes.note.state.text() == "Saved")


def test_closing_the_window_keeps_what_was_typed_last(
    window: MainWindow, hands: Hands, folder: Path, open_window: WindowMaker
) -> None:
    paper_id = _current(window)
    hands.press("n")
    hands.type("one")
    window.notes.flush()
    hands.type(" and two")
    window.close()
    with Library(folder) as library:
        assert library.notes.of(paper_id).text == "one and two"


def test_a_visit_is_one_step(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("n")
    for word in ("a", "b", "c"):
        hands.type(word)
        window.notes.flush()
        hands.settle()
    hands.press("Esc", "n")
    hands.type("d")
    hands.press("Esc", "u")
    assert len(_note(window, paper_id)) == 3
    hands.press("u")
    assert _note(window, paper_id) == ""
    hands.press("Shift+U", "n")
    assert len(window.panes.note.editor.toPlainText()) == 3


def test_each_paper_has_its_own_note(window: MainWindow, hands: Hands) -> None:
    first = _current(window)
    _write(hands, "first")
    hands.press("j")
    assert window.panes.note.isHidden()
    second = _current(window)
    _write(hands, "second")
    hands.press("k")
    assert window.panes.note.view.toPlainText().strip() == "first"
    assert (_note(window, first), _note(window, second)) == ("first", "second")


def test_another_text_is_never_overwritten(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("n")
    hands.type("mine")
    library = window.workspace.library
    library.notes.save(paper_id, "theirs", revision=None)
    hands.press("Esc")
    hands.press("n", "Esc")
    assert "theirs" in _note(window, paper_id)
    assert "mine" in _note(window, paper_id)
    kept = {revision.text for revision in library.notes.revisions(paper_id)}
    assert {"mine", "theirs"} <= kept


def test_what_undo_and_commands_do_to_a_note_shows_at_once(window: MainWindow, hands: Hands) -> None:
    paper_id, shown = _current(window), window.panes.note.view
    _write(hands, "first")
    _write(hands, " second")
    assert shown.toPlainText().strip() == "first second"
    hands.press("u")
    assert shown.toPlainText().strip() == "first"
    hands.press("u")
    assert window.panes.note.isHidden()
    hands.press("Shift+U")
    assert not window.panes.note.isHidden()
    assert shown.toPlainText().strip() == "first"
    hands.press("Shift+U")
    assert shown.toPlainText().strip() == "first second"
    window.workspace.perform(lambda: window.workspace.library.notes.append(paper_id, "by a command"))
    hands.settle()
    assert "by a command" in shown.toPlainText()


def test_one_goes_on_typing_in_one_s_own_text(window: MainWindow, hands: Hands) -> None:
    """Another text comes before one's own: what is typed next stands behind what was typed before."""
    paper_id = _current(window)
    _write(hands, "a")
    hands.press("n", "End")
    window.workspace.library.notes.save(paper_id, "from elsewhere", revision=None)
    hands.type("bc")
    window.notes.flush()
    hands.settle()
    hands.type("d")
    assert window.panes.note.editor.toPlainText() == "from elsewhere\n\n---\n\nabcd"


def test_an_earlier_text_is_taken_back(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    _write(hands, "old")
    hands.press("n")
    window.panes.note.editor.selectAll()
    hands.type("new")
    hands.press("Esc")
    window.runner.run("note.revisions")
    hands.settle()
    (sheet,) = window.findChildren(RevisionSheet)
    assert sheet.list.count() == 2
    assert "current note" in sheet.list.item(0).text()
    assert sheet.text.toPlainText() == "new"
    hands.press("Down")
    assert sheet.text.toPlainText().splitlines() == ["− new", "+ old"]
    hands.press("Enter")
    assert window.panes.note.editor.hasFocus()
    hands.press("Ctrl+Z")
    assert window.panes.note.editor.toPlainText() == "new"
    hands.press("Ctrl+Shift+Z", "Esc")
    assert _note(window, paper_id) == "old"


def test_what_could_not_be_saved_over_a_newer_text_is_among_the_earlier_ones(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("n")
    hands.type("mine")
    window.workspace.library.notes.save(paper_id, "theirs", revision=None)
    hands.press("Esc")
    window.runner.run("note.revisions")
    hands.settle()
    (sheet,) = window.findChildren(RevisionSheet)
    told = [sheet.list.item(row).text() for row in range(sheet.list.count())]
    assert [line for line in told if "not saved over a newer text" in line] == told[1:2]


def test_what_a_note_looks_like_stands_beside_it_instead_of_it_and_away(window: MainWindow, hands: Hands) -> None:
    note = window.panes.note
    hands.press("n")
    hands.type("# head")
    hands.press("Ctrl+P")
    assert (note.editor.isVisible(), note.view.isVisible()) == (True, True)
    assert note.editor.hasFocus()
    assert note.view.toPlainText().strip() == "head"
    hands.type("s up")
    hands.qtbot.waitUntil(lambda: note.view.toPlainText().strip() == "heads up")
    hands.press("Ctrl+P")
    assert (note.editor.isVisible(), note.view.isVisible()) == (False, True)
    assert note.view.toPlainText().strip() == "heads up"
    hands.press("Ctrl+P")
    assert (note.editor.isVisible(), note.view.isVisible()) == (True, False)
    assert note.editor.hasFocus()


def test_writing_beside_is_kept_for_the_next_note(window: MainWindow, hands: Hands) -> None:
    note = window.panes.note
    hands.press("n", "Ctrl+P", "Esc")
    hands.press("j")
    hands.press("n")
    assert (note.editor.isVisible(), note.view.isVisible()) == (True, True)
    hands.type("- two")
    hands.qtbot.waitUntil(lambda: note.view.toPlainText().strip() == "two")


def test_a_quote_is_pasted_joined(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    QGuiApplication.clipboard().setText("a quota-\ntion over\ntwo lines")
    hands.press("n", "Ctrl+Shift+V")
    hands.press("Esc")
    assert _note(window, paper_id).startswith("> a quotation over two lines")


def test_links_are_completed_and_seen_from_the_other_side(window: MainWindow, hands: Hands) -> None:
    first = window.workspace.library.papers.get(_current(window))
    hands.press("j")
    other = window.workspace.library.papers.get(_current(window))
    hands.press("k", "n")
    hands.type(f"😀 see [[{other.title[:25]}")
    hands.settle()
    assert window.panes.note.editor.completions.isVisible()
    hands.press("Enter", "Esc")
    links = window.workspace.library.note_links.resolve(_note(window, first.id))
    assert [link.paper.id for link in links if link.paper] == [other.id]
    hands.press("j")
    assert "Linked from" in window.panes.note.view.toPlainText()
    assert first.title[:20] in window.panes.note.view.toPlainText()


def test_a_note_s_html_holds_nothing_that_acts() -> None:
    shown = note_html(
        "<script>x</script> ![p](file:///etc/passwd) [a](javascript:x) [b](file:///x) <img src=x onerror=y>\n\n"
        "[c](https://example.org) **d**"
    )
    assert "<script" not in shown
    assert "<img" not in shown
    assert "javascript:" not in shown.replace("[a](javascript:x)", "")
    assert 'href="file' not in shown
    assert '<a href="https://example.org">c</a>' in shown
    assert "<strong>d</strong>" in shown


def test_an_endless_word_freezes_nothing_and_is_kept_whole(window: MainWindow, hands: Hands) -> None:
    """A picture copied as text: Qt took 2 s for one of 200,000 characters, and minutes for one of three million."""
    paper_id, endless = _current(window), "iVBORw0KGgo" * 20_000
    QGuiApplication.clipboard().setText(endless)
    hands.press("n", "Ctrl+V")
    assert window.panes.note.editor.wordWrapMode() is QTextOption.WrapMode.WrapAnywhere
    hands.press("Esc")
    assert _note(window, paper_id) == endless
    shown = window.panes.note.view.toPlainText()
    assert shown.strip().endswith("… (220,000 characters)")
    assert len(shown) < 300
    hands.press("j", "n")
    assert window.panes.note.editor.wordWrapMode() is QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
    hands.press("Esc", "k", "n")
    assert window.panes.note.editor.wordWrapMode() is QTextOption.WrapMode.WrapAnywhere
    assert window.panes.note.editor.toPlainText() == endless
    hands.press("Esc")
    window.runner.run("note.revisions")
    hands.settle()
    (sheet,) = window.findChildren(RevisionSheet)
    assert sheet.text.wordWrapMode() is QTextOption.WrapMode.WrapAnywhere


def test_long_texts_in_scripts_without_spaces_are_shown_whole() -> None:
    assert "字" * 5_000 in note_html("字" * 5_000)


def test_positions_count_as_qt_does() -> None:
    assert utf16_length("a😀é") == 4


def test_a_note_is_kept_when_something_else_gets_the_focus(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("n")
    hands.type("kept")
    window.panes.sidebar.setFocus()
    hands.settle()
    assert _note(window, paper_id) == "kept"


def test_a_link_is_completed_by_a_paper_s_key(window: MainWindow, hands: Hands) -> None:
    first = _current(window)
    other = window.workspace.library.papers.get(40 if first != 40 else 39)
    hands.press("n")
    hands.type(f"[[{other.key}")
    hands.settle()
    hands.press("Enter", "Esc")
    links = window.workspace.library.note_links.resolve(_note(window, first))
    assert [link.paper.id for link in links if link.paper] == [other.id]


def test_templates_are_filled_with_the_paper_s_facts(window: MainWindow, hands: Hands, folder: Path) -> None:
    """Lectern's own, and one of the user's, at the cursor of what is written already."""
    own = folder / "note-templates"
    own.mkdir()
    (own / "Mine.md").write_text("## {title} {unknown}\n")
    paper = window.workspace.library.papers.get(_current(window))
    hands.press("n")
    hands.type("first")
    hands.press("Ctrl+K")
    hands.type("note from a template")
    hands.press("Enter")
    hands.type("mine")
    hands.press("Enter")
    assert window.panes.note.editor.hasFocus()
    hands.press("Esc")
    assert _note(window, paper.id) == f"first\n\n## {paper.title} {{unknown}}\n\n\n"


def test_markdown_is_marked_lightly_as_one_types(window: MainWindow, hands: Hands) -> None:
    hands.press("n")
    hands.type("# head")
    block = window.panes.note.editor.document().firstBlock()
    hands.qtbot.waitUntil(lambda: bool(block.layout().formats()))
    (marked,) = block.layout().formats()
    assert (marked.start, marked.length, marked.format.fontWeight()) == (0, 6, 700)
    assert window.panes.note.editor.toPlainText() == "# head"
