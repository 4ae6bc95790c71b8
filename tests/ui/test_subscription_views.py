"""What subscriptions brought, as the window shows it: the left pane, their views, and what upvotes gained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reader.domain.dates import PartialDate
from reader.domain.preparation import SOURCE_RANK
from reader.domain.subscriptions import PageName, SubscriptionKind
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.storage.store import LibraryStore
from reader.storage.subscriptions import SubscriptionCheck
from reader.ui.app.window import MainWindow
from reader.ui.sidebar.model import SidebarRow
from tests.storage.support import header, paper, titled
from tests.ui.conftest import TODAY, WindowMaker, settle
from tests.ui.pressing import Hands

_YESTERDAY = TODAY - timedelta(days=1)


def store_page(folder: Path, name: str, page: str, **upvotes: int) -> None:
    """Store a page of the subscription to days as a fetch does, with one paper for each title."""
    moment = _YESTERDAY if name.startswith("early") else TODAY
    with LibraryStore(folder / "library.db", clock=lambda: moment) as store:
        named = PageName("daily", "day", page)
        records = [
            paper(title, line=4 * place, upvotes=count, comments=0, published=PartialDate.parse_iso(page))
            for place, (title, count) in enumerate(upvotes.items(), start=1)
        ]
        step = store.begin_operation(titled(f"Fetched {name}"), "import")
        store.listings.add(replace(header(name, rank=SOURCE_RANK, day=page)), records, step, page=named)


@pytest.fixture
def fetched(tmp_path: Path) -> Path:
    """A library with a subscription that has brought three papers on two days, one of them twice."""
    folder = tmp_path / "library"
    with Library(folder, clock=lambda: TODAY):
        pass
    with LibraryStore(folder / "library.db", clock=lambda: TODAY) as store:
        store.subscriptions.add(SubscriptionKind.DAILY, "day", "Daily Papers", 6)
    store_page(folder, "early", "2026-04-01", Gneiss=10, Schist=4)
    store_page(folder, "late", "2026-04-01", Gneiss=44, Schist=4)
    store_page(folder, "next", "2026-04-02", Hornfels=1)
    return folder


def row_of(window: MainWindow) -> SidebarRow:
    rows = map(window.panes.sidebar_model.row, range(window.panes.sidebar_model.count()))
    return next(row for row in rows if row is not None and row.view and row.view.kind is ViewKind.SUBSCRIPTION)


def titles(window: MainWindow) -> list[str]:
    return [row.title for row in window.workspace.library.papers.rows(window.panes.paper_model.entries.rows)]


@pytest.fixture
def hands_on(open_window: WindowMaker, fetched: Path, qtbot: object) -> Callable[[], tuple[MainWindow, Hands]]:
    def make() -> tuple[MainWindow, Hands]:
        window = open_window(fetched)
        return window, Hands(qtbot, window, lambda: settle(window))  # type: ignore[arg-type]

    return make


def test_the_left_pane_says_what_is_new_and_opens_the_papers(
    hands_on: Callable[[], tuple[MainWindow, Hands]],
) -> None:
    window, hands = hands_on()
    row = row_of(window)
    assert (row.title, row.count) == ("Daily Papers", 3)
    assert row.spoken() == "Subscription Daily Papers: 3 new papers"
    assert row.view is not None
    window.panes.sidebar.chosen.emit(row.view)
    hands.settle()
    assert titles(window) == ["Hornfels", "Gneiss", "Schist"]
    assert window.panes.pane.title.text() == "Daily Papers"
    hands.press("m")
    assert row_of(window).count == 2
    hands.press("g i", "Alt+Left")
    assert hands.title == "Gneiss"


def test_the_place_in_a_subscription_is_kept(
    hands_on: Callable[[], tuple[MainWindow, Hands]],
) -> None:
    window, hands = hands_on()
    view = row_of(window).view
    assert view is not None
    window.navigator.open(view)
    hands.settle()
    hands.press("j", "j")
    hands.press("g a")
    window.close()
    window, hands = hands_on()
    assert window.navigator.view == View(ViewKind.ALL)
    window.navigator.open(view)
    hands.settle()
    assert hands.title == "Schist"
    window.close()
    window, _ = hands_on()
    assert window.navigator.view == view


def test_undoing_a_subscription_leaves_its_view(
    hands_on: Callable[[], tuple[MainWindow, Hands]], fetched: Path
) -> None:
    window, hands = hands_on()
    library = window.workspace.library
    made, change = library.subscriptions.add(SubscriptionKind.SEARCH, "kettles", "Kettles", 0)
    window.workspace.announce(change)
    hands.settle()
    window.navigator.open(View(ViewKind.SUBSCRIPTION, subscription_id=made))
    hands.settle()
    assert window.panes.pane.empty.text() == "Nothing fetched yet."
    hands.press("u")
    assert window.navigator.view == View(ViewKind.INBOX)


def test_trouble_shows_in_the_left_pane(hands_on: Callable[[], tuple[MainWindow, Hands]]) -> None:
    window, hands = hands_on()
    before = window.panes.sidebar.grab().toImage()
    library = window.workspace.library
    (subscription,) = library.subscriptions.all()
    check = SubscriptionCheck(None, "2026-04-02T10:00:00Z", "huggingface.co has no time. Try later.", 1)
    window.workspace.announce(library.subscriptions.note_check(subscription.id, check))
    hands.settle()
    assert row_of(window).has_trouble
    assert "could not be fetched" in row_of(window).spoken()
    assert window.panes.sidebar.grab().toImage() != before


def test_what_upvotes_gained_stands_beside_them(hands_on: Callable[[], tuple[MainWindow, Hands]]) -> None:
    window, hands = hands_on()
    window.navigator.open(View(ViewKind.ALL))
    hands.settle()
    hands.press("g g", "j")
    assert hands.title == "Gneiss"
    assert "44 upvotes (+34 since yesterday)" in window.panes.detail.toPlainText()
    facts = window.panes.paper_model.description(1)
    assert facts is not None
    assert "44 upvotes (+34 since yesterday)" in facts
    assert "since yesterday" not in (window.panes.paper_model.description(2) or "")
