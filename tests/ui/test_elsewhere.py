"""What something else changes while the window is open shows: what commands did is told as news.

Whatever brings news tells the window by :meth:`Workspace.announce`.
"""

from __future__ import annotations

from reader.domain.changes import Change
from reader.domain.papers import PaperState
from reader.domain.views import ViewKind
from reader.ui.app.window import MainWindow
from tests.ui.pressing import Hands, named


def _current(window: MainWindow) -> int:
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    return paper_id


def _announce(hands: Hands, change: Change) -> None:
    hands.window.workspace.announce(change)
    hands.settle()


def _tags_in_the_left_pane(window: MainWindow) -> list[tuple[str, int | None]]:
    rows = [window.panes.sidebar_model.row(number) for number in range(window.panes.sidebar_model.rowCount())]
    return [(row.title, row.count) for row in rows if row and row.view and row.view.kind is ViewKind.TAG]


def test_tags_show_in_rows_detail_left_pane_and_titles(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    _announce(hands, library.tags.add([_current(window)], ["rl"]))
    assert _tags_in_the_left_pane(window) == [("rl", 1)]
    assert "#rl" in window.panes.detail.toPlainText()
    row = window.panes.paper_model.paper(window.panes.papers.current_row)
    assert row is not None
    assert row.tags == ("rl",)
    _announce(hands, library.tags.set_favorite("rl", 7))
    assert window.runner.title("tag.favorite_7") == "Favourite tag 7: rl"
    _announce(hands, library.tags.rename("rl", "learning"))
    assert _tags_in_the_left_pane(window) == [("learning", 1)]
    assert "#learning" in window.panes.detail.toPlainText()
    assert window.runner.title("tag.favorite_7") == "Favourite tag 7: learning"


def test_states_and_stars_show(window: MainWindow, hands: Hands) -> None:
    library, paper_id = window.workspace.library, _current(window)
    _announce(hands, library.states.set([paper_id], PaperState.QUEUED))
    _announce(hands, library.states.set_starred([paper_id], True))
    assert "Queued" in window.panes.detail.toPlainText()
    queue = window.panes.sidebar_model.row(1)
    assert queue is not None
    assert (queue.title, queue.count) == ("Queue", 1)
    row = window.panes.paper_model.paper(window.panes.papers.current_row)
    assert row is not None
    assert row.starred


def test_a_note_shows_where_it_is_read(window: MainWindow, hands: Hands) -> None:
    saved = window.workspace.library.notes.save(_current(window), "from the command line", revision=None)
    _announce(hands, saved.change)
    assert window.panes.note.isVisible()
    assert window.panes.note.view.toPlainText().strip() == "from the command line"


def test_a_note_that_is_open_and_untouched_follows(window: MainWindow, hands: Hands) -> None:
    hands.press("n")
    saved = window.workspace.library.notes.save(_current(window), "from the command line", revision=None)
    _announce(hands, saved.change)
    assert window.panes.note.editor.toPlainText() == "from the command line"
    hands.type("and ")
    hands.press("Esc")
    assert window.workspace.library.notes.of(_current(window)).text == "and from the command line"


def test_a_note_that_is_being_typed_keeps_both_texts(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("n")
    hands.type("mine")
    saved = window.workspace.library.notes.append(paper_id, "theirs")
    window.workspace.announce(saved)
    window.notes.flush()
    hands.settle()
    assert window.panes.note.editor.toPlainText() == "theirs\n\n---\n\nmine"
    assert window.panes.note.state.text() == "Changed elsewhere: both texts are here"
    hands.press("Esc")
    assert window.workspace.library.notes.of(paper_id).text == "theirs\n\n---\n\nmine"
    kept = [revision.text for revision in window.workspace.library.notes.revisions(paper_id)]
    assert {"theirs", "mine"} <= set(kept)


def test_undo_and_redo_say_what_they_would_do(window: MainWindow, hands: Hands) -> None:
    library, paper_id, name = window.workspace.library, _current(window), named(hands)
    hands.press("s")
    assert window.runner.menu_title("edit.undo") == f"Undo: Starred: {name}"
    assert window.runner.menu_title("edit.redo") == "Redo"
    _announce(hands, library.tags.add([paper_id], ["rl"]))
    assert window.runner.menu_title("edit.undo") == f"Undo: Tagged “rl”: {name}"
    hands.press("u")
    assert window.runner.menu_title("edit.undo") == f"Undo: Starred: {name}"
    assert window.runner.menu_title("edit.redo") == f"Redo: Tagged “rl”: {name}"
    assert ("Redo", f"Tagged “rl”: {name}") in [(item.title, item.note) for item in window.help.palette_items()]


def test_undo_from_elsewhere_shows_too(window: MainWindow, hands: Hands) -> None:
    name = named(hands)
    hands.press("t")
    hands.type("rl")
    hands.press("Enter")
    undone = window.workspace.library.history.undo()
    assert undone is not None
    _announce(hands, undone.change)
    assert _tags_in_the_left_pane(window) == []
    assert "#rl" not in window.panes.detail.toPlainText()
    assert window.runner.menu_title("edit.redo") == f"Redo: Tagged “rl”: {name}"
