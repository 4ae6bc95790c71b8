"""Triage by key: one paper at a time, a key for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.window import MainWindow
from tests.ui.conftest import TODAY, WindowMaker, settle
from tests.ui.pressing import Hands


def states(library: Library) -> dict[PaperState, int]:
    counts = library.view_counts()
    return {
        PaperState.QUEUED: counts.queued,
        PaperState.DISMISSED: counts.dismissed,
        PaperState.DONE: counts.done,
    }


@pytest.fixture
def forty(tmp_path: Path) -> Path:
    """A library with forty undecided papers."""
    rows = "".join(
        f"@article{{p{number},\n title={{Counting {number} pebbles}},\n year={{2026}}\n}}\n" for number in range(1, 41)
    )
    file = tmp_path / "forty.bib"
    file.write_text(rows, encoding="utf-8")
    with Library(tmp_path / "library", clock=lambda: TODAY) as library:
        for _ in library.import_paths([file]):
            pass
        assert len(library.paper_ids(View(ViewKind.INBOX))) == 40
    return tmp_path / "library"


def test_forty_papers_take_forty_keys(open_window: WindowMaker, forty: Path, qtbot: object) -> None:
    window = open_window(forty)
    hands = Hands(qtbot, window, lambda: settle(window))
    hands.press("Shift+T")
    assert window.triage.is_running
    keys = ["a"] * 9 + ["d"] * 25 + ["e"] * 2 + ["Space"] * 4
    titles = set()
    for key in keys:
        titles.add(hands.title)
        hands.press(key)
    assert len(titles) == 40
    assert window.triage.closing is not None
    assert window.triage.closing.tally == "9 queued, 25 dismissed, 2 done, 4 left"
    library = window.workspace.library
    assert states(library) == {PaperState.QUEUED: 9, PaperState.DISMISSED: 25, PaperState.DONE: 2}
    hands.press("Enter")
    assert not window.triage.is_running
    assert window.panes.papers.hasFocus()
