"""Subscriptions in the window, with a real server: adding, fetching, trouble, undoing, waking up, closing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from reader.domain.subscriptions import SubscriptionKind
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.history import shown_step
from reader.services.subscriptions.turn import FetchTurn
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import Key
from reader.ui.overlays.overlay import Overlay
from reader.ui.overlays.text_sheet import TextSheet
from reader.ui.subscriptions import timer
from reader.ui.subscriptions.sheet import SubscriptionSheet
from tests.ui import conftest
from tests.ui.conftest import TODAY, WindowMaker, World, settle
from tests.ui.pressing import Hands
from tests.web.papers import arxiv_rss, invent
from tests.web.server import Fault, WebServer, hang, playing, status

DAY = TODAY.date()
Opened = tuple[MainWindow, Hands]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """The network: three papers today, two yesterday, and a category of arXiv."""
    with playing(monkeypatch) as server:
        server.pages[DAY.isoformat()] = [invent(number, DAY) for number in range(3)]
        yesterday = DAY - timedelta(days=1)
        server.pages[yesterday.isoformat()] = [invent(number, yesterday) for number in (10, 11)]
        server.announced["cs.CL"] = (DAY, [invent(20, DAY)])
        yield server


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def subscribed(empty: Path) -> Path:
    """A library with a subscription that was never fetched, and is fetched only when asked."""
    with Library(empty, clock=lambda: TODAY) as library:
        library.subscriptions.add(SubscriptionKind.DAILY, "day", every=0)
    return empty


@pytest.fixture
def opened(open_window: WindowMaker, qtbot: QtBot) -> Callable[..., Opened]:
    """Opens a window, with hands that press its keys."""

    def make(folder: Path, **given: bool) -> Opened:
        window = open_window(folder, **given)
        return window, Hands(qtbot, window, lambda: settle(window))

    return make


def asked(server: WebServer) -> list[str]:
    """The days that were asked for, in order; the last answer of a day with papers is an empty one."""
    return [seen.query["date"] for seen in server.seen if seen.query["p"] == "0"]


def titles(window: MainWindow) -> list[str]:
    ids = [row for row in window.panes.paper_model.entries.rows if row > 0]
    return [row.title for row in window.workspace.library.papers.rows(ids)]


def steps(window: MainWindow) -> list[str]:
    return [shown_step(step.title) for step in window.workspace.library.history.steps() if not step.undone]


def sheet_of(window: MainWindow) -> SubscriptionSheet:
    assert window.subscriptions.sheet is not None
    return window.subscriptions.sheet


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(conftest, "TODAY", moment)


def test_the_first_morning_begins_with_one_click(server: WebServer, empty: Path, opened: Callable[..., Opened]) -> None:
    window, hands = opened(empty)
    welcome = window.panes.welcome
    assert window.panes.is_welcome_shown
    texts = [label.text() for label in welcome.findChildren(QLabel)]
    assert f"Calls 127.0.0.1:{server.port}." in texts
    assert "Calls nobody." in texts
    assert server.seen == []
    hands.press("Enter")  # the likeliest choice has the focus
    assert titles(window) == [paper.title for paper in server.pages[DAY.isoformat()]]
    assert not window.panes.is_welcome_shown
    assert window.panes.pane.title.text() == "Just fetched"
    assert window.panes.notice.text.text() == "Fetched “Daily Papers”: 3 new papers.  ·  u undoes"
    assert {seen.path for seen in server.seen} == {"/api/daily_papers"}
    assert window.panes.papers.hasFocus()
    hands.press("u")
    assert window.workspace.library.views.counts().all == 0
    hands.press("u")
    assert window.workspace.library.subscriptions.all() == []
    hands.press("Shift+U", "Shift+U")
    assert window.workspace.library.views.counts().all == 3


def test_a_first_morning_without_papers_goes_back_to_the_last_day_that_has_some(
    server: WebServer, empty: Path, opened: Callable[..., Opened]
) -> None:
    server.pages = {(DAY - timedelta(days=3)).isoformat(): [invent(5, DAY)]}
    window, _ = opened(empty)
    window.runner.run("subscription.daily")
    settle(window)
    assert titles(window) == [invent(5, DAY).title]
    assert asked(server) == [(DAY - timedelta(days=number)).isoformat() for number in range(4)]


def test_a_category_is_offered_with_a_line_to_write_it_in(
    server: WebServer, empty: Path, opened: Callable[..., Opened]
) -> None:
    window, hands = opened(empty)
    hands.press("Tab", "Enter")
    sheet = sheet_of(window)
    assert sheet.line.hasFocus()
    assert "cs.CL" in sheet.line.placeholderText()
    assert not sheet.add_button.isEnabled()
    hands.type("cs.CL")
    hands.settle()
    assert sheet.preview.text().startswith(f"arXiv category cs.CL\nCalls 127.0.0.1:{server.port}, at once and then")
    assert server.seen == []
    hands.press("Enter")
    assert [status.subscription.name for status in window.subscriptions.statuses.all] == ["arXiv cs.CL"]
    assert window.subscriptions.statuses.all[0].new == 1
    assert server.seen[0].path == "/rss/cs.CL"
    assert sheet.line.text() == ""
    assert sheet.isVisible()
    hands.press("Down", "Enter")
    assert window.navigator.view == View(ViewKind.SUBSCRIPTION, subscription_id=1)
    assert titles(window) == [invent(20, DAY).title]


def test_a_line_that_says_nothing_is_refused_in_a_sentence(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened]
) -> None:
    window, hands = opened(subscribed)
    window.runner.run("subscription.add")
    hands.settle()
    sheet = sheet_of(window)
    hands.type("https://arxiv.org/abs/2509.01234")
    hands.settle()
    assert "one paper" in sheet.preview.text()
    assert not sheet.add_button.isEnabled()
    hands.press("Enter")
    assert len(window.workspace.library.subscriptions.all()) == 1
    assert server.seen == []


def test_fetching_again_tells_nothing_and_leaves_no_step(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened]
) -> None:
    window, hands = opened(subscribed)
    assert server.seen == []
    window.panes.show_welcome(False)
    hands.press("r")
    before = steps(window)
    assert before[0] == "Fetched “Daily Papers”: 1 page, 3 papers"
    window.panes.notice.dismiss()
    view = window.navigator.view
    hands.press("r")
    assert server.seen[-1].status == 304
    assert steps(window) == before
    assert hands.said == "Fetched: nothing new"
    assert not window.panes.notice.isVisible()
    assert window.navigator.view == view


def test_changed_counts_are_shown_where_the_user_is(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened]
) -> None:
    window, hands = opened(subscribed)
    window.panes.show_welcome(False)
    hands.press("r")
    window.navigator.open(View(ViewKind.SUBSCRIPTION, subscription_id=1))
    hands.settle()
    hands.press("j")
    title = hands.title
    server.pages[DAY.isoformat()] = [invent(number, DAY, upvotes=70 + number) for number in range(3)]
    hands.press("r")
    assert hands.title == title
    assert "71 upvotes" in (window.panes.paper_model.description(1) or "")
    assert hands.said == "Fetched “Daily Papers”: 3 updated.  ·  u undoes"


def test_trouble_stands_beside_the_subscription_and_opens_nothing(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened]
) -> None:
    window, hands = opened(subscribed)
    window.workspace.library.subscriptions.set_every(1, 6)
    server.faults.append(Fault(status(503, retry_after="1800")))
    hands.window.runner.run("subscription.fetch")
    hands.settle()
    (row,) = window.subscriptions.statuses.all
    assert row.error
    assert "503" in hands.said
    assert not window.panes.notice.isVisible()
    assert window.findChildren(Overlay) == []
    assert window.panes.is_welcome_shown
    assert "503" in window.panes.welcome.trouble.text()
    assert "Next try" in window.panes.welcome.trouble.text()
    window.runner.run("go.subscriptions")
    sheet = sheet_of(window)
    assert "503" in sheet.model.text(0, spoken=True)
    assert "Next try" in sheet.model.text(0, spoken=True)
    server.faults.clear()
    hands.press("r")
    (row,) = window.subscriptions.statuses.all
    assert (row.error, row.new) == ("", 3)
    assert window.panes.welcome.trouble.text() == ""
    assert "fetched" in sheet.model.text(0, spoken=True)


def test_the_sheet_changes_what_is_marked_and_undoes_it(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened]
) -> None:
    window, hands = opened(subscribed)
    library = window.workspace.library
    library.subscriptions.add(SubscriptionKind.SEARCH, "kettles", every=6)
    window.runner.run("go.subscriptions")
    window.subscriptions.statuses.refresh()
    hands.settle()
    sheet = sheet_of(window)
    assert sheet.table.hasFocus()
    hands.press("j")
    assert sheet.status is not None
    assert sheet.status.subscription.name == "Search: kettles"
    hands.press("F2")
    hands.type("Tea")
    hands.press("Enter")
    assert library.subscriptions.get(2).name == "Tea"
    assert sheet.table.hasFocus()
    hands.press("e")
    hands.type("24")
    hands.press("Enter")
    assert library.subscriptions.get(2).every == 24
    assert "every day" in sheet.model.text(sheet.table.current_row, spoken=True)
    hands.press("Delete")
    assert [each.name for each in library.subscriptions.all()] == ["Daily Papers"]
    assert hands.said.startswith("Unsubscribed from “Tea”")
    hands.press("u")
    assert [each.name for each in library.subscriptions.all()] == ["Daily Papers", "Tea"]
    hands.press("Esc")
    assert window.subscriptions.sheet is None
    assert server.seen == []


def test_hours_that_are_none_are_refused(subscribed: Path, opened: Callable[..., Opened]) -> None:
    window, hands = opened(subscribed)
    window.runner.run("go.subscriptions")
    hands.press("e")
    hands.type("often")
    hands.press("Enter", "Esc")
    assert window.workspace.library.subscriptions.get(1).every == 0


def test_what_is_due_is_fetched_at_launch_and_disturbs_nobody(
    server: WebServer, folder: Path, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(timer, "FIRST_AFTER_MS", 0)
    with Library(folder, clock=lambda: TODAY) as library:
        library.subscriptions.add(SubscriptionKind.DAILY, "day")
    window, hands = opened(folder)
    qtbot.waitUntil(lambda: "Fetched “Daily Papers”: 3 new papers." in window.panes.notice.text.text())
    hands.settle()
    assert window.navigator.view == View(ViewKind.INBOX)
    show = window.panes.notice.findChildren(QPushButton)[0]
    assert show.text() == "Show"
    show.click()
    hands.settle()
    assert titles(window) == [paper.title for paper in server.pages[DAY.isoformat()]]


def test_a_machine_that_wakes_up_fetches_once(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(subscribed, clock=lambda: TODAY) as library:
        library.subscriptions.set_every(1, 6)
    window, hands = opened(subscribed)
    looks = window.subscriptions.timer
    looks.look()
    hands.settle()
    assert asked(server) == [DAY.isoformat()]
    looks.look()
    hands.settle()
    assert asked(server) == [DAY.isoformat()]  # not due again
    set_clock(monkeypatch, TODAY + timedelta(days=4))
    for _ in range(3):
        looks.look()
        hands.settle()
    assert asked(server)[1:] == [(DAY + timedelta(days=number)).isoformat() for number in range(5)]  # each day once


def test_closing_the_window_ends_a_fetch(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened], qtbot: QtBot
) -> None:
    window, _ = opened(subscribed)
    server.faults.append(Fault(hang(server.stopping)))
    window.runner.run("subscription.fetch")
    qtbot.waitUntil(lambda: bool(server.seen))
    window.close()
    with Library(subscribed, clock=lambda: TODAY) as library:
        assert library.views.counts().all == 0
        assert library.subscriptions.statuses()[0].error == ""


def test_cancel_stops_a_fetch(server: WebServer, subscribed: Path, opened: Callable[..., Opened], qtbot: QtBot) -> None:
    window, hands = opened(subscribed)
    server.faults.append(Fault(hang(server.stopping)))
    window.runner.run("subscription.fetch")
    qtbot.waitUntil(lambda: bool(server.seen))
    assert window.panes.status.is_working
    assert window.panes.status.work.text().startswith("Fetching")
    window.panes.status.cancel.click()
    hands.settle()
    assert not window.panes.status.is_working
    assert hands.said == "Fetching cancelled; what was fetched before stays"
    assert window.workspace.library.subscriptions.statuses()[0].error == ""


def test_keys_go_on_while_a_server_is_slow(
    server: WebServer, folder: Path, opened: Callable[..., Opened], qtbot: QtBot
) -> None:
    with Library(folder, clock=lambda: TODAY) as library:
        library.subscriptions.add(SubscriptionKind.DAILY, "day", every=0)
    window, hands = opened(folder)
    server.faults.append(Fault(hang(server.stopping)))
    window.runner.run("subscription.fetch")
    qtbot.waitUntil(lambda: bool(server.seen))
    first = window.panes.papers.current_paper_id
    for key in ("s", "j", "e"):
        hands.strike(Key.parse(key))
    library = window.workspace.library
    qtbot.waitUntil(lambda: library.views.counts().done == 1 and library.views.counts().starred == 1)
    assert window.panes.papers.current_paper_id != first
    assert window.subscriptions.fetching.is_running


def test_an_impatient_key_fetches_once(server: WebServer, subscribed: Path, opened: Callable[..., Opened]) -> None:
    window, hands = opened(subscribed)
    window.panes.show_welcome(False)
    for _ in range(5):
        hands.strike(Key.parse("r"))
    hands.settle()
    assert asked(server) == [DAY.isoformat()]


def test_what_another_process_fetches_is_left_to_it(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened]
) -> None:
    window, hands = opened(subscribed)
    turn = FetchTurn(subscribed, "Lectern")
    turn.acquire()
    try:
        window.workspace.library.subscriptions.set_every(1, 6)
        window.subscriptions.fetching.fetch_due()
        hands.settle()
        assert hands.said == ""
        window.runner.run("subscription.fetch")
        hands.settle()
        assert "being fetched" in hands.said
    finally:
        turn.release()
    assert server.seen == []


def test_the_sample_fetches_nothing(
    server: WebServer, folder: Path, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timer, "FIRST_AFTER_MS", 0)
    with Library(folder, clock=lambda: TODAY) as library:
        library.subscriptions.add(SubscriptionKind.DAILY, "day")
    window, hands = opened(folder, is_sample=True)
    window.subscriptions.timer.look()
    hands.press("r")
    assert hands.said.startswith("The sample fetches nothing")
    window.runner.run("subscription.daily")
    QApplication.processEvents()
    hands.settle()
    assert server.seen == []


def test_the_left_pane_says_which_is_fetched_and_renamed(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened]
) -> None:
    window, hands = opened(subscribed)
    library = window.workspace.library
    library.subscriptions.add(SubscriptionKind.ARXIV, "cs.CL", every=0)
    window.panes.show_welcome(False)
    window.subscriptions.statuses.refresh()
    hands.settle()
    sidebar, model = window.panes.sidebar, window.panes.sidebar_model
    row = model.row_of(View(ViewKind.SUBSCRIPTION, subscription_id=2))
    assert row is not None
    sidebar.setFocus()
    sidebar.setCurrentIndex(model.index(row))
    hands.press("r")
    assert {seen.path for seen in server.seen} == {"/rss/cs.CL"}
    sidebar.setFocus()
    sidebar.setCurrentIndex(model.index(model.row_of(View(ViewKind.SUBSCRIPTION, subscription_id=2)) or 0))
    hands.press("F2")
    hands.type("Language")
    hands.press("Enter")
    assert library.subscriptions.get(2).name == "Language"


def test_commands_ask_which_subscription_is_meant(subscribed: Path, opened: Callable[..., Opened]) -> None:
    window, hands = opened(subscribed)
    window.runner.run("subscription.remove")
    hands.settle()
    hands.press("Enter")
    assert window.workspace.library.subscriptions.all() == []
    window.runner.run("subscription.rename")
    assert hands.said.startswith("No subscriptions yet")


def test_what_a_command_fetches_meanwhile_is_told(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened], qtbot: QtBot
) -> None:
    window, hands = opened(subscribed)

    def fetch_outside(moment: datetime) -> None:
        with Library(subscribed, clock=lambda: moment) as command:
            for _ in command.subscriptions.fetch(command.subscriptions.all()):
                pass
        window.news.look()
        hands.settle()

    fetch_outside(TODAY)
    assert not window.panes.is_welcome_shown
    assert window.panes.notice.text.text().startswith("Fetched “Daily Papers”: 3 new papers.")
    (status,) = window.subscriptions.statuses.all
    assert (status.new, status.last_fetched) == (3, f"{DAY}T{TODAY:%H:%M:%S}Z")
    window.panes.notice.dismiss()
    server.pages[DAY.isoformat()] = [invent(number, DAY, upvotes=70 + number) for number in range(3)]
    fetch_outside(TODAY + timedelta(minutes=1))
    assert hands.said == "By a command: Fetched “Daily Papers”: 1 page, 3 papers"
    assert not window.panes.notice.isVisible()
    fetch_outside(TODAY + timedelta(minutes=2))
    (status,) = window.subscriptions.statuses.all
    assert status.last_fetched == f"{DAY}T{TODAY + timedelta(minutes=2):%H:%M:%S}Z"
    assert len(steps(window)) == 3, "nothing changed but the time"


def test_what_is_pasted_into_the_list_is_what_to_subscribe_to(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened]
) -> None:
    window, hands = opened(subscribed)
    hands.press("g f")
    sheet = sheet_of(window)
    assert sheet.table.hasFocus()
    hands.press("Tab")
    assert sheet.line.hasFocus()
    hands.press("Down")
    assert sheet.table.hasFocus()
    QApplication.clipboard().setText("cs.CL+cs.LG")
    hands.press("Ctrl+V")
    assert sheet.line.hasFocus()
    assert sheet.line.text() == "cs.CL+cs.LG"
    assert sheet.preview.text().startswith("arXiv categories cs.CL, cs.LG")
    assert server.seen == []


def test_an_opml_file_is_shown_before_it_is_subscribed_to(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened], world: World, tmp_path: Path
) -> None:
    server.files["https://blog.example/atom"] = (arxiv_rss("Blog", DAY, [invent(40, DAY)]), "application/rss+xml")
    window, hands = opened(subscribed)
    hands.press("g f")
    sheet = sheet_of(window)
    world.opml = None
    sheet.files[0].click()
    hands.settle()
    assert window.findChildren(TextSheet) == []
    world.opml = tmp_path / "feeds.opml"
    sheet.files[0].click()
    hands.settle()
    assert "There is no file" in hands.said
    world.opml.write_text(
        '<opml version="2.0"><body><outline text="Blog" xmlUrl="https://blog.example/atom?token=verysecret"/>'
        '<outline text="Blog" xmlUrl="https://blog.example/atom?token=verysecret"/>'
        '<outline text="Paper" xmlUrl="ftp://blog.example/atom"/></body></opml>'
    )
    sheet.files[0].click()
    hands.settle()
    (asking,) = window.findChildren(TextSheet)
    shown = asking.text.toPlainText()
    assert "1 new source. Fetching calls:\n  https://blog.example/atom?token=…" in shown
    assert "Already subscribed: 1" in shown
    assert "“Paper”: That is not an address of the web" in shown
    assert len(window.subscriptions.statuses.all) == 1
    assert server.seen == []
    assert asking.action_button is not None
    hands.press("Tab", "Tab", "Tab")
    assert asking.action_button.hasFocus()
    hands.press("Enter")
    assert [each.subscription.name for each in window.subscriptions.statuses.all] == ["Blog", "Daily Papers"]
    assert steps(window)[0] == "Subscribed to 1 source"
    window.runner.run("subscription.import")
    hands.settle()
    assert "1 problem:" in window.findChildren(TextSheet)[-1].text.toPlainText()


def test_subscriptions_are_saved_as_opml(
    server: WebServer, subscribed: Path, opened: Callable[..., Opened], world: World, tmp_path: Path
) -> None:
    window, hands = opened(subscribed)
    window.runner.run("subscription.export")
    hands.settle()
    world.opml_target = tmp_path / "mine"
    window.runner.run("subscription.export")
    hands.settle()
    assert hands.said == "Saved 1 subscription to mine.opml, without secrets"
    world.opml = tmp_path / "mine.opml"
    assert "Daily Papers" in world.opml.read_text("utf-8")
    window.runner.run("subscription.export")
    assert hands.said == "mine.opml exists already. Choose it to replace it."
    window.runner.run("subscription.import")
    hands.settle()
    assert hands.said == "Nothing to subscribe to in mine.opml: 1 known source"
    world.opml_target = tmp_path / "no" / "mine.opml"
    window.runner.run("subscription.export")
    hands.settle()
    assert hands.said.startswith("mine.opml cannot be written: ")
    window.workspace.library.subscriptions.remove(1)
    window.subscriptions.statuses.refresh()
    hands.settle()
    hands.press("g f")
    assert not sheet_of(window).files[1].isVisible()
    window.runner.run("subscription.export")
    assert hands.said.startswith("No subscriptions yet")
