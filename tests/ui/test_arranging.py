"""Views in other orders and in groups by listing, kept for each view; a search is ordered by its query."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.domain.selection import PaperSort, SortBy
from reader.domain.views import View, ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.app.window_state import WindowState
from reader.ui.commands.palette import Palette
from tests.services.support import finish, listing_text
from tests.ui.conftest import WindowMaker, settle
from tests.ui.pressing import Hands

ALL = View(ViewKind.ALL)


def _shown(window: MainWindow) -> list[int]:
    return [row for row in window.panes.paper_model.entries.rows if row > 0]


def _sort(hands: Hands, name: str) -> None:
    hands.press("Shift+S")
    hands.type(name)
    hands.press("Enter")


@pytest.mark.parametrize("by", [by for by in SortBy if by not in {SortBy.QUEUE, SortBy.FOR_YOU}])
def test_a_view_is_sorted_by_what_is_chosen_and_turned_round(window: MainWindow, hands: Hands, by: SortBy) -> None:
    names = {SortBy.SIGHTINGS: "number", SortBy.LISTING: "listing order"}
    library = window.workspace.library
    hands.press("g a")
    hands.press("j", "j", "j", "j")
    at = window.panes.papers.current_paper_id
    _sort(hands, names.get(by, by.value))
    turned = by is SortBy.DATE  # which it is by already: chosen again, it is turned round
    assert _shown(window) == list(library.views.paper_ids(ALL, PaperSort(by, turned)))
    assert window.panes.papers.current_paper_id == at
    window.runner.run("view.reverse")
    hands.settle()
    assert _shown(window) == list(library.views.paper_ids(ALL, PaperSort(by, not turned)))


def test_the_heading_tells_the_order_and_other_views_keep_theirs(window: MainWindow, hands: Hands) -> None:
    hands.press("g a")
    _sort(hands, "title")
    assert window.panes.pane.facts.text() == "by title  ·  40"
    hands.press("g i")
    assert window.panes.pane.facts.text() == "40"
    hands.press("g a")
    assert window.panes.pane.facts.text() == "by title  ·  40"
    _sort(hands, "title")
    assert window.panes.pane.facts.text() == "by title ↑  ·  40"


def test_orders_are_kept_over_a_restart(
    window: MainWindow, hands: Hands, folder: Path, open_window: WindowMaker
) -> None:
    hands.press("g a")
    _sort(hands, "upvotes")
    window.runner.run("view.group")
    hands.settle()
    rows = list(window.panes.paper_model.entries.rows)
    window.close()
    again = open_window(folder)
    assert list(again.panes.paper_model.entries.rows) == rows
    hands.settle = lambda: settle(again)


@pytest.mark.parametrize(
    "written", ["", "[", "[3]", '[["all", "", "bad"]]', '[["no", "", "title"]]', '{"a": 1}', "[[]]"]
)
def test_damaged_orders_are_as_new(window: MainWindow, written: str) -> None:
    window.arranging.resume(WindowState(arrangements=written))
    assert window.arranging.arrangement_of(ALL).sort is None


def test_papers_stand_in_groups_by_their_newest_listing(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    known = next(library.papers.read([5])).title
    finish(library.imports.text(listing_text("Quiet Rivers", known, heading="Jan 9"), "later"))
    hands.press("g a")
    _sort(hands, "title")
    window.runner.run("view.group")
    hands.settle()
    entries = window.panes.paper_model.entries
    headings = [entries.heading(row) for row in range(len(entries))]
    titles = [heading.title for heading in headings if heading is not None]
    newest = [listing.name for listing in library.listings.all()]
    assert titles == newest
    groups = dict(library.views.by_listing(library.views.paper_ids(ALL, PaperSort(SortBy.TITLE))))
    assert _shown(window) == [paper for group in groups.values() for paper in group]
    assert len(set(_shown(window))) == 41
    assert 5 in groups[library.listings.all()[0].id]
    assert window.panes.pane.facts.text() == "by title  ·  41"
    window.runner.run("view.group")
    hands.settle()
    assert not window.panes.paper_model.entries.sections


def test_a_search_is_sorted_in_its_query(window: MainWindow, hands: Hands) -> None:
    hands.press("/")
    hands.type("mode")
    hands.settle()
    found = set(_shown(window))
    hands.press("Enter")
    _sort(hands, "title")
    assert window.searching.text == "sort:title mode"
    assert set(_shown(window)) == found
    titles = list(window.workspace.library.search("mode", typing=True, sort="title").paper_ids)
    assert _shown(window) == titles
    _sort(hands, "relev")
    assert window.searching.text == "sort:relevance mode"
    window.runner.run("view.group")
    assert "A search is ordered" in hands.said


def test_what_has_an_order_of_its_own_says_so(window: MainWindow, hands: Hands) -> None:
    hands.press("g q")
    hands.press("Shift+S")
    assert "The queue is in reading order" in hands.said
    assert not [one for one in window.findChildren(Palette) if one.isVisible()]
    hands.press("[")
    window.runner.run("view.group")
    assert "This view is a single listing" in hands.said
