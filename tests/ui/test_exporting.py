"""Exporting from the window by keys: the sheet, the preview, the writing, and exports without a look."""

from __future__ import annotations

import itertools
import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from reader.domain.settings import AutomaticExport
from reader.services import Library
from reader.services.export.plan import ExportStatus
from reader.services.resources import resource_path
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import Key
from reader.ui.export.forms import FORMS
from reader.ui.export.preview import ExportPreview
from reader.ui.export.sheet import ExportSheet
from reader.ui.look.themes import contrast, load_theme
from reader.ui.overlays.text_sheet import TextSheet
from tests.services.exporting import export, notes, rewrite, times
from tests.ui.conftest import TODAY, WindowMaker, World, settle
from tests.ui.pressing import Hands

ENTER, ESC = Key("Enter"), Key("Esc")


class Steady(Hands):
    """Hands that wait for what each key leads to before they press the next."""

    def press(self, *chords: str) -> None:
        for chord in chords:
            super().press(chord)


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Steady(qtbot, window, lambda: settle(window))


@pytest.fixture
def vault(tmp_path: Path, world: World) -> Path:
    """The folder that the user chooses when asked."""
    folder = tmp_path / "My Vault"
    folder.mkdir()
    world.export_to = folder
    return folder


@pytest.fixture
def exported(hands: Hands, window: MainWindow, vault: Path) -> Path:
    """A vault with the notes of the view's first two papers: one starred, one queued."""
    hands.press("g a", "s", "j", "a", "Shift+E", "Enter", "Enter")
    assert len(notes(vault)) == 2
    hands.press("g g")
    return vault


def sheet_of(window: MainWindow) -> ExportSheet:
    assert window.exports.sheet is not None
    return window.exports.sheet


def preview_of(window: MainWindow) -> ExportPreview:
    assert window.exports.preview is not None
    return window.exports.preview


def notice(window: MainWindow) -> str:
    return window.panes.notice.text.text() if window.panes.notice.isVisible() else ""


def statuses(window: MainWindow) -> list[str]:
    return [chip.text() for chip in preview_of(window).counts.chips]


def note_of(vault: Path, window: MainWindow) -> Path:
    """The note of the paper that is shown."""
    assert window.reader.paper is not None
    (path,) = vault.rglob(f"*-{window.reader.paper.key}.md")
    return path


def select_form(hands: Hands, window: MainWindow, name: str) -> None:
    """Go to a form of the sheet with the arrows."""
    wanted = [choice.name for choice in FORMS].index(name)
    here = sheet_of(window).forms.currentRow()
    hands.press(*(["Down"] * (wanted - here) if wanted > here else ["Up"] * (here - wanted)))


def test_keys_lead_from_the_papers_to_the_notes(hands: Hands, window: MainWindow, world: World, vault: Path) -> None:
    hands.press("g a", "s", "j", "a", "Shift+E")
    assert sheet_of(window).counts.text() == f"2 annotated papers of {window.panes.paper_model.rowCount()}"
    assert world.export_asked == []
    hands.press("Enter")
    assert world.export_asked == [(Path.home(), "Choose the vault")]
    preview = preview_of(window)
    assert window.exports.sheet is None
    assert preview.summary.text() == "2 files to be written to “My Vault”" and notes(vault) == {}
    assert "+paper-key: " in preview.difference.toPlainText()
    hands.press("Enter")
    assert len(notes(vault)) == 2 and window.panes.papers.hasFocus()
    assert notice(window) == "Wrote 2 notes to “My Vault”: 2 new."
    assert window.settings.settings.export.vault == str(vault)


def test_the_folder_is_asked_for_once_and_a_second_export_writes_nothing(
    hands: Hands, window: MainWindow, world: World, exported: Path
) -> None:
    before = times(exported)
    hands.press("Shift+E", "Enter")
    assert len(world.export_asked) == 1 and statuses(window) == ["All 2", "Unchanged 2"]
    assert "Nothing to write" in preview_of(window).summary.text()
    hands.press("Enter")
    assert times(exported) == before and notice(window) == "Everything in “My Vault” is up to date."


