"""Documents in copies of a library: merged ones, backups of annotations, and what is given to others."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reader.domain.papers import Highlight
from reader.domain.transfer import TransferPaper
from reader.formats.export.json_lines import header_line, item_line, read_json_lines
from reader.storage.copies.annotation_backup import back_up_annotations
from reader.storage.copies.any_library import open_any_library
from reader.storage.copies.differences import compare
from reader.storage.copies.privacy import leave_out_private
from reader.storage.store import LibraryStore
from tests.documents import GREEN, found, read_of
from tests.storage.support import TickingClock, content, fill, titled

READ = read_of("file", found("One."), found("Two.", page=3, color=GREEN), found("Three."))


@pytest.fixture
def annotated(store: LibraryStore) -> LibraryStore:
    """Paper 1 has a document with two highlights; a third was deleted."""
    fill(store, 2)
    store.documents.add(1, READ, "/mine/file.pdf", labels={GREEN: "Question"}, is_stored=True)
    store.highlights.delete(highlights(store)[1].id)
    return store


def highlights(store: LibraryStore) -> list[Highlight]:
    return [each.highlight for each in store.highlights.with_papers([1])]


def take_over(store: LibraryStore, other: Path) -> None:
    with open_any_library(other) as opened:
        items = [*(opened.items() or []), *(paper for _, paper in opened.papers(opened.paper_ids()))]
    store.transfers.take_over(items, store.begin_operation(titled("merge")))


def test_documents_are_written_and_read_as_json(annotated: LibraryStore) -> None:
    (paper,) = annotated.transfers.papers([1])
    paper = replace(paper, first_listing=None, sightings=())  # whose names are no digests in tests
    lines = [header_line().encode(), item_line(paper).encode()]
    (read,) = read_json_lines(lines)
    assert isinstance(read, TransferPaper) and read.documents == paper.documents
    assert [each.place for each in read.highlights] == [each.place for each in paper.highlights]


def test_another_library_takes_documents_over_once(annotated: LibraryStore, tmp_path: Path) -> None:
    with LibraryStore(tmp_path / "other" / "library.db", clock=TickingClock()) as other:
        take_over(other, annotated.path)
        (document,) = other.documents.of(1)
        assert (document.sha256, document.page_count) == (READ.sha256, 12)
        assert (document.path, document.is_stored) == (None, False)
        mine, theirs = highlights(annotated), highlights(other)
        assert [(each.exact, each.label, each.place) for each in theirs] == [
            (each.exact, each.label, each.place) for each in mine
        ]
        before = content(other)
        take_over(other, annotated.path)
        assert content(other) == before
        report, _ = other.documents.add(1, READ, "/other.pdf", labels={}, is_stored=False)
        assert (report.added, report.was_attached) == (0, True), "what was deleted there is not imported here"
        other.history.undo()
        assert other.views.counts().all == 0


def test_what_was_imported_on_both_sides_is_merged_into_one(annotated: LibraryStore, tmp_path: Path) -> None:
    with LibraryStore(tmp_path / "other" / "library.db", clock=TickingClock()) as other:
        fill(other, 2)
        other.documents.add(1, READ, "/other.pdf", labels={}, is_stored=False)
        take_over(other, annotated.path)
        assert sorted(each.exact for each in highlights(other)) == ["One.", "Three.", "Two."]


def test_a_backup_of_annotations_names_documents(annotated: LibraryStore, tmp_path: Path) -> None:
    backup = tmp_path / "annotations.db"
    back_up_annotations(annotated.path, backup, datetime(2026, 3, 1, tzinfo=UTC))
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT sha256, origin FROM documents").fetchall() == [(READ.sha256, "file")]
        assert connection.execute("SELECT count(*) FROM paper_documents").fetchone() == (1,)
        assert connection.execute("SELECT color FROM label_colors").fetchall() == [(GREEN,)]
    differences = {each.what: each for each in compare(annotated.path, backup, merges=True)[0]}
    assert not differences["PDFs"] and not differences["highlights"]


def test_differences_name_documents(annotated: LibraryStore, tmp_path: Path) -> None:
    with LibraryStore(tmp_path / "other" / "library.db", clock=TickingClock()) as other:
        fill(other, 2)
    (pdfs,) = (each for each in compare(annotated.path, tmp_path / "other" / "library.db")[0] if each.what == "PDFs")
    assert (pdfs.only_here, pdfs.only_there) == (1, 0)


def test_what_is_given_to_others_does_not_say_where_files_lie(annotated: LibraryStore, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up_annotations(annotated.path, copy, datetime(2026, 3, 1, tzinfo=UTC))
    leave_out_private(copy)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT path, is_stored FROM documents").fetchall() == [(None, 0)]
    assert b"/mine/file.pdf" not in copy.read_bytes()
