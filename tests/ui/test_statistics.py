"""The statistics by key: pictures that are walked, spoken, and read as tables."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from reader.domain.statistics import DayOfReading, Kept, ListingDay, ReadingStatistics
from reader.ui.app.window import MainWindow
from reader.ui.look.themes import Scheme, ThemeSwitch
from reader.ui.statistics.chart import Chart, scale_steps
from reader.ui.statistics.figures import (
    age_figure,
    all_figures,
    kept_figure,
    listing_figure,
    reading_figure,
    summary,
)
from reader.ui.statistics.table import FigureTable
from reader.ui.statistics.view import StatisticsView
from tests.ui.conftest import WindowMaker, settle
from tests.ui.pressing import Hands

TODAY = date(2031, 3, 20)
FIGURES = ReadingStatistics(
    today=TODAY,
    listing_days=(ListingDay(date(2030, 12, 30), 7, 0), ListingDay(date(2031, 3, 3), 12, 3)),
    reading=(
        DayOfReading(date(2031, 3, 17), seen=9, queued=2, done=1, dismissed=4),
        DayOfReading(date(2031, 3, 19), seen=3),
    ),
    inbox_days=((date(2031, 3, 19), 5), (date(2030, 3, 1), 1)),
    tags=(Kept("rivers", 6, 2),),
    organizations=(),
    papers=22,
)


def test_bars_are_named_and_said_in_words() -> None:
    listings = listing_figure(FIGURES)
    assert [bar.label for bar in listings.bars] == ["Dec 30, 2030", "Mar 3, 2031"]
    assert listings.said(1) == "Mar 3, 2031: 12 new, 3 known"
    reading = reading_figure(FIGURES)
    assert [bar.label for bar in reading.bars] == ["Mar 17, 2031", "Mar 18", "Mar 19", "Mar 20"]
    assert reading.said(0) == "Mar 17, 2031: 2 queued, 1 done, 4 dismissed, 9 seen"
    assert reading.said(1) == "Mar 18, 2031: nothing"
    assert reading.highest == 9
    assert age_figure(FIGURES).said(1) == "Came yesterday: 5 papers"
    assert kept_figure("Tags", FIGURES.tags, "").said(0) == "rivers: 6 kept, 2 dismissed (75 %)"
    assert summary(FIGURES) == "22 papers  ·  6 in the inbox  ·  7 decided, 43 % of them kept"


def test_many_days_are_put_together() -> None:
    days = tuple(DayOfReading(TODAY - timedelta(days=back), seen=1) for back in range(700, -1, -1))
    months = reading_figure(ReadingStatistics(TODAY, reading=days))
    assert months.title == "Seen and decided each month"
    assert sum(bar.values[-1] for bar in months.bars) == 701
    assert months.bars[-1].name == "Mar 2031"
    weeks = reading_figure(ReadingStatistics(TODAY, reading=days[-100:]))
    assert weeks.bars[-1].name == "Mar 17 to Mar 23, 2031"
    listings = tuple(ListingDay(day.day, 4, 1) for day in days)
    assert (
        listing_figure(ReadingStatistics(TODAY, listing_days=listings)).title == "Papers of the listings of each month"
    )


@pytest.mark.parametrize(
    ("highest", "steps"),
    [(1, [0, 1]), (4, [0, 1, 2, 3, 4]), (9, [0, 5]), (40, [0, 10, 20, 30, 40]), (12_345, [0, 5_000, 10_000])],
)
def test_the_scale_has_round_figures(highest: int, steps: list[int]) -> None:
    assert scale_steps(highest) == steps


def test_imported_names_are_shown_plainly() -> None:
    figure = kept_figure("Tags", (Kept("<b>bold</b>\u202e", 1, 0),), "")
    assert "<b>" in figure.bars[0].label
    assert "\u202e" not in figure.bars[0].label


@pytest.mark.parametrize("number", range(5))
def test_the_tables_keep_the_rules_of_models(qtmodeltester: ModelTester, number: int) -> None:
    table = FigureTable(all_figures(FIGURES)[number])
    qtmodeltester.check(table)
    assert table.rowCount() == len(all_figures(FIGURES)[number].bars)


@pytest.fixture
def view(window: MainWindow, hands: Hands) -> StatisticsView:
    """The statistics of the sample, of which a few papers were decided."""
    hands.press("a", "j", "d", "d", "e")
    hands.press("g v")
    (view,) = window.findChildren(StatisticsView)
    return view


def test_g_v_opens_them_and_esc_leaves(window: MainWindow, hands: Hands, view: StatisticsView) -> None:
    assert view.isVisible()
    focus = QApplication.focusWidget()
    assert isinstance(focus, Chart)
    assert focus.figure.title == "Papers per listing day"
    hands.press("Esc")
    assert window.findChildren(StatisticsView) == []
    assert window.panes.papers.hasFocus()


def test_arrows_walk_through_the_bars(hands: Hands, view: StatisticsView) -> None:
    hands.press("Tab", "Tab")
    chart = QApplication.focusWidget()
    assert isinstance(chart, Chart)
    assert chart.figure.title == "Age of the inbox"
    panel = view.panels[2]
    said = []
    for key in ("Home", "Down", "j", "End", "Up", "k", "Left", "Right"):
        hands.press(key)
        said.append(panel.value.text())
        assert chart.accessibleDescription() == panel.value.text()
    names = [chart.figure.said(number) for number in range(len(chart.figure.bars))]
    last = len(names) - 1
    assert said == [names[number] for number in (0, 1, 2, last, last - 1, last - 2, last - 3, last - 2)]
    hands.press("Tab")
    assert panel.value.text() == ""


def test_keys_below_stay_asleep(window: MainWindow, hands: Hands, view: StatisticsView) -> None:
    before = window.workspace.library.views.counts()
    hands.press("d", "e", "s")
    assert window.workspace.library.views.counts() == before


def test_t_shows_tables_and_pictures_again(hands: Hands, view: StatisticsView) -> None:
    hands.press("Tab", "t")
    panel = view.panels[1]
    assert panel.table.isVisible()
    assert panel.table.hasFocus()
    assert not panel.chart.isVisible()
    model = panel.table.model()
    rows = model.rowCount() - 1
    texts = [model.index(rows, column).data() for column in range(model.columnCount())]
    assert texts[1:4] == ["1", "1", "2"]
    hands.press("t")
    assert panel.chart.hasFocus()


@pytest.mark.parametrize(("scheme", "size"), [(Scheme.LIGHT, (900, 600)), (Scheme.DARK, (1600, 1000))])
def test_bars_are_drawn_in_the_theme_s_colours(
    open_window: WindowMaker, folder: Path, qtbot: QtBot, themes: ThemeSwitch, scheme: Scheme, size: tuple[int, int]
) -> None:
    themes.choose(scheme)
    window = open_window(folder)
    window.resize(*size)
    hands = Hands(qtbot, window, lambda: settle(window))
    hands.press("g v")
    (view,) = window.findChildren(StatisticsView)
    chart = view.panels[0].chart
    picture = chart.grab().toImage()
    body = chart._body(len(chart.figure.bars) - 1)
    at = QPoint(round(body.center().x()), round(body.bottom()) - 8) * picture.devicePixelRatio()
    assert QColor(picture.pixel(at)) == themes.theme.marks.accent
    assert view.panel.geometry().height() > 0.85 * window.height()
    themes.choose(Scheme.LIGHT)


def test_tab_brings_pictures_into_sight_in_a_small_window(open_window: WindowMaker, folder: Path, qtbot: QtBot) -> None:
    window = open_window(folder)
    window.resize(900, 600)
    hands = Hands(qtbot, window, lambda: settle(window))
    hands.press("g v")
    (view,) = window.findChildren(StatisticsView)
    hands.press("Tab")
    panel = next(each for each in view.panels if each.chart.hasFocus())
    assert panel is view.panels[2]
    shown = panel.mapTo(view.panel, panel.rect().bottomLeft()).y()
    assert shown <= view.panel.height()


def test_an_empty_library_says_so(open_window: WindowMaker, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(tmp_path / "empty")
    window.runner.run("go.statistics")
    settle(window)
    (view,) = window.findChildren(StatisticsView)
    assert not view.panels[0].chart.figure.bars
    assert view.panels[0].chart.accessibleDescription() == "No listings yet"
    view.grab()
    hands = Hands(qtbot, window, lambda: settle(window))
    hands.press("t", "t", "Esc")
    assert window.findChildren(StatisticsView) == []


def test_the_pointer_says_what_it_is_on(hands: Hands, view: StatisticsView) -> None:
    panel = view.panels[1]
    slot = panel.chart._slot(0)
    hands.qtbot.mouseMove(panel.chart, slot.center().toPoint())
    hands.settle()
    assert panel.value.text() == panel.chart.figure.said(0)
