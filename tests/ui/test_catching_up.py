"""Catching up, and what comes back to the inbox from being hidden."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import Key
from reader.ui.listings.catch_up import CatchUpSheet
from tests.services.support import finish, listing_text
from tests.ui.conftest import TODAY, WindowMaker, carry_out, settle
from tests.ui.pressing import Hands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with an old listing and two new ones, which share a paper with it and with each other."""
    with Library(tmp_path / "library", clock=lambda: TODAY) as library:
        for name, heading, titles in (
            ("old", "Mar 1", ("Amber", "Basalt", "Chalk")),
            ("new", "Mar 30", ("Dolomite", "Chalk", "Emery")),
            ("newest", "Apr 1", ("Flint", "Emery")),
        ):
            finish(library.imports.text(listing_text(*titles, heading=heading), name))
    return tmp_path / "library"


def shown_titles(window: MainWindow) -> list[str]:
    model = window.panes.paper_model
    return [model.index(row).data() for row in range(model.rowCount())]


def open_sheet(window: MainWindow, hands: Hands) -> CatchUpSheet:
    hands.press("Ctrl+K")
    hands.type("catch up")
    hands.press("Enter")
    (sheet,) = window.findChildren(CatchUpSheet)
    return sheet


def test_what_waited_long_is_dismissed_and_the_rest_comes_by_importance(window: MainWindow, hands: Hands) -> None:
    sheet = open_sheet(window, hands)
    assert sheet.preview.text().startswith("2 papers last listed before Mar 19, 2026 will be dismissed. 4 papers stay")
    hands.press("Enter")
    assert window.workspace.library.views.counts().dismissed == 2
    assert window.navigator.view == View(ViewKind.CATCH_UP)
    assert set(shown_titles(window)[:2]) == {"Chalk", "Emery"}
    assert set(shown_titles(window)[2:]) == {"Dolomite", "Flint"}
    assert window.panes.papers.hasFocus()
    assert "2 papers dismissed" in hands.said
    hands.press("u")
    assert window.workspace.library.views.counts().inbox == 6


def test_whoever_reads_alone_meanwhile_keeps_the_focus_in_sight(window: MainWindow, hands: Hands) -> None:
    """The list that the rest came into got it, though it was not shown."""
    open_sheet(window, hands)
    hands.strike(Key("Enter"))
    carry_out(window)
    hands.strike(Key("Enter"))
    hands.settle()
    assert window.navigator.view == View(ViewKind.CATCH_UP)
    assert window.panes.is_focus_reading
    assert window.panes.detail.hasFocus()


def test_the_preview_follows_what_is_typed(window: MainWindow, hands: Hands) -> None:
    sheet = open_sheet(window, hands)
    hands.type("1d")
    hands.settle()
    assert sheet.preview.text().startswith("4 papers last listed before Apr 1, 2026")
    hands.type(" nonsense")
    hands.settle()
    assert "is not a period" in sheet.preview.text()
    hands.press("Enter")
    assert sheet.isVisible()
    hands.press("Esc")
    assert window.workspace.library.views.counts().dismissed == 0


def test_with_nothing_old_nothing_is_dismissed(window: MainWindow, hands: Hands) -> None:
    open_sheet(window, hands)
    hands.type("2 months")
    hands.press("Enter")
    assert window.workspace.library.views.counts().dismissed == 0
    assert window.panes.paper_model.rowCount() == 6


def test_triage_takes_the_order(window: MainWindow, hands: Hands) -> None:
    open_sheet(window, hands)
    hands.press("Enter")
    hands.press("Shift+T")
    assert window.triage.head.place.text() == "1 / 4"
    assert hands.title in {"Chalk", "Emery"}


def later_window(open_window: WindowMaker, folder: Path, monkeypatch: pytest.MonkeyPatch, days: int) -> MainWindow:
    """The window some days later."""
    import tests.ui.conftest as world

    monkeypatch.setattr(world, "TODAY", TODAY + timedelta(days=days))
    return open_window(folder)


def hide(folder: Path, *titles: str) -> None:
    with Library(folder, clock=lambda: TODAY) as library:
        papers = library.papers.read(list(library.views.paper_ids(View(ViewKind.ALL))))
        library.states.bury([paper.id for paper in papers if paper.title in titles], "tomorrow")


def test_what_came_back_is_folded_below_the_rest(
    open_window: WindowMaker, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    hide(folder, "Flint", "Amber")
    window = later_window(open_window, folder, monkeypatch, 2)
    hands = Hands(qtbot, window, lambda: settle(window))
    assert shown_titles(window)[-1] == "2 papers came back"
    assert len(shown_titles(window)) == 5
    assert window.panes.pane.facts.text() == "6"
    hands.press("Shift+G")
    assert window.reader.paper is None
    hands.press("Enter")
    assert set(shown_titles(window)[-2:]) == {"Flint", "Amber"}
    hands.press("j")
    assert window.panes.status.position.text() == "5 / 6"
    hands.press("Shift+T")
    assert window.triage.head.place.text() == "1 / 6"


def test_folded_papers_are_triaged_too(
    open_window: WindowMaker, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    hide(folder, "Flint", "Amber")
    window = later_window(open_window, folder, monkeypatch, 2)
    hands = Hands(qtbot, window, lambda: settle(window))
    hands.press("Shift+T")
    assert window.triage.head.place.text() == "1 / 6"
    assert window.triage.head.skipped.text() == ""


def test_with_nothing_else_there_what_came_back_is_not_folded(
    open_window: WindowMaker, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(folder, "Amber", "Basalt", "Chalk", "Dolomite", "Emery", "Flint")
    window = later_window(open_window, folder, monkeypatch, 2)
    assert len(shown_titles(window)) == 6


def test_what_was_looked_at_before_it_was_hidden_comes_back_all_the_same(
    open_window: WindowMaker, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, world: object
) -> None:
    window = open_window(folder)
    hands = Hands(qtbot, window, lambda: settle(window))
    title = hands.title
    world.seconds += 60  # type: ignore[attr-defined]
    hands.press("m", "k", "b", "j")
    world.seconds += 60  # type: ignore[attr-defined]
    window.close()
    again = later_window(open_window, folder, monkeypatch, 1)
    model = again.panes.paper_model
    assert shown_titles(again)[-1] == "1 paper came back"
    model.set_unfolded(model.rowCount() - 1, True)
    assert shown_titles(again)[-1] == title


def test_the_plan_is_what_is_done(folder: Path) -> None:
    with Library(folder, clock=lambda: TODAY) as library:
        plan = library.triage.catch_up_plan("3 days")
        assert (plan.day, plan.dismissed, plan.left) == (datetime(2026, 3, 30).date(), 2, 4)
        change = library.triage.catch_up("3 days")
        assert len(change.paper_ids) == 2
        assert str(change.title) == "Dismissed to catch up: 2 papers"
        assert not library.triage.catch_up("3 days")
        assert [step.title for step in library.history.steps(1)] == [change.title]
