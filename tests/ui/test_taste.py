"""The order "for you" in the window: it stands still while one reads, says why, and shows what was learned."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu

from reader.domain.papers import PaperState
from reader.domain.taste import BULK
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.commands.palette import Palette
from reader.ui.taste.learned_sheet import LearnedSheet
from reader.ui.taste.reasons_sheet import ReasonsSheet
from tests.meaning.invented_topics import as_bibtex, invented_papers
from tests.patience import wait_until
from tests.services.support import finish
from tests.ui.conftest import TODAY, World, settle
from tests.ui.pressing import Hands

LIKED = (2, 7)
INBOX, ALL = View(ViewKind.INBOX), View(ViewKind.ALL)
PER_TOPIC = 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of invented papers, a month old and undecided, with its vectors made."""
    folder = tmp_path_factory.mktemp("whole") / "library"
    with Library(folder, clock=lambda: TODAY - timedelta(days=30)) as library:
        finish(library.imports.text(as_bibtex(invented_papers(per_topic=PER_TOPIC)), "papers"))
        assert library.meaning.space(complete=True) is not None
    return folder


def of_topics(library: Library, topics: Sequence[int], *, others: bool = False) -> list[int]:
    """The papers of some topics, or of all others, in an order that says nothing."""
    of_topic = {paper.title: paper.topic for paper in invented_papers(per_topic=PER_TOPIC)}
    ids = sorted(row.id for row in library.papers.rows(library.views.paper_ids(ALL)))
    random.Random(3).shuffle(ids)
    return [row.id for row in library.papers.rows(ids) if (of_topic[row.title] in topics) is not others]


