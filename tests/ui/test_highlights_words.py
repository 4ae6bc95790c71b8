"""Highlighting word by word, and texts that are not shown as they are stored: LaTeX, emoji, right to left, long."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from reader.domain.papers import Highlight, Paper
from reader.services import Library
from reader.services.library.highlights import TargetSpan
from reader.ui.app.window import MainWindow
from reader.ui.detail.document import Look, cut_pieces, cut_text
from reader.ui.detail.view import DetailView
from reader.ui.highlights.geometry import line_boxes, starts_at_right
from reader.ui.highlights.words import WordSelection
from reader.ui.look.themes import load_theme
from reader.ui.look.typography import Typography
from tests.ui.conftest import TODAY, WindowMaker, settle
from tests.ui.pressing import Hands

LATEX_TITLE = r"On $\mathbb{R}^d$ and  the $\ell_2$ Norm of 😀 Models"
LATEX_ABSTRACT = (
    r"We bound $\alpha \leq \beta$ by 5\% for 😀 faces. Our method, \emph{Tide}, needs $O(n^2)$ steps."
    "\n\n  A second paragraph follows: it has “quotes” and ``more''.  \n\nLast one."
)
HEBREW = "שלום עולם. זה משפט שני. We mix in English here. وهذه جملة بالعربية تماما."


@pytest.fixture
def one_paper(open_window: WindowMaker, tmp_path: Path, qtbot: QtBot) -> Callable[[str, str], tuple[MainWindow, Hands]]:
    """Opens a window on a library of one paper with a title and an abstract."""

    def make(title: str, abstract: str) -> tuple[MainWindow, Hands]:
        entry = f"@article{{key, title = {{{title}}}, abstract = {{{abstract}}}, year = {{2026}}}}"
        with Library(tmp_path / "one", clock=lambda: TODAY) as library:
            for _ in library.imports.text("\n".join([entry]), "one.bib"):
                pass
        window = open_window(tmp_path / "one")
        return window, Hands(qtbot, window, lambda: settle(window))

    return make


def highlights(window: MainWindow) -> list[Highlight]:
    assert window.reader.paper is not None
    return window.workspace.library.highlights.of(window.reader.paper.id)


def selected(window: MainWindow) -> str:
    mode = window.highlights.mode
    assert isinstance(mode, WordSelection)
    assert window.reader.paper is not None
    texts = {"title": window.reader.paper.title, "abstract": window.reader.paper.abstract}
    return texts[mode.selected.target][mode.selected.start : mode.selected.end]


def test_words_are_selected_and_highlighted(window: MainWindow, hands: Hands) -> None:
    assert window.reader.paper is not None
    words = window.reader.paper.abstract.split()
    hands.press("w")
    assert selected(window) == words[0]
    hands.press("l", "w", "b")
    assert selected(window) == words[1]
    hands.press("v", "l", "Right", "h")
    assert selected(window) == " ".join(words[1:3])
    hands.press("Tab", "Enter")
    (found,) = highlights(window)
    assert (found.exact, found.label) == (" ".join(words[1:3]), "Method")
    assert window.highlights.mode is None
    assert window.panes.papers.hasFocus()
    hands.press("u")
    assert highlights(window) == []


def test_shift_extends_and_shift_enter_comments(window: MainWindow, hands: Hands) -> None:
    assert window.reader.paper is not None
    words = window.reader.paper.abstract.split()
    hands.press("w", "Shift+L", "Shift+Right", "Shift+Enter")
    hands.type("so")
    hands.press("Enter")
    (found,) = highlights(window)
    assert (found.exact, found.comment) == (" ".join(words[:3]), "so")


def test_the_cursor_moves_by_lines_line_ends_and_sentences(window: MainWindow, hands: Hands) -> None:
    assert window.reader.paper is not None
    abstract = window.reader.paper.abstract
    words = abstract.split()
    hands.press("w", "j")
    below = selected(window)
    assert below != words[0]
    hands.press("k")
    assert selected(window) == words[0]
    hands.press("End")
    end = selected(window)
    hands.press("l", "Home")
    assert abstract.index(end) < abstract.index(below)
    hands.press("0", "k", "Home", ")")
    second = abstract[abstract.index(". ") + 2 :].split()[0]
    assert selected(window) == second
    hands.press("l", "(", "(")
    assert selected(window) == words[0]


def test_the_cursor_reaches_the_title_but_a_selection_stays_in_its_text(window: MainWindow, hands: Hands) -> None:
    assert window.reader.paper is not None
    hands.press("w", "h")
    assert selected(window).strip(".:") == window.reader.paper.title.split()[-1]
    hands.press("v", "l", "l")
    assert selected(window).strip(".:") == window.reader.paper.title.split()[-1]
    hands.press("o", "h", "v", "l", "Esc")
    assert window.highlights.mode is None
    assert highlights(window) == []


def test_the_same_words_again_take_the_highlight_off(window: MainWindow, hands: Hands) -> None:
    hands.press("w", "Enter")
    assert len(highlights(window)) == 1
    hands.press("w", "Enter")
    assert highlights(window) == []


def test_latex_is_highlighted_as_it_is_stored(one_paper: Callable[[str, str], tuple[MainWindow, Hands]]) -> None:
    window, hands = one_paper(LATEX_TITLE, LATEX_ABSTRACT)
    paper = window.reader.paper
    assert paper is not None
    assert r"$\alpha \leq \beta$" in paper.abstract
    hands.press("w", "l", "l", "Enter")
    assert [each.exact for each in highlights(window)] == [r"$\alpha \leq \beta$"]
    detail = window.panes.detail
    (span,) = [
        detail.places.ranges(TargetSpan(each.target, each.start or 0, each.end or 0)) for each in highlights(window)
    ]
    assert [text_at(detail, *one) for one in span] == ["α≤β"]
    hands.press("h", "s", "Esc")
    sentence = highlights(window)[0]
    assert sentence.exact.startswith("We bound")
    assert sentence.exact.endswith("faces.")
    assert text_at(
        detail, *detail.places.ranges(TargetSpan("abstract", sentence.start or 0, sentence.end or 0))[0]
    ) == ("We bound α≤β by 5% for 😀 faces.")


def text_at(view: DetailView, start: int, end: int) -> str:
    cursor = QTextCursor(view.document())
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText()


def test_every_sentence_has_its_letters_where_it_is_shown(
    one_paper: Callable[[str, str], tuple[MainWindow, Hands]],
) -> None:
    window, hands = one_paper("A Title", HEBREW)
    hands.press("h")
    mode = window.highlights.mode
    assert mode is not None
    window.panes.detail.grab()
    starts = [at for at in mode._starts if at is not None]  # type: ignore[attr-defined]
    assert len(starts) == len(mode._sentences) >= 4  # type: ignore[attr-defined]
    assert starts_at_right(window.panes.detail, starts[1])
    assert not starts_at_right(window.panes.detail, starts[0])
    hands.press("s", "Esc")
    assert [each.exact for each in highlights(window)] == ["שלום עולם."]


@pytest.fixture
def view(qtbot: QtBot, themes: object) -> DetailView:
    made = DetailView(Look(load_theme("light"), Typography()))
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


def paper_of(window: MainWindow, title: str, abstract: str) -> Paper:
    from dataclasses import replace

    assert window.reader.paper is not None
    return replace(window.reader.paper, title=title, abstract=abstract, highlights=())


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        (LATEX_TITLE, LATEX_ABSTRACT),
        ("  Spaces \t and\nlines  ", "One. 😀😀 Two.\r\n\n  Three\u202e four\u202c.\n"),
        ("\ufffc object", "a\x00b\x07c. d\ufdd0e f."),
        ("T " * 8_000, "word. " * 4_000 + "\n" + "x" * 30_000 + ". End."),
        ("", ""),
    ],
)
def test_stored_and_shown_places_agree(window: MainWindow, view: DetailView, title: str, abstract: str) -> None:
    """Each visible character is, by way of where it is shown, found where it is stored."""
    view.show_paper(paper_of(window, title, abstract))
    for field, stored in (("title", title), ("abstract", abstract)):
        for start in range(0, min(len(stored), 400), 7):
            end = min(start + 9, len(stored))
            back: set[int] = set()
            for low, high in view.places.ranges(TargetSpan(field, start, end)):
                assert 0 <= low < high < view.document().characterCount()
                for span in view.places.spans(low, high):
                    assert span.target == field
                    back |= set(range(span.start, span.end))
            visible = {at for at in range(start, end) if stored[at].isprintable() and stored[at].strip()}
            assert {at for at in visible if stored[at] not in "\ufffc\ufdd0"} <= back
    whole = view.places.spans(0, view.document().characterCount())
    assert [each.target for each in whole] == [
        name for name, text in (("title", title), ("abstract", abstract)) if text.strip()
    ]


def test_cut_texts_keep_their_places() -> None:
    stored = "short\n" + "y" * 25_000 + "\nafter " + "z" * 90_000
    cut = cut_text(stored)
    for at, start, length in cut_pieces(stored):
        assert cut[at : at + length] == stored[start : start + length]
    assert cut_text("as it is\n\n") == "as it is\n\n"


def test_boxes_follow_scrolling(window: MainWindow, view: DetailView) -> None:
    view.resize(500, 200)
    view.show_paper(paper_of(window, "Title", "Many words stand here. " * 60))
    place = view.places.ranges(TargetSpan("abstract", 0, 4))[0]
    before = line_boxes(view, *place)[0]
    view.verticalScrollBar().setValue(50)
    assert line_boxes(view, *place)[0].top() == before.top() - 50
    cursor = QTextCursor(view.document())
    cursor.setPosition(place[0])
    assert abs(line_boxes(view, *place)[0].left() - view.cursorRect(cursor).left()) <= 2
    assert abs(line_boxes(view, *place)[0].center().y() - view.cursorRect(cursor).center().y()) <= 8


def test_a_monstrous_abstract_can_be_highlighted_in_time(window: MainWindow, hands: Hands) -> None:
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    window.panes.detail.show_paper(paper_of(window, "Title", "A sentence with words. " * 20_000))
    for keys in (("w", "l", "j", "Esc"), ("h", "Esc")):
        hands.press(*keys)
    assert window.highlights.mode is None


def test_words_begin_with_what_the_mouse_selected(window: MainWindow, hands: Hands) -> None:
    assert window.reader.paper is not None
    words = window.reader.paper.abstract.split()
    detail = window.panes.detail
    at = detail.places.ranges(TargetSpan("abstract", 2, 3))[0][0]
    cursor = QTextCursor(detail.document())
    cursor.setPosition(at)
    cursor.setPosition(at + len(words[0]), QTextCursor.MoveMode.KeepAnchor)
    detail.setTextCursor(cursor)
    hands.press("w")
    assert selected(window) == " ".join(words[:2])
    hands.press("l", "Enter")
    assert [each.exact for each in highlights(window)] == [" ".join(words[:3])]


def test_the_cursor_scrolls_along(window: MainWindow, hands: Hands) -> None:
    window.resize(900, 480)
    window.panes.detail.show_paper(paper_of(window, "Title", "Many words stand here in a row. " * 80))
    hands.press("w")
    for _ in range(30):
        hands.press("j")
    assert window.panes.detail.verticalScrollBar().value() > 0
    mode = window.highlights.mode
    assert isinstance(mode, WordSelection)
    assert mode._is_in_sight(mode._cursor)
    hands.press("Esc", "w")
    assert isinstance(window.highlights.mode, WordSelection)
    assert window.highlights.mode._is_in_sight(window.highlights.mode._cursor)  # begins where one reads
