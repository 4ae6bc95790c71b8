"""Quiet moments are used: the history is pruned once in a while, and mute rules follow what changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.maintenance import upkeep
from tests.ui.conftest import TODAY, WindowMaker, World, settle
from tests.ui.pressing import Hands


def test_a_mute_rule_follows_a_tag_once_all_is_quiet(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    library.mutes.add("nothing on this", "tag:boring")
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    hands.press("t")
    hands.type("boring")
    hands.press("Enter")
    assert paper_id in library.views.paper_ids(View(ViewKind.INBOX))
    window.upkeep.look()
    hands.settle()
    assert paper_id not in library.views.paper_ids(View(ViewKind.INBOX))
    inbox = window.panes.sidebar_model.row(0)
    assert inbox is not None
    assert inbox.count == 39


def test_quiet_comes_by_itself(
    open_window: WindowMaker, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "QUIET_MS", 10)
    window = open_window(folder)
    library = window.workspace.library
    library.mutes.add("nothing on this", "is:starred")
    window.runner.run("paper.star")
    qtbot.waitUntil(lambda: len(library.views.paper_ids(View(ViewKind.INBOX))) == 39)
    settle(window)


def test_a_library_that_stays_open_is_tidied(open_window: WindowMaker, folder: Path, world: World) -> None:
    """Earlier texts of a note past their thirty days go, although the library is not closed."""
    with Library(folder, clock=lambda: TODAY - timedelta(days=50)) as library:
        for text in ("one", "two", "three"):
            library.notes.save(1, text, revision=None)
    window = open_window(folder)
    assert len(window.workspace.library.notes.revisions(1)) == 3
    window.upkeep.look()
    settle(window)
    assert len(window.workspace.library.notes.revisions(1)) == 3, "it was tidied when it was closed last"
    world.seconds += upkeep.TIDY_EVERY_SECONDS
    window.upkeep.look()
    settle(window)
    assert len(window.workspace.library.notes.revisions(1)) == 1