def decide(library: Library, kept: int = 8, dismissed: int = 8) -> None:
    library.states.set(of_topics(library, LIKED)[:kept], PaperState.DONE)
    library.states.set(of_topics(library, LIKED, others=True)[:dismissed], PaperState.DISMISSED)


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A library whose reader likes two topics."""
    shutil.copytree(whole, tmp_path / "library")
    with Library(tmp_path / "library", clock=lambda: TODAY) as library:
        decide(library)
    return tmp_path / "library"


def shown(window: MainWindow) -> list[int]:
    return [row for row in window.panes.paper_model.entries.rows if row > 0]


def foot(window: MainWindow) -> str:
    return window.panes.pane.foot.text() if not window.panes.pane.foot.isHidden() else ""


def told_of(window: MainWindow, words: str) -> None:
    """Wait until the line below the list says something."""
    wait_until(lambda: words in foot(window), lambda: settle(window))


def sort_for_you(hands: Hands) -> None:
    hands.press("Shift+S")
    hands.type("for you")
    hands.press("Enter")


def run(hands: Hands, command: str) -> None:
    hands.press("Ctrl+K")
    hands.type(command)
    hands.press("Enter")


def page(window: MainWindow, hands: Hands) -> LearnedSheet:
    run(hands, "what lectern has learned")
    (sheet,) = (each for each in window.findChildren(LearnedSheet) if not each.isHidden())
    return sheet


def test_the_inbox_is_sorted_by_taste_when_asked_and_says_so(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    by_date = shown(window)
    sort_for_you(hands)
    assert sorted(shown(window)) == sorted(by_date)
    assert shown(window) == list(library.taste.order(by_date, exploring=library.taste.today()).paper_ids)
    assert set(shown(window)[:6]) <= set(of_topics(library, LIKED))
    assert window.panes.pane.facts.text() == f"for you  ·  {len(by_date)}"
    told_of(window, "“For you” is still guessing, from 16 decisions.")


def test_every_tenth_place_has_a_paper_from_outside_the_usual_with_its_mark(window: MainWindow, hands: Hands) -> None:
    sort_for_you(hands)
    model, rows = window.panes.paper_model, shown(window)
    assert model.outside == {paper_id for place, paper_id in enumerate(rows, start=1) if place % 10 == 0}
    row = rows.index(next(iter(model.outside)))
    assert "Outside your usual" in str(model.index(row).data(role=3))  # Qt.ItemDataRole.ToolTipRole
    assert "Outside your usual." in model.text(row, spoken=True)
    assert model.index(0).data(role=3) is None
    hands.press("Home", *["j"] * 9)
    words = window.panes.reasons.words
    wait_until(lambda: words.text().startswith("◇ Outside your usual"), lambda: settle(window))


def test_the_order_stands_still_through_twenty_decisions_of_a_triage(window: MainWindow, hands: Hands) -> None:
    sort_for_you(hands)
    before = shown(window)
    hands.press("Shift+T")
    for number in range(20):
        assert window.reader.paper is not None
        assert window.panes.papers.current_paper_id == before[number]
        hands.press("d" if number % 2 else "a")
        assert shown(window) == before, "no decision moves a paper"
    hint = window.panes.reasons.hint
    wait_until(lambda: "learned from 20 decisions since. Shift+R" in hint.text(), lambda: settle(window))
    hands.press("Esc", "Esc")
    assert shown(window) == before
    assert hint.text() == "Shift+W says why"
    told_of(window, "The order has learned from 20 decisions since. Shift+R sorts again.")


def test_sorting_again_keeps_the_current_paper_and_undo_gives_the_identical_order(
    window: MainWindow, hands: Hands
) -> None:
    sort_for_you(hands)
    before = shown(window)
    hands.press("End", "d")
    hands.press("Home", *["j"] * 5)
    at = window.panes.papers.current_paper_id
    hands.press("Shift+R")
    assert window.panes.papers.current_paper_id == at
    assert shown(window) != before
    told_of(window, "from 17 decisions")
    hands.press("u", "Shift+R")
    assert window.panes.papers.current_paper_id is not None
    assert shown(window) == before
    told_of(window, "from 16 decisions")


def test_a_decided_paper_stays_current_when_its_view_is_sorted_again(window: MainWindow, hands: Hands) -> None:
    sort_for_you(hands)
    at = window.panes.papers.current_paper_id
    window.runner.run("paper.start")  # decides and stays
    hands.settle()
    hands.press("Shift+R")
    assert window.panes.papers.current_paper_id == at
    assert sorted(shown(window)) == sorted(set(shown(window)))


def test_what_is_to_come_of_a_triage_is_sorted_again_and_what_was_shown_stays(window: MainWindow, hands: Hands) -> None:
    sort_for_you(hands)
    before = shown(window)
    hands.press("Shift+T", *["d"] * 6)
    at = window.panes.papers.current_paper_id
    hands.press("Shift+R")
    after = shown(window)
    assert after[:7] == before[:7]
    assert after != before
    assert sorted(after) == sorted(before)
    assert window.panes.papers.current_paper_id == at
    hands.press("d", "u")
    assert window.panes.papers.current_paper_id == at


def test_papers_that_come_in_move_none_of_those_that_are_there(window: MainWindow, hands: Hands) -> None:
    sort_for_you(hands)
    before = shown(window)
    hands.press("Home", "d", "d")
    library = window.workspace.library
    finish(library.imports.text(as_bibtex(invented_papers((2,), per_topic=3, seed=9)), "more"))
    window.navigator.reload()
    hands.settle()
    after = shown(window)
    assert [each for each in after if each in set(before)] == before[2:]
    assert len(after) == len(before) + 1


def test_the_order_is_kept_in_a_listing_and_for_a_search(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    window.navigator.open_listing(library.listings.all()[0].id)
    hands.settle()
    sort_for_you(hands)
    ids = list(library.views.paper_ids(View(ViewKind.LISTING, listing_ids=(library.listings.all()[0].id,))))
    assert shown(window) == list(library.taste.order(ids, exploring=library.taste.today()).paper_ids)
    hands.press("/")
    hands.type("is:inbox sort:foryou")
    hands.press("Enter")
    undecided = list(library.views.paper_ids(INBOX))
    assert shown(window) == list(library.taste.order(undecided).paper_ids)
    assert not window.panes.paper_model.outside
    at = window.panes.papers.current_paper_id
    hands.press("Shift+R")
    assert window.panes.papers.current_paper_id == at


def test_reasons_are_a_line_in_the_paper_and_a_sheet_of_parts_that_open_papers(
    window: MainWindow, hands: Hands
) -> None:
    sort_for_you(hands)
    hands.press("Home")
    line = window.panes.reasons
    wait_until(lambda: line.words.text().startswith("For: "), lambda: settle(window))
    assert line.hint.text() == "Shift+W says why"
    assert line.words.fontMetrics().horizontalAdvance(line.words.text()) <= line.words.width()
    hands.press("Shift+W")
    (sheet,) = window.findChildren(ReasonsSheet)
    assert sheet.because.text().startswith("Because you kept “")
    rows = sheet.table.model_of_parts.rows
    starts = [at for at, row in enumerate(rows) if row.part is None]
    paper_id = window.reader.paper.id if window.reader.paper is not None else 0
    reasons = window.workspace.library.taste.reasons(paper_id)
    assert reasons is not None
    for group in (rows[starts[0] + 1 : starts[1]], rows[starts[1] + 1 :]):
        assert sum(row.part or 0.0 for row in group) == pytest.approx(reasons.score, abs=1e-5)
    while sheet.table.current is None or sheet.table.current.paper_id is None:
        hands.press("j")
    wanted = sheet.table.current.paper_id
    hands.press("Enter")
    assert window.panes.papers.current_paper_id == wanted


def test_the_line_of_reasons_fits_a_window_of_900_pixels(window: MainWindow, hands: Hands) -> None:
    window.resize(900, 600)
    sort_for_you(hands)
    words = window.panes.reasons.words
    for key in ("Home", *["j"] * 12):
        hands.press(key)
        wait_until(lambda: bool(words.text()), lambda: settle(window))
        assert words.fontMetrics().horizontalAdvance(words.text()) <= words.contentsRect().width()
        assert not words.text().endswith(("For: ", "Against: "))


def test_forgetting_a_word_is_a_step_that_shows_at_once_and_can_be_undone(window: MainWindow, hands: Hands) -> None:
    sheet = page(window, hands)
    assert sheet.facts.text().startswith("From 8 papers that you kept and 8 that you dismissed. Still guessing")
    assert "never in a bundle" in sheet.privacy.text()
    first = sheet.words_for.current
    assert first is not None
    assert first.word
    assert sheet.words_for.hasFocus()
    hands.press("Delete")
    assert first.word not in {row.word for row in sheet.words_for.model_of_parts.rows}
    (chip,) = sheet.forgotten.flowing()
    assert window.workspace.library.taste.wishes().forgotten == (first.word,)
    hands.press("u")
    assert sheet.words_for.model_of_parts.rows[1].word == first.word
    assert window.workspace.library.taste.wishes().forgotten == ()
    hands.press("Home", "Delete")
    (chip,) = sheet.forgotten.flowing()
    hands.click(chip)
    assert window.workspace.library.taste.wishes().forgotten == ()


def test_starting_over_and_leaving_out_old_decisions_can_be_undone(window: MainWindow, hands: Hands) -> None:
    sheet = page(window, hands)
    hands.click(sheet.over_button)
    assert "needs 10 more decisions to begin" in sheet.facts.text()
    assert not sheet.words.isVisible()
    hands.press("u")
    assert sheet.facts.text().startswith("From 8 papers that you kept")
    assert sheet.words.isVisible()
    hands.click(sheet.since_button)
    hands.type("nonsense")
    hands.press("Enter")
    assert window.workspace.library.taste.wishes().since is None, "the question stays open"
    hands.press("Ctrl+A")
    hands.type("2026-04-01")
    hands.press("Enter")
    assert window.workspace.library.taste.wishes().since == "2026-04-01"
    hands.click(sheet.whole_button)
    assert window.workspace.library.taste.wishes().since is None


def test_a_file_of_liked_papers_is_learned_from_and_removed_again(
    window: MainWindow, hands: Hands, world: World, tmp_path: Path
) -> None:
    world.liked = tmp_path / "liked.bib"
    world.liked.write_text(as_bibtex(invented_papers((5,), per_topic=6, seed=4)), encoding="utf-8")
    papers = window.workspace.library.views.counts().all
    sheet = page(window, hands)
    hands.click(sheet.file_button)
    assert "6 examples from files" in sheet.facts.text()
    assert window.workspace.library.views.counts().all == papers
    hands.click(sheet.examples_button)
    assert "example" not in sheet.facts.text()
    hands.press("u")
    assert "6 examples from files" in sheet.facts.text()


def test_nothing_of_it_shows_while_it_is_switched_off(window: MainWindow, hands: Hands) -> None:
    by_date = shown(window)
    sort_for_you(hands)
    told_of(window, "still guessing")
    sheet = page(window, hands)
    hands.click(sheet.switch_button)
    assert sheet.facts.text().startswith("“For you” is switched off.")
    hands.press("Esc")
    assert shown(window) == by_date
    assert foot(window) == ""
    assert window.panes.reasons.isHidden()
    assert not window.panes.paper_model.outside
    assert window.panes.pane.facts.text() == str(len(by_date))
    hands.press("Shift+S")
    (asked,) = (each for each in window.findChildren(Palette) if not each.isHidden())
    hands.type("for you")
    assert asked.model.rowCount() == 0
    hands.press("Esc")
    for menu in window.menuBar().findChildren(QMenu):
        menu.aboutToShow.emit()
        texts = [action.text().partition("\t")[0] for action in menu.actions() if action.isVisible()]
        assert not {"Sort again", "Why here", "Learn from a file of papers I like…"}.intersection(texts)
    hands.click(page(window, hands).switch_button)
    hands.press("Esc")
    assert shown(window) != by_date
    told_of(window, "still guessing")


def test_shift_r_fetches_where_nothing_is_sorted_for_you(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+R")
    assert hands.said.startswith("No subscriptions yet")


class TestFewDecisions:
    @pytest.fixture
    def folder(self, whole: Path, tmp_path: Path) -> Path:
        shutil.copytree(whole, tmp_path / "library")
        with Library(tmp_path / "library", clock=lambda: TODAY) as library:
            decide(library, kept=4, dismissed=3)
        return tmp_path / "library"

    def test_the_order_is_the_date_s_until_there_is_enough_to_begin(self, window: MainWindow, hands: Hands) -> None:
        by_date = shown(window)
        sort_for_you(hands)
        assert shown(window) == by_date
        assert window.panes.pane.facts.text() == f"by date  ·  {len(by_date)}"
        assert window.panes.reasons.isHidden()
        told_of(window, "“For you” needs 3 more decisions to begin (1 to keep, 2 to dismiss).")
        hands.press("Home", "e", "d", "d")
        assert shown(window) == by_date, "nothing moves by itself"
        told_of(window, "“For you” can begin: Shift+R sorts.")
        hands.press("Shift+R")
        assert shown(window) != by_date[3:]
        told_of(window, "still guessing")

    def test_many_papers_dismissed_by_one_key_are_decided_in_bulk(self, window: MainWindow, hands: Hands) -> None:
        hands.press("* a", "d")
        signals = window.workspace.library.taste.signals()
        dismissed = [each for each in signals if each.state == PaperState.DISMISSED]
        assert sum(each.is_bulk for each in dismissed) == len(dismissed) - 3 > BULK
        hands.press("u")
        assert not any(each.is_bulk for each in window.workspace.library.taste.signals())

    def test_catching_up_decides_in_bulk(self, window: MainWindow, hands: Hands) -> None:
        run(hands, "catch up")
        hands.press("Enter")
        signals = window.workspace.library.taste.signals()
        assert sum(each.is_bulk for each in signals) > BULK


class TestWithoutVectors:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        with Library(tmp_path / "library", clock=lambda: TODAY) as library:
            finish(library.imports.text(as_bibtex(invented_papers(per_topic=PER_TOPIC)), "papers"))
            decide(library)
        return tmp_path / "library"

    def test_papers_stay_by_date_and_a_line_says_why(self, window: MainWindow, hands: Hands) -> None:
        by_date = shown(window)
        sort_for_you(hands)
        assert shown(window) == by_date
        told_of(window, "“For you” has not compared your papers yet. Sorted by date until then.")
        window.indexing.start(0)
        window.indexing.wake()
        told_of(window, "“For you” can begin: Shift+R sorts.")
        assert shown(window) == by_date
        hands.press("Shift+R")
        assert shown(window) != by_date