def test_what_is_chosen_is_remembered_in_another_window(
    hands: Hands, window: MainWindow, exported: Path, open_window: WindowMaker, folder: Path, world: World
) -> None:
    hands.press("Shift+E")
    select_form(hands, window, "commonmark")
    hands.press("Tab", "Right", "Enter", "Esc")
    export = window.settings.settings.export
    assert (export.profile, export.deleted) == ("commonmark", "strike")
    window.close()
    again = open_window(folder)
    Steady(hands.qtbot, again, lambda: settle(again)).press("Shift+E")
    sheet = sheet_of(again)
    assert sheet.choice.name == "commonmark" and sheet.extra.current == 1 and sheet.place.text() == str(exported)


def test_esc_leaves_everything_as_it_is(hands: Hands, window: MainWindow, vault: Path) -> None:
    hands.press("g a", "s", "Shift+E", "Esc")
    assert window.exports.sheet is None and window.panes.papers.hasFocus()
    hands.press("Shift+E", "Enter", "Esc")
    assert window.exports.preview is None and window.panes.papers.hasFocus()
    assert notes(vault) == {} and hands.said == "Nothing was exported"


def test_no_folder_no_export(hands: Hands, window: MainWindow, world: World) -> None:
    hands.press("s", "Shift+E", "Enter")
    assert len(world.export_asked) == 1 and window.exports.preview is None
    assert sheet_of(window).isVisible() and "Enter asks" in sheet_of(window).place.text()


def test_the_selection_is_exported_if_there_is_one(hands: Hands, window: MainWindow, vault: Path) -> None:
    hands.press("g a", "s", "j", "s", "j", "s", "x", "k", "x", "Shift+E")
    assert [chip.text() for chip in sheet_of(window).scope.chips] == ["2 selected", "Whole library"]
    assert sheet_of(window).counts.text() == "2 annotated papers of 2"
    hands.press("Enter", "Enter")
    assert len(notes(vault)) == 2


def test_what_a_search_found_is_exported_with_all_on_request(hands: Hands, window: MainWindow, vault: Path) -> None:
    hands.press("/")
    hands.type("title:a")
    hands.settle()
    hands.press("Enter", "Enter", "Shift+E")
    found = len(window.panes.paper_model.entries.rows)
    sheet = sheet_of(window)
    assert sheet.scope.chips[0].text() == "Found: title:a" and sheet.counts.text() == f"0 annotated papers of {found}"
    for _ in range(20):
        if QApplication.focusWidget() is sheet.all_papers:
            break
        hands.press("Tab")
    hands.press("Space")
    assert sheet.counts.text() == f"{found} papers, all of them exported"
    hands.press("Enter", "Enter")
    assert len(notes(vault)) == found


def test_the_papers_of_all_highlights_can_be_exported(hands: Hands, window: MainWindow, vault: Path) -> None:
    library = window.workspace.library
    ids = window.navigator.view_ids()
    for paper_id, first in ((ids[3], 0), (ids[3], 20), (ids[5], 4)):
        library.highlights.add_quote(
            paper_id, " ".join(library.papers.get(paper_id).abstract.split()[first : first + 9])
        )
    hands.press("s", "g h", "Shift+E")
    sheet = sheet_of(window)
    assert [chip.text() for chip in sheet.scope.chips] == ["Whole library", "Highlights"]
    assert sheet.counts.text().startswith("3 annotated papers of ")
    while QApplication.focusWidget() is not sheet.scope.chips[0]:
        hands.press("Tab")
    hands.press("Right")
    assert sheet.counts.text() == "2 annotated papers of 2"
    hands.press("Enter", "Enter")
    assert len(notes(vault)) == 2


def test_papers_without_annotations_alone_are_nothing_to_look_at(hands: Hands, window: MainWindow, vault: Path) -> None:
    hands.press("g a", "x", "Shift+E", "Enter")
    sheet = sheet_of(window)
    assert window.exports.preview is None and "has annotations" in sheet.complaint.text()
    assert sheet.complaint.isVisible() and sheet.forms.hasFocus()
    hands.press("s", "Esc")
    assert window.exports.sheet is None


