"""How rows are worded and drawn: what is missing is left out, and no state is told by colour alone."""

from __future__ import annotations

from array import array
from dataclasses import fields, replace
from itertools import combinations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from reader.domain.papers import PaperRow, PaperState
from reader.domain.views import ListingSection, ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.look import icons
from reader.ui.look.face import Face
from reader.ui.look.themes import Marks, load_theme
from reader.ui.look.typography import Typography
from reader.ui.look.wording import counted, known_line, row_facts, shown_date, shown_people, spoken_row
from reader.ui.overlays.text_sheet import TextSheet
from reader.ui.papers.delegate import PaperDelegate, broken_lines
from reader.ui.papers.entries import Entries
from reader.ui.papers.model import PaperListModel
from tests.ui.conftest import SAMPLE
from tests.ui.pressing import Hands
from tests.ui.test_models import Shelf, row, sections


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        ({}, ""),
        ({"author_count": 8}, "8 authors"),
        ({"author_count": 1}, "1 author"),
        ({"authors": ("A. One",)}, "A. One"),
        ({"authors": ("A. One", "B. Two")}, "A. One, B. Two"),
        ({"authors": ("A. One", "B. Two", "C. Three")}, "A. One and 2 more"),
        ({"organization": "Some <b>Lab</b>", "author_count": 8}, "Some <b>Lab</b>"),
        ({"published": "2025-12-08", "published_guessed": True}, "Dec 8, ~2025"),
        ({"published": "2024", "published_guessed": True}, "~2024"),
        ({"published": "no date"}, ""),
        ({"sighting_count": 3, "has_code": True}, "in 3 listings  ·  code"),
        ({"comments": 1, "upvotes": 1200}, "1 comment  ·  1,200 upvotes"),
        ({"comments": 0, "upvotes": 0}, ""),
        ({"upvotes": 44, "momentum": 34}, "44 upvotes (+34 since yesterday)"),
        ({"upvotes": 1, "momentum": -1}, "1 upvote (\N{MINUS SIGN}1 since yesterday)"),
        ({"tags": ("ml/vision", "later")}, "#ml/vision #later"),
    ],
)
def test_the_second_line(changes: dict[str, object], facts: str) -> None:
    assert row_facts(row(1, **changes)) == facts


def test_words() -> None:
    assert shown_people((), None) == ""
    assert shown_people(("Ida Elm",), None, more_authors=True) == "Ida Elm and others"
    assert shown_people(("Ida Elm", "Jon Oak", "Kim Ash", "Lou Yew"), 4, more_authors=True) == "Ida Elm and others"
    assert shown_people(("Ida Elm", "Jon Oak"), 9, more_authors=True) == "Ida Elm and 8 more"
    assert row_facts(row(1, authors=("Ida Elm",), author_count=None, more_authors=True)) == "Ida Elm and others"
    assert shown_date(None) == ""
    assert counted(1_234, "entry", "entries") == "1,234 entries"
    assert known_line(ListingSection(1, (), (1, 2, 3), (("queued", 1), ("inbox", 2)))) == "3 known: 1 queued, 2 seen"
    assert known_line(ListingSection(1, (), (1,), ())) == "1 known"
    assert spoken_row(row(1, highlight_count=2)) == "Paper 1. Unseen, 2 highlights."
    assert spoken_row(row(1, title="a\u202eb\n c", seen=True)) == "a⟨RLO⟩b c. Seen."


def picture_of_state(state: PaperState, *, seen: bool) -> QImage:
    """A state's glyph in a theme that has one colour for everything."""
    theme = load_theme("light")
    ink = QColor("black")
    plain = replace(theme, marks=Marks(**{item.name: ink for item in fields(Marks)}))
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    icons.draw_state(painter, QRectF(0, 0, 64, 64), plain, state, seen=seen)
    painter.end()
    return image


