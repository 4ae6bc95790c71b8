"""The palette goes to saved searches, tags, listings, and to papers by their words."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from reader.domain.views import View, ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_sheet import KeySheet
from reader.ui.commands.palette import Palette, PaletteItem, PaletteModel
from reader.ui.commands.synonyms import OTHER_WORDS
from reader.ui.commands.table import COMMANDS, COMMANDS_BY_ID
from tests.services.support import finish
from tests.ui.pressing import Hands


def _shown(window: MainWindow) -> list[tuple[str, str]]:
    (palette,) = [one for one in window.findChildren(Palette) if one.isVisible()]
    items = [palette.model.item(row) for row in range(palette.model.rowCount())]
    return [(item.title, item.note.partition("  ")[0]) for item in items if item is not None]


def test_words_find_a_paper_and_enter_goes_to_it(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    (paper,) = library.papers.read([library.views.paper_ids(View(ViewKind.ALL))[-3]])
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
    window.workspace.perform(lambda: library.tags.change([1, 2], add=["quiet/rivers"], remove=[]))
    window.workspace.perform(lambda: library.searches.add("Loud models", "model", number=3)[1])
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


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("snooze", "paper.bury"), ("archive", "paper.done"), ("archive", "paper.dismiss"),
        ("preferences", "view.settings"),
        ("close", "window.close"), ("unread", "paper.unseen"), ("star", "paper.star"), ("pin", "paper.star"),
        ("bookmark", "paper.star"), ("shortcuts", "settings.keys"), ("label", "tag.edit"),
        ("dark theme", "view.theme_dark"),
        ("delete", "paper.dismiss"), ("zoom", "view.larger"), ("duplicate", "paper.merge"),
        ("cite", "paper.copy_bibtex"),
        ("repository", "paper.code"), ("mean", "go.queue"), ("exit", "window.close"),
    ],
)  # fmt: skip
def test_commands_are_found_by_what_others_call_them_and_stand_above_papers(
    window: MainWindow, hands: Hands, typed: str, command: str
) -> None:
    """“snooze” and “preferences” found nothing but papers, or what is spelled alike."""
    hands.press("Ctrl+K")
    hands.type(typed)
    hands.settle()
    title = window.runner.title(command)
    shown = _shown(window)
    assert title in [name for name, _ in shown][:8]
    places = [at for at, (name, _) in enumerate(shown) if name == title]
    papers = [at for at, (_, kind) in enumerate(shown) if kind == "Paper"]
    assert not papers or places[0] < papers[0]


def test_every_command_that_is_called_so_stands_above_the_papers(window: MainWindow, hands: Hands) -> None:
    bibtex = "@article{a, title={Note on Notes that Note}, abstract={Of notes.}, year={2026}}"
    finish(window.workspace.library.imports.text(bibtex, "one.bib"))
    hands.settle()
    hands.press("Ctrl+K")
    hands.type("note")
    hands.settle()
    kinds = [kind == "Paper" for _, kind in _shown(window)]
    assert any(kinds)
    assert kinds.index(True) >= sum(command.title.lower().startswith("note") for command in COMMANDS)
    named = [name for (name, _), is_paper in zip(_shown(window), kinds, strict=True) if not is_paper]
    assert "Earlier texts of the note…" in named[: kinds.index(True)]


def test_other_words_are_of_commands_and_find_them_among_the_keys_too(window: MainWindow, hands: Hands) -> None:
    assert set(OTHER_WORDS) <= set(COMMANDS_BY_ID)
    hands.press("?")
    hands.type("snooze")
    (sheet,) = window.findChildren(KeySheet)
    titles = {row.title for column in sheet.table.rows.columns for row in column}
    assert window.runner.title("paper.bury") in titles


def test_what_was_chosen_stays_chosen_when_papers_come_in() -> None:
    ran: list[str] = []
    items = [PaletteItem(f"Model {n}", "", lambda: ran.append("")) for n in range(8)]
    model = PaletteModel(items)
    model.find("model")
    before = [model.item(row) for row in range(model.rowCount())]
    model.show_found([PaletteItem("A paper on models", "Paper", lambda: None)])
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
