"""The order "for you" in the window: it stands still while one reads, says why, and shows what was learned."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.taste.learned_sheet import LearnedSheet
from tests.meaning.invented_topics import as_bibtex, invented_papers
from tests.patience import wait_until
from tests.services.support import finish
from tests.ui.conftest import TODAY, settle
from tests.ui.pressing import Hands

LIKED = (2, 7)
INBOX, ALL = View(ViewKind.INBOX), View(ViewKind.ALL)
PER_TOPIC = 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of invented papers, undecided, with its vectors made."""
    folder = tmp_path_factory.mktemp("whole") / "library"
    with Library(folder, clock=lambda: TODAY) as library:
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
    hands.press("Esc", "Esc")
    assert shown(window) == before
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
