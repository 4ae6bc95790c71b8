"""Searching by meaning by key: the sign, the button and the command; the divider; the papers it thought of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtWidgets import QApplication

from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.highlights import sentences_of
from reader.ui.app.window import MainWindow
from tests.meaning.invented_topics import as_bibtex, invented_papers, topic_words
from tests.ui.conftest import TODAY, WindowMaker
from tests.ui.pressing import Hands

PAPERS = invented_papers(range(6), 12)
TOPIC_OF = {paper.title: paper.topic for paper in PAPERS}
WORD = topic_words(2)[0]


@pytest.fixture(scope="session")
def compared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of 72 papers about six topics that were compared, made once."""
    folder = tmp_path_factory.mktemp("compared")
    (folder / "papers.bib").write_text(as_bibtex(PAPERS), encoding="utf-8")
    with Library(folder / "library", clock=lambda: TODAY) as library:
        for _ in library.imports.paths([folder / "papers.bib"]):
            pass
        for _ in library.index.update():
            pass
    return folder / "library"


@pytest.fixture
def window(open_window: WindowMaker, compared_folder: Path, tmp_path: Path) -> MainWindow:
    return open_window(copytree(compared_folder, tmp_path / "library"))


def _shown(window: MainWindow) -> list[int]:
    return [row for row in window.panes.paper_model.entries.rows if row > 0]


def _topics(window: MainWindow, ids: Sequence[int]) -> list[int]:
    return [TOPIC_OF[row.title] for row in window.workspace.library.papers.rows(ids)]


def _search(hands: Hands, text: str) -> None:
    hands.press("/")
    hands.type(text)
    hands.settle()


def test_a_tilde_lists_exact_matches_then_what_is_close(window: MainWindow, hands: Hands) -> None:
    _search(hands, f"~{WORD} ")
    result = window.workspace.library.search(f"~{WORD}")
    assert result.related_ids
    assert _shown(window) == [*result.paper_ids, *result.related_ids]
    divider = window.panes.paper_model.entries.heading(len(result.paper_ids))
    assert divider is not None
    assert divider.title == "Close in meaning"
    assert divider.facts == f"{len(result.related_ids)} papers, the closest first"
    assert window.panes.pane.facts.text() == f"{len(result.paper_ids)} of {len(PAPERS)}"
    assert window.panes.pane.search.chips.meaning.isChecked()
    assert window.panes.pane.search.chips.order.isHidden(), "the order is the search's own"


def test_the_button_puts_the_sign_there_and_takes_it_away(window: MainWindow, hands: Hands) -> None:
    box = window.panes.pane.search
    _search(hands, f"{WORD} ")
    by_words = _shown(window)
    assert not box.chips.meaning.isChecked()
    box.completer.close()
    hands.press("Tab", "Right", "Space")
    hands.settle()
    assert box.edit.text() == f"~{WORD} "
    assert box.edit.hasFocus()
    assert len(_shown(window)) > len(by_words)
    hands.press("Tab", "Right", "Space")
    hands.settle()
    assert box.edit.text() == f"{WORD} "
    assert _shown(window) == by_words


def test_the_command_searches_by_meaning_and_back(window: MainWindow, hands: Hands) -> None:
    before = _shown(window)
    window.runner.run("search.meaning")
    box = window.panes.pane.search
    assert box.edit.text() == "~"
    assert box.edit.hasFocus()
    hands.settle()
    assert _shown(window) == before, "the sign alone searches for nothing"
    hands.type(WORD)
    hands.settle()
    assert window.panes.pane.search.text == f"~{WORD}"
    window.runner.run("search.meaning")
    assert box.edit.text() == WORD


def test_typing_anew_keeps_the_sign_and_a_second_one_is_dropped(window: MainWindow, hands: Hands) -> None:
    _search(hands, f"~{WORD} ")
    hands.press("Down", "/")
    hands.type(topic_words(3)[0])
    assert window.panes.pane.search.text == f"~{topic_words(3)[0]}"
    hands.press("Down", "/")
    hands.type(f"~{WORD}")
    assert window.panes.pane.search.text == f"~{WORD}"


def test_what_it_thought_of_can_be_removed_and_brought_back(window: MainWindow, hands: Hands) -> None:
    words = f"{topic_words(2)[2]} {topic_words(3)[2]}"
    _search(hands, f"~{words} ")
    box = window.panes.pane.search
    result = window.workspace.library.search(f"~{words}")
    assert result.meaning is not None
    count = len(result.meaning.examples)
    assert box.examples.fold.text().startswith(f"Thought of {count} papers")
    assert len(box.examples.buttons) == count
    assert any(one.isHidden() for one in box.examples.buttons), "one line of them"
    box.examples.fold.setFocus()
    hands.press("Space")
    assert not any(one.isHidden() for one in box.examples.buttons)
    hands.press("Right", "Delete")
    hands.settle()
    assert box.examples.fold.text().startswith(f"Thought of {count - 1} papers")
    without = window.workspace.library.search(f"~{words}", without=result.meaning.examples[:1])
    assert _shown(window) == [*without.paper_ids, *without.related_ids]
    assert QApplication.focusWidget() is box.examples.buttons[0]
    hands.press("Left", "Space")
    hands.settle()
    assert box.examples.fold.text().startswith(f"Thought of {count} papers")
    assert _shown(window) == [*result.paper_ids, *result.related_ids]
    assert box.examples.all_again.isHidden()


