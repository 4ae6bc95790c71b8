"""Papers decided many at once are marked so; papers decided one by one, and a few together, are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.domain.taste import BULK
from reader.services import Library
from reader.ui.app.window import MainWindow
from tests.services.support import finish, listing_text
from tests.ui.conftest import TODAY
from tests.ui.pressing import Hands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with more papers than are judged one by one."""
    with Library(tmp_path / "library", clock=lambda: TODAY) as library:
        titles = [f"Stone of Kind {number}" for number in range(BULK + 5)]
        finish(library.imports.text(listing_text(*titles, heading="Mar 1"), "stones"))
    return tmp_path / "library"


def marks(window: MainWindow) -> list[tuple[str, bool]]:
    return [(each.state, bool(each.is_bulk)) for each in window.workspace.library.taste.signals()]


@pytest.mark.parametrize(
    ("key", "state"), [("d", PaperState.DISMISSED), ("e", PaperState.DONE), ("a", PaperState.QUEUED)]
)
def test_all_papers_selected_are_decided_in_bulk(window: MainWindow, hands: Hands, key: str, state: PaperState) -> None:
    hands.press("g a", "* a", key)
    assert marks(window) == [(state, True)] * (BULK + 5)
    hands.press("u")
    assert marks(window) == []


def test_catching_up_decides_in_bulk(window: MainWindow, hands: Hands) -> None:
    hands.press("Ctrl+K")
    hands.type("catch up")
    hands.press("Enter", "Enter")
    assert marks(window) == [(PaperState.DISMISSED, True)] * (BULK + 5)


def test_one_paper_after_another_is_not(window: MainWindow, hands: Hands) -> None:
    hands.press(*["d"] * 3)
    assert marks(window) == [(PaperState.DISMISSED, False)] * 3
