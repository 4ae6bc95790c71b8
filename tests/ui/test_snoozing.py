"""Snoozed papers: shown to be so, in a view of their own, until a day that is said before it is chosen."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.commands.table import COMMANDS_BY_ID
from reader.ui.look.wording import row_facts, shown_day_ahead, spoken_row, verdict_words
from reader.ui.overlays.prompt import Prompt
from reader.ui.papers.entries import is_dimmed
from tests.services.support import finish, listing_text
from tests.ui.conftest import TODAY, WindowMaker, settle
from tests.ui.pressing import Hands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with four papers."""
    with Library(tmp_path / "library", clock=lambda: TODAY) as library:
        finish(library.imports.text(listing_text("Amber", "Basalt", "Chalk", "Dolomite", heading="Mar 30"), "stones"))
    return tmp_path / "library"


def shown_titles(window: MainWindow) -> list[str]:
    model = window.panes.paper_model
    return [model.index(row).data() for row in range(model.rowCount())]


def test_days_are_named_with_their_weekday_and_another_year() -> None:
    year = date.today().year
    for day in (date(year, 12, 7), date(year, 1, 31)):
        assert shown_day_ahead(day) == f"{day:%a} {day.day} {day:%b}"
    assert shown_day_ahead(date(year + 1, 12, 7)).endswith(f" 7 Dec {year + 1}")


def test_a_snoozed_paper_shows_it_in_its_row_and_beside_it(window: MainWindow, hands: Hands) -> None:
    hands.press("b", "k")
    row = window.panes.paper_model.paper(0)
    assert row is not None
    words = f"Snoozed until {shown_day_ahead(TODAY.date() + timedelta(days=1))}"
    assert verdict_words(row.state, row.buried_until) == [words]
    assert is_dimmed(ViewKind.INBOX, row)
    assert is_dimmed(ViewKind.ALL, row)
    assert words.lower() in spoken_row(row).lower()
    assert words in window.panes.detail.toPlainText()
    assert "nooze" not in row_facts(row), "the verdict stands before the facts"
    hands.press("g a")
    assert hands.said.startswith(words)
    window.navigator.go_to_paper(row.id)
    hands.settle()
    window.runner.run("paper.unbury")
    hands.settle()
    assert "Snoozed" not in window.panes.detail.toPlainText()
    assert hands.said == "No longer snoozed: “Amber”  ·  u undoes"


def test_snoozed_papers_have_a_view_the_first_to_come_back_first(window: MainWindow, hands: Hands) -> None:
    order = shown_titles(window)
    for until in ("1w", "2d"):
        hands.press("Shift+B")
        hands.type(until)
        hands.press("Enter")
    hands.press("g b")
    assert window.navigator.view == View(ViewKind.BURIED)
    assert shown_titles(window) == [order[1], order[0]]
    assert window.panes.pane.title.text() == "Snoozed"
    model = window.panes.sidebar_model
    row = model.row(model.row_of(View(ViewKind.BURIED)) or 0)
    assert row is not None
    assert (row.title, row.count) == ("Snoozed", 2)
    shown = window.panes.paper_model.paper(0)
    assert shown is not None
    assert not is_dimmed(ViewKind.BURIED, shown)
    window.runner.run("paper.unbury")
    hands.settle()
    shown = window.panes.paper_model.paper(0)
    assert shown is not None
    assert is_dimmed(ViewKind.BURIED, shown), "it stands there until the view is left"
    hands.press("u")
    hands.press("* a")
    window.runner.run("paper.unbury")
    hands.settle()
    hands.press("g i")
    hands.press("g b")
    assert window.panes.pane.empty.text().startswith("Nothing snoozed.")


def test_the_view_and_both_searches_are_the_same(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    hands.press("b", "b")
    assert set(library.views.paper_ids(View(ViewKind.BURIED))) == set(library.search("is:snoozed").paper_ids)
    assert set(library.search("is:snoozed").paper_ids) == set(library.search("is:buried").paper_ids)
    assert len(library.views.paper_ids(View(ViewKind.BURIED))) == 2


@pytest.mark.parametrize("begin", [(), ("Shift+T",)])
def test_the_day_understood_is_shown_before_enter(window: MainWindow, hands: Hands, begin: tuple[str, ...]) -> None:
    if begin:
        hands.press(*begin)
    hands.press("Shift+B")
    (prompt,) = window.findChildren(Prompt)
    hint = prompt.complaint.text()
    hands.type("next mo")
    assert prompt.complaint.text() == hint
    hands.type("n")
    assert prompt.complaint.text() == f"Until {shown_day_ahead(date(2026, 4, 6))}"
    hands.type("day or so")
    hands.press("Enter")
    assert "is not a day" in prompt.complaint.text()
    prompt.edit.setText("dec 7")
    assert prompt.complaint.text() == f"Until {shown_day_ahead(date(2026, 12, 7))}"
    hands.press("Enter")
    assert [paper.is_buried for paper in window.workspace.library.papers.read([1, 2, 3, 4])].count(True) == 1


def test_what_came_back_shows_nothing_of_it(
    open_window: WindowMaker, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tests.ui.conftest as world

    with Library(folder, clock=lambda: TODAY - timedelta(days=3)) as library:
        library.states.bury([1], "tomorrow")
    monkeypatch.setattr(world, "TODAY", TODAY)
    window = open_window(folder)
    hands = Hands(qtbot, window, lambda: settle(window))
    window.navigator.open(View(ViewKind.ALL), 1)
    hands.settle()
    assert "Snoozed" not in window.panes.detail.toPlainText()
    row = next(iter(window.workspace.library.papers.rows([1])))
    assert row.buried_until is None
    assert not is_dimmed(ViewKind.ALL, row)


def test_no_text_of_the_window_says_bury(window: MainWindow, hands: Hands) -> None:
    commands = [COMMANDS_BY_ID[command] for command in ("paper.bury", "paper.bury_until", "paper.unbury")]
    assert [command.title for command in commands] == ["Snooze until tomorrow", "Snooze until…", "Unsnooze"]
    hands.press("b", "u")
    assert hands.said == "Undid: Snoozed until Fri 3 Apr: “Amber”"
