"""The colours of highlights: whatever colour a user gives a label, text on it stays readable in every theme."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QTextCharFormat

from reader.domain.annotations import HighlightLabel
from reader.services.resources import resource_path
from reader.ui.app.window import MainWindow
from reader.ui.highlights.tones import Tones, selection_ground
from reader.ui.look.themes import contrast, load_theme
from tests.ui.pressing import Hands

THEMES = sorted(path.stem for path in resource_path("themes").glob("*.toml"))
COLORS = ["#e5b567", "#6c99bb", "#8fb573", "#b58ac4", "#000000", "#ffffff", "#ff0000", "#0000ff", "#ffff00", "#808080"]


def labels(*colors: str) -> list[HighlightLabel]:
    return [HighlightLabel(number, f"Label {number}", color) for number, color in enumerate(colors, start=1)]


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("color", COLORS)
def test_text_on_highlights_and_labels_names_can_be_read(name: str, color: str) -> None:
    theme = load_theme(name)
    tone = Tones(labels(color), theme).of("label 1")
    for ground in (tone.ground, tone.strong, selection_ground(theme)):
        assert contrast(theme.texts.text, ground) >= theme.least_contrast
        assert contrast(theme.texts.accent, ground) >= theme.least_contrast  # addresses in the abstract
    for surface in ("page", "overlay", "list", "selected_focus"):
        assert contrast(tone.ink, getattr(theme.surfaces, surface)) >= theme.least_contrast, surface


@pytest.mark.parametrize("name", THEMES)
def test_overlaps_can_be_read_and_seen(name: str) -> None:
    theme = load_theme(name)
    tones = Tones(labels(*COLORS), theme)
    ground = tones.overlap(["Label 1", "Label 2"])
    assert contrast(theme.texts.text, ground) >= theme.least_contrast
    assert ground != theme.surfaces.page


def test_labels_differ_in_more_than_colour() -> None:
    tones = Tones(labels("#e5b567", "#e5b567", "#e5b567", "#e5b567"), load_theme("light"))
    lines = {tones.of(f"Label {number}").line for number in range(1, 5)}
    assert len(lines) == 4
    assert QTextCharFormat.UnderlineStyle.NoUnderline not in lines


def test_a_label_that_is_not_known_is_grey() -> None:
    tones = Tones((), load_theme("dark"))
    assert tones.of("Gone").name == "Gone"
    assert tones.of("").initial == ""
    assert tones.of("Gone").ground.saturation() < 60


def test_highlights_are_painted_over_the_text(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "s", "Tab", "s")
    assert window.reader.paper is not None
    (found,) = window.reader.paper.highlights
    tone = window.panes.detail.tones.of("Method")
    (selection,) = window.panes.detail.extraSelections()
    assert selection.format.background().color() == tone.ground
    assert selection.format.underlineStyle() == tone.line
    assert selection.cursor.selectedText() == found.exact
    before = window.panes.detail.grab().toImage()
    hands.press("Esc", "}")
    (marked, row) = window.panes.detail.extraSelections()
    assert marked.format.background().color() == tone.strong
    assert found.exact in row.cursor.selectedText()
    assert window.panes.detail.grab().toImage() != before


def test_overlapping_highlights_show_both_and_the_shorter_one_s_line(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "s", "Esc", "w", "l", "Tab", "Enter")
    grounds = [each.format.background().color() for each in window.panes.detail.extraSelections()]
    lines = [each.format.underlineStyle() for each in window.panes.detail.extraSelections()]
    tones = window.panes.detail.tones
    claim, method = tones.of("Claim"), tones.of("Method")
    assert grounds == [claim.ground, tones.overlap(["Claim", "Method"]), claim.ground]
    assert lines == [claim.line, method.line, claim.line]


def test_other_names_and_colours_are_shown_at_once(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "s", "Esc")
    library = window.workspace.library
    label = library.labels.all()[0]
    window.workspace.perform(lambda: library.labels.update(label.id, name="Thesis", color="#0000ff"))
    hands.settle()
    assert "Thesis" in window.panes.detail.toPlainText()
    (selection,) = window.panes.detail.extraSelections()
    color = selection.format.background().color()
    assert color.blue() > color.red()
    assert isinstance(color, QColor)
    hands.press("h")
    assert window.highlights.bar.label.text() == "Thesis"


def choose(window: MainWindow, hands: Hands, *words: str) -> None:
    """Choose in one palette after the other by typing."""
    for typed in words:
        hands.type(typed)
        hands.press("Enter")


def names(window: MainWindow) -> list[str]:
    return [each.name for each in window.workspace.library.labels.all()]


def test_labels_are_renamed_recoloured_added_and_deleted(window: MainWindow, hands: Hands) -> None:
    hands.press("h", "s", "Esc")
    window.runner.run("highlight.labels")
    hands.settle()
    choose(window, hands, "claim", "rename")
    hands.press("Ctrl+A")
    choose(window, hands, "method")
    assert names(window)[0] == "Claim"  # another label is called so already
    hands.press("Ctrl+A")
    choose(window, hands, "Thesis")
    assert names(window)[0] == "Thesis"
    assert "Thesis" in window.panes.detail.toPlainText()
    window.runner.run("highlight.labels")
    hands.settle()
    choose(window, hands, "thesis", "colour", "teal")
    assert window.workspace.library.labels.all()[0].color == "#1f8a8a"
    window.runner.run("highlight.labels")
    hands.settle()
    choose(window, hands, "new label", "Doubt")
    assert names(window)[-1] == "Doubt"
    window.runner.run("highlight.labels")
    hands.settle()
    choose(window, hands, "doubt", "delete")
    assert "Doubt" not in names(window)
    hands.press("u", "u", "u", "u")
    assert names(window) == ["Claim", "Method", "Result", "Question"]


def test_a_colour_may_be_written(window: MainWindow, hands: Hands) -> None:
    window.runner.run("highlight.labels")
    hands.settle()
    choose(window, hands, "method", "colour", "another")
    hands.press("Ctrl+A")
    choose(window, hands, "blue")
    hands.press("Ctrl+A")
    choose(window, hands, "#123456")
    assert window.workspace.library.labels.all()[1].color == "#123456"


def test_a_label_that_highlights_have_is_not_offered_to_be_deleted(window: MainWindow, hands: Hands) -> None:
    from reader.ui.commands.palette import Palette

    hands.press("h", "s", "Esc")
    window.runner.run("highlight.labels")
    hands.settle()
    choose(window, hands, "claim")
    palette = next(each for each in window.findChildren(Palette) if each.isVisible())
    titles = [palette.model.item(row).title for row in range(palette.model.rowCount())]  # type: ignore[union-attr]
    assert titles == ["Rename…", "Colour…"]
