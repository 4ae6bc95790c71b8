"""Tagging by key: on one paper and on a selection, by number, in the left pane, and renaming, joining, deleting."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from reader.domain.views import View, ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import Key
from reader.ui.commands.palette import Palette
from reader.ui.overlays.prompt import Prompt
from reader.ui.tags.editor import TagEditor
from tests.ui.pressing import Hands, named

_ONE_MORE = """@misc{one, title = {The Paper That Made It Forty-One}, author = {Mara Quill}, year = {2026}, abstract = {
We count to forty, add one, and report the sum, which is forty-one for every seed that we tried.}}
"""


def _ids(window: MainWindow, count: int) -> list[int]:
    entries = window.panes.paper_model.entries
    return [entries.paper_id(row) or 0 for row in range(count)]


def _tags(window: MainWindow, paper_id: int) -> tuple[str, ...]:
    return window.workspace.library.papers.get(paper_id).tags


def _open_editor(window: MainWindow) -> TagEditor:
    return next(each for each in window.findChildren(TagEditor) if each.isVisible())


def _tag(hands: Hands, *names: str) -> None:
    for name in names:
        hands.press("t")
        hands.type(name)
        hands.press("Ctrl+Enter")


def test_a_selection_is_tagged_undone_and_redone(window: MainWindow, hands: Hands) -> None:
    """Three keys plus the tag: t (and Enter), u, Shift+U."""
    library = window.workspace.library
    for _ in library.imports.text(_ONE_MORE, "one more"):
        pass
    hands.press("g a")
    ids = list(library.views.paper_ids(View(ViewKind.ALL)))
    assert len(ids) == 41
    hands.press("* a", "t")
    hands.type("to-try")
    hands.press("Enter")
    assert hands.said == "Tagged 41 papers “to-try”  ·  u undoes"
    assert {_tags(window, paper_id) for paper_id in ids} == {("to-try",)}
    hands.press("u")
    assert hands.said == "Undid: Tagged 41 papers “to-try”"
    assert {_tags(window, paper_id) for paper_id in ids} == {()}
    hands.press("Shift+U")
    assert hands.said == "Redid: Tagged 41 papers “to-try”"
    assert {_tags(window, paper_id) for paper_id in ids} == {("to-try",)}


def test_what_is_tagged_shows_though_the_editor_is_long_gone(window: MainWindow, hands: Hands) -> None:
    """The change was told to nobody where the editor had been deleted before the tag was written."""
    before = hands.title
    hands.press("t")
    hands.type("to-try")
    editor = _open_editor(window)
    hands.strike(Key("Enter"))
    delete(editor)
    hands.settle()
    assert hands.said == f"Tagged “to-try”: {named(hands)}  ·  u undoes"
    assert hands.title == before
    assert window.reader.paper is not None
    assert window.reader.paper.tags == ("to-try",)
    assert window.workspace.is_settled


def test_typing_before_the_tags_are_read_loses_nothing(window: MainWindow, hands: Hands) -> None:
    for key in ("t",):
        hands.qtbot.keyClick(window.panes.papers, key)
    hands.type("fast")
    hands.press("Enter")
    assert _tags(window, _ids(window, 1)[0]) == ("fast",)


def test_completion_takes_the_tag_that_begins_so(window: MainWindow, hands: Hands) -> None:
    first, second = _ids(window, 2)
    _tag(hands, "method/diffusion")
    hands.press("j", "t")
    hands.type("DIF")
    editor = _open_editor(window)
    item = editor.model.item(0)
    assert item is not None
    assert (item.title, item.note) == ("method/diffusion", "1 paper")
    hands.press("Enter")
    assert _tags(window, second) == _tags(window, first) == ("method/diffusion",)


def test_ctrl_enter_takes_what_is_typed(window: MainWindow, hands: Hands) -> None:
    _tag(hands, "diffusion", "dif")
    assert set(_tags(window, _ids(window, 1)[0])) == {"diffusion", "dif"}


def test_a_tag_that_is_there_already_is_not_made_anew(window: MainWindow, hands: Hands) -> None:
    _tag(hands, "diffusion")
    hands.press("t")
    hands.type("diff")
    item = _open_editor(window).model.item(0)
    assert item is not None
    assert (item.title, item.note) == ("diffusion", "already there")
    hands.press("Enter")
    assert [tag.name for tag in window.workspace.library.tags.all()] == ["diffusion"]


def test_tab_goes_on_and_backspace_takes_the_last_off(window: MainWindow, hands: Hands) -> None:
    (paper_id,) = _ids(window, 1)
    hands.press("t")
    assert _open_editor(window).carried.text() == "No tags yet"
    for name in ("alpha", "beta"):
        hands.type(name)
        hands.press("Tab")
    assert _tags(window, paper_id) == ("alpha", "beta")
    assert _open_editor(window).carried.text() == "#alpha  ·  #beta"
    hands.press("Backspace")
    assert _tags(window, paper_id) == ("alpha",)
    hands.press("Enter")
    assert window.panes.papers.hasFocus()


def test_what_only_some_carry_is_told(window: MainWindow, hands: Hands) -> None:
    _tag(hands, "rare")
    hands.press("* a", "t")
    assert _open_editor(window).carried.text() == "#rare  1 of 40"
    hands.press("Esc")


def test_a_name_that_cannot_be_is_told(window: MainWindow, hands: Hands) -> None:
    hands.press("t")
    hands.type("/up")
    hands.press("Enter")
    editor = _open_editor(window)
    assert editor.complaint.text().startswith("A tag may not start with “/”")
    assert window.workspace.library.tags.all() == []
    hands.press("Esc")


def test_favourites_by_number(window: MainWindow, hands: Hands) -> None:
    (paper_id,) = _ids(window, 1)
    _tag(hands, "keep")
    hands.press("3")
    assert hands.said == "No tag has the number 3; give one this number first."
    window.navigator.open(View(ViewKind.TAG, tag="keep"))
    hands.settle()
    window.runner.run("tag.number")
    hands.press("3", "Enter", "3")
    assert _tags(window, paper_id) == ()
    hands.press("3", "0")
    assert _tags(window, paper_id) == ()
    hands.press("u")
    assert _tags(window, paper_id) == ("keep",)


def test_the_left_pane_lists_tags_and_opens_them(window: MainWindow, hands: Hands) -> None:
    (first,) = _ids(window, 1)
    _tag(hands, "b")
    hands.press("j")
    _tag(hands, "a/b")
    hands.press("g t", "j", "Enter")
    assert window.navigator.view == View(ViewKind.TAG, tag="b")
    assert window.panes.pane.title.text() == "#b"
    assert _ids(window, window.panes.paper_model.rowCount()) == [first]


def test_renaming_to_a_name_that_is_there_asks_before_it_joins(window: MainWindow, hands: Hands) -> None:
    first, second = _ids(window, 2)
    _tag(hands, "old")
    hands.press("j")
    _tag(hands, "new")
    window.navigator.open(View(ViewKind.TAG, tag="old"))
    hands.settle()
    window.runner.run("tag.rename")
    (prompt,) = window.findChildren(Prompt)
    prompt.edit.clear()
    hands.type("New")
    hands.press("Enter")
    palette = next(each for each in window.findChildren(Palette) if each.isVisible())
    item = palette.model.item(0)
    assert item is not None
    assert (item.title, item.note) == ("Merge into “new”", "1 paper to move")
    hands.press("Enter")
    assert len(window.workspace.library.tags.all()) == 1
    assert _tags(window, first) == _tags(window, second)
    QApplication.processEvents()
    hands.press("u")
    assert (_tags(window, first), _tags(window, second)) == (("old",), ("new",))


def test_a_deleted_tag_s_view_is_left(window: MainWindow, hands: Hands) -> None:
    _tag(hands, "gone")
    window.navigator.open(View(ViewKind.TAG, tag="gone"))
    hands.settle()
    window.runner.run("tag.delete")
    hands.settle()
    assert window.workspace.library.tags.all() == []
    assert window.navigator.view == View(ViewKind.ALL)
    hands.press("u")
    assert [tag.name for tag in window.workspace.library.tags.all()] == ["gone"]