def test_the_view_can_be_exported_alone(hands: Hands, window: MainWindow, vault: Path) -> None:
    hands.press("g a", "s", "j", "a", "g q", "Shift+E")
    sheet = sheet_of(window)
    assert [chip.text() for chip in sheet.scope.chips] == ["Whole library", "Queue"]
    while QApplication.focusWidget() is not sheet.scope.chips[0]:
        hands.press("Tab")
    hands.press("Right")
    assert sheet.counts.text() == "1 annotated paper of 1"
    hands.press("Enter", "Enter")
    assert len(notes(vault)) == 1


@pytest.mark.parametrize("choice", [choice for choice in FORMS if not choice.is_vault], ids=lambda choice: choice.name)
def test_every_form_makes_its_file(hands: Hands, window: MainWindow, vault: Path, world: World, choice: object) -> None:
    name = getattr(choice, "name", "")
    hands.press("g a", "s", "Shift+E")
    select_form(hands, window, name)
    hands.press("Enter")
    assert world.export_asked[-1][1] == "Choose a folder for the file"
    assert statuses(window) == ["All 1", "Create 1"]
    hands.press("Enter")
    (path,) = notes(vault)
    assert path.startswith("lectern") and notice(window) == f"Wrote {path} to “My Vault”."
    assert window.settings.settings.export.vault == ""
    remembered = json.loads((window.workspace.library.folder / "exports.json").read_text("utf-8"))
    assert remembered["form"] == name and remembered["files_folder"] == str(vault)


def test_json_lines_of_the_whole_library_hold_all_of_it(
    hands: Hands, window: MainWindow, vault: Path, tmp_path: Path
) -> None:
    count = window.workspace.library.views.counts().all
    hands.press("g a", "s", "x", "Shift+E")
    select_form(hands, window, "json-lines")
    sheet = sheet_of(window)
    assert sheet.counts.text() == "1 annotated paper of 1"
    while QApplication.focusWidget() is not sheet.scope.chips[0]:
        hands.press("Tab")
    hands.press("Right")
    assert sheet.counts.text() == f"{count} papers, all of them exported" and not sheet.all_papers.isEnabled()
    hands.press("Enter", "Enter")
    with Library(tmp_path / "restored", clock=lambda: TODAY) as library:
        for _ in library.imports.paths([vault / "lectern.jsonl"]):
            pass
        assert library.views.counts() == window.workspace.library.views.counts()


def test_a_report_is_grouped_and_a_digest_spans_days_as_chosen(hands: Hands, window: MainWindow, vault: Path) -> None:
    hands.press("g a", "s", "Shift+E")
    select_form(hands, window, "one-file")
    hands.press("Tab", "Right", "Right", "Enter", "Enter")
    assert "## daily-papers-sample" in (vault / "lectern.md").read_text("utf-8")
    hands.press("Shift+E")
    select_form(hands, window, "digest")
    assert sheet_of(window).counts.text() == "A digest is of the whole library"
    hands.press("Tab", "Right", "Right", "Enter", "Enter")
    assert "# Digest, 2026-03-03 to 2026-04-02" in (vault / "lectern-digest-2026-04-02.md").read_text("utf-8")


def test_the_preview_walks_filters_and_scrolls_by_key(hands: Hands, window: MainWindow, exported: Path) -> None:
    note_of(exported, window).unlink()
    hands.press("j", "j", "s", "j", "s", "k", "k", "t")
    hands.type("trees")
    hands.press("Enter", "Esc", "Shift+E", "Enter")
    preview = preview_of(window)
    assert statuses(window) == ["All 4", "Not found 1", "Create 2", "Update 1"]
    seen = [preview.current.status if preview.current else None]
    for _ in range(3):
        hands.press("j")
        seen.append(preview.current.status if preview.current else None)
    assert seen == [ExportStatus.NOT_FOUND, ExportStatus.CREATE, ExportStatus.CREATE, ExportStatus.UPDATE]
    assert "+  - trees" in preview.difference.toPlainText()
    hands.press("k")
    assert preview.difference.toPlainText().startswith("@@ -0,0 +1,")
    bar = preview.difference.verticalScrollBar()
    if bar.maximum():
        hands.press("Space")
        assert bar.value() > 0
        hands.press("Shift+Space")
        assert bar.value() == 0
    hands.press("Right", "Right")
    assert preview.model.rowCount() == 2 and preview.counts.current == 2
    hands.press("Left", "Left")
    assert preview.model.rowCount() == 4


