"""Triage by key: one paper at a time, a key for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.tags.editor import TagEditor
from reader.ui.triage.closing_sheet import ClosingSheet
from tests.services.support import finish
from tests.ui.conftest import TODAY, WindowMaker, settle
from tests.ui.pressing import Hands


def pebbles(count: int) -> str:
    """A bibliography of invented papers."""
    return "".join(
        f"@article{{p{number},\n title={{Counting {number} pebbles}},\n year={{2026}}\n}}\n"
        for number in range(1, count + 1)
    )


def take_in(folder: Path, file: Path) -> None:
    with Library(folder, clock=lambda: TODAY) as library:
        for _ in library.imports.paths([file]):
            pass


@pytest.fixture(scope="session")
def forty_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("forty")
    (root / "forty.bib").write_text(pebbles(40), encoding="utf-8")
    take_in(root / "library", root / "forty.bib")
    return root / "library"


@pytest.fixture
def folder(forty_made: Path, tmp_path: Path) -> Path:
    """A library with forty undecided papers."""
    from shutil import copytree

    return copytree(forty_made, tmp_path / "library")


def decided(window: MainWindow) -> tuple[int, int, int]:
    counts = window.workspace.library.views.counts()
    return counts.queued, counts.dismissed, counts.done


def state_of(window: MainWindow, title: str) -> PaperState:
    library = window.workspace.library
    papers = library.papers.read(list(library.views.paper_ids(View(ViewKind.ALL))))
    return next(paper.state for paper in papers if paper.title == title)


def closing(window: MainWindow) -> ClosingSheet:
    assert window.triage.closing is not None
    return window.triage.closing


def test_forty_papers_take_forty_keys(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T")
    assert window.triage.is_running
    titles = set()
    for key in ["a"] * 9 + ["d"] * 25 + ["e"] * 2 + ["Space"] * 4:
        titles.add(hands.title)
        hands.press(key)
    assert len(titles) == 40
    assert closing(window).tally == "9 queued, 25 dismissed, 2 done, 4 skipped"
    assert decided(window) == (9, 25, 2)
    hands.press("Enter")
    assert not window.triage.is_running
    assert window.panes.papers.hasFocus()
    assert not window.panes.is_focus_reading
    assert not window.menuBar().isHidden()


def test_the_paper_has_the_window_to_itself(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T")
    panes = window.panes
    assert panes.sidebar.isHidden()
    assert panes.pane.isHidden()
    assert window.menuBar().isHidden()
    assert window.triage.head.place.text() == "1 / 40"
    words = [label.text() for label in window.triage.foot.findChildren(QLabel)]
    assert words[:12] == [
        "a",
        "queue",
        "d",
        "dismiss",
        "e",
        "done",
        "b",
        "tomorrow",
        "Space",
        "skip",
        "u",
        "step back",
    ]


def test_adding_never_takes_out(window: MainWindow, hands: Hands) -> None:
    hands.press("a", "Shift+T")
    hands.press("Shift+T", "Esc", "x", "Shift+T")  # the selected paper is queued already
    title = hands.title
    hands.press("a")
    assert state_of(window, title) is PaperState.QUEUED
    assert closing(window).tally == "1 queued"


def test_stepping_back_takes_back_and_shows_the_paper(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T")
    first = hands.title
    hands.press("d")
    second = hands.title
    hands.press("Space", "a")
    assert decided(window) == (1, 1, 0)
    hands.press("u", "u")
    assert hands.title == second
    assert decided(window) == (0, 1, 0)
    hands.press("u")
    assert hands.title == first
    assert decided(window) == (0, 0, 0)
    hands.press("u")
    assert hands.said == "Nothing to step back to"


def test_keys_struck_faster_than_they_are_carried_out(window: MainWindow, hands: Hands) -> None:
    from reader.ui.commands.key_chords import parse_chord

    hands.press("Shift+T")
    first = hands.title
    for chord in ("d", "e", "a", "u", "u", "u"):
        hands.strike(parse_chord(chord)[0])
    hands.settle()
    assert hands.title == first
    assert decided(window) == (0, 0, 0)


def test_a_star_is_a_step_of_its_own(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T", "d")
    title = hands.title
    hands.press("s")
    assert window.reader.paper is not None
    assert window.reader.paper.starred
    hands.press("u")
    assert hands.title == title
    assert not window.reader.paper.starred
    assert decided(window) == (0, 1, 0)


def test_tags_and_notes_are_at_hand(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T", "Space")
    hands.press("t")
    assert window.findChildren(TagEditor)
    hands.type("beach")
    hands.press("Enter", "Enter")
    assert window.reader.paper is not None
    assert window.reader.paper.tags == ("beach",)
    hands.press("n")
    assert window.panes.note.editor.hasFocus()
    hands.type("count again")
    hands.press("Esc")
    assert window.triage.is_running
    assert window.panes.detail.hasFocus()
    title = hands.title
    hands.press("a")
    assert hands.title != title
    assert state_of(window, title) is PaperState.QUEUED


def test_highlights_are_at_hand(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T")
    title = hands.title
    hands.press("h")
    hands.press("a")
    assert window.reader.paper is not None
    assert [mark.exact for mark in window.reader.paper.highlights] == [title]
    hands.press("Esc")
    assert window.triage.is_running
    assert window.panes.detail.hasFocus()
    hands.press("d")
    assert hands.title != title
    hands.press("u", "u")
    assert hands.title == title
    assert window.reader.paper.highlights == ()


def test_from_the_note_esc_goes_to_the_paper(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T")
    hands.press("n")
    hands.type("count again")
    hands.press("Esc")
    window.panes.note.view.setFocus()
    hands.press("Esc")
    assert window.triage.is_running
    assert window.panes.detail.hasFocus()
    hands.press("Esc")
    assert not window.triage.is_running


def test_what_would_lead_elsewhere_rests(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T")
    hands.press("g q")
    assert window.triage.is_running
    assert "triage" in hands.said
    assert not window.runner.is_valid("go.queue")
    hands.press("Esc")  # nothing was decided: no tally
    assert not window.triage.is_running
    assert window.triage.closing is None
    hands.press("g q")
    assert window.navigator.view == View(ViewKind.QUEUE)


def test_esc_ends_with_the_tally_and_the_list_is_where_one_stopped(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T", "d", "b")
    title = hands.title
    hands.press("Esc")
    assert closing(window).tally == "1 dismissed, 1 snoozed, 1 skipped, 37 not shown"
    hands.press("Esc")
    assert hands.title == title
    assert window.panes.papers.current_row == 2
    assert window.panes.paper_model.rowCount() == 40  # what was decided stays in place


def test_all_of_it_is_taken_back_at_once(window: MainWindow, hands: Hands) -> None:
    hands.press("d")
    before = decided(window)
    hands.press("Shift+T")
    hands.press("a", "s", "d", "e", "Esc", "r")
    assert not window.triage.is_running
    assert decided(window) == before == (0, 1, 0)
    assert "4 steps" in hands.said
    hands.press("Shift+U")
    assert decided(window) == (1, 1, 0)


def test_from_the_tally_one_steps_back_into_the_triage(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T", "a", "d", "Esc")
    hands.press("u")
    assert window.triage.is_running
    assert window.triage.head.place.text() == "2 / 40"
    assert decided(window) == (1, 0, 0)
    hands.press("e", "Esc")
    assert closing(window).tally == "1 queued, 1 done, 1 skipped, 37 not shown"


def test_the_picks_are_copied_as_markdown(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T")
    first = hands.title
    hands.press("a", "d")
    third = hands.title
    hands.press("a", "Esc", "y")
    copied = QGuiApplication.clipboard().text().splitlines()
    assert [line.startswith("- ") for line in copied] == [True, True]
    assert first in copied[0]
    assert third in copied[1]
    assert window.triage.is_running


def test_nothing_is_copied_where_nothing_was_picked(window: MainWindow, hands: Hands) -> None:
    QGuiApplication.clipboard().setText("before")
    hands.press("Shift+T", "d", "Esc", "y")
    assert not closing(window).copy_button.isEnabled()
    assert QGuiApplication.clipboard().text() == "before"


def test_what_is_decided_or_hidden_is_left_out(window: MainWindow, hands: Hands) -> None:
    hands.press("d", "d", "e", "b", "Shift+T")
    assert window.triage.head.place.text() == "1 / 36"
    assert window.triage.head.skipped.text() == "3 already decided, 1 hidden"
    hands.press("Esc", "g d")
    hands.press("Shift+T")
    assert not window.triage.is_running
    assert hands.said == "Nothing to triage here"


def test_the_selection_is_gone_through_as_it_is(window: MainWindow, hands: Hands) -> None:
    hands.press("d", "k", "x", "j", "j", "x", "Shift+T")
    assert window.triage.head.place.text() == "1 / 2"
    hands.press("a", "a")
    assert closing(window).tally == "2 queued"
    assert decided(window) == (2, 0, 0)


def test_known_papers_of_an_import_are_skipped(
    open_window: WindowMaker, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "more.bib"
    file.write_text(pebbles(50), encoding="utf-8")
    window = open_window(folder, [file])
    hands = Hands(qtbot, window, lambda: settle(window))
    window.navigator.open_import(window.workspace.library.listings.latest_import())
    hands.settle()
    hands.press("Shift+T")
    assert window.triage.head.place.text() == "1 / 10"
    assert window.triage.head.skipped.text() == "40 already known"


def test_a_view_read_anew_stays_behind_it(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T", "d", "d")
    title = hands.title
    window.navigator.reload()
    hands.settle()
    assert window.triage.is_running
    assert hands.title == title
    hands.press("u")
    assert decided(window) == (0, 1, 0)
    hands.press("a", "Esc", "Enter")
    assert window.panes.paper_model.rowCount() == 38
    assert hands.title == title


def test_another_view_ends_it(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T", "d")
    window.navigator.open(View(ViewKind.DISMISSED))
    hands.settle()
    assert not window.triage.is_running
    assert window.panes.paper_model.rowCount() == 1
    assert not window.panes.is_focus_reading
    hands.press("j", "k")
    assert state_of(window, hands.title) is PaperState.DISMISSED


def test_a_day_may_be_named(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T")
    hands.press("Shift+B")
    hands.type("2w")
    hands.press("Enter")
    assert window.triage.head.place.text() == "2 / 40"
    hands.press("Esc")
    assert closing(window).tally == "1 snoozed, 1 skipped, 38 not shown"


def test_one_goes_to_and_fro_without_deciding(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+T")
    first = hands.title
    hands.press("j", "j", "k", "k")
    assert hands.title == first
    hands.press("m")
    assert window.triage.head.place.text() == "2 / 40"
    assert window.workspace.library.views.counts().unseen == 39


def test_space_scrolls_a_long_paper_before_it_leaves_it(window: MainWindow, hands: Hands) -> None:
    """Space left it unread below the fold, though it scrolls everywhere else."""
    library = window.workspace.library
    long = " ".join(f"Sentence number {number} of an abstract that does not end soon." for number in range(400))
    bibtex = f"@article{{a, title={{A Long One}}, abstract={{{long}}}, year={{2026}}}}"
    finish(library.imports.text(bibtex, "one.bib"))
    (paper_id,) = library.search('title:"a long one"').paper_ids
    window.navigator.open(View(ViewKind.ALL), paper_id)
    hands.settle()
    hands.press("x", "Shift+T")
    bar, pages = window.panes.detail.verticalScrollBar(), 1
    while bar.value() < bar.maximum():
        before = bar.value()
        hands.press("Space")
        assert bar.value() > before
        assert (hands.title, window.triage.closing) == ("A Long One", None)
        pages += 1
    assert pages > 3
    hands.press("Shift+Space")
    assert bar.value() < bar.maximum()
    hands.press("Space", "Space")
    assert window.triage.closing is not None
    assert library.papers.get(paper_id).state is PaperState.INBOX
