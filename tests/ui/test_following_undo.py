"""A view follows undo, whatever it shows: what is in it again is in sight again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from tests.services.support import finish, listing_text
from tests.ui.conftest import TODAY, World
from tests.ui.pressing import Hands

TITLES = ("Amber", "Basalt", "Chalk", "Dolomite", "Emery", "Flint")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with six papers of long ago."""
    with Library(tmp_path / "library", clock=lambda: TODAY - timedelta(days=90)) as library:
        finish(library.imports.text(listing_text(*TITLES, heading="Jan 2"), "stones"))
    return tmp_path / "library"


def shown_titles(window: MainWindow) -> list[str]:
    model = window.panes.paper_model
    return [model.index(row).data() for row in range(model.rowCount())]


def catch_up(window: MainWindow, hands: Hands) -> None:
    window.runner.run("inbox.catch_up")
    hands.settle()
    hands.press("Enter")


def test_undoing_a_catch_up_shows_what_waits_again(window: MainWindow, hands: Hands) -> None:
    order = shown_titles(window)
    catch_up(window, hands)
    assert shown_titles(window) == []
    hands.press("u")
    assert shown_titles(window) == order
    assert not window.panes.pane.empty.isVisible()
    assert hands.title == order[0]
    hands.press("Shift+U")
    assert window.workspace.library.views.counts().inbox == 0
    assert shown_titles(window) == order, "what was dismissed stays in sight, dimmed, until the view is left"


@pytest.mark.parametrize(
    ("keys", "view"),
    [
        ("a", "g q"), ("e", "g e"), ("d", "g d"), ("s", "g s"), ("b", "g a"),
    ],
)  # fmt: skip
def test_what_was_taken_out_is_back_in_every_view(window: MainWindow, hands: Hands, keys: str, view: str) -> None:
    library = window.workspace.library
    ids = list(library.views.paper_ids(View(ViewKind.ALL)))[:3]
    for paper_id in ids:
        window.navigator.go_to_paper(paper_id)
        hands.settle()
        hands.press(keys)
    hands.press(view)
    before, step = shown_titles(window), library.history.steps(undone=False)[0].id
    library.states.set(ids, PaperState.READING)
    library.states.set_starred(ids, False)
    hands.press("g i")
    hands.press(view)
    if view != "g a":
        assert shown_titles(window) == []
    window.undoing.go_to_step(step)
    hands.settle()
    assert shown_titles(window) == before


def test_what_a_search_finds_follows_as_well(window: MainWindow, hands: Hands) -> None:
    hands.press("x", "j", "x", "d")
    hands.press("/")
    hands.type("is:inbox")
    hands.press("Enter")
    assert len(shown_titles(window)) == 4
    hands.press("u")
    assert len(shown_titles(window)) == 6
    assert window.navigator.is_finding
    hands.press("Esc")
    assert len(shown_titles(window)) == 6


def test_undoing_one_of_many_keeps_what_was_decided_in_sight(window: MainWindow, hands: Hands) -> None:
    order = shown_titles(window)
    hands.press("d", "d", "d", "u")
    assert shown_titles(window) == order
    assert hands.title == order[2]
    assert window.workspace.library.views.counts().dismissed == 2


def test_what_is_unseen_again_comes_out_of_the_fold(window: MainWindow, hands: Hands) -> None:
    order = shown_titles(window)
    hands.press("m", "m")
    hands.press("g a")
    hands.press("g i")
    assert shown_titles(window) == [*order[2:], "2 seen, undecided"]
    hands.press("u")
    assert (shown_titles(window), hands.title) == ([*order[1:], "1 seen, undecided"], order[1])


def test_a_paper_that_is_folded_away_is_gone_to_there(window: MainWindow, hands: Hands, world: World) -> None:
    order = shown_titles(window)
    world.seconds += 2
    hands.press("s", "j")
    hands.press("g a")
    hands.press("g i")
    assert shown_titles(window) == [*order[1:], "1 seen, undecided"]
    hands.press("u")
    assert (shown_titles(window)[-1], hands.title) == (order[0], order[0])


def test_undo_by_a_command_shows_in_the_window_where_one_is(window: MainWindow, hands: Hands) -> None:
    order = shown_titles(window)
    hands.press("j", "d")
    hands.press("g a")
    hands.press("g i")
    here = hands.title
    outcome = window.workspace.library.history.undo()
    window.navigator.follow(outcome.paper_ids if outcome else (), goes_there=False)
    hands.settle()
    assert (shown_titles(window), hands.title) == (order, here)