def test_what_was_edited_stays_and_ours_is_put_beside_on_request(
    hands: Hands, window: MainWindow, exported: Path
) -> None:
    note = note_of(exported, window)
    rewrite(note, "\n^paper\n", "\nAnd this is mine.\n\n^paper\n")
    hands.press("Shift+E", "Enter")
    preview = preview_of(window)
    assert statuses(window) == ["All 2", "Edited by you 1", "Unchanged 1"]
    assert preview.remarks.text() == "The block ^paper was left as you edited it."
    assert preview.beside_button.isVisible()
    assert preview.difference.toPlainText() == "Nothing will be written to this file."
    hands.press("b")
    assert preview.beside_button.isChecked() and preview.summary.text() == "1 file to be written to “My Vault”"
    assert "+# " in preview.difference.toPlainText()
    hands.press("b")
    assert not preview.beside_button.isChecked() and "Nothing to write" in preview.summary.text()
    hands.press("Shift+B", "Enter")
    text = note.read_text("utf-8")
    assert "And this is mine." in text and text.count("\n# ") == 2


def test_a_deleted_note_is_made_again_on_request(hands: Hands, window: MainWindow, exported: Path) -> None:
    note = note_of(exported, window)
    text = note.read_bytes()
    note.unlink()
    hands.press("Shift+E", "Enter")
    assert statuses(window) == ["All 2", "Not found 1", "Unchanged 1"]
    hands.press("Enter")
    assert not note.exists()
    hands.press("Shift+E", "Enter", "w")
    assert preview_of(window).again_button.isChecked()
    hands.press("Enter")
    assert note.read_bytes() == text


def test_all_deleted_notes_are_made_again_at_once(hands: Hands, window: MainWindow, exported: Path) -> None:
    shutil.rmtree(exported / "Lectern")
    hands.press("Shift+E", "Enter", "Shift+W")
    assert preview_of(window).summary.text() == "2 files to be written to “My Vault”"
    hands.press("Shift+W")
    assert "Nothing to write" in preview_of(window).summary.text()
    hands.press("Shift+W", "Enter")
    assert len(notes(exported)) == 2


def test_a_note_of_ones_own_is_adopted_on_request(
    hands: Hands, window: MainWindow, vault: Path, open_window: WindowMaker
) -> None:
    window.workspace.library.papers.set_arxiv_id(window.navigator.view_ids()[0], "2603.01234")
    (vault / "Mine.md").write_text("What I think of arXiv:2603.01234\n", "utf-8")
    (vault / "Other.md").write_text("More on arXiv:2603.01234\n", "utf-8")
    hands.press("s", "Shift+E", "Enter")
    preview = preview_of(window)
    assert preview.adopt_button.isVisible() and not preview.adopt_button.isChecked()
    hands.press("o")
    assert preview.current is not None and preview.current.path == "Mine.md" and preview.adopt_button.isChecked()
    hands.press("o")
    assert preview.current is not None and preview.current.path == "Other.md"
    hands.press("o")
    assert preview.current is not None and preview.current.path.startswith("Lectern/")
    hands.press("o", "Enter")
    assert sorted(notes(vault)) == ["Mine.md", "Other.md"]
    assert "What I think of arXiv:2603.01234" in (vault / "Mine.md").read_text("utf-8")
    assert b"%%lectern%%" in notes(vault)["Mine.md"] and b"lectern" not in notes(vault)["Other.md"]


def test_the_report_unfolds(hands: Hands, window: MainWindow, exported: Path) -> None:
    rewrite(note_of(exported, window), "\n^paper\n", "\nMine.\n\n^paper\n")
    hands.press("t")
    hands.type("trees")
    hands.press("Enter", "Esc", "Shift+E", "Enter", "Enter")
    assert notice(window) == "Wrote 1 note to “My Vault”: 1 updated."
    (details, _) = window.panes.notice.findChildren(QPushButton)
    hands.click(details)
    text = window.findChildren(TextSheet)[-1].text.toPlainText()
    assert f"Folder: {exported}" in text and "The block ^paper was left as you edited it." in text


