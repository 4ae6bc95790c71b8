"""Papers that may be one: told below the paper, joined and taken apart by key, and undone."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from reader.domain.papers import Paper
from reader.domain.views import View, ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.commands.palette import Palette
from reader.ui.detail.document import COMMAND_SCHEME, PAPER_SCHEME
from reader.ui.paper_actions import duplicates
from reader.ui.paper_actions.link_hints import LinkHints
from tests.services.support import finish, listing_text
from tests.ui.pressing import Hands

ALL = View(ViewKind.ALL)
ONE = "Quiet Rivers: Learning Sparse Masks for Invented Codes"
OTHER = "Quiet Rivers - Learning Sparse Mask for Invented Codes"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_FIRST_LOOKED_FOR_AFTER_MS", 50)
    monkeypatch.setattr(duplicates, "_LOOKED_FOR_AFTER_MS", 50)


@pytest.fixture
def pair(window: MainWindow, hands: Hands, qtbot: QtBot) -> tuple[Paper, Paper]:
    """Two papers that are one, the first of which is shown."""
    library = window.workspace.library
    finish(library.imports.text(listing_text(ONE), "first"))
    finish(library.imports.text(listing_text(OTHER, heading="Dec 9"), "second"))
    one, other = library.papers.read(sorted(library.views.paper_ids(ALL))[-2:])
    window.navigator.open(ALL, one.id)
    hands.settle()
    qtbot.waitUntil(lambda: "Also listed as" in _text(window))
    return one, other


def _text(window: MainWindow) -> str:
    return window.panes.detail.toPlainText()


def _palette(window: MainWindow) -> Palette:
    (found,) = [one for one in window.findChildren(Palette) if one.isVisible()]
    return found


def test_what_may_be_the_same_is_told_and_gone_to(
    window: MainWindow, hands: Hands, pair: tuple[Paper, Paper], qtbot: QtBot
) -> None:
    assert f"Also listed as\n{OTHER}" in _text(window)
    assert "in 1 listing" in _text(window).split(OTHER)[1]
    hands.press("f")
    (labels,) = [one for one in window.findChildren(LinkHints) if one.isVisible()]
    letters = {address: typed for typed, address in labels.labels.items()}
    assert f"{COMMAND_SCHEME}:paper.merge" in letters
    hands.type(letters[f"{PAPER_SCHEME}:{pair[1].id}"])
    hands.settle()
    assert hands.title == OTHER


def test_merging_with_the_likeliest_takes_two_keys_and_undo_one(
    window: MainWindow, hands: Hands, pair: tuple[Paper, Paper]
) -> None:
    one, other = pair
    count = window.panes.paper_model.rowCount()
    window.runner.run("paper.merge")
    hands.settle()
    item = _palette(window).model.item(0)
    assert item is not None
    assert (item.title, item.note) == (OTHER, "nearly the same title")
    hands.press("Enter")
    shown = "“Quiet Rivers - Learning Sparse Mask for…”"
    assert hands.said == f"Merged {shown} into {shown}  ·  u undoes"
    assert window.panes.paper_model.rowCount() == count - 1
    assert window.workspace.library.papers.with_key(other.key).id == one.id
    assert window.panes.papers.current_paper_id == one.id
    assert "Separate 1 merged paper" in _text(window)
    hands.press("u")
    assert window.panes.paper_model.rowCount() == count
    assert window.workspace.library.papers.with_key(other.key).id == other.id


def test_taken_apart_both_are_there_again(window: MainWindow, hands: Hands, pair: tuple[Paper, Paper]) -> None:
    one, other = pair
    count = window.panes.paper_model.rowCount()
    window.runner.run("paper.split")
    assert hands.said == "Nothing was merged with this paper"
    window.runner.run("paper.merge")
    hands.settle()
    hands.press("Enter", "s")
    window.runner.run("paper.split")
    hands.settle()
    assert hands.said == "Separated “Quiet Rivers - Learning Sparse Mask for…”  ·  u undoes"
    assert window.panes.paper_model.rowCount() == count
    assert window.panes.papers.current_paper_id == one.id
    assert window.workspace.library.papers.with_key(other.key).id == other.id
    assert window.workspace.library.papers.get(one.id).starred
    hands.press("u")
    assert window.panes.paper_model.rowCount() == count - 1
    assert window.workspace.library.papers.with_key(other.key).id == one.id


def test_any_paper_can_be_merged_with_and_so_can_two_selected(
    window: MainWindow, hands: Hands, pair: tuple[Paper, Paper]
) -> None:
    library = window.workspace.library
    third = library.papers.get(3)
    window.runner.run("paper.merge")
    hands.settle()
    hands.type(third.title)
    hands.settle()
    hands.press("Enter")
    assert library.papers.with_key(pair[0].key).id == third.id, "the older key stays"
    hands.press("u")
    hands.press("g a")
    hands.press("g g", "x", "j", "x")
    ids = window.panes.papers.selected_paper_ids()
    assert len(ids) == 2
    keys = [paper.key for paper in library.papers.read(ids)]
    window.runner.run("paper.merge")
    hands.settle()
    assert {library.papers.with_key(key).id for key in keys} == {min(ids)}
    window.runner.run("select.all")
    window.runner.run("paper.merge")
    assert "Select two" in hands.said


def test_a_merge_within_a_search_leaves_one_in_the_list(
    window: MainWindow, hands: Hands, pair: tuple[Paper, Paper]
) -> None:
    hands.press("/")
    hands.type("quiet rivers")
    hands.settle()
    hands.press("Enter")
    assert window.panes.pane.facts.text().startswith("2 of ")
    window.runner.run("paper.merge")
    hands.settle()
    hands.press("Enter")
    assert window.panes.pane.facts.text().startswith("1 of ")
    assert window.panes.papers.current_paper_id == pair[0].id
