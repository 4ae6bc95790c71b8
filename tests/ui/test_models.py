"""Every model keeps Qt's contract, and none forgets where one is when a row changes."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.modeltest import ModelTester

from reader.domain.papers import PaperRow, PaperState
from reader.domain.reports import FileReport
from reader.domain.views import ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.commands.palette import PaletteItem, PaletteModel, matching
from reader.ui.listings.import_preview import PreviewModel
from reader.ui.papers.entries import Entries, Section, is_dimmed
from reader.ui.papers.model import CHUNK, PaperListModel
from reader.ui.sidebar.model import SidebarModel


def row(paper_id: int, **changes: object) -> PaperRow:
    values: dict[str, object] = {
        "id": paper_id, "key": f"key{paper_id}", "title": f"Paper {paper_id}", "abstract_start": "It begins so.",
        "organization": None, "authors": (), "author_count": None, "more_authors": False, "published": None,
        "published_guessed": False,
        "comments": None, "upvotes": None, "has_code": False, "state": PaperState.INBOX, "starred": False,
        "seen": False,
        "has_note": False, "highlight_count": 0, "sighting_count": 1, "tags": (),
    }  # fmt: skip
    return PaperRow(**(values | changes))  # type: ignore[arg-type]


class Shelf:
    """Rows to read, and how they were asked for."""

    def __init__(self, papers: int) -> None:
        self.rows = {number: row(number) for number in range(1, papers + 1)}
        self.reads: list[int] = []

    def read(self, ids: Sequence[int]) -> list[PaperRow]:
        self.reads.append(len(ids))
        return [self.rows[one] for one in ids if one in self.rows]


def sections() -> list[Section]:
    return [
        Section(7, "First page", "2 new", "3 known", (1, 2), (3, 4, 5)),
        Section(8, "Second page", "1 new", "", (6,), ()),
        Section(9, "Third page", "nothing new", "1 known", (), (1,)),
    ]


def test_paper_list_keeps_qt_s_contract(qtmodeltester: ModelTester) -> None:
    model = PaperListModel(Shelf(300).read)
    qtmodeltester.check(model)
    model.show(ViewKind.ALL, Entries(array("q", range(1, 301))))
    model.refresh({1, 250})
    model.show(ViewKind.IMPORT, Entries(sections=sections()))
    for at in (3, 3, model.rowCount() - 1, 3):
        model.set_unfolded(at, True)
        model.set_unfolded(at, False)
    model.set_unfolded(3, True)
    model.expect({3, 6}, seen=True)
    model.refresh_all()


def test_sidebar_keeps_qt_s_contract(qtmodeltester: ModelTester, folder: object, window: MainWindow) -> None:
    library: Library = window.workspace.library
    model = SidebarModel()
    qtmodeltester.check(model)
    model.set_listings(library.listings.all())
    model.set_counts(library.views.counts())
    model.set_listings([])


@pytest.mark.parametrize(
    "model",
    [
        PaletteModel([PaletteItem("One", "note", list, keys="j"), PaletteItem("Two", "", list, enabled=False)]),
        PreviewModel([FileReport("a.txt", "plain", heading_date="2026-01-01", year_inferred=True, year_guessed=True)]),
        PreviewModel([]),
    ],
)
def test_small_models_keep_qt_s_contract(qtmodeltester: ModelTester, model: QAbstractItemModel) -> None:
    qtmodeltester.check(model)
    if isinstance(model, PaletteModel):
        model.find("two")
        model.find("")


def test_rows_are_read_by_the_tens_and_once(qapp: object) -> None:
    shelf = Shelf(1_000)
    model = PaperListModel(shelf.read)
    model.show(ViewKind.ALL, Entries(array("q", range(1, 1_001))))
    assert shelf.reads == []
    assert [model.index(at).data() for at in range(100, 112)] == [f"Paper {at + 1}" for at in range(100, 112)]
    assert shelf.reads == [CHUNK]


def test_many_rows_do_not_pile_up(qapp: object) -> None:
    shelf = Shelf(5_000)
    model = PaperListModel(shelf.read)
    model.show(ViewKind.ALL, Entries(array("q", range(1, 5_001))))
    for at in range(5_000):
        model.paper(at)
    assert len(shelf.reads) == 5_000 // CHUNK
    assert len(model._cache) <= 640


def test_a_changed_row_is_read_again_alone(qapp: object) -> None:
    shelf = Shelf(100)
    model = PaperListModel(shelf.read)
    model.show(ViewKind.ALL, Entries(array("q", range(1, 101))))
    model.paper(0)
    resets, changes = QSignalSpy(model.modelReset), QSignalSpy(model.dataChanged)
    shelf.rows[5] = row(5, starred=True)
    model.refresh({5, 90})
    assert (resets.count(), changes.count()) == (0, 1)
    first, last = changes.at(0)[:2]
    assert (first.row(), last.row()) == (4, 4)
    changed = model.paper(4)
    assert changed is not None
    assert changed.starred


def test_what_is_expected_is_shown_until_it_is_read(qapp: object) -> None:
    shelf = Shelf(10)
    model = PaperListModel(shelf.read)
    model.show(ViewKind.ALL, Entries(array("q", range(1, 11))))
    model.paper(0)
    model.expect({1}, state=PaperState.DONE)
    expected = model.paper(0)
    assert expected is not None
    assert expected.state is PaperState.DONE
    model.refresh({1})
    assert model.paper(0) == shelf.rows[1]


def test_a_paper_that_is_gone_has_a_row_that_says_so(qapp: object) -> None:
    shelf = Shelf(3)
    model = PaperListModel(shelf.read)
    model.show(ViewKind.ALL, Entries(array("q", [1, 99, 3])))
    assert model.index(1).data() == "No longer in the library"
    assert model.index(1).data(Qt.ItemDataRole.AccessibleDescriptionRole) == ""


def test_sections_have_headings_that_cannot_be_current() -> None:
    entries = Entries(sections=sections())
    assert list(entries.rows) == [-1, 1, 2, -2, -3, 6, -5, -6]
    walked = []
    at: int | None = -1
    while (at := entries.step(at, 1)) is not None:
        walked.append(at)
    assert walked == [1, 2, 3, 5, 7]
    assert entries.step(1, -1) is None
    assert [entries.section_of(at).listing_id for at in (0, 3, 4, 5, 7)] == [7, 7, 8, 8, 9]  # type: ignore[union-attr]


def test_unfolding_shows_known_papers_below_their_line() -> None:
    entries = Entries(sections=sections())
    entries.set_unfolded(3, True)
    assert list(entries.rows) == [-1, 1, 2, -2, 3, 4, 5, -3, 6, -5, -6]
    assert entries.position(6) == (5, 6)
    entries.set_unfolded(3, False)
    assert list(entries.rows) == [-1, 1, 2, -2, -3, 6, -5, -6]
    assert entries.row_of(1) == 1
    assert entries.row_of(4) is None


@pytest.mark.parametrize(
    ("kind", "paper", "dimmed"),
    [
        (ViewKind.INBOX, row(1), False),
        (ViewKind.INBOX, row(1, seen=True), False),
        (ViewKind.INBOX, row(1, state=PaperState.QUEUED), True),
        (ViewKind.QUEUE, row(1, state=PaperState.QUEUED), False),
        (ViewKind.QUEUE, row(1), True),
        (ViewKind.ALL, row(1, state=PaperState.QUEUED), False),
        (ViewKind.ALL, row(1, state=PaperState.DISMISSED), True),
        (ViewKind.STARRED, row(1, starred=True, state=PaperState.DONE), False),
        (ViewKind.STARRED, row(1), True),
    ],
)
def test_what_no_longer_belongs_is_dimmed(kind: ViewKind, paper: PaperRow, dimmed: bool) -> None:
    assert is_dimmed(kind, paper) is dimmed


def test_rows_speak(qapp: object) -> None:
    shelf = Shelf(1)
    shelf.rows[1] = row(
        1, starred=True, tags=("vision", "to <b>"), state=PaperState.QUEUED, has_note=True, has_document=True
    )
    model = PaperListModel(shelf.read)
    model.show(ViewKind.ALL, Entries(array("q", [1])))
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Paper 1. Queued, starred, has a note, has a PDF. Tags: vision, to <b>."
    model.show(ViewKind.IMPORT, Entries(sections=sections()))
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "First page. 2 new"
    assert model.index(3).data(Qt.ItemDataRole.AccessibleTextRole) == "3 known. Enter shows them."


def test_counts_alone_do_not_reset_the_left_pane(window: MainWindow) -> None:
    model, library = window.panes.sidebar_model, window.workspace.library
    resets = QSignalSpy(model.modelReset)
    library.states.set_starred([1, 2], True)
    model.set_counts(library.views.counts())
    library.listings.rename(library.listings.all()[0].id, "Another name")
    model.set_listings(library.listings.all())
    assert resets.count() == 0
    assert model.index(11).data() == "Another name"
    assert (
        model.index(11)
        .data(Qt.ItemDataRole.AccessibleTextRole)
        .startswith("Listing Another name, Mar 14, 2026: 0 of 40")
    )


def test_the_palette_finds_by_letters_words_and_beginnings() -> None:
    items = [PaletteItem(title, "", list) for title in ("Dismiss", "Done", "Open the PDF", "Rename listing…")]
    items.append(PaletteItem("Dismantle", "", list, enabled=False))
    assert [item.title for item in matching(items, "dis")][:2] == ["Dismiss", "Dismantle"]
    assert matching(items, "pdf")[0].title == "Open the PDF"
    assert matching(items, "lis ren")[0].title == "Rename listing…"
    assert matching(items, "renmae listing")[0].title == "Rename listing…"
    assert [item.title for item in matching(items, "")][-1] == "Dismantle"
    assert matching(items, "qqqq") == []