def test_a_vault_that_is_gone_is_asked_for_and_not_made_again(
    hands: Hands, window: MainWindow, exported: Path, tmp_path: Path, world: World
) -> None:
    exported.rename(tmp_path / "elsewhere")
    hands.press("Shift+E", "Enter")
    sheet = sheet_of(window)
    assert "does not exist" in sheet.complaint.text() and sheet.complaint.isVisible()
    assert not exported.exists() and QApplication.focusWidget() is sheet.folder_button
    world.export_to = tmp_path / "elsewhere"
    hands.press("Enter")
    assert world.export_asked[-1][0] == exported and not sheet.complaint.isVisible()
    hands.press("Tab", "Tab", "Enter")
    assert statuses(window) == ["All 2", "Unchanged 2"] and not exported.exists()


def test_a_fault_in_a_template_is_told_with_its_line_and_nothing_is_written(
    hands: Hands, window: MainWindow, vault: Path
) -> None:
    own = window.workspace.library.folder / "export-templates"
    own.mkdir()
    (own / "obsidian.md.j2").write_text("{% block paper %}\n{{ paper.title | nothing }}\n{% endblock %}", "utf-8")
    hands.press("s", "Shift+E", "Enter")
    text = sheet_of(window).complaint.text()
    assert "obsidian.md.j2" in text and "line 2" in text and notes(vault) == {}
    hands.press("Esc")
    assert window.exports.sheet is None


def test_ctrl_s_exports_without_a_look_even_while_typing(hands: Hands, window: MainWindow, exported: Path) -> None:
    note = note_of(exported, window)
    hands.press("n")
    hands.type("written just now")
    hands.press("Ctrl+S")
    assert window.panes.note.editor.hasFocus() and window.panes.note.editor.toPlainText() == "written just now"
    assert "written just now" in note.read_text("utf-8")
    assert hands.said == "Wrote 1 note to “My Vault”: 1 updated." and window.exports.preview is None


