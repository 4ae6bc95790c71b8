"""Colours: readable on every surface they are used on, and following the system."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QPalette

from reader.ui.app.window import MainWindow
from reader.ui.look.themes import Texts, ThemeSwitch, contrast, load_theme, palette_of
from reader.ui.look.typography import LARGEST_STEP
from reader.ui.sidebar.model import VIEW_TITLES
from tests.ui.pressing import Hands

THEMES = ["light", "dark", "high-contrast"]
LEAST = {"light": 4.5, "dark": 4.5, "high-contrast": 7.0}
LEAST_OF_MARKS = {"light": 2.5, "dark": 2.5, "high-contrast": 4.5}
SURFACES = ["page", "list", "chrome", "overlay", "selected", "selected_focus", "hover", "field"]


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(QColor(one), QColor(other)) == pytest.approx(ratio, abs=0.01)
    assert contrast(QColor(other), QColor(one)) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_promises_what_it_has_to(name: str) -> None:
    assert load_theme(name).least_contrast == LEAST[name]


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("text", [item.name for item in fields(Texts) if item.name != "on_accent"])
def test_text_is_readable_on_every_surface(name: str, text: str) -> None:
    theme = load_theme(name)
    color = getattr(theme.texts, text)
    ratios = {surface: contrast(color, getattr(theme.surfaces, surface)) for surface in SURFACES}
    assert {surface: ratio for surface, ratio in ratios.items() if ratio < LEAST[name]} == {}


@pytest.mark.parametrize("name", THEMES)
def test_buttons_and_marks_are_readable(name: str) -> None:
    theme = load_theme(name)
    assert contrast(theme.texts.on_accent, theme.texts.accent) >= LEAST[name]
    assert contrast(theme.texts.text, theme.marks.found) >= LEAST[name]
    for mark in ("accent", "star", "queued", "reading", "done", "dismissed"):
        for surface in ("list", "chrome", "selected_focus"):
            assert contrast(getattr(theme.marks, mark), getattr(theme.surfaces, surface)) >= LEAST_OF_MARKS[name], (
                mark,
                surface,
            )
    if name == "high-contrast":
        assert contrast(theme.surfaces.line, theme.surfaces.page) >= 4.5, "what parts things shows"


@pytest.mark.parametrize("name", THEMES)
def test_the_palette_is_readable(name: str) -> None:
    palette = palette_of(load_theme(name))
    pairs = [
        (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window),
        (QPalette.ColorRole.Text, QPalette.ColorRole.Base),
        (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Button),
        (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Highlight),
        (QPalette.ColorRole.ToolTipText, QPalette.ColorRole.ToolTipBase),
        (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Base),
        (QPalette.ColorRole.Link, QPalette.ColorRole.Base),
    ]
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        for text, ground in pairs:
            assert contrast(palette.color(group, text), palette.color(group, ground)) >= LEAST[name], (group, text)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Callable[[Qt.ColorScheme], None]:
    """Switches the system's scheme, which cannot be asked of a system without a screen.

    Windows of earlier tests that are still in memory would follow it too, each restyling all of them.
    """
    gc.collect()

    def switch(scheme: Qt.ColorScheme) -> None:
        monkeypatch.setattr("reader.ui.look.themes.is_system_dark", lambda: scheme is Qt.ColorScheme.Dark)
        QGuiApplication.styleHints().colorSchemeChanged.emit(scheme)

    return switch


def test_the_window_follows_the_system(
    window: MainWindow, themes: ThemeSwitch, system: Callable[[Qt.ColorScheme], None]
) -> None:
    window.runner.run("view.theme_system")
    seen = []
    for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
        system(scheme)
        page = window.panes.detail.grab().toImage().pixelColor(5, 100)
        seen.append((window.appearance.look.theme.dark, page.lightness() < 100))
    assert seen == [(True, True), (False, False)]


def test_a_chosen_scheme_does_not_follow(
    window: MainWindow, themes: ThemeSwitch, system: Callable[[Qt.ColorScheme], None]
) -> None:
    window.runner.run("view.theme_light")
    system(Qt.ColorScheme.Dark)
    assert not themes.theme.dark


def test_choosing_the_colours_there_are_keeps_the_fonts(window: MainWindow) -> None:
    title = window.panes.pane.title
    before = title.font()
    assert before.bold() or before.weight() > 400
    window.runner.run("view.theme_light")
    assert title.font() == before


def test_everything_grows_with_the_text(window: MainWindow, hands: Hands) -> None:
    """Menus, the search box, chips and the status line kept the size with which they had been made."""
    window.resize(900, 600)
    hands.press("/")
    hands.type("is:unseen paper")
    hands.settle()
    pane = window.panes.pane
    parts = (window.menuBar(), pane.search.edit, pane.search.chips.buttons[0], window.panes.status.message)
    for step in (LARGEST_STEP, 0):
        window.settings.set("appearance.text_size", step)
        hands.settle()
        size = window.appearance.look.typography.interface().pointSizeF()
        assert [part.font().pointSizeF() for part in parts] == [size] * len(parts)
        chips = pane.search.chips
        assert all(chips.rect().contains(each.geometry()) for each in chips.buttons)
        assert all(each.height() >= each.fontMetrics().height() for each in chips.buttons)


def test_names_of_views_and_labels_have_room_with_the_largest_text(window: MainWindow, hands: Hands) -> None:
    window.resize(900, 600)
    window.settings.set("appearance.text_size", LARGEST_STEP)
    hands.press("g h")
    metrics = QFontMetricsF(window.appearance.look.typography.interface())
    widest = max(map(metrics.horizontalAdvance, VIEW_TITLES.values()))
    assert window.panes.sidebar.viewport().width() > widest
    buttons = window.annotations.pane._buttons.values()
    assert buttons
    assert [
        each.text() for each in buttons if each.width() < min(each.sizeHint().width(), each.parentWidget().width())
    ] == []
    assert len({each.pos().toTuple() for each in buttons}) == len(buttons)
