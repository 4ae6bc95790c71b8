"""What the copy commands put on the clipboard, of one paper and of a selection."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from reader.ui.app.window import MainWindow
from tests.ui.pressing import Hands


def _clipboard() -> str:
    return QGuiApplication.clipboard().text()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("y y", "Copied the citation"),
        ("y m", "Copied the Markdown link"),
        ("y b", "Copied the BibTeX entry"),
        ("y t", "Copied the title"),
    ],
)
def test_one_paper_is_copied_as_the_exporter_writes_it(window: MainWindow, hands: Hands, keys: str, said: str) -> None:
    paper = window.reader.paper
    assert paper is not None
    hands.press(keys)
    exporter = window.workspace.library.exports
    expected = {
        "y y": exporter.citation([paper.id]),
        "y m": exporter.markdown([paper.id]),
        "y b": exporter.bibtex([paper.id]),
        "y t": paper.title,
    }
    assert _clipboard() == expected[keys]
    assert hands.said == said


def test_a_selection_is_copied_in_the_list_s_order(window: MainWindow, hands: Hands) -> None:
    entries = window.panes.paper_model.entries
    ids = [entries.paper_id(row) or 0 for row in (0, 1)]
    titles = [paper.title for paper in window.workspace.library.papers.read(ids)]
    hands.press("j", "x", "k", "x", "y t")
    assert _clipboard() == "\n".join(titles)
    assert hands.said == "Copied 2 titles"
    hands.press("y y")
    assert len(_clipboard().splitlines()) == 2
    hands.press("y m")
    assert [line[:2] for line in _clipboard().splitlines()] == ["- ", "- "]
    hands.press("y b")
    assert _clipboard().count("\n@") + _clipboard().startswith("@") == 2
    assert hands.said == "Copied 2 BibTeX entries"


def test_the_key_of_a_copied_entry_stays(window: MainWindow, hands: Hands) -> None:
    paper = window.reader.paper
    assert paper is not None
    hands.press("y b")
    first = _clipboard()
    window.workspace.library.papers.set_arxiv_id(paper.id, "2401.00007")
    hands.press("y b")
    assert _clipboard() != first
    assert _clipboard().split(",")[0] == first.split(",")[0]


def test_nothing_is_copied_where_there_is_no_paper(window: MainWindow, hands: Hands) -> None:
    QGuiApplication.clipboard().setText("as it was")
    hands.press("g q")
    hands.press("y y", "y b", "y t")
    assert _clipboard() == "as it was"
