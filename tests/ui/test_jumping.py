"""The palette goes to saved searches, tags, listings, and to papers by their words."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from reader.domain.views import View, ViewKind
from reader.ui.overlays.palette import Palette, PaletteItem, PaletteModel
from reader.ui.window import MainWindow
from tests.ui.pressing import Hands


def _shown(window: MainWindow) -> list[tuple[str, str]]:
    (palette,) = [one for one in window.findChildren(Palette) if one.isVisible()]
    items = [palette.model.item(row) for row in range(palette.model.rowCount())]
    return [(item.title, item.note.partition("  ")[0]) for item in items if item is not None]


def test_words_find_a_paper_and_enter_goes_to_it(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    (paper,) = library.papers([library.paper_ids(View(ViewKind.ALL))[-3]])
    words = " ".join(paper.title.split()[:3])
    hands.press("g s")
    hands.press("Ctrl+K")
    hands.type(words.lower()[:-1])
    hands.settle()
    assert _shown(window)[0] == (paper.title, "Paper")
    hands.press("Enter")
    assert window.navigator.view == View(ViewKind.ALL)
    assert window.panes.papers.current_paper_id == paper.id
    assert window.panes.papers.hasFocus()


def test_a_paper_that_is_in_the_list_is_gone_to_there(window: MainWindow, hands: Hands) -> None:
    row = window.panes.paper_model.paper(5)
    assert row is not None
    hands.press("Ctrl+K")
    hands.type(row.title)
    hands.settle()
    hands.press("Enter")
    assert window.navigator.view == View(ViewKind.INBOX)
    assert window.panes.papers.current_row == 5


def test_tags_and_saved_searches_are_places(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    window.workspace.perform(lambda: library.change_tags([1, 2], add=["quiet/rivers"], remove=[]))
    window.workspace.perform(lambda: library.save_search("Loud models", "model", number=3)[1])
    hands.settle()
    hands.press("Ctrl+K")
    hands.type("quiet")
    hands.settle()
    assert _shown(window)[0] == ("quiet/rivers", "Tag")
    hands.press("Enter")
    assert window.navigator.view == View(ViewKind.TAG, tag="quiet/rivers")
    hands.press("Ctrl+K")
    hands.type("loud")
    hands.settle()
    assert _shown(window)[0] == ("Loud models", "Saved search")
    hands.press("Enter")
    assert window.searching.text == "model"


def test_commands_that_begin_so_stay_before_papers(window: MainWindow, hands: Hands) -> None:
    hands.press("Ctrl+K")
    hands.type("mark as")
    hands.settle()
    assert _shown(window)[0] == ("Mark as done", "Enough read; on to the next")


def test_what_was_chosen_stays_chosen_when_papers_come_in() -> None:
    ran: list[str] = []
    items = [PaletteItem(f"Model {n}", "", "", lambda: ran.append("")) for n in range(8)]
    model = PaletteModel(items)
    model.find("model")
    before = [model.item(row) for row in range(model.rowCount())]
    model.show_found([PaletteItem("A paper on models", "Paper", "", lambda: None)])
    after = [model.item(row) for row in range(model.rowCount())]
    assert [item for item in after if item in before] == before
    assert after[6] is not None
    assert after[6].title == "A paper on models"
    model.find("")
    assert model.rowCount() == 8


def test_leaving_the_palette_stops_the_search(window: MainWindow, hands: Hands) -> None:
    hands.press("Ctrl+K")
    hands.type("model")
    hands.press("Esc")
    assert not [one for one in window.findChildren(Palette) if one.isVisible()]
    QApplication.processEvents()
    assert window.panes.papers.hasFocus()
