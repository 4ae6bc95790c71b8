"""Searching by key: what one types is answered from the whole library, in place of the view."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from reader.domain.query import TextField, parse_query
from reader.domain.query.marks import Marker
from reader.domain.views import View, ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.search.marks import line_spans
from tests.ui.conftest import TODAY, WindowMaker, settle
from tests.ui.pressing import Hands


def _shown(window: MainWindow) -> list[int]:
    return [row for row in window.panes.paper_model.entries.rows if row > 0]


def _found(window: MainWindow, query: str) -> list[int]:
    return list(window.workspace.library.search(query, typing=True, by_relevance=True).paper_ids)


def _word_of(window: MainWindow) -> str:
    """A word that some titles have, and not all."""
    library = window.workspace.library
    words = [word.strip(",.:").lower() for row in library.papers.rows(range(1, 41)) for word in row.title.split()]
    for word in words:
        if word.isalpha() and len(word) > 4 and 1 < len(library.search(word, typing=True).paper_ids) < 20:
            return word
    raise AssertionError("the sample has no such word")


def test_results_replace_the_list_as_one_types(window: MainWindow, hands: Hands) -> None:
    word = _word_of(window)
    hands.press("/")
    for end in range(1, len(word) + 1):
        hands.type(word[end - 1])
        hands.settle()
        assert _shown(window)[: len(_found(window, word[:end]))] == _found(window, word[:end])
    count = len(_found(window, word))
    assert window.panes.pane.facts.text() == f"{count} of 40"
    assert window.panes.pane.title.text() == "Search"
    assert window.panes.pane.search.edit.hasFocus()


def test_enter_goes_to_the_first_even_before_it_is_found(window: MainWindow, hands: Hands) -> None:
    word = _word_of(window)
    hands.press("/")
    hands.type(word)
    hands.press("Enter")
    assert window.panes.papers.hasFocus()
    assert window.panes.papers.current_paper_id == _found(window, word)[0]
    assert window.reader.paper is not None
    assert window.reader.paper.id == _found(window, word)[0]


def test_escape_clears_in_two_steps(window: MainWindow, hands: Hands) -> None:
    hands.press("j", "j")
    before, place = _shown(window), window.panes.papers.current_paper_id
    hands.press("/")
    hands.type(_word_of(window))
    hands.settle()
    assert _shown(window) != before
    window.panes.pane.search.completer.close()
    hands.press("Esc")
    assert _shown(window) == before
    assert window.panes.pane.search.edit.hasFocus()
    hands.press("Esc")
    assert window.panes.pane.search.isHidden()
    assert window.panes.papers.hasFocus()
    assert (_shown(window), window.panes.papers.current_paper_id) == (before, place)


def test_escape_in_the_list_takes_the_search_away(window: MainWindow, hands: Hands) -> None:
    before = _shown(window)
    hands.press("/")
    hands.type(_word_of(window))
    hands.press("Down")
    assert window.panes.papers.hasFocus()
    hands.press("Esc")
    assert _shown(window) == before
    assert window.panes.pane.search.isHidden()


def test_the_whole_library_is_searched_unless_the_view_is_wanted(window: MainWindow, hands: Hands) -> None:
    word = _word_of(window)
    one, *others = _found(window, word)
    window.workspace.library.states.set_starred(
        [one, next(i for i in range(1, 41) if i not in others and i != one)], True
    )
    hands.press("g s", "/")
    hands.type(word)
    hands.settle()
    assert _shown(window)[: 1 + len(others)] == [one, *others]
    hands.press("Ctrl+Shift+F")
    assert _shown(window)[0] == one
    assert window.panes.pane.facts.text() == "1 of 2"
    hands.press("Ctrl+Shift+F")
    assert window.panes.pane.facts.text() == f"{1 + len(others)} of 40"


def test_parts_are_chips_that_keys_remove(window: MainWindow, hands: Hands) -> None:
    word = _word_of(window)
    hands.press("/")
    hands.type(f"{word} is:starred ")
    hands.settle()
    chips = window.panes.pane.search.chips
    assert [chip.text() for chip in chips.buttons] == [f"{word}  ×", "is:starred  ×"]
    window.panes.pane.search.completer.close()
    hands.press("Tab")
    assert QApplication.focusWidget() is chips.scope
    hands.press("Right", "Right", "Right", "Right", "Delete")
    assert window.panes.pane.search.text == word
    assert _shown(window)[: len(_found(window, word))] == _found(window, word)
    hands.press("Up")
    assert window.panes.pane.search.edit.hasFocus()


def test_what_is_not_understood_is_said_below_the_box(window: MainWindow, hands: Hands) -> None:
    hands.press("/")
    hands.type("comments:many models")
    hands.settle()
    assert window.panes.pane.search.words.text() == "Unknown value “many” for comments:. Try comments:>5."
    assert not window.panes.pane.search.words.isHidden()


def test_nothing_found_offers_what_was_meant_one_key_away(window: MainWindow, hands: Hands) -> None:
    word = _word_of(window)
    wrong = word[:2] + "z" + word[2:]
    meant = window.workspace.library.search(f"{wrong} is:unseen", typing=True).did_you_mean
    assert meant is not None
    hands.press("/")
    hands.type(f"{wrong} is:unseen")
    hands.settle()
    assert f"Did you mean “{meant}”?" in window.panes.pane.search.words.text()
    hands.press("Enter")
    assert window.panes.pane.search.text == meant
    assert _found(window, meant)
    assert _shown(window)[: len(_found(window, meant))] == _found(window, meant)


def test_few_are_followed_by_papers_with_any_of_the_words(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    title = library.papers.get(3).title
    query = " ".join(word.strip(",.:") for word in title.split()[:6])
    result = library.search(query, typing=True, by_relevance=True)
    assert 3 in result.paper_ids
    assert result.related_ids
    hands.press("/")
    hands.type(query)
    hands.settle()
    assert _shown(window) == [*result.paper_ids, *result.related_ids]
    divider = window.panes.paper_model.entries.heading(len(result.paper_ids))
    assert divider is not None
    assert divider.title == "With any of these words"
    assert window.panes.pane.facts.text() == f"{len(result.paper_ids)} of 40"


def test_the_words_relatives_are_marked_where_they_brought_papers(window: MainWindow, hands: Hands) -> None:
    hands.press("/")
    hands.type("loudness qqqq")
    hands.press("Enter")
    assert window.workspace.library.search("loudness qqqq", typing=True).paper_ids == array("q")
    marked: set[str] = set()
    for _ in _shown(window):
        marked |= {one.cursor.selectedText().lower() for one in window.panes.detail.extraSelections()}
        hands.press("j")
    assert {"loudness", "louder"} <= marked


def test_an_overtaken_search_is_never_shown(window: MainWindow, hands: Hands) -> None:
    word = _word_of(window)
    hands.press("/")
    shown: list[str] = []
    window.panes.paper_model.modelReset.connect(lambda: shown.append(window.panes.pane.search.text))
    hands.type(word)
    hands.settle()
    assert _shown(window)[: len(_found(window, word))] == _found(window, word)
    assert shown[-1] == word


def test_the_order_stays_while_one_reads(window: MainWindow, hands: Hands) -> None:
    word = _word_of(window)
    hands.press("/")
    hands.type(f"{word} is:unseen")
    hands.press("Enter")
    before = _shown(window)
    hands.press("m", "d", "s")
    assert _shown(window) == before


def test_tab_completes_and_goes_on_to_the_next(window: MainWindow, hands: Hands) -> None:
    window.workspace.library.tags.add([1], ["method/diffusion"])
    window.workspace.library.tags.add([1, 2], ["method/agents"])
    hands.press("/")
    hands.type("tag:met")
    completer = window.panes.pane.search.completer
    assert completer.candidates == ("tag:method/agents", "tag:method/diffusion")
    hands.press("Tab")
    assert window.panes.pane.search.text == "tag:method/agents"
    assert sorted(_shown(window)) == [1, 2]
    hands.press("Tab")
    assert window.panes.pane.search.text == "tag:method/diffusion"
    assert _shown(window) == [1]
    hands.press("Shift+Tab", "Esc")
    assert not completer.is_open
    assert window.panes.pane.search.text == "tag:method/agents"


def test_a_field_word_is_completed_and_its_values_follow(window: MainWindow, hands: Hands) -> None:
    hands.press("/")
    hands.type("comm")
    hands.press("Tab")
    assert window.panes.pane.search.text == "comments:"
    assert "comments:>5" in window.panes.pane.search.completer.candidates


def test_up_in_the_empty_box_brings_back_what_was_searched(window: MainWindow, hands: Hands) -> None:
    for query in ("models", "agents"):
        hands.press("/")
        hands.type(query)
        hands.press("Enter", "Esc")
    hands.press("/", "Up")
    assert window.panes.pane.search.text == "agents"
    hands.press("Up")
    assert window.panes.pane.search.text == "models"
    hands.press("Up")
    assert window.panes.pane.search.text == "models"


def test_terms_are_marked_in_titles_and_text(window: MainWindow, hands: Hands) -> None:
    word = _word_of(window)
    plain = window.panes.papers.viewport().grab().toImage()
    assert window.panes.detail.extraSelections() == []
    hands.press("/")
    hands.type(word)
    hands.press("Enter")
    marked = [one.cursor.selectedText().lower() for one in window.panes.detail.extraSelections()]
    assert marked
    assert all(text.startswith(word[:4]) for text in marked)
    found = window.panes.detail.look.theme.marks.found
    image = window.panes.papers.viewport().grab().toImage()
    assert image != plain
    colors = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert found.name() in colors
    hands.press("Esc")
    assert window.panes.detail.extraSelections() == []


def test_marks_fall_on_the_lines_a_title_was_broken_into() -> None:
    title = "Sparse masks for sparse attention in sparse models"
    spans = Marker(parse_query("sparse", today=TODAY.date()).node).spans(title, TextField.TITLE)
    lines = ("Sparse masks for sparse", "attention in spa…")
    marked = line_spans(title, lines, spans)
    assert [[line[start:end] for start, end in part] for line, part in zip(lines, marked, strict=True)] == [
        ["Sparse", "sparse"],
        ["spa"],
    ]


def test_opening_a_view_ends_the_search(window: MainWindow, hands: Hands) -> None:
    hands.press("/")
    hands.type(_word_of(window))
    hands.press("Enter", "g a")
    assert window.panes.pane.search.isHidden()
    assert window.navigator.view == View(ViewKind.ALL)
    assert len(_shown(window)) == 40


@pytest.mark.parametrize("query", ["((((", "“", "-", "tag:", "sort:", "\U0001f600 tag:x", "a" * 600, "is:\u202e"])
def test_nothing_that_is_typed_is_a_fault(window: MainWindow, hands: Hands, query: str) -> None:
    crashed: list[object] = []
    window.workspace.crashed.connect(crashed.append)
    hands.press("/")
    hands.type(query)
    hands.press("Tab", "Tab", "Enter")
    assert crashed == []


def test_chips_are_told_apart_by_screen_readers(window: MainWindow, hands: Hands) -> None:
    hands.press("/")
    hands.type("models is:unseen")
    hands.settle()
    chips = [one for one in window.panes.pane.search.chips.findChildren(QPushButton) if not one.isHidden()]
    assert [chip.accessibleName() for chip in chips][1:] == [
        "By meaning: below the papers with the words, those close in meaning",
        "Best match first, titles before texts; otherwise the newest first",
        "Remove models from the search",
        "Remove is:unseen from the search",
    ]
    assert all(chip.focusPolicy() & Qt.FocusPolicy.TabFocus for chip in chips)


def test_organisations_of_the_library_are_completed(window: MainWindow, hands: Hands) -> None:
    names = window.workspace.library.searches.organization_names()
    assert names
    hands.press("/")
    hands.type(f"org:{names[0][:3].lower()}")
    candidates = window.panes.pane.search.completer.candidates
    assert any(names[0].split()[0].lower() in candidate.lower() for candidate in candidates)


def test_words_find_titles_first_and_a_switch_goes_back_to_dates(window: MainWindow, hands: Hands) -> None:
    library, word = window.workspace.library, _word_of(window)
    by_date = list(library.search(word, typing=True).paper_ids)
    titled = set(library.search(f"title:{word}", typing=True).paper_ids)
    assert 0 < len(titled) < len(by_date)
    hands.press("/")
    hands.type(word)
    hands.settle()
    order = window.panes.pane.search.chips.order
    assert not order.isHidden()
    assert order.isChecked()
    found = _shown(window)[: len(by_date)]
    assert sorted(found) == sorted(by_date)
    assert set(found[: len(titled)]) == titled
    hands.click(order)
    assert _shown(window)[: len(by_date)] == by_date
    hands.press("Esc", "Esc", "Esc", "/")
    hands.type(f"{word} ")
    hands.settle()
    assert not order.isChecked(), "the order is remembered"
    assert window.searching.by_relevance is False
    hands.click(order)
    assert order.isChecked()


def test_fields_and_named_orders_have_no_switch(window: MainWindow, hands: Hands) -> None:
    word = _word_of(window)
    hands.press("/")
    for query in (f"title:{word}", "is:unseen", f"{word} sort:title", "is:odd"):
        window.panes.pane.search.set_text(query)
        hands.settle()
        assert window.panes.pane.search.chips.order.isHidden(), query
        shown = list(window.workspace.library.search(query, typing=True).paper_ids)
        assert _shown(window)[: len(shown)] == shown


def test_the_order_of_words_is_remembered_from_one_run_to_the_next(open_window: WindowMaker, folder: Path) -> None:
    window = open_window(folder)
    window.runner.run("go.find")
    window.panes.pane.search.set_text("model")
    settle(window)
    window.panes.pane.search.chips.order.click()
    settle(window)
    window.close()
    assert open_window(folder).searching.by_relevance is False


def test_the_order_stands_still_once_the_list_has_the_focus(window: MainWindow, hands: Hands) -> None:
    hands.press("/")
    hands.type(_word_of(window))
    hands.press("Enter")
    before, place = _shown(window), window.panes.papers.current_paper_id
    library = window.workspace.library
    library.tags.add([before[-1]], ["rl"])
    for _ in library.index.update():
        pass
    window.searching.take_in_what_was_indexed()
    hands.press("s", "m", "k")
    hands.settle()
    assert _shown(window) == before
    assert window.panes.papers.current_paper_id == place