def test_a_vault_in_the_settings_may_be_written_from_home(
    hands: Hands, window: MainWindow, vault: Path, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    monkeypatch.setenv("HOME", str(vault.parent))
    monkeypatch.setenv("USERPROFILE", str(vault.parent))
    hands.press("g a", "s")
    for number, written in enumerate(("~/My Vault", "My Vault", str(vault)), start=1):
        window.settings.set("export.vault", written)
        hands.press("j", "s", "Ctrl+S")
        assert len(notes(vault)) == 1 + number, written
    hands.press("Shift+E")
    assert sheet_of(window).place.text() == str(vault) and world.export_asked == []
    hands.press("Esc")
    window.settings.set("export.vault", "~nobody-of-that-name/notes")
    hands.press("Ctrl+S")
    assert "does not exist" in sheet_of(window).complaint.text()


def test_ctrl_s_leaves_alone_what_was_edited_and_says_so_once(hands: Hands, window: MainWindow, exported: Path) -> None:
    note = note_of(exported, window)
    rewrite(note, "\n^paper\n", "\nMine.\n\n^paper\n")
    before = note.read_bytes()
    hands.press("s", "Ctrl+S")
    assert note.read_bytes() == before
    assert notice(window) == "Nothing was written to “My Vault”. What you edited in 1 note was left alone."
    hands.press("Esc", "Ctrl+S")
    assert notice(window) == "" and "was left alone" in hands.said


def test_ctrl_s_asks_for_the_vault_if_there_is_none(hands: Hands, window: MainWindow, vault: Path) -> None:
    hands.press("s", "Ctrl+S")
    assert sheet_of(window).complaint.text() == "Choose the folder of your notes first."
    hands.press("Enter", "Esc")
    assert notes(vault) == {}


def test_ctrl_s_asks_once_for_a_vault_that_is_gone(
    hands: Hands, window: MainWindow, exported: Path, tmp_path: Path
) -> None:
    exported.rename(tmp_path / "elsewhere")
    hands.press("Ctrl+S")
    assert "does not exist" in sheet_of(window).complaint.text()
    hands.press("Esc", "Ctrl+S")
    assert window.exports.sheet is None and "does not exist" in (hands.said + notice(window))
    assert not exported.exists()


def test_after_a_session_the_vault_is_brought_up_to_date(
    hands: Hands, window: MainWindow, exported: Path, folder: Path, open_window: WindowMaker
) -> None:
    window.settings.set("export.automatic", AutomaticExport.AFTER_SESSION.value)
    note = note_of(exported, window)
    hands.press("n")
    hands.type("at the very last moment")
    window.close()
    assert "at the very last moment" in note.read_text("utf-8")
    again = open_window(folder)
    assert notice(again) == ""


def test_what_an_export_at_the_end_left_alone_is_told_next_time(
    hands: Hands, window: MainWindow, exported: Path, folder: Path, open_window: WindowMaker
) -> None:
    window.settings.set("export.automatic", AutomaticExport.AFTER_SESSION.value)
    note = note_of(exported, window)
    rewrite(note, "\n^paper\n", "\nMine.\n\n^paper\n")
    before = note.read_bytes()
    hands.press("s")
    window.close()
    assert note.read_bytes() == before
    again = open_window(folder)
    assert "What you edited in 1 note was left alone." in notice(again)
    again.exports.show_report()
    assert note.name in again.findChildren(TextSheet)[-1].text.toPlainText()
    again.close()
    third = open_window(folder)
    assert notice(third) == ""


def test_without_the_setting_nothing_is_exported_at_the_end(hands: Hands, window: MainWindow, exported: Path) -> None:
    before = times(exported)
    hands.press("s")
    window.close()
    assert times(exported) == before


def test_with_nothing_done_the_vault_is_not_looked_at_at_the_end(
    hands: Hands, window: MainWindow, exported: Path, folder: Path, open_window: WindowMaker
) -> None:
    window.settings.set("export.automatic", AutomaticExport.AFTER_SESSION.value)
    hands.settle()
    window.close()
    again = open_window(folder)
    shutil.rmtree(exported)
    again.close()
    third = open_window(folder)
    assert not exported.exists() and notice(third) == ""


def test_a_vault_that_is_gone_at_the_end_is_told_next_time(
    hands: Hands, window: MainWindow, exported: Path, folder: Path, open_window: WindowMaker
) -> None:
    window.settings.set("export.automatic", AutomaticExport.AFTER_SESSION.value)
    shutil.rmtree(exported)
    hands.press("s")
    window.close()
    again = open_window(folder)
    assert "nothing was exported" in notice(again) and "does not exist" in notice(again) and not exported.exists()


def test_a_fault_at_the_end_is_told_next_time(
    hands: Hands,
    window: MainWindow,
    exported: Path,
    folder: Path,
    open_window: WindowMaker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    window.settings.set("export.automatic", AutomaticExport.AFTER_SESSION.value)
    hands.press("s")
    with monkeypatch.context() as patched:
        patched.setattr("reader.services.export.exporter.Exporter.export_untouched", fail)
        window.close()
    again = open_window(folder)
    assert "went wrong" in notice(again) and "ZeroDivisionError" in notice(again)
    again.exports.show_report()
    text = again.findChildren(TextSheet)[-1].text.toPlainText()
    assert "automatic.py" in text and "a fault of ours" not in text


def test_annotations_are_exported_once_things_are_quiet(hands: Hands, window: MainWindow, exported: Path) -> None:
    window.settings.set("export.automatic", AutomaticExport.ON_SAVE.value)
    window.exports.automatic.quiet.setInterval(10)
    note = note_of(exported, window)
    hands.press("t")
    hands.type("quickly")
    hands.press("Enter", "Esc")
    hands.qtbot.waitUntil(lambda: "quickly" in note.read_text("utf-8"))
    hands.settle()


def test_nothing_is_exported_by_itself_while_one_looks_at_a_plan(
    hands: Hands, window: MainWindow, exported: Path
) -> None:
    window.settings.set("export.automatic", AutomaticExport.ON_SAVE.value)
    window.exports.automatic.quiet.setInterval(10)
    note = note_of(exported, window)
    before = note.read_bytes()
    hands.press("Shift+E")
    window.workspace.perform(partial(window.workspace.library.tags.add, [window.navigator.view_ids()[0]], ["slowly"]))
    hands.press("Enter")
    hands.qtbot.wait(100)
    hands.settle()
    assert statuses(window) == ["All 2", "Update 1", "Unchanged 1"] and note.read_bytes() == before
    hands.press("Esc")
    hands.qtbot.waitUntil(lambda: b"slowly" in note.read_bytes())
    hands.settle()


def test_the_sample_is_never_exported_without_a_look(
    open_window: WindowMaker, folder: Path, vault: Path, hands: Hands, window: MainWindow
) -> None:
    window.settings.set_all({"export.vault": str(vault), "export.automatic": "after-session"})
    given = window.settings.settings
    window.close()
    sample = open_window(folder, is_sample=True, settings=given)
    keys = Steady(hands.qtbot, sample, lambda: settle(sample))
    keys.press("s", "Ctrl+S")
    assert "sample" in keys.said and notes(vault) == {}
    keys.press("Shift+E")
    assert "Enter asks" in sheet_of(sample).place.text()
    keys.press("Esc")
    sample.close()
    assert notes(vault) == {}


def test_a_plan_under_way_stops_with_esc(hands: Hands, window: MainWindow, vault: Path) -> None:
    hands.press("g a", "* a", "s", "* n", "Shift+E")
    hands.strike(ENTER)
    hands.strike(ESC)
    hands.settle()
    assert window.exports.sheet is None and window.exports.preview is None and notes(vault) == {}


@pytest.mark.parametrize("chord", ["Shift+E", "Ctrl+S"])
def test_an_empty_library_has_nothing_to_export(
    open_window: WindowMaker, qtbot: QtBot, tmp_path: Path, vault: Path, chord: str
) -> None:
    window = open_window(tmp_path / "empty")
    hands = Steady(qtbot, window, lambda: settle(window))
    hands.press(chord, "Enter")
    if chord == "Ctrl+S":  # which begins with the folder
        hands.press("Tab", "Tab", "Enter")
    assert "has annotations" in sheet_of(window).complaint.text() and window.exports.preview is None


def test_in_a_small_window_everything_has_its_place(hands: Hands, window: MainWindow, vault: Path) -> None:
    window.resize(720, 480)
    window.appearance.acts()["view.larger"]()
    hands.press("g a", "s", "Shift+E")
    sheet = sheet_of(window)
    QApplication.processEvents()

    def edges(widget: QWidget) -> tuple[int, int]:
        top = widget.mapTo(sheet, widget.rect().topLeft()).y()
        return top, top + widget.height()

    order = [sheet.scope, sheet.all_papers, sheet.forms, sheet.folder_button, sheet.preview_button]
    places = [edges(widget) for widget in order]
    assert all(above[1] <= below[0] for above, below in itertools.pairwise(places)), places
    assert places[-1][1] <= sheet.panel.geometry().bottom() and sheet.panel.geometry().bottom() < window.height()
    hands.press("End")
    assert sheet.choice.name == "digest"
    window.appearance.acts()["view.default_size"]()


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"form": 3, "left": "x", "told": null}', '{"form": "nothing", "left": [1, "a"]}', "[" * 100_000],
)
def test_a_damaged_memory_is_as_if_it_were_new(
    open_window: WindowMaker, qtbot: QtBot, folder: Path, content: str
) -> None:
    (folder / "exports.json").write_text(content, "utf-8")
    window = open_window(folder)
    Steady(qtbot, window, lambda: settle(window)).press("Shift+E")
    assert sheet_of(window).choice.name == "obsidian" and notice(window) == ""


