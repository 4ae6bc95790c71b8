"""Importing from the window: every way in, the look beforehand where something is unsure, the report afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6 import __version_info__
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.listings.import_flow import Paths, Text, source_of
from reader.ui.overlays.text_sheet import TextSheet
from tests.services.support import finish, listing_text
from tests.ui.conftest import SAMPLE, TODAY, WindowMaker, World, settle
from tests.ui.pressing import Hands


@pytest.fixture
def window(open_window: WindowMaker, tmp_path: Path) -> MainWindow:
    """The window on an empty library."""
    return open_window(tmp_path / "empty")


def undated(number: int = 5) -> str:
    """The beginning of the sample without its entries' dates, so that its year is a guess."""
    blocks = SAMPLE.read_text(encoding="utf-8").split("\n\n")
    kept = [block for block in blocks if "\n·\n" not in block]
    return "\n\n".join(kept[: 6 + 2 * number])


def markdown_page(papers: list[tuple[str, str]], day: str = "2026-01-05") -> str:
    """A page in the Markdown form, dated by when it was retrieved, so that nothing about it is unsure."""
    entries = [
        f"### [{title}](https://huggingface.co/papers/{arxiv_id})\n\n[We write some sentences on {title} that are long "
        f"enough for an abstract, so that nobody takes them for a title.](https://huggingface.co/papers/{arxiv_id})\n"
        for title, arxiv_id in papers
    ]
    return f"---\nurl: https://huggingface.co/papers?q=pages\nretrieved: {day}\n---\n" + "\n".join(entries)


def drop(window: MainWindow, data: QMimeData) -> bool:
    """Drag something over the window and let go; tells whether the window wanted it."""
    action = Qt.DropAction.CopyAction
    # From Qt 6.12 on places are fractions of pixels, and whole ones deprecated; before, only these are taken.
    place = QPointF(200, 200) if __version_info__ >= (6, 12) else QPoint(200, 200)
    enter = QDragEnterEvent(place, action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(200, 200), action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)
    settle(window)
    return event.isAccepted()


