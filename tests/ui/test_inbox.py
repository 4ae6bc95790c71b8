"""The inbox: the undecided papers, the unseen first, those that were seen folded below; and what counts as seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.domain.selection import INBOX, UNSEEN
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import parse_chord
from reader.ui.sidebar.model import SidebarRow
from tests.services.support import finish, listing_text
from tests.storage.support import titled
from tests.ui.conftest import TODAY, World, carry_out
from tests.ui.pressing import Hands, named

TITLES = ("Amber", "Basalt", "Chalk", "Dolomite", "Emery", "Flint")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with six papers, all unseen, and two more that came in as seen."""
    with Library(tmp_path / "library", clock=lambda: TODAY) as library:
        finish(library.imports.text(listing_text(*TITLES, heading="Mar 30"), "stones"))
        finish(library.imports.text(listing_text("Gneiss", "Halite", heading="Mar 1"), "known", seen=True))
    return tmp_path / "library"


def shown_titles(window: MainWindow) -> list[str]:
    model = window.panes.paper_model
    return [model.index(row).data() for row in range(model.rowCount())]


def inbox_row(window: MainWindow) -> SidebarRow:
    model = window.panes.sidebar_model
    row = model.row(model.row_of(View(ViewKind.INBOX)) or 0)
    assert row is not None
    return row


def unseen(window: MainWindow) -> int:
    return window.workspace.library.views.counts().unseen


def test_what_was_seen_stands_folded_below_the_unseen(window: MainWindow, hands: Hands, world: World) -> None:
    order = shown_titles(window)
    assert sorted(order) == sorted(TITLES)
    for _ in range(2):
        world.seconds += 2
        hands.press("j")
    assert shown_titles(window) == order, "nothing moves under one's hands"
    assert inbox_row(window).count == 4
    assert inbox_row(window).spoken() == "Inbox: 4 unseen papers"
    hands.press("g a", "g i")
    assert shown_titles(window) == [*order[2:], "2 seen, undecided"]
    assert window.panes.pane.facts.text() == "4"
    hands.press("Shift+G")
    assert window.reader.paper is None
    assert "without deciding" in window.panes.detail.toPlainText()
    hands.press("Enter")
    assert shown_titles(window)[-2:] == order[:2]
    hands.press("j")
    assert hands.title == order[0]
    hands.press("d", "k", "k", "Enter")
    assert shown_titles(window)[-1] == "2 seen, undecided"