def test_other_words_think_of_all_again(window: MainWindow, hands: Hands) -> None:
    _search(hands, f"~{WORD} ")
    box = window.panes.pane.search
    box.examples.buttons[0].click()
    hands.settle()
    assert not box.examples.all_again.isHidden()
    box.edit.setFocus()
    hands.type(topic_words(2)[2])
    hands.settle()
    assert box.examples.all_again.isHidden()
    hands.press("Esc", "Esc", "Esc")
    assert box.isHidden()
    _search(hands, WORD)
    assert box.examples.isHidden()


def test_within_the_view_only_its_papers_are_close(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    starred = list(range(1, len(PAPERS), 2))
    library.states.set_starred(starred, True)
    hands.press("g s")
    _search(hands, f"~{WORD} ")
    hands.press("Ctrl+Shift+F")
    hands.settle()
    everywhere = library.search(f"~{WORD}")
    assert _shown(window) == [one for one in (*everywhere.paper_ids, *everywhere.related_ids) if one in starred]
    assert window.panes.pane.facts.text().endswith(f"of {len(starred)}")


def test_nonsense_says_that_no_paper_has_the_words(window: MainWindow, hands: Hands) -> None:
    _search(hands, "~xqzzt ")
    assert _shown(window) == []
    assert window.panes.pane.search.words.text() == "No paper of the library has any of these words."
    assert window.panes.pane.search.examples.isHidden()


def test_a_saved_search_by_meaning_is_counted_by_its_words(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    library.searches.add("close", f"~{WORD}", number=1)
    window.saved.refresh()
    hands.settle()
    hands.press("g 1")
    hands.settle()
    result = library.search(f"~{WORD}")
    assert _shown(window) == [*result.paper_ids, *result.related_ids]
    counts = [row.count for row in map(window.panes.sidebar_model.row, range(40)) if row and row.title == "close"]
    assert counts == [len(result.paper_ids)]


def test_more_like_this_lists_the_closest_papers(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    hands.press("g a", "j")
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    window.runner.run("paper.similar")
    hands.settle()
    view = window.navigator.view
    assert view is not None
    assert view.kind is ViewKind.LIKE
    shown = _shown(window)
    assert shown == list(library.meaning.closest([paper_id]))
    assert paper_id not in shown
    assert set(_topics(window, shown[:6])) == set(_topics(window, [paper_id]))
    assert window.panes.pane.title.text().startswith("Like “")
    assert window.panes.pane.facts.text() == f"the closest first  ·  {len(shown)}"
    assert window.panes.papers.hasFocus()
    window.runner.run("go.back")
    hands.settle()
    assert window.panes.papers.current_paper_id == paper_id


def test_more_like_this_by_date_and_by_closeness_again(window: MainWindow, hands: Hands) -> None:
    hands.press("g a")
    window.runner.run("paper.similar")
    hands.settle()
    closest = _shown(window)
    window.runner.run("view.reverse")
    assert "closest" in hands.said
    window.runner.run("view.sort")
    hands.type("Date")
    hands.press("Enter")
    hands.settle()
    dates = [row.published for row in window.workspace.library.papers.rows(_shown(window))]
    assert dates == sorted(dates, key=str, reverse=True)
    assert sorted(_shown(window)) == sorted(closest)
    window.runner.run("view.sort")
    hands.type("Closeness")
    hands.press("Enter")
    hands.settle()
    assert _shown(window) == closest


def test_more_like_a_selection_a_tag_the_queue_and_a_view(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    of_topic = [number + 1 for number, paper in enumerate(PAPERS) if paper.topic == 4]
    library.tags.add(of_topic[:3], ["mine"])
    library.queue.add(of_topic[3:6])
    hands.press("g a")
    window.panes.papers.select_papers(of_topic[:2])
    window.runner.run("paper.similar")
    hands.settle()
    assert window.panes.pane.title.text() == "Like 2 papers"
    assert _shown(window) == list(library.meaning.closest(of_topic[:2]))
    for choice, title, ids in (("#mine", "Like #mine", of_topic[:3]), ("The queue", "Like the queue", of_topic[3:6])):
        window.navigator.open(View(ViewKind.ALL), of_topic[0])
        hands.settle()
        window.runner.run("paper.similar_to")
        hands.type(choice)
        hands.press("Enter")
        hands.settle()
        assert window.panes.pane.title.text() == title
        assert set(_shown(window)) == set(library.meaning.closest(ids))
        assert set(_topics(window, _shown(window)[:6])) == {4}
    hands.press("g q")
    hands.settle()
    window.runner.run("paper.similar_to")
    hands.type("view")
    hands.press("Enter")
    hands.settle()
    assert window.panes.pane.title.text() == "Like Queue"
    assert set(_shown(window)) == set(library.meaning.closest(of_topic[3:6]))


def test_more_like_a_highlight_searches_for_its_words_by_meaning(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    hands.press("g a")
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    sentence = sentences_of(library.papers.get(paper_id))[2]
    window.workspace.perform(lambda: library.highlights.add(paper_id, [sentence], label="Claim", comment="")[1])
    hands.settle()
    window.runner.run("paper.similar_to")
    hands.type("highlight")
    hands.press("Enter")
    hands.settle()
    assert window.panes.pane.search.text.startswith("~")
    assert _shown(window)[0] == paper_id
    assert len(_shown(window)) > 3
    assert set(_topics(window, _shown(window)[:4])) == set(_topics(window, [paper_id]))


def test_more_like_this_by_words_searches_for_its_words(window: MainWindow, hands: Hands) -> None:
    hands.press("g a")
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    window.runner.run("paper.similar_words")
    hands.settle()
    assert window.panes.pane.search.text == window.workspace.library.searches.query_like(paper_id)