def test_states_differ_in_shape(qapp: object) -> None:
    states = [(state, False) for state in PaperState] + [(PaperState.INBOX, True)]
    pictures = {state: picture_of_state(*state[:1], seen=state[1]) for state in states}
    for one, other in combinations(states, 2):
        assert pictures[one] != pictures[other], (one, other)


def draw(paper: PaperRow, state: QStyle.StateFlag = QStyle.StateFlag.State_None, theme: str = "light") -> QImage:
    """A row as the delegate draws it."""
    shelf = Shelf(1)
    shelf.rows[1] = paper
    model = PaperListModel(shelf.read)
    model.show(ViewKind.ALL, Entries(array("q", [1])))
    delegate = PaperDelegate(load_theme(theme), Typography())
    image = QImage(500, delegate.row_height, QImage.Format.Format_RGB32)
    image.fill(load_theme(theme).surfaces.list)
    option = QStyleOptionViewItem()
    option.rect = image.rect()
    option.state = state
    painter = QPainter(image)
    delegate.paint(painter, option, model.index(0))
    painter.end()
    return image


def test_everything_about_a_paper_shows_in_its_row(qapp: object) -> None:
    plain = draw(row(1))
    for changes in (
        {"seen": True}, {"starred": True}, {"has_note": True}, {"highlight_count": 3}, {"has_document": True},
        {"state": PaperState.DONE},
        {"state": PaperState.QUEUED}, {"organization": "X"}, {"abstract_start": "Otherwise."}, {"tags": ("t",)},
    ):  # fmt: skip
        assert draw(row(1, **changes)) != plain, changes
    states = QStyle.StateFlag
    selected, focused, hovered = states.State_Selected, states.State_HasFocus, states.State_MouseOver
    looks = [plain, *(draw(row(1), state) for state in (selected, selected | focused | states.State_Active, hovered))]
    assert all(one != other for one, other in combinations(looks, 2))


@pytest.mark.parametrize("title", ["word " * 200, "w" * 5_000, "日本語" * 300, "\U0001d53c" * 400, "", "a\u0301" * 300])
def test_any_title_is_drawn_on_two_lines(qapp: object, title: str) -> None:
    face = Face(Typography().strong())
    lines = broken_lines(title, face, (300, 340))
    assert 1 <= len(lines) <= 2
    assert all(face.width(line) <= 345 for line in lines)
    assert draw(row(1, title=title)) is not None


def test_headings_and_folds_are_drawn(qapp: object) -> None:
    model = PaperListModel(Shelf(9).read)
    model.show(ViewKind.IMPORT, Entries(sections=sections()))
    delegate = PaperDelegate(load_theme("dark"), Typography())
    drawn = []
    for unfolded in (False, True):
        model.set_unfolded(3, unfolded)
        for number in (0, 3):
            image = QImage(400, delegate.row_height, QImage.Format.Format_RGB32)
            image.fill(Qt.GlobalColor.black)
            option = QStyleOptionViewItem()
            option.rect = image.rect()
            painter = QPainter(image)
            delegate.paint(painter, option, model.index(number))
            painter.end()
            drawn.append(image)
    heading, folded, same_heading, unfolded_line = drawn
    assert heading == same_heading != folded
    assert folded != unfolded_line


def test_a_listing_s_problems_are_shown_with_their_lines(window: MainWindow, hands: Hands) -> None:
    text = SAMPLE.read_text(encoding="utf-8").replace("Mar 14", "Mar 15", 1) + "\n\nA line that belongs to nothing\n"
    for _ in window.workspace.library.imports.text(text, "page"):
        pass
    window.workspace.refresh_listings()
    hands.settle()
    (listing,) = [one for one in window.workspace.library.listings.all() if one.problem_count]
    window.navigator.open_listing(listing.id)
    hands.settle()
    window.runner.run("listing.problems")
    hands.settle()
    (sheet,) = window.findChildren(TextSheet)
    shown = sheet.text.toPlainText()
    assert shown.startswith("1 problem in ")
    assert "A line that belongs to nothing" in shown
    assert str(text.count("\n")) in shown