def test_what_enter_unfolds_is_in_sight(window: MainWindow, hands: Hands) -> None:
    papers = window.panes.papers
    hands.press("m", "m", "m", "g a", "g i")
    window.resize(900, 600)
    papers.set_row_height(papers.viewport().height() // 3)  # room for two of the three
    hands.settle()
    hands.press("Shift+G")
    line = papers.current_row
    assert [row for row in range(line + 1) if _is_in_sight(window, row)] == [line - 2, line - 1, line]
    hands.press("Enter")
    shown = [row for row in range(papers.papers().rowCount()) if _is_in_sight(window, row)]
    assert shown == [line, line + 1, line + 2]
    assert papers.current_row == line


def _is_in_sight(window: MainWindow, row: int) -> bool:
    """Whether a row of the list is shown whole."""
    papers = window.panes.papers
    return papers.viewport().rect().contains(papers.visualRect(papers.papers().index(row)))


def test_with_nothing_unseen_one_has_caught_up(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+G", "Shift+A", "m")
    hands.press("g a", "g i")
    assert shown_titles(window) == ["You are caught up", "6 seen, undecided"]
    assert window.panes.pane.facts.text() == ""
    assert (window.workspace.library.views.counts().inbox, inbox_row(window).count) == (6, 0)
    hands.press("Enter", "j", "* a", "d")
    hands.press("g a", "g i")
    assert shown_titles(window) == []
    assert window.panes.pane.empty.text().startswith("Inbox empty: you are caught up.")


def test_what_is_open_stays_open_when_the_view_is_read_anew(window: MainWindow, hands: Hands) -> None:
    hands.press("m", "m", "g a", "g i")
    hands.press("Shift+G", "Enter", "j")
    here = hands.title
    finish(window.workspace.library.imports.text(listing_text("Jasper", heading="Apr 1"), "more"))
    window.navigator.reload()
    hands.settle()
    assert (hands.title, "Jasper" in shown_titles(window)) == (here, True)
    hands.press("g a", "g i")
    assert shown_titles(window)[-1] == "2 seen, undecided"


@pytest.mark.parametrize("place", ["view", "listing", "search", "palette"])
def test_merely_leaving_is_not_seeing(window: MainWindow, hands: Hands, world: World, place: str) -> None:
    world.seconds += 5
    if place == "view":
        hands.press("g q", "g i")
    elif place == "listing":
        hands.press("]", "[", "g i")
    elif place == "search":
        hands.press("/")
        for text in ("emery", "flint", "chalk"):
            window.panes.pane.search.set_text(text)
            hands.settle()
            world.seconds += 5
        hands.press("Esc", "Esc")
    else:
        hands.press("Ctrl+K")
        hands.type("reading")
        hands.settle()
        world.seconds += 5
        hands.press("Esc")
    assert unseen(window) == 6


@pytest.mark.parametrize("keys", [(",", "Esc"), ("?", "Esc"), ("/", "Esc"), ("t", "Esc"), ("Shift+B", "Esc")])
def test_time_spent_elsewhere_is_no_time_for_the_paper(
    window: MainWindow, hands: Hands, world: World, keys: tuple[str, str]
) -> None:
    hands.press(keys[0])
    world.seconds += 60
    hands.press(keys[1], "j")
    assert unseen(window) == 6
    world.seconds += 2
    hands.press("k")
    assert unseen(window) == 5


@pytest.mark.parametrize("opening", [",", "/"])
def test_a_paper_that_is_seen_by_itself_is_not_while_one_is_elsewhere(
    window: MainWindow, hands: Hands, opening: str
) -> None:
    window.settings.set_all({"reading.seen_after_seconds": 0, "reading.seen_on_moving_on": False})
    hands.press(opening)
    hands.qtbot.wait(700)  # twice the least time
    hands.settle()
    assert unseen(window) == 6
    hands.press("Esc", "Esc")
    hands.qtbot.waitUntil(lambda: unseen(window) == 5)


def test_marking_is_a_step_for_each_press(window: MainWindow, hands: Hands) -> None:
    order = shown_titles(window)
    hands.press("m", "m", "Shift+M", "m")
    assert unseen(window) == 3
    hands.press("u")
    assert (unseen(window), hands.title) == (4, order[2])
    hands.press("u", "u")
    assert (unseen(window), hands.title) == (6, order[0])
    hands.press("Shift+U", "Shift+U", "Shift+G", "Shift+A")
    assert unseen(window) == 1
    hands.press("u")
    assert (unseen(window), hands.said) == (4, "Undid: Marked seen: 3 papers")


def test_marking_what_is_marked_says_so(window: MainWindow, hands: Hands) -> None:
    hands.press("m", "k", "m")
    assert hands.said == "Already seen"
    hands.press("Shift+M")
    assert hands.said == "Already unseen"


def test_seeing_by_moving_on_is_no_step_and_ends_no_redo(window: MainWindow, hands: Hands, world: World) -> None:
    name = named(hands)
    hands.press("s", "u")
    world.seconds += 2
    hands.press("j", "Shift+U")
    assert (unseen(window), hands.said) == (5, f"Redid: Starred: {name}")


def test_a_redo_that_comes_before_the_next_paper_is_set_finds_the_one_left_seen(
    window: MainWindow, hands: Hands, world: World
) -> None:
    """What was redone may be told, and its paper gone back to, while setting the next one waits for keys at hand."""
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    hands.press("s", "u")
    world.seconds += 2
    for key in (*parse_chord("j"), *parse_chord("Shift+U")):
        hands.strike(key)
    carry_out(window)
    hands.settle()
    assert window.panes.papers.current_paper_id == paper_id
    assert unseen(window) == 5


def test_triage_takes_the_unseen_and_the_folded_only_while_they_are_open(window: MainWindow, hands: Hands) -> None:
    hands.press("m", "m", "g a", "g i")
    hands.press("Shift+T")
    assert window.triage.head.place.text() == "1 / 4"
    assert window.triage.head.skipped.text() == "2 already seen"
    hands.press("Esc")
    hands.press("Shift+G", "Enter", "Shift+T")
    assert window.triage.head.place.text() == "1 / 6"


def test_what_triage_leaves_stays_in_the_inbox(window: MainWindow, hands: Hands, world: World) -> None:
    hands.press("Shift+T")
    first = hands.title
    world.seconds += 2
    hands.press("Space")
    hands.press("Esc", "Enter")
    hands.press("g a", "g i")
    hands.press("Shift+G", "Enter")
    assert shown_titles(window)[-1] == first


def test_what_came_in_as_seen_is_in_no_inbox_until_it_is_taken_there(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    hands.press("g a")
    window.navigator.go_to_paper(next(row.id for row in library.papers.rows(range(1, 9)) if row.title == "Gneiss"))
    hands.settle()
    window.runner.run("paper.inbox")
    hands.press("g i")
    assert shown_titles(window)[-1] == "1 seen, undecided"
    assert library.views.counts().inbox == 7


def test_the_inbox_means_the_same_everywhere(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    hands.press("m", "d", "b", "m")
    library.mutes.add("emery", "is:inbox emery")
    library.mutes.refresh()
    window.workspace.refresh_counts()
    hands.press("g a", "g i")
    inbox = set(library.views.paper_ids(View(ViewKind.INBOX)))
    muted = {row.title for row in library.papers.rows(library.mutes.papers())}
    assert len(inbox) == len(TITLES) - 2 - ("Emery" in muted)
    assert set(window.navigator.view_ids()) == inbox
    assert set(library.search("is:inbox").paper_ids) == inbox
    assert set(library._store.papers.ids(INBOX)) == inbox
    counts = library.views.counts()
    assert (
        counts.inbox == library.statistics.totals().states["inbox"] == library.statistics.reading().inbox == len(inbox)
    )
    assert counts.unseen == len(library._store.papers.ids(UNSEEN)) == inbox_row(window).count
    plan = library.triage.catch_up_plan("1d")
    assert plan.dismissed + plan.left == len(inbox)
    assert library.triage.scope(library.views.paper_ids(View(ViewKind.ALL))).paper_ids == tuple(
        one for one in library.views.paper_ids(View(ViewKind.ALL)) if one in inbox
    )
    assert all(library.papers.get(one).state is PaperState.INBOX for one in inbox)


def test_another_library_learns_what_came_in_as_seen(window: MainWindow, tmp_path: Path) -> None:
    library = window.workspace.library
    library.states.set_seen([1], True)
    ids = list(library.views.paper_ids(View(ViewKind.ALL)))
    items = [*library._store.transfers.items(), *library._store.transfers.papers(ids)]
    with Library(tmp_path / "other", clock=lambda: TODAY) as other:
        other._store.transfers.take_over(items, other._store.begin_operation(titled("take over"), "import"))
        assert len(other.views.paper_ids(View(ViewKind.INBOX))) == 6
        assert other.views.counts().unseen == 5
