"""Reading by key: moving, what is shown, and what counts as seen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.window import MainWindow
from tests.ui.conftest import World
from tests.ui.pressing import Hands, named


def _titles(window: MainWindow) -> list[str]:
    library = window.workspace.library
    return [row.title for row in library.papers.rows(library.views.paper_ids(window.navigator.view))]


def _state(window: MainWindow, paper_id: int) -> tuple[str, bool]:
    (row,) = window.workspace.library.papers.rows([paper_id])
    return row.state.value, row.seen


def test_the_sample_is_read_with_keys_only(window: MainWindow, hands: Hands) -> None:
    titles = _titles(window)
    assert len(titles) == 40
    for number, title in enumerate(titles):
        assert hands.title == title
        shown = window.panes.detail.toPlainText()
        assert shown_line(title) in shown
        assert window.panes.status.position.text() == f"{number + 1} / 40"
        hands.press("j")
    assert hands.title == titles[-1]


def test_the_detail_shows_everything_that_is_known(window: MainWindow, hands: Hands) -> None:
    paper = next(
        paper
        for paper in window.workspace.library.papers.read(range(1, 41))
        if paper.organization is not None and paper.comments and paper.published
    )
    window.navigator.open(View(ViewKind.ALL), paper.id)
    hands.settle()
    shown = window.panes.detail.toPlainText()
    assert paper.organization is not None
    assert paper.organization.name in shown
    assert f"{paper.comments} comment" in shown
    assert "2026" in shown
    assert "Seen in" in shown
    assert f"no. {paper.sightings[0].position}" in shown


def test_arrows_and_letters_move_alike(window: MainWindow, hands: Hands) -> None:
    titles = _titles(window)
    for chord, title in [
        ("j", titles[1]), ("Down", titles[2]), ("k", titles[1]), ("Up", titles[0]), ("k", titles[0]),
        ("Shift+G", titles[-1]), ("g g", titles[0]), ("End", titles[-1]), ("j", titles[-1]), ("Home", titles[0]),
    ]:  # fmt: skip
        hands.press(chord)
        assert hands.title == title


def test_what_was_shown_for_a_second_is_seen_when_left(window: MainWindow, hands: Hands, world: World) -> None:
    paper = window.reader.paper
    assert paper is not None
    world.seconds += 1.2
    hands.press("j")
    assert _state(window, paper.id) == ("inbox", True)


def test_what_was_scrolled_past_is_not_seen(window: MainWindow, hands: Hands, world: World) -> None:
    for _ in range(10):
        world.seconds += 0.2
        hands.press("j")
    assert window.workspace.library.views.counts().unseen == 40


@pytest.mark.parametrize("leave", ["click", "Shift+G"])
def test_however_one_moves_on_the_paper_was_seen(window: MainWindow, hands: Hands, world: World, leave: str) -> None:
    paper = window.reader.paper
    assert paper is not None
    world.seconds += 1.2
    if leave == "click":
        papers = window.panes.papers
        hands.click(papers.viewport(), papers.visualRect(papers.papers().index(2)).center())
    else:
        hands.press(leave)
    assert _state(window, paper.id) == ("inbox", True)


def test_how_long_a_paper_has_to_be_shown_is_a_setting(window: MainWindow, hands: Hands, world: World) -> None:
    window.settings.set("reading.seen_after_seconds", 5)
    world.seconds += 4
    hands.press("j")
    assert window.workspace.library.views.counts().unseen == 40
    world.seconds += 6
    hands.press("j")
    assert window.workspace.library.views.counts().unseen == 39


def test_a_paper_may_be_seen_by_itself_after_a_while(window: MainWindow, hands: Hands) -> None:
    window.settings.set_all({"reading.seen_after_seconds": 0, "reading.seen_on_moving_on": False})
    first = window.reader.paper
    assert first is not None
    hands.press("j")
    second = window.reader.paper
    assert second is not None
    hands.qtbot.waitUntil(lambda: _state(window, second.id) == ("inbox", True))
    assert _state(window, first.id) == ("inbox", False), "it was scrolled past"
    hands.settle()
    assert window.reader.paper is not None
    assert window.reader.paper.seen


def test_what_was_marked_unseen_is_not_seen_by_moving_on(window: MainWindow, hands: Hands, world: World) -> None:
    paper = window.reader.paper
    assert paper is not None
    hands.press("Shift+M")
    world.seconds += 5
    hands.press("j")
    assert _state(window, paper.id) == ("inbox", False)
    hands.press("k")
    world.seconds += 5
    hands.press("j")
    assert _state(window, paper.id) == ("inbox", True)


def test_seen_by_moving_on_is_no_step_to_undo(window: MainWindow, hands: Hands, world: World) -> None:
    name = named(hands)
    hands.press("s")
    world.seconds += 5
    hands.press("j", "u")
    assert hands.said == f"Undid: Starred: {name}"


def test_space_scrolls_and_then_goes_on_to_the_next_unseen(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    ids = library.views.paper_ids(View(ViewKind.INBOX))
    library.states.set_seen(ids[1:4], True)
    window.navigator.open(View(ViewKind.ALL), ids[0])
    hands.settle()
    entries = window.panes.paper_model.entries
    unseen = next(one for one in entries.rows[entries.row_of(ids[0]) + 1 :] if one not in ids[1:4])
    window.resize(window.minimumSize())
    bar = window.panes.detail.verticalScrollBar()
    assert bar.maximum() > 0
    while bar.value() < bar.maximum():
        before = bar.value()
        hands.press("Space")
        assert bar.value() > before
    assert window.reader.paper is not None
    assert window.reader.paper.id == ids[0]
    hands.press("Space")
    assert window.reader.paper.id == unseen
    assert bar.value() == 0
    assert _state(window, ids[0])[0] == "inbox"


def test_space_finds_the_next_unseen_far_away(
    window: MainWindow, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reader.ui.navigation.reader._UNSEEN_NEAR", 2)
    monkeypatch.setattr("reader.ui.navigation.reader._UNSEEN_CHUNK", 7)
    library = window.workspace.library
    window.navigator.open(View(ViewKind.ALL))
    hands.settle()
    rows = list(window.panes.paper_model.entries.rows)
    library.states.set_seen(rows[1:30], True)
    window.navigator.open(View(ViewKind.ALL), rows[0])
    hands.settle()
    window.panes.detail.verticalScrollBar().setValue(10_000)
    hands.press("Space")
    assert window.panes.papers.current_paper_id == rows[30]


def test_space_says_when_nothing_is_unseen(window: MainWindow, hands: Hands) -> None:
    window.workspace.library.states.set_seen(list(range(1, 41)), True)
    window.navigator.open(View(ViewKind.ALL))
    hands.settle()
    window.panes.detail.verticalScrollBar().setValue(10_000)
    hands.press("Space")
    assert hands.said == "Nothing unseen further down"


def test_shift_space_reads_back(window: MainWindow, hands: Hands) -> None:
    titles = _titles(window)
    window.resize(window.minimumSize())
    hands.press("j", "Space")
    bar = window.panes.detail.verticalScrollBar()
    assert bar.value() > 0
    hands.press("Shift+Space")
    assert (hands.title, bar.value()) == (titles[1], 0)
    hands.press("Shift+Space")
    assert hands.title == titles[0]


def test_focus_reading_shows_the_paper_alone(window: MainWindow, hands: Hands) -> None:
    titles = _titles(window)
    hands.press("Enter")
    assert not window.panes.sidebar.isVisible()
    assert not window.panes.pane.isVisible()
    assert window.panes.detail.hasFocus()
    hands.press("j")
    assert hands.title == titles[1]
    hands.press("Esc")
    assert window.panes.sidebar.isVisible()
    assert window.panes.papers.hasFocus()
    assert hands.title == titles[1]


def test_escape_climbs_one_ladder(window: MainWindow, hands: Hands) -> None:
    panes = window.panes
    panes.notice.show_text("A notice")
    hands.press("/")
    hands.type("a")
    hands.press("Down")
    assert window.navigator.is_finding
    panes.papers.selectAll()
    hands.press("Enter")
    steps = []
    for _ in range(5):
        steps.append(
            (
                panes.is_focus_reading,
                len(panes.papers.selected_paper_ids()) > 1,
                not panes.pane.search.isHidden(),
                not panes.notice.isHidden(),
            )
        )
        hands.press("Esc")
    assert steps == [
        (True, True, True, True),
        (False, True, True, True),
        (False, False, True, True),
        (False, False, False, True),
        (False, False, False, False),
    ]


def test_views_open_by_key_and_remember_their_place(window: MainWindow, hands: Hands) -> None:
    hands.press("j", "j")
    place = hands.title
    for chord, kind in [
        ("g q", ViewKind.QUEUE), ("g r", ViewKind.READING), ("g s", ViewKind.STARRED), ("g e", ViewKind.DONE),
        ("g d", ViewKind.DISMISSED), ("g a", ViewKind.ALL), ("g i", ViewKind.INBOX),
    ]:  # fmt: skip
        hands.press(chord)
        assert window.navigator.view == View(kind)
    assert hands.title == place


def test_an_empty_view_says_why(window: MainWindow, hands: Hands) -> None:
    hands.press("g q")
    assert "Press a on a paper" in window.panes.pane.empty.text()
    assert window.panes.pane.empty.isVisible()
    assert hands.title == ""
    hands.press("j", "m", "Space", "Enter", "o", "y y")
    assert hands.title == ""


def test_listings_are_walked_in_the_left_pane(window: MainWindow, hands: Hands) -> None:
    hands.press("g l")
    assert window.panes.sidebar.hasFocus()
    hands.press("Enter")
    assert window.navigator.view is not None
    assert window.navigator.view.kind is ViewKind.LISTING
    assert window.panes.papers.hasFocus()
    assert _titles(window)[0].startswith("Every Paper in This Listing Is Invented")


def test_views_are_walked_in_the_left_pane(window: MainWindow, hands: Hands) -> None:
    window.panes.sidebar.setFocus()
    hands.press("g g", "j", "j", "k", "Enter")
    assert window.navigator.view == View(ViewKind.QUEUE)
    window.panes.sidebar.setFocus()
    hands.press("Shift+G", "Enter")
    assert window.navigator.view is not None
    assert window.navigator.view.kind is ViewKind.LISTING


def test_a_sighting_leads_to_its_listing(window: MainWindow, hands: Hands) -> None:
    hands.press("j")
    title = hands.title
    window.panes.detail.listing_chosen.emit(window.workspace.library.listings.all()[0].id)
    hands.settle()
    assert window.navigator.view is not None
    assert window.navigator.view.kind is ViewKind.LISTING
    assert hands.title == title


def test_older_and_newer_listings(window: MainWindow, hands: Hands, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("pages")
    for day in ("2026-01-05", "2026-01-06"):
        page = folder / f"{day}.md"
        page.write_text(
            f"---\nurl: https://huggingface.co/papers?date={day}\nretrieved: {day}\n---\n"
            f"### [A page of {day}](https://huggingface.co/papers/2601.0000{day[-1]})\n\n"
            f"[An abstract that is long enough to be taken for one, on the page of {day}, with several words more "
            f"than a title has.](https://huggingface.co/papers/2601.0000{day[-1]})\n"
        )
    for _ in window.workspace.library.imports.paths([folder]):
        pass
    window.workspace.refresh_listings()
    hands.settle()
    days = [listing.heading_date for listing in window.workspace.library.listings.all()]
    assert days == sorted(days, key=str, reverse=True)
    assert len(days) == 3
    seen = []
    for chord in ("[", "[", "Ctrl+PgUp", "["):
        hands.press(chord)
        seen.append(window.navigator.current_listing_id())
    assert hands.said == "No older listing"
    hands.press("]", "Ctrl+PgDown")
    seen.append(window.navigator.current_listing_id())
    listings = [listing.id for listing in window.workspace.library.listings.all()]
    assert seen == [*listings, listings[-1], listings[0]]
    hands.press("]")
    assert hands.said == "No newer listing"


def test_a_paper_that_is_gone_is_said_to_be(window: MainWindow, hands: Hands, folder: object) -> None:
    listing = window.workspace.library.listings.all()[0]
    window.workspace.library.listings.remove(listing.id)
    hands.press("j")
    assert "No longer in the library" in window.panes.detail.toPlainText()
    window.panes.paper_model.refresh_all()
    assert window.panes.paper_model.index(3).data() == "No longer in the library"
    QApplication.processEvents()


def test_the_library_is_real(window: MainWindow) -> None:
    assert type(window.workspace.library) is Library
