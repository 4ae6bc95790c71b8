"""Letters on the links of a paper: typing them follows one, through what opens addresses safely."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from reader.domain.views import ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_events import is_on_link
from reader.ui.detail.document import COMMAND_SCHEME, LISTING_SCHEME
from reader.ui.notes.html import PAPER_SCHEME
from reader.ui.paper_actions.link_hints import LinkHints, links_in_sight
from tests.services.support import finish
from tests.ui.conftest import World
from tests.ui.pressing import Hands


def _labels(window: MainWindow) -> dict[str, str]:
    found = [one for one in window.findChildren(LinkHints) if one.isVisible()]
    return found[0].labels if found else {}


def _letters(window: MainWindow, address: str) -> str:
    return next(letters for letters, leads_to in _labels(window).items() if leads_to == address)


def test_typing_letters_runs_what_the_link_does(window: MainWindow, hands: Hands, world: World) -> None:
    hands.press("f")
    letters = _letters(window, f"{COMMAND_SCHEME}:paper.page")
    hands.type(letters)
    hands.settle()
    assert len(world.opened) == 1
    assert _labels(window) == {}
    assert window.panes.papers.hasFocus()


def test_a_listing_is_gone_to_by_its_letters(window: MainWindow, hands: Hands) -> None:
    paper = hands.title
    hands.press("f")
    (address,) = [leads_to for leads_to in _labels(window).values() if leads_to.startswith(f"{LISTING_SCHEME}:")]
    hands.type(_letters(window, address))
    hands.settle()
    assert window.navigator.view is not None
    assert window.navigator.view.kind is ViewKind.LISTING
    assert hands.title == paper


def test_an_address_in_an_abstract_goes_through_the_opener(window: MainWindow, hands: Hands, world: World) -> None:
    bibtex = (
        "@article{a, title={Quiet Rivers}, abstract={See https://example.org/rivers and "
        "https://user:secret@example.org/ too.}, year={2026}}"
    )
    finish(window.workspace.library.imports.text(bibtex, "one.bib"))
    window.runner.run("go.all")
    hands.settle()
    (paper_id,) = window.workspace.library.search("quiet rivers").paper_ids
    window.navigator.open(window.navigator.view, paper_id)
    hands.settle()
    hands.press("f")
    hands.type(_letters(window, "https://example.org/rivers"))
    hands.settle()
    assert world.opened == ["https://example.org/rivers"]


def test_esc_and_what_fits_no_link_leave(window: MainWindow, hands: Hands, world: World) -> None:
    hands.press("f")
    assert _labels(window)
    hands.press("Esc")
    assert _labels(window) == {}
    assert window.panes.papers.hasFocus()
    hands.press("f")
    unused = next(letter for letter in "zxqjkw" if not any(one.startswith(letter) for one in _labels(window)))
    hands.type(unused)
    assert _labels(window) == {}
    assert world.opened == []


def test_scrolling_and_another_paper_take_the_letters_away(window: MainWindow, hands: Hands) -> None:
    window.resize(900, 500)
    hands.settle()
    hands.press("f")
    bar = window.panes.detail.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(20)
    assert _labels(window) == {}
    hands.press("f")
    window.panes.papers.set_current_row(4)
    hands.settle()
    assert _labels(window) == {}


def test_without_a_link_in_sight_it_says_so(window: MainWindow, hands: Hands) -> None:
    window.panes.detail.show_message("Nothing")
    window.runner._acts["paper.links"]()
    assert hands.said == "No links in sight"


def _link_notes(window: MainWindow, hands: Hands) -> tuple[int, int]:
    """Write a note on the first paper that links to the second and to the web; tells which papers they are."""
    library = window.workspace.library
    first = window.panes.papers.current_paper_id
    hands.press("j")
    second = window.panes.papers.current_paper_id
    assert first is not None and second is not None
    key = library.papers.get(second).key
    QGuiApplication.clipboard().setText(f"See [[{key}]] and <https://example.org/tides>")
    hands.press("k", "n", "Ctrl+V", "Esc")
    hands.qtbot.waitUntil(lambda: "tides" in window.panes.note.view.toPlainText())
    return first, second


def test_links_of_a_note_bear_letters_too(window: MainWindow, hands: Hands, world: World) -> None:
    """Only the paper's did: links in notes were for the mouse."""
    _, second = _link_notes(window, hands)
    hands.press("f")
    labels = _labels(window)
    assert f"{COMMAND_SCHEME}:paper.page" in labels.values(), "those of the paper do as well"
    hands.type(_letters(window, "https://example.org/tides"))
    hands.settle()
    assert world.opened == ["https://example.org/tides"]
    hands.press("f")
    hands.type(_letters(window, f"{PAPER_SCHEME}:{second}"))
    hands.settle()
    assert window.panes.papers.current_paper_id == second


def test_who_links_here_is_gone_to_by_letters(window: MainWindow, hands: Hands) -> None:
    first, _ = _link_notes(window, hands)
    hands.press("j")
    hands.qtbot.waitUntil(lambda: "Linked from" in window.panes.note.view.toPlainText())
    hands.press("f")
    hands.type(_letters(window, f"{PAPER_SCHEME}:{first}"))
    hands.settle()
    assert window.panes.papers.current_paper_id == first


def test_letters_of_a_note_stand_over_it(window: MainWindow, hands: Hands) -> None:
    _link_notes(window, hands)
    hands.press("f")
    (labels,) = [one for one in window.findChildren(LinkHints) if one.isVisible()]
    note, links = window.panes.note.view, links_in_sight(window.panes.note.view)
    assert len(links) == 2
    for link in links:
        place = note.viewport().mapTo(window.panes, link.at.center().toPoint())
        assert labels.geometry().contains(place)
        assert window.panes.note.geometry().translated(labels.pos()).contains(place)


def test_letters_go_when_the_note_is_scrolled_or_shown_anew(window: MainWindow, hands: Hands) -> None:
    _link_notes(window, hands)
    hands.press("f")
    window.panes.note.view.setHtml("<p>anew</p>")
    assert _labels(window) == {}


@pytest.mark.parametrize("alone", [False, True])
def test_enter_follows_the_link_that_has_the_focus(
    window: MainWindow, hands: Hands, world: World, *, alone: bool
) -> None:
    """Enter gave the paper the full width instead."""
    _, second = _link_notes(window, hands)
    if alone:
        hands.press("Enter")
    view = window.panes.note.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert not is_on_link(view)
    hands.press("Tab", "Tab")
    while view.textCursor().selectedText() != "https://example.org/tides":
        hands.press("Tab")
        assert view.hasFocus()
    assert is_on_link(view)
    hands.press("Enter")
    assert world.opened == ["https://example.org/tides"]
    assert window.panes.is_focus_reading is alone
    hands.press("Shift+Tab", "Enter")
    assert window.panes.papers.current_paper_id == second


def test_enter_in_a_note_without_a_link_in_focus_is_the_command(window: MainWindow, hands: Hands) -> None:
    _link_notes(window, hands)
    window.panes.note.view.setFocus()
    hands.press("Enter")
    assert window.panes.is_focus_reading