def of_paths(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def of_text(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    return data


def count(window: MainWindow) -> int:
    return window.workspace.library.views.counts().all


def test_an_empty_library_welcomes(window: MainWindow) -> None:
    assert window.panes.is_welcome_shown
    assert [button.text() for button in window.panes.welcome.findChildren(QPushButton)] == [
        "Daily Papers", "arXiv category…", "A file…", "Open the sample", "Restore…", "Sync: set up…",
    ]  # fmt: skip


@pytest.mark.parametrize("chord", ["g i", "g h", "g m", "/", "Ctrl+Shift+F"])
def test_the_focus_stays_on_the_welcome_page(window: MainWindow, hands: Hands, chord: str) -> None:
    """What lies behind it got the focus, and so the keys that were meant for the buttons."""
    hands.press(chord)
    assert window.panes.is_welcome_shown
    assert window.panes.welcome.isAncestorOf(QApplication.focusWidget())


def test_there_is_nothing_to_search_in_an_empty_library(window: MainWindow, hands: Hands) -> None:
    hands.press("/")
    assert window.panes.pane.search.isHidden()
    assert hands.said == "No papers yet: Shift+I imports some"


def test_shift_i_asks_for_files(window: MainWindow, hands: Hands, world: World) -> None:
    world.files = [SAMPLE]
    hands.press("Shift+I")
    assert not window.panes.is_welcome_shown
    assert window.navigator.view is not None
    assert window.navigator.view.kind is ViewKind.IMPORT
    assert window.panes.pane.title.text() == "New in this import"
    assert window.panes.papers.hasFocus()
    assert hands.title.startswith("Every Paper in This Listing Is Invented")
    assert window.panes.notice.text.text() == "Imported 1 file: 40 new papers."


def test_thinking_better_of_it_changes_nothing(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+I")
    window.runner.run("import.folder")
    hands.settle()
    assert window.panes.is_welcome_shown


def test_a_folder_is_imported_whole(window: MainWindow, hands: Hands, world: World, tmp_path: Path) -> None:
    world.folder = tmp_path / "pages"
    (world.folder / "more").mkdir(parents=True)
    (world.folder / "a.md").write_text(markdown_page([("On the First Page", "2601.00001")]))
    (world.folder / "more" / "b.md").write_text(markdown_page([("On the Second Page", "2601.00002")]))
    (world.folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    window.runner.run("import.folder")
    hands.settle()
    assert count(window) == 2
    assert "Imported 2 files: 2 new papers." in window.panes.notice.text.text()
    assert "picture.png" in window.panes.notice.text.text()


def test_files_can_be_dropped(window: MainWindow) -> None:
    assert drop(window, of_paths(SAMPLE))
    assert count(window) == 40


def test_text_can_be_dropped(window: MainWindow) -> None:
    assert drop(window, of_text(SAMPLE.read_text(encoding="utf-8")))
    assert count(window) == 40


@pytest.mark.parametrize("data", [of_text("too short"), of_text(""), QMimeData()])
def test_what_is_no_listing_is_not_taken(window: MainWindow, data: QMimeData) -> None:
    assert not drop(window, data)


def test_addresses_that_are_not_files_are_not_taken() -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/page"), QUrl("file://server/share/x")])
    assert source_of(data, "x") is None or not isinstance(source_of(data, "x"), Text)


def test_a_copied_page_is_pasted(window: MainWindow, hands: Hands) -> None:
    QGuiApplication.clipboard().setText(SAMPLE.read_text(encoding="utf-8"))
    hands.press("Ctrl+V")
    assert count(window) == 40
    (listing,) = window.workspace.library.listings.all()
    assert listing.file_name.startswith("Pasted ")


def test_copied_files_are_pasted(window: MainWindow, hands: Hands) -> None:
    QGuiApplication.clipboard().setMimeData(of_paths(SAMPLE))
    hands.press("Ctrl+V")
    assert count(window) == 40


def test_pasting_nothing_says_so(window: MainWindow, hands: Hands) -> None:
    QGuiApplication.clipboard().setText("short")
    hands.press("Ctrl+V")
    assert "neither files nor the text of a listing" in hands.said


def test_pasting_in_a_text_field_pastes_there(window: MainWindow, hands: Hands, world: World) -> None:
    world.files = [SAMPLE]
    hands.press("Shift+I")
    hands.press("/")
    QGuiApplication.clipboard().setText("some words that are long enough to be taken for a listing")
    hands.press("Ctrl+V")
    assert window.panes.pane.search.edit.text().startswith("some words")


def test_files_of_the_command_line_are_imported(open_window: WindowMaker, tmp_path: Path) -> None:
    window = open_window(tmp_path / "library", [SAMPLE])
    assert count(window) == 40
    assert window.navigator.view is not None
    assert window.navigator.view.kind is ViewKind.IMPORT


def test_files_given_to_a_library_with_papers_are_shown_too(open_window: WindowMaker, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with Library(folder, clock=lambda: TODAY) as library:
        finish(library.imports.paths([SAMPLE]))
    page = tmp_path / "page.txt"
    page.write_text(listing_text("Quite Another Paper", block="\n  • 2 authors\n·\nSep 2, 2024 3\n"), encoding="utf-8")
    window = open_window(folder, [page])
    assert window.navigator.view is not None
    assert window.navigator.view.kind is ViewKind.IMPORT
    assert count(window) == 41


def test_importing_again_says_that_nothing_changed(window: MainWindow, hands: Hands, world: World) -> None:
    world.files = [SAMPLE]
    for chord in ("Shift+I", "g a", "Shift+I"):
        hands.press(chord)
    assert hands.said == "1 file already imported; nothing changed."
    assert window.navigator.view == View(ViewKind.ALL)


def test_known_papers_are_folded_into_one_line(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    first, second = tmp_path / "first.md", tmp_path / "second.md"
    first.write_text(markdown_page([("Known One", "2601.00001"), ("Known Two", "2601.00002")]))
    second.write_text(
        markdown_page(
            [("New One", "2601.00003"), ("Known One", "2601.00001"), ("Known Two", "2601.00002")], "2026-01-06"
        )
    )
    window.imports.begin(Paths((first,)))
    hands.settle()
    hands.press("d")
    window.imports.begin(Paths((second,)))
    hands.settle()
    model = window.panes.paper_model
    assert [model.index(row).data() for row in range(model.rowCount())] == [
        "pages", "New One", "2 known: 1 dismissed, 1 unseen",
    ]  # fmt: skip
    hands.press("j")
    assert "2 known" in window.panes.detail.toPlainText()
    hands.press("Enter")
    assert [model.index(row).data() for row in range(3, model.rowCount())] == ["Known One", "Known Two"]
    hands.press("j")
    assert hands.title == "Known One"
    hands.press("k", "Enter")
    assert model.rowCount() == 3


def test_a_guessed_year_is_shown_and_can_be_corrected(window: MainWindow, hands: Hands) -> None:
    window.imports.begin(Text(undated(), "page"))
    hands.settle()
    preview = window.imports.preview
    assert preview is not None
    assert count(window) == 0
    assert preview.model.index(0, 4).data() == "~2026"
    assert "The file does not state its year." in preview.details.toPlainText()
    hands.press("F2")
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    hands.type("2024")
    hands.press("Enter")
    QApplication.processEvents()
    assert preview.model.index(0, 4).data() == "2024"
    preview.import_button.setFocus()
    hands.press("Enter")
    (listing,) = window.workspace.library.listings.all()
    assert listing.heading_date == "2024-03-14"
    assert not listing.year_guessed
    assert hands.title.startswith("Every Paper")


@pytest.mark.parametrize("year", ["", "abc", "1066", "20244", "-2024", "２０２４x"])
def test_what_is_no_year_is_not_taken(window: MainWindow, hands: Hands, year: str) -> None:
    window.imports.begin(Text(undated(), "page"))
    hands.settle()
    assert window.imports.preview is not None
    model = window.imports.preview.model
    assert not model.setData(model.index(0, 4), year)
    assert model.index(0, 4).data() == "~2026"


def test_years_of_several_files_are_corrected_apart(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_text(undated(number + 2))
    window.imports.begin(Paths(tuple(paths)))
    hands.settle()
    preview = window.imports.preview
    assert preview is not None
    assert preview.model.rowCount() == 3
    for row, year in ((0, "2023"), (2, "2021")):
        assert preview.model.setData(preview.model.index(row, 4), year)
    preview.import_button.click()
    hands.settle()
    dates = {listing.file_name: listing.heading_date for listing in window.workspace.library.listings.all()}
    assert dates == {"0.txt": "2023-03-14", "1.txt": "2026-03-14", "2.txt": "2021-03-14"}
    assert window.panes.notice.text.text().startswith("Imported 3 files")


def test_leaving_the_preview_imports_nothing(window: MainWindow, hands: Hands) -> None:
    window.imports.begin(Text(undated(), "page"))
    hands.settle()
    hands.press("Esc")
    assert count(window) == 0
    assert hands.said == "Nothing was imported"
    assert not window.imports.is_running


def test_problems_are_shown_before_and_after(window: MainWindow, hands: Hands) -> None:
    window.imports.begin(Text(SAMPLE.read_text(encoding="utf-8") + "\n\nA line that belongs to nothing\n", "page"))
    hands.settle()
    preview = window.imports.preview
    assert preview is not None
    assert "A line that belongs to nothing" in preview.details.toPlainText()
    hands.press("Enter")
    assert "1 problem." in window.panes.notice.text.text()
    window.imports.show_report()
    (sheet,) = window.findChildren(TextSheet)
    assert "A line that belongs to nothing" in sheet.text.toPlainText()
    sheet.copy.click()
    assert QGuiApplication.clipboard().text() == sheet.text.toPlainText()
    hands.press("Esc")
    assert window.panes.papers.hasFocus()


def test_a_file_that_is_none_says_so_in_one_sentence(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    window.imports.begin(Paths((tmp_path / "missing.txt",)))
    hands.settle()
    assert "missing.txt" in window.panes.notice.text.text()
    assert window.panes.is_welcome_shown
    assert not window.imports.is_running


def test_a_broken_file_does_not_keep_the_others_out(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    bad = tmp_path / "bad.bin"
    bad.write_bytes(bytes(range(256)) * 40)
    window.imports.begin(Paths((bad, SAMPLE)))
    hands.settle()
    assert count(window) == 40
    assert "bad.bin" in window.panes.notice.text.text()


def test_an_import_can_be_cancelled(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number:02}.md").write_text(markdown_page([(f"Page {number}", f"2601.{number:05}")]))
    said: list[str] = []
    window.workspace.said.connect(said.append)
    window.imports.begin(Paths((tmp_path,)))
    assert window.panes.status.is_working
    assert window.panes.status.cancel.isVisible()
    window.panes.status.cancel.click()
    hands.settle()
    assert not window.panes.status.is_working
    assert said == ["Import cancelled; nothing was changed"]
    assert count(window) == 0


def test_imports_wait_for_each_other(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    pages = [tmp_path / "one.md", tmp_path / "two.md"]
    for number, page in enumerate(pages):
        page.write_text(markdown_page([(f"Page {number}", f"2601.0000{number}")]))
        window.imports.begin(Paths((page,)))
    hands.settle()
    assert count(window) == 2


def test_operations_have_their_turn_while_many_files_are_imported(
    window: MainWindow, hands: Hands, world: World, tmp_path: Path
) -> None:
    world.files = [SAMPLE]
    hands.press("Shift+I")
    hands.press("g a")
    for number in range(80):
        (tmp_path / f"{number:02}.md").write_text(markdown_page([(f"Page {number}", f"2601.{number:05}")]))
    window.imports.begin(Paths((tmp_path,)))
    order: list[str] = []
    window.workspace.said.connect(order.append)
    window.imports.imported.connect(lambda _: order.append("imported"))
    hands.qtbot.waitUntil(lambda: window.panes.status.work.text().startswith("Importing"))
    window.runner.run("paper.star")
    hands.settle()
    assert order[0].startswith("Starred")
    assert order[-1] == "imported" or "imported" in order
    assert count(window) == 120


def test_an_import_does_not_take_the_reader_away(window: MainWindow, hands: Hands, world: World) -> None:
    world.files = [SAMPLE]
    hands.press("Shift+I")
    window.imports.begin(Text(markdown_page([("A Late One", "2601.00009")]), "late"))
    hands.press("j")
    title = hands.title
    assert window.navigator.view is not None
    listing_ids = window.navigator.view.listing_ids
    assert window.panes.notice.isVisible()
    (show,) = [one for one in window.panes.notice.findChildren(QPushButton) if one.text() == "Show"]
    show.click()
    hands.settle()
    assert window.navigator.view.listing_ids != listing_ids
    assert hands.title == "A Late One" != title


def test_undoing_an_import_takes_its_papers_away(window: MainWindow, hands: Hands, world: World) -> None:
    world.files = [SAMPLE]
    hands.press("Shift+I")
    hands.press("u")
    assert count(window) == 0
    assert window.panes.is_welcome_shown
    hands.press("Shift+U")
    assert count(window) == 40
    assert not window.panes.is_welcome_shown


def test_hostile_names_are_shown_as_text(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    path = tmp_path / "<img src=x onerror=alert(1)>\u202etxt.md"
    path.write_text(markdown_page([("<b>Bold</b> & <script>alert(1)</script>", "2601.00001")]))
    window.imports.begin(Paths((path,)))
    hands.settle()
    assert hands.title.startswith("<b>Bold</b>")
    assert "<b>Bold</b> & <script>" in window.panes.detail.toPlainText()
    window.imports.show_report()
    (sheet,) = window.findChildren(TextSheet)
    assert "<img src=x onerror=alert(1)>⟨RLO⟩txt.md" in sheet.text.toPlainText()


def test_a_backlog_can_be_looked_at_and_taken_as_seen(window: MainWindow, hands: Hands) -> None:
    window.imports.begin(Text(undated(), "page"))
    hands.settle()
    preview = window.imports.preview
    assert preview is not None
    assert not preview.seen_box.isChecked()
    hands.press("F3", "Enter")
    counts = window.workspace.library.views.counts()
    assert (counts.all, counts.inbox) == (5, 0)
    assert "5 new papers, all seen" in window.panes.notice.text.text()


def test_files_are_imported_as_already_seen(window: MainWindow, hands: Hands, world: World) -> None:
    world.files = [SAMPLE]
    hands.press("Ctrl+K")
    hands.type("already seen")
    hands.press("Enter")
    counts = window.workspace.library.views.counts()
    assert counts.all > 10
    assert counts.inbox == 0
    hands.press("u")
    assert window.workspace.library.views.counts().all == 0
