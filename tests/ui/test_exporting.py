"""Exporting from the window by keys: the sheet, the preview, the writing, and exports without a look."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.services.export_plan import ExportStatus
from reader.ui.window import MainWindow
from tests.services.exporting import notes, rewrite, times
from tests.ui.conftest import WindowMaker, World, settle
from tests.ui.pressing import Hands


@pytest.fixture
def vault(tmp_path: Path, world: World) -> Path:
    """The folder that the user chooses when asked."""
    folder = tmp_path / "My Vault"
    folder.mkdir()
    world.export_to = folder
    return folder


def mark_some(hands: Hands) -> None:
    """Star one paper and queue the next."""
    hands.press("s", "j", "a")


def test_keys_lead_from_the_papers_to_the_notes(hands: Hands, window: MainWindow, world: World, vault: Path) -> None:
    mark_some(hands)
    hands.press("Shift+E")
    sheet = window.exports.sheet
    assert sheet is not None and sheet.counts.text() == f"2 annotated papers of {window.panes.paper_model.rowCount()}"
    assert world.export_asked == []
    hands.press("Enter")
    assert world.export_asked == [(Path.home(), "Choose the vault")]
    preview = window.exports.preview
    assert preview is not None and window.exports.sheet is None
    assert preview.summary.text() == "2 files to be written to “My Vault”" and notes(vault) == {}
    assert "+paper-key: " in preview.difference.toPlainText()
    hands.press("Enter")
    assert len(notes(vault)) == 2
    assert window.panes.notice.text.text() == "Wrote 2 notes to “My Vault”: 2 new."
    assert window.settings.settings.export.vault == str(vault)
