"""PDF files in the window: dropped, asked about, attached, shown, opened at a page, and detached again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6 import __version_info__
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget

from reader.domain.papers import Highlight, Paper, PaperState
from reader.ui.app.window import MainWindow
from reader.ui.commands.palette import Palette
from reader.ui.documents.sheet import AttachSheet
from reader.ui.highlights.editor import HighlightEditor
from tests.formats.pdf.writing import PdfMaker, quad
from tests.ui.conftest import SAMPLE, World, settle
from tests.ui.pressing import Hands
from tests.ui.test_accessibility import nameless

YELLOW, GREEN = (1.0, 0.82, 0.2), (0.3, 0.75, 0.3)
LINE = "Tides are measured with a rope and patience."


def make_pdf(
    path: Path, title: str, marks: Sequence[tuple[int, tuple[float, float, float], str]] = (), *, pages: int = 3
) -> Path:
    """A file whose first page has a title; ``marks`` are highlights: the page (from 0), a colour and a comment.

    The mark of number n on a page is on its line n, which says so.
    """
    maker = PdfMaker(Title=title)
    lines = "\n".join(f"Line {number} of this page. {LINE}" for number in range(1, 9))
    for page in range(pages):
        maker.prose(f"{title}\n{lines}" if page == 0 else f"Page {page + 1}\n{lines}")
    on_page: dict[int, int] = {}
    for number, (page, color, comment) in enumerate(marks):
        line = on_page[page] = on_page.get(page, 0) + 1
        entries = {"C": list(color), "NM": f"{path.stem}-{number}"} | ({"Contents": comment} if comment else {})
        maker.annotate(page, "Highlight", [quad(72, 700 - 14 * line, 0, 20)], **entries)
    path.write_bytes(maker.made())
    return path


def drop(window: MainWindow, *paths: Path, on: QWidget | None = None, at: QPoint | None = None) -> None:
    """Drop files on a place of the window, by default on its status line, and wait for what that leads to."""
    let_go(window, *paths, on=on, at=at)
    settle(window)


def let_go(window: MainWindow, *paths: Path, on: QWidget | None = None, at: QPoint | None = None) -> None:
    """Drop files, without waiting."""
    widget = on or window.panes.status
    place = widget.mapTo(window, at or widget.rect().center())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, buttons, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(place) if __version_info__ >= (6, 12) else place, action, data, buttons, no_keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(place), action, data, buttons, no_keys)
    QApplication.sendEvent(window, event)
    assert event.isAccepted()


def on_row(window: MainWindow, row: int) -> dict[str, object]:
    """Where a row of the list is, for :func:`drop`."""
    papers = window.panes.papers
    return {"on": papers.viewport(), "at": QPoint(60, papers.rowViewportPosition(row) + 10)}


def shown(window: MainWindow) -> Paper:
    assert window.reader.paper is not None
    return window.reader.paper


def sheet_of(window: MainWindow) -> AttachSheet:
    (sheet,) = [each for each in window.findChildren(AttachSheet) if each.isVisible()]
    return sheet


def asks(window: MainWindow) -> bool:
    return any(each.isVisible() for each in window.findChildren(AttachSheet))


def marks_of(window: MainWindow) -> list[Highlight]:
    return [each for each in shown(window).highlights if each.place is not None]


def notice(window: MainWindow) -> str:
    return "" if window.panes.notice.isHidden() else window.panes.notice.text.text()


@pytest.fixture
def attached(window: MainWindow, hands: Hands, tmp_path: Path) -> Path:
    """A file with two highlights, on pages 2 and 3, attached to the paper shown."""
    title = shown(window).title
    path = make_pdf(tmp_path / "tides.pdf", title, [(1, YELLOW, "Look here"), (2, GREEN, "")])
    drop(window, path, on=window.panes.detail.viewport())
    hands.press("Enter")
    return path


# Attaching


def test_a_pdf_dropped_on_the_pane_belongs_to_the_paper_and_asks_for_colours_once(
    window: MainWindow, hands: Hands, tmp_path: Path
) -> None:
    title = shown(window).title
    path = make_pdf(tmp_path / "tides.pdf", title, [(1, YELLOW, "Look here"), (2, GREEN, ""), (2, GREEN, "")])
    drop(window, path, on=window.panes.detail.viewport())
    sheet = sheet_of(window)
    assert sheet.finder is None
    assert len(sheet.choices) == 2
    hands.press("Enter")
    assert not asks(window)
    assert [each.place.page for each in marks_of(window) if each.place] == [1, 2, 2]
    assert marks_of(window)[0].comment == "Look here"
    assert notice(window) == f"Attached “tides.pdf” to “{title}”: 3 highlights; u takes it back"
    again = make_pdf(tmp_path / "more.pdf", title, [(0, YELLOW, "Another")])
    drop(window, again, on=window.panes.detail.viewport())
    assert not asks(window)
    assert len(marks_of(window)) == 4


def test_arrows_give_a_colour_another_label(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "tides.pdf", shown(window).title, [(1, YELLOW, "")])
    drop(window, path, on=window.panes.detail.viewport())
    names = [label.name for label in window.workspace.library.labels.all()]
    hands.press(*["Left"] * len(names), "Right", "Right", "Enter")
    assert [each.label for each in marks_of(window)] == [names[2]]


def test_the_sheet_is_operated_by_key_and_named(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    colors = [(red / 4, 0.5, 1 - red / 4) for red in range(5)] + [YELLOW, GREEN]
    path = make_pdf(tmp_path / "many.pdf", "Quite unknown", [(1, color, "") for color in colors])
    drop(window, path)
    sheet = sheet_of(window)
    assert nameless(sheet) == []
    *_, last = sheet.choices.values()
    assert last.visibleRegion().isEmpty()
    hands.press(*["Tab"] * len(colors))
    assert last.hasFocus()
    assert not last.visibleRegion().isEmpty()
    hands.press("Enter")
    assert len(marks_of(window)) == len(colors)


def test_the_sheet_has_room_for_paper_and_colours_in_a_small_window(window: MainWindow, tmp_path: Path) -> None:
    window.resize(900, 600)
    settle(window)
    marks = [(0, (number / 8, 1 - number / 8, 0.4), "") for number in range(8)]
    drop(window, make_pdf(tmp_path / f"{'long ' * 20}name.pdf", "A title that nobody has", marks))
    sheet = sheet_of(window)
    (area,) = sheet.findChildren(QScrollArea)
    bottom = area.mapTo(window, area.rect().bottomLeft()).y()
    assert bottom < sheet.attach_button.mapTo(window, QPoint()).y()


def test_attaching_is_one_step(window: MainWindow, hands: Hands, attached: Path) -> None:
    assert len(shown(window).documents) == 1
    hands.press("u")
    assert not shown(window).documents
    assert not marks_of(window)
    hands.press("Shift+U")
    assert len(shown(window).documents) == 1
    assert len(marks_of(window)) == 2


def test_attaching_again_makes_nothing_new_and_says_so(window: MainWindow, hands: Hands, attached: Path) -> None:
    title = shown(window).title
    drop(window, attached, on=window.panes.detail.viewport())
    assert len(marks_of(window)) == 2
    assert notice(window) == f"“tides.pdf” is attached to “{title}” already"


def test_a_pdf_dropped_on_a_row_belongs_to_its_paper(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "unnamed.pdf", "Nothing that anybody knows")
    row = window.panes.papers.current_row + 2
    paper_id = window.panes.paper_model.entries.paper_id(row)
    assert paper_id is not None
    drop(window, path, **on_row(window, row))
    assert not asks(window)
    library = window.workspace.library
    assert len(library.documents.of(paper_id)) == 1
    assert not library.documents.of(shown(window).id)
    (show,) = [each for each in window.panes.notice.findChildren(QPushButton) if each.text() == "Show"]
    hands.click(show)
    assert shown(window).id == paper_id


def test_a_pdf_that_names_another_paper_is_asked_about(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    first, other = shown(window), None
    hands.press("j")
    other = shown(window)
    QGuiApplication.clipboard().setText("2601.12345")
    window.runner.run("paper.set_arxiv_id")
    hands.settle()
    hands.press("k")
    path = make_pdf(tmp_path / "other.pdf", "arXiv:2601.12345v2 [cs.CL] 5 Jan 2026")
    drop(window, path, on=window.panes.detail.viewport())
    sheet = sheet_of(window)
    assert sheet.finder is not None
    titles = [sheet.finder.model.text(row, spoken=False) for row in range(sheet.finder.model.rowCount())]
    assert titles == [other.title, first.title]
    hands.press("Down", "Enter")
    documents = window.workspace.library.documents
    assert [len(documents.of(each.id)) for each in (first, other)] == [1, 0]


def test_a_pdf_with_the_title_of_another_paper_is_asked_about(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    first = shown(window)
    hands.press("j")
    other = shown(window)
    path = make_pdf(tmp_path / "other.pdf", other.title)
    drop(window, path, **on_row(window, window.panes.papers.current_row - 1))
    hands.press("Enter")
    documents = window.workspace.library.documents
    assert [len(documents.of(each.id)) for each in (first, other)] == [0, 1]


def test_a_file_with_an_arxiv_id_finds_its_paper(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    hands.press("j")
    paper = shown(window)
    QGuiApplication.clipboard().setText("2601.12345")
    window.runner.run("paper.set_arxiv_id")
    hands.settle()
    hands.press("k")
    drop(window, make_pdf(tmp_path / "a.pdf", "arXiv:2601.12345v2 [cs.CL] 5 Jan 2026"))
    assert not asks(window)
    assert len(window.workspace.library.documents.of(paper.id)) == 1


def test_any_paper_can_be_found_for_a_file_that_names_none(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    hands.press("j", "j")
    wanted = shown(window)
    hands.press("k", "k")
    drop(window, make_pdf(tmp_path / "a.pdf", "Quite unknown"))
    hands.type(" ".join(wanted.title.split()[:4]))
    hands.settle()
    hands.press("Enter")
    assert len(window.workspace.library.documents.of(wanted.id)) == 1


def test_none_of_these_leaves_everything_as_it_is(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    drop(window, make_pdf(tmp_path / "a.pdf", "Quite unknown", [(0, YELLOW, "")]))
    hands.click(sheet_of(window).leave_button)
    assert notice(window) == "“a.pdf” was not attached"
    assert not shown(window).documents


def test_reading_can_be_cancelled(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    let_go(window, make_pdf(tmp_path / "a.pdf", shown(window).title), on=window.panes.detail.viewport())
    status = window.panes.status
    assert status.is_working
    assert status.work.text() == "Reading a.pdf"
    hands.click(status.cancel)
    assert not status.is_working
    assert not shown(window).documents
    assert notice(window) == ""


def test_several_files_are_told_of_together(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    title = shown(window).title
    one = make_pdf(tmp_path / "one.pdf", title, [(0, YELLOW, "")])
    two = make_pdf(tmp_path / "two.pdf", title, [(0, YELLOW, "x"), (1, YELLOW, "")], pages=2)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing more")
    drop(window, one, two, broken, on=window.panes.detail.viewport())
    hands.press("Enter")
    assert not asks(window)
    told = notice(window)
    assert told.startswith("Attached 2 PDFs: 3 highlights; u takes the last back. ")
    assert "broken.pdf" in told
    (details,) = [each for each in window.panes.notice.findChildren(QPushButton) if each.text() == "Details"]
    assert details.isVisible()


def test_listings_and_pdf_files_dropped_together_both_arrive(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    listing = tmp_path / "page.txt"
    listing.write_text(SAMPLE.read_text(encoding="utf-8").replace("Every Paper", "No Paper"), encoding="utf-8")
    before = len(window.workspace.library.listings.all())
    paper = shown(window)
    drop(window, make_pdf(tmp_path / "a.pdf", paper.title), listing, on=window.panes.detail.viewport())
    assert len(window.workspace.library.listings.all()) == before + 1
    assert len(window.workspace.library.documents.of(paper.id)) == 1


def test_a_copied_pdf_is_pasted_and_a_chosen_one_attached(
    window: MainWindow, hands: Hands, world: World, tmp_path: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(make_pdf(tmp_path / "a.pdf", shown(window).title)))])
    QGuiApplication.clipboard().setMimeData(data)
    hands.press("Ctrl+V")
    if asks(window):
        hands.press("Enter")
    assert len(shown(window).documents) == 1
    hands.press("j")
    world.files = [make_pdf(tmp_path / "b.pdf", "Something", pages=1)]
    window.runner.run("document.attach")
    hands.settle()
    assert [each.page_count for each in shown(window).documents] == [1]


def test_a_copy_is_kept_unless_the_settings_say_otherwise(
    window: MainWindow, hands: Hands, attached: Path, tmp_path: Path
) -> None:
    assert shown(window).documents[0].is_stored
    window.settings.set("documents.keep_copy", False)
    hands.press("j")
    drop(window, make_pdf(tmp_path / "b.pdf", "Something"), on=window.panes.detail.viewport())
    assert not shown(window).documents[0].is_stored


# Showing


def test_the_pane_shows_the_file_and_what_is_highlighted_in_it(window: MainWindow, attached: Path) -> None:
    text = window.panes.detail.toPlainText()
    below = text[text.index("In the PDF") :]
    assert "tides.pdf" in below
    assert "3 pages" in below
    assert below.index("p. 2") < below.index("Line 1 of this page.") < below.index("Look here")
    assert below.index("Look here") < below.index("p. 3")


def test_keys_reach_highlights_in_the_document(window: MainWindow, hands: Hands, attached: Path) -> None:
    first, second = marks_of(window)
    hands.press("}")
    assert window.highlights.layer.here == first.id
    assert "p. 2" in window.highlights.bar.hint.text()
    hands.press("}", "Tab")
    assert marks_of(window)[1].label != second.label
    hands.press("Shift+H")
    (editor,) = [each for each in window.findChildren(HighlightEditor) if each.isVisible()]
    editor.edit.setPlainText("By hand")
    editor.edit.document().setModified(True)
    hands.press("Enter")
    assert marks_of(window)[1].comment == "By hand"
    hands.press("Delete")
    assert [each.id for each in marks_of(window)] == [first.id]


def test_the_list_of_highlights_names_the_page(window: MainWindow, hands: Hands, attached: Path) -> None:
    hands.press("g h")
    model = window.annotations.pane.model
    rows = [model.annotation(row) for row in range(model.rowCount())]
    assert sorted(row.facts.split("  ·  ")[0] for row in rows if row) == ["p. 2", "p. 3"]


# Opening


def test_v_opens_the_file_where_its_reader_was(window: MainWindow, hands: Hands, world: World, attached: Path) -> None:
    world.reader = "org.kde.okular.desktop"
    hands.press("v")
    assert world.programs == [["okular", "--page", "1", str(attached)]]
    assert world.opened == []
    assert hands.said.startswith("Opened tides.pdf at page 1")
    assert window.workspace.library.papers.get(shown(window).id).state is PaperState.READING
    hands.press("}", "v")
    hands.press("Esc", "v")
    assert [words[2] for words in world.programs] == ["1", "2", "2"]


def test_enter_on_a_highlight_opens_its_page(window: MainWindow, hands: Hands, world: World, attached: Path) -> None:
    world.reader = "org.gnome.Evince.desktop"
    hands.press("}", "}", "Enter")
    assert world.programs == [["evince", "--page-index=3", str(attached)]]
    window.panes.detail.anchorClicked.emit(QUrl(f"lectern-page:{marks_of(window)[0].id}"))
    hands.settle()
    assert world.programs[1:] == [["evince", "--page-index=2", str(attached)]]


def test_the_setting_says_which_program(window: MainWindow, hands: Hands, world: World, attached: Path) -> None:
    window.settings.set("documents.open_with", "'my reader' -p {page} -- {file}")
    hands.press("}", "v")
    assert world.programs == [["my reader", "-p", "2", "--", str(attached)]]


def test_an_unknown_program_of_the_system_opens_the_file(
    window: MainWindow, hands: Hands, world: World, attached: Path
) -> None:
    hands.press("v")
    assert world.opened == [attached.as_uri()]
    assert world.programs == []


def test_a_program_that_does_not_start_is_told(window: MainWindow, hands: Hands, world: World, attached: Path) -> None:
    window.settings.set("documents.open_with", "nonesuch {file}")
    world.has_programs = False
    hands.press("v")
    assert "“nonesuch” could not be started" in (hands.said + notice(window))
    assert window.workspace.library.papers.get(shown(window).id).state is PaperState.INBOX


def test_nothing_but_a_pdf_is_opened(window: MainWindow, hands: Hands, world: World, attached: Path) -> None:
    attached.write_bytes(b"#!/bin/sh\n" + b" " * (attached.stat().st_size - 10))
    for copy in (window.workspace.library.folder / "documents").rglob("*.pdf"):
        copy.unlink()
    hands.press("v")
    assert world.opened == []
    assert world.programs == []
    assert "no longer a PDF" in (hands.said + notice(window))


def test_the_copy_is_opened_once_the_file_is_gone(
    window: MainWindow, hands: Hands, world: World, attached: Path
) -> None:
    attached.unlink()
    hands.press("v")
    (address,) = world.opened
    assert f"/documents/{shown(window).documents[0].sha256[:2]}/" in address


def test_without_a_file_the_browser_is_opened(window: MainWindow, hands: Hands, world: World, attached: Path) -> None:
    hands.press("j", "v")
    assert len(world.opened) == 1
    assert world.opened[0].startswith("https://")
    assert world.programs == []


def test_a_highlight_without_its_file_opens_the_page_in_the_browser(
    window: MainWindow, hands: Hands, world: World, attached: Path
) -> None:
    QGuiApplication.clipboard().setText("2601.12345")
    window.runner.run("paper.set_arxiv_id")
    hands.settle()
    attached.unlink()
    for copy in (window.workspace.library.folder / "documents").rglob("*.pdf"):
        copy.unlink()
    hands.press("}", "Enter")
    assert world.opened == ["https://arxiv.org/pdf/2601.12345#page=2"]


# Detaching


def test_detaching_takes_the_highlights_along_and_can_be_undone(
    window: MainWindow, hands: Hands, attached: Path
) -> None:
    window.runner.run("document.detach")
    hands.settle()
    assert not shown(window).documents
    assert not marks_of(window)
    assert "In the PDF" not in window.panes.detail.toPlainText()
    hands.press("u")
    assert len(shown(window).documents) == 1
    assert len(marks_of(window)) == 2


def test_which_of_several_is_detached_is_asked(
    window: MainWindow, hands: Hands, attached: Path, tmp_path: Path
) -> None:
    drop(window, make_pdf(tmp_path / "supplement.pdf", "More", pages=1), on=window.panes.detail.viewport())
    window.runner.run("document.detach")
    hands.settle()
    assert [each for each in window.findChildren(Palette) if each.isVisible()]
    hands.type("supp")
    hands.press("Enter")
    assert [each.page_count for each in shown(window).documents] == [3]


def test_there_is_nothing_to_detach(window: MainWindow, hands: Hands) -> None:
    window.runner.run("document.detach")
    hands.settle()
    assert hands.said == "No PDF is attached to this paper; “Attach a PDF” attaches one"


# What it costs


_PDF_LIBRARIES = ("pypdf", "pypdfium2", "pypdfium2_raw", "reader.formats.pdf.engine")
_OURS = ("reader.services.documents.reading", "reader.ui.documents.attaching", "reader.ui.documents.files",
         "reader.ui.documents.sheet", "shlex")  # fmt: skip


@pytest.mark.parametrize(
    ("imported", "unwanted"),
    [("reader.ui.app.application", _PDF_LIBRARIES + _OURS), ("reader.ui.documents.attaching", _PDF_LIBRARIES)],
)
def test_the_window_never_imports_what_reads_pdf_files(imported: str, unwanted: tuple[str, ...]) -> None:
    """And without such files it does not import what attaches them, either."""
    code = f"import sys, {imported}\nprint([name for name in {unwanted} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "[]"
