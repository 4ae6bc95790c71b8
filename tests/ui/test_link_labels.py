"""Letters on the links of a paper: typing them follows one, through what opens addresses safely."""

from __future__ import annotations

from reader.domain.views import ViewKind
from reader.ui.detail.document import COMMAND_SCHEME, LISTING_SCHEME
from reader.ui.link_labels import LinkLabels
from reader.ui.window import MainWindow
from tests.services.support import finish
from tests.ui.conftest import World
from tests.ui.pressing import Hands


def _labels(window: MainWindow) -> dict[str, str]:
    found = [one for one in window.findChildren(LinkLabels) if one.isVisible()]
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
    finish(window.workspace.library.import_text(bibtex, "one.bib"))
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