def test_hostile_text_in_a_difference_stays_text(hands: Hands, window: MainWindow, exported: Path) -> None:
    note = note_of(exported, window)
    hands.press("n")
    hands.type("<img src=x onerror=alert(1)> \u202edesrever")
    hands.press("Esc", "Shift+E", "Enter")
    text = preview_of(window).difference.toPlainText()
    assert "<img src=x onerror=alert(1)> ⟨RLO⟩desrever" in text
    hands.press("Esc")
    assert "desrever" not in note.read_text("utf-8")


@pytest.mark.parametrize("name", sorted(path.stem for path in resource_path("themes").iterdir()))
def test_differences_are_readable(name: str) -> None:
    theme = load_theme(name)
    for colour in (theme.marks.done, theme.texts.error, theme.texts.faint, theme.texts.text):
        assert contrast(colour, theme.surfaces.overlay) >= theme.least_contrast


def test_colours_follow_the_theme_while_the_preview_is_open(hands: Hands, window: MainWindow, exported: Path) -> None:
    hands.press("j", "j", "s", "Shift+E", "Enter")
    view = preview_of(window).difference

    def colour() -> str:
        ranges = view.document().findBlockByNumber(1).layout().formats()
        first = ranges[0]
        return first.format.foreground().color().name()

    assert colour() == load_theme("light").marks.done.name()
    window.runner.run("view.theme_dark")
    assert colour() == load_theme("dark").marks.done.name()
    window.runner.run("view.theme_light")


