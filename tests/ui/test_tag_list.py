"""Tags wherever they show: their colours in rows and beside the paper, the tree in the left pane, numbers by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import QWidget

from reader.domain.annotations import Tag
from reader.domain.views import View, ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.commands.palette import Palette
from reader.ui.look.themes import contrast, load_theme
from reader.ui.sidebar.model import tag_rows
from reader.ui.tags.colors import SUGGESTED, legible
from tests.ui.pressing import Hands

SURFACES = ("page", "list", "chrome", "overlay", "selected", "selected_focus", "hover")


def _tag(hands: Hands, *names: str) -> None:
    for name in names:
        hands.press("t")
        hands.type(name)
        hands.press("Ctrl+Enter")


def _named(name: str, number: int | None = None) -> Tag:
    return Tag(1, name, None, "", number, 3)


def _menu(window: MainWindow) -> list[str]:
    palette = next(each for each in window.findChildren(Palette) if each.isVisible())
    items = [palette.model.item(row) for row in range(palette.model.rowCount())]
    return [item.title for item in items if item is not None]


@given(st.integers(0, 0xFFFFFF), st.sampled_from(["light", "dark", "high-contrast"]))
def test_every_colour_is_made_legible_on_every_surface(rgb: int, name: str) -> None:
    theme = load_theme(name)
    shown = legible(f"#{rgb:06x}", theme)
    assert min(contrast(shown, getattr(theme.surfaces, surface)) for surface in SURFACES) >= theme.least_contrast


@pytest.mark.parametrize("name", ["light", "dark"])
def test_suggested_colours_stay_different(name: str) -> None:
    shown = [legible(color, load_theme(name)) for color in SUGGESTED.values()]
    assert len({color.name() for color in shown}) == len(SUGGESTED)
    for color, stored in zip(shown, SUGGESTED.values(), strict=True):
        turned = abs(color.hslHue() - QColor(stored).hslHue())
        assert min(turned, 360 - turned) <= 6


def test_what_is_no_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="not a colour"):
        legible("no colour", load_theme("light"))


def test_tags_stand_below_the_tag_above_them() -> None:
    names = [
        "method",
        "method-x",
        "method/diffusion",
        "Method/Diffusion/fast",
        "task/video/long",
        "task/video",
        "alone",
    ]
    rows = tag_rows([_named(name) for name in names])
    assert [(row.depth, row.title) for row in rows] == [
        (0, "alone"), (0, "method"), (1, "diffusion"), (2, "fast"), (0, "method-x"), (0, "task/video"), (1, "long"),
    ]  # fmt: skip
    assert rows[3].view == View(ViewKind.TAG, tag="Method/Diffusion/fast")
    assert rows[3].spoken() == "Tag Method/Diffusion/fast: 3 papers"
    assert tag_rows([_named("a", 2)])[0].spoken() == "Tag a: 3 papers, favourite 2"


def test_t_on_a_tag_of_the_left_pane_offers_what_can_be_done_with_it(window: MainWindow, hands: Hands) -> None:
    _tag(hands, "rl", "rl/bandits")
    hands.press("g t", "t")
    assert _menu(window) == ["Rename…", "Merge…", "Colour…", "Describe…", "Number…", "Delete"]
    hands.press("Enter")
    hands.type("learning")
    hands.press("Enter")
    assert [tag.name for tag in window.workspace.library.tags.all()] == ["learning", "learning/bandits"]
    hands.press("g t", "t")
    hands.type("dele")
    hands.press("Enter")
    assert [tag.name for tag in window.workspace.library.tags.all()] == ["learning/bandits"]
    hands.press("u", "g i")
    hands.press("g t", "t")
    hands.type("desc")
    hands.press("Enter")
    hands.type("what pays")
    hands.press("Enter")
    assert window.workspace.library.tags.all()[0].description == "what pays"


def test_one_stays_on_a_tag_that_is_renamed_joined_or_deleted(window: MainWindow, hands: Hands) -> None:
    _tag(hands, "alpha", "beta", "Gamma", "omega")

    def change(command: str, *then: str) -> str:
        hands.press("t")
        hands.type(command)
        hands.press("Enter")
        for text in then:
            hands.type(text)
            hands.press("Enter")
        row = window.panes.sidebar_model.row(window.panes.sidebar.currentIndex().row())
        return row.title if row is not None else ""

    hands.press("g t")
    assert change("rename", "zeta") == "zeta"
    assert change("rename", "gamma", "") == "Gamma"
    assert change("delete") == "omega"
    assert change("merge", "beta") == "beta"
    assert [tag.name for tag in window.workspace.library.tags.all()] == ["beta"]


def test_elsewhere_t_tags_the_paper(window: MainWindow, hands: Hands) -> None:
    hands.press("g l", "t")
    hands.type("here")
    hands.press("Enter")
    assert [tag.paper_count for tag in window.workspace.library.tags.all()] == [1]


def test_a_colour_is_chosen_by_name_and_shows_in_row_and_paper(window: MainWindow, hands: Hands) -> None:
    _tag(hands, "rl")
    window.panes.papers.setFocus()
    before = _reddest(window.panes.papers.viewport())
    hands.press("g t", "t")
    hands.type("colou")
    hands.press("Enter")
    hands.type("red")
    hands.press("Enter")
    (tag,) = window.workspace.library.tags.all()
    assert tag.color == SUGGESTED["Red"]
    assert _reddest(window.panes.papers.viewport()) > before + 40
    found = window.panes.detail.document().find("#rl")
    assert not found.isNull()
    cursor = QTextCursor(found)
    assert cursor.charFormat().foreground().color() == legible(SUGGESTED["Red"], window.appearance.look.theme)
    hands.press("g t", "t")
    hands.type("colour")
    hands.press("Enter")
    hands.type("no colour")
    hands.press("Enter")
    assert window.workspace.library.tags.all()[0].color is None
    assert _reddest(window.panes.papers.viewport()) <= before + 5


def _reddest(widget: QWidget) -> int:
    """By how much the reddest point of a widget is redder than green or blue."""
    image = widget.grab().toImage()
    points = (image.pixelColor(x, y) for y in range(0, 120) for x in range(0, min(image.width(), 300)))
    return max(point.red() - max(point.green(), point.blue()) for point in points)


def test_numbers_are_called_by_their_tags(window: MainWindow, hands: Hands) -> None:
    _tag(hands, "rl")
    hands.press("g t", "t")
    hands.type("numb")
    hands.press("Enter", "2", "Enter")
    titles = [item.title for item in window.help.palette_items()]
    assert "Favourite tag 2: rl" in titles
    assert "Favourite tag 1" in titles
    row = window.panes.sidebar_model.row(window.panes.sidebar.currentIndex().row())
    assert row is not None
    assert (row.title, row.number) == ("rl", 2)
    hands.press("g t", "t")
    hands.type("rename")
    hands.press("Enter")
    hands.type("reinforce")
    hands.press("Enter")
    assert "Favourite tag 2: reinforce" in [item.title for item in window.help.palette_items()]
