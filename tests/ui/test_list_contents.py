"""What lies over what in the list of papers, and what comes back with its place."""

from __future__ import annotations

from array import array

from reader.domain.views import ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.papers.contents import Content, Level
from reader.ui.papers.entries import Entries
from tests.ui.pressing import Hands


def _content(window: MainWindow, ids: list[int], title: str) -> Content:
    return Content(ViewKind.ALL, Entries(array("q", ids)), title, str(len(ids)))


def _shown(window: MainWindow) -> tuple[str, list[int], int | None]:
    papers = window.panes.papers
    return window.panes.pane.title.text(), list(papers.papers().entries.rows), papers.current_paper_id


def test_what_is_put_below_waits_with_its_place(window: MainWindow) -> None:
    contents = window.navigator.contents
    contents.put(Level.VIEW, _content(window, [1, 2, 3], "view"), 2)
    contents.put(Level.TRIAGE, _content(window, [3], "triage"))
    contents.put(Level.VIEW, _content(window, [1, 2, 3, 4], "view, read anew"), 3)
    contents.put(Level.SEARCH, _content(window, [4, 1], "search"), 1)
    assert _shown(window) == ("triage", [3], 3)
    contents.take_off(Level.TRIAGE)
    assert _shown(window) == ("search", [4, 1], 1)
    contents.take_off(Level.SEARCH)
    assert _shown(window) == ("view, read anew", [1, 2, 3, 4], 3)


def test_one_stays_at_the_paper_where_what_covered_it_was_left_if_it_is_there(window: MainWindow) -> None:
    contents = window.navigator.contents
    for there, place in ((4, 4), (9, 2)):
        contents.put(Level.VIEW, _content(window, [1, 2, 3, 4], "view"), 2)
        contents.put(Level.TRIAGE, _content(window, [4, 3, 9], "triage"), there)
        contents.take_off(Level.TRIAGE, there)
        assert _shown(window)[2] == place


def test_what_comes_below_waits_for_a_search_that_has_begun(window: MainWindow) -> None:
    contents = window.navigator.contents
    contents.put(Level.VIEW, _content(window, [1, 2], "view"), 2)
    contents.cover(Level.SEARCH)
    contents.put(Level.VIEW, _content(window, [3, 4], "another view"), 4)
    assert _shown(window) == ("view", [1, 2], 2)
    contents.put(Level.SEARCH, _content(window, [5], "search"))
    contents.take_off(Level.SEARCH)
    assert _shown(window) == ("another view", [3, 4], 4)


def test_a_covered_heading_changes_when_it_is_seen_again(window: MainWindow) -> None:
    contents = window.navigator.contents
    contents.put(Level.VIEW, _content(window, [1], "before"))
    contents.put(Level.SEARCH, _content(window, [2], "search"))
    contents.set_heading(Level.VIEW, "after", "1")
    assert window.panes.pane.title.text() == "search"
    contents.take_off(Level.SEARCH)
    assert window.panes.pane.title.text() == "after"


def test_what_was_unfolded_is_so_after_a_search(window: MainWindow, hands: Hands) -> None:
    hands.press("m", "m", "g a", "g i", "Shift+G", "Enter")
    unfolded = _shown(window)[1]
    hands.press("/")
    hands.type("paper")
    hands.press("Esc")
    hands.press("Esc")
    assert _shown(window)[1] == unfolded