def test_another_export_waits_until_the_first_is_written(hands: Hands, window: MainWindow, vault: Path) -> None:
    hands.press("g a", "* a", "s", "* n", "Shift+E", "Enter")
    hands.strike(ENTER)
    assert window.exports.is_running
    window.runner.run("export.open")
    assert window.exports.sheet is None and "in progress" in hands.said
    hands.settle()
    assert len(notes(vault)) == window.panes.paper_model.rowCount()


@pytest.mark.parametrize("form", ["obsidian", "html"])
def test_closing_while_an_export_is_planned_writes_nothing(
    hands: Hands, window: MainWindow, vault: Path, form: str
) -> None:
    hands.press("g a", "* a", "s", "* n", "Shift+E")
    select_form(hands, window, form)
    hands.strike(ENTER)
    window.close()
    assert notes(vault) == {}


def test_an_import_meanwhile_goes_on_beside_an_export(
    hands: Hands, window: MainWindow, vault: Path, tmp_path: Path
) -> None:
    listing = tmp_path / "more.bib"
    entry = "@misc{{k{0}, title={{Import Number {0}}}, abstract={{An invented abstract.}}}}\n"
    listing.write_text("".join(entry.format(number) for number in range(30)), "utf-8")
    hands.press("g a", "* a", "s", "* n", "Shift+E", "Enter")
    count = len(window.navigator.view_ids())
    hands.strike(ENTER)
    window.import_files([listing])
    hands.settle()
    assert len(notes(vault)) == count and not window.panes.status.is_working
    assert window.workspace.library.views.counts().all == count + 30


def test_closing_while_an_export_is_written_leaves_whole_notes(
    hands: Hands, window: MainWindow, vault: Path, folder: Path
) -> None:
    hands.press("g a", "* a", "s", "* n", "Shift+E", "Enter")
    hands.strike(ENTER)
    window.close()
    assert all(path.endswith(".md") and b"%%/lectern%%" in data for path, data in notes(vault).items())
    with Library(folder, clock=lambda: TODAY) as library:
        report = export(library, vault)
        assert report.counts()["edited by you"] == 0 and len(notes(vault)) == len(library.exports.annotated())


def test_notes_are_named_as_chosen_and_renamed_only_when_asked(
    hands: Hands, window: MainWindow, exported: Path
) -> None:
    slugs = set(notes(exported))
    hands.press("Shift+E")
    sheet = sheet_of(window)
    assert sheet.naming.isVisible() and sheet.names.current == 0
    hands.press("Tab", "Tab", "Right")
    assert [chip.text() for chip in sheet.names.chips if chip.isChecked()] == ["Title"]
    hands.press("Enter")
    assert statuses(window) == ["All 2", "Unchanged 2"]
    hands.press("Enter")
    assert set(notes(exported)) == slugs and window.settings.settings.export.names == "title"
    hands.press("Shift+E", "Tab", "Tab", "Tab")
    assert QApplication.focusWidget() is sheet_of(window).rename
    hands.press("Space", "Enter")
    preview = preview_of(window)
    assert statuses(window) == ["All 2", "Update 2"] and " → Lectern/" in preview.path.text()
    hands.press("Enter")
    assert notice(window) == "Wrote 2 notes to “My Vault”: 2 renamed."
    found = set(notes(exported))
    assert len(found) == 2 and not found & slugs and all(" " in path for path in found)
