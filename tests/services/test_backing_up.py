"""Backups: made when due, checked, dropped when old, and telling what going back would change."""

from __future__ import annotations

import os
import sqlite3
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reader.domain.backups import BackupKind, BackupLimits
from reader.domain.errors import LibraryError
from reader.domain.papers import Paper, PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.reports.maintenance import preview_as_text
from reader.storage.copies import backup as storage_backup
from reader.storage.copies.soundness import check_library_file
from tests.services.support import finish, listing_text

ALL = View(ViewKind.ALL)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(tmp_path: Path, clock: Clock) -> Library:
    with Library(tmp_path / "library", clock=clock) as opened:
        finish(opened.imports.text(listing_text(*(f"Invented Paper {number}" for number in range(12))), "a"))
        yield opened


def annotate(library: Library) -> list[int]:
    ids = list(library.views.paper_ids(ALL))
    library.notes.save(ids[0], "A note.", revision=None)
    library.tags.add(ids[1:3], ["method/sparse"])
    library.states.set(ids[3:6], PaperState.QUEUED)
    library.states.set(ids[6:8], PaperState.DISMISSED)
    library.states.set_starred(ids[8:9], True)
    library.highlights.add_quote(ids[9], "no data, no model", label="", comment="really?")
    return ids


def without_ids(library: Library, ids: list[int]) -> list[Paper]:
    """The papers, their highlights without ids: one that was taken back leaves its id unused for ever."""
    return [
        replace(paper, highlights=tuple(replace(found, id=0) for found in paper.highlights))
        for paper in library.papers.read(ids)
    ]


def kinds(library: Library) -> list[BackupKind]:
    return [backup.kind for backup in library.backups.all()]


def test_annotations_within_half_an_hour_and_the_library_daily(library: Library, clock: Clock) -> None:
    ids = annotate(library)
    assert [made.kind for made in library.backups.make_due()] == [BackupKind.ANNOTATIONS, BackupKind.DAILY]
    assert library.backups.make_due() == []
    clock.advance(minutes=5)
    library.states.set_starred(ids[:1], True)
    assert library.backups.make_due() == [], "the last one is not half an hour old"
    clock.advance(minutes=25)
    assert [made.kind for made in library.backups.make_due()] == [BackupKind.ANNOTATIONS]
    clock.advance(hours=2)
    assert library.backups.make_due() == [], "nothing was changed"
    library.history.undo()
    assert [made.kind for made in library.backups.make_due()] == [BackupKind.ANNOTATIONS]
    clock.advance(days=1)
    assert [made.kind for made in library.backups.make_due()] == [BackupKind.DAILY]
    clock.advance(days=1)
    assert library.backups.make_due() == [], "not even daily without a change"


def test_closing_does_not_wait_for_the_half_hour(library: Library, clock: Clock) -> None:
    ids = annotate(library)
    library.backups.make_due()
    clock.advance(minutes=1)
    library.states.set_starred(ids[:1], True)
    assert [made.kind for made in library.backups.make_due(closing=True)] == [BackupKind.ANNOTATIONS]
    assert library.backups.make_due(closing=True) == []


def test_old_ones_go_only_after_the_new_one_was_checked(
    library: Library, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = annotate(library)
    for day in range(20):
        library.states.set_starred(ids[:1], day % 2 == 0)
        library.backups.make_due()
        clock.advance(days=1)
    days = [backup for backup in library.backups.all() if backup.kind is BackupKind.DAILY]
    assert len(days) < 20
    library.states.set_starred(ids[:1], True)
    library.states.set_starred(ids[1:2], True)
    before = library.backups.all()
    real = storage_backup._row_counts
    monkeypatch.setattr(storage_backup, "_row_counts", lambda opened, tables: {**real(opened, tables), "x": id(opened)})
    with pytest.raises(LibraryError, match="not a true copy"):
        library.backups.make_due()
    assert {backup.path for backup in before} <= {backup.path for backup in library.backups.all()}


def test_the_total_size_is_kept(library: Library, clock: Clock) -> None:
    ids = annotate(library)
    manual = library.backups.make()
    size = manual.size
    library.backups.limits = BackupLimits(total=4 * size)
    for day in range(12):
        library.states.set_starred(ids[:1], day % 2 == 0)
        library.backups.make_due()
        clock.advance(days=1)
    assert sum(backup.size for backup in library.backups.all()) <= 4 * size
    assert manual.path in {backup.path for backup in library.backups.all()}
    assert {BackupKind.DAILY, BackupKind.ANNOTATIONS} <= set(kinds(library))


@pytest.mark.skipif(os.name == "nt", reason="modes are a Unix matter")
def test_backups_are_private_and_whole(library: Library) -> None:
    annotate(library)
    for backup in library.backups.make_due():
        assert stat.S_IMODE(backup.path.stat().st_mode) == 0o600
        check_library_file(backup.path)
    folder = library.folder / "backups"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(path.suffix for path in folder.iterdir()) == [".db", ".db", ".json"]


def test_annotations_alone_hold_no_more_than_it_takes(library: Library) -> None:
    ids = annotate(library)
    backup = library.backups.make(BackupKind.ANNOTATIONS)
    assert backup.paper_count == 10
    connection = sqlite3.connect(backup.path)
    texts = dict(connection.execute("SELECT title, length(abstract) FROM papers").fetchall())
    connection.close()
    assert len(texts) == 10
    full = {paper.title for paper in library.papers.read([*ids[:6], ids[9]])}
    assert {title for title, length in texts.items() if length} == full


def test_annotations_are_merged_into_a_library_that_lost_them(library: Library, tmp_path: Path, clock: Clock) -> None:
    ids = annotate(library)
    before = without_ids(library, ids)
    backup = library.backups.make(BackupKind.ANNOTATIONS)
    while library.history.next_undo() is not None and "import" not in str(library.history.next_undo().title).lower():
        library.history.undo()
    assert library.notes.of(ids[0]).text == ""
    preview = library.backups.preview(backup.path)
    assert {found.what: found.only_there for found in preview.differences if found} == {
        "states": 6, "tags on papers": 2, "notes": 1, "highlights": 1, "papers in the queue": 3,
    }  # fmt: skip
    library.backups.restore(backup.path)
    assert without_ids(library, ids) == before
    assert library.history.undo() is not None, "it is one step"
    assert library.notes.of(ids[0]).text == ""


def test_annotations_survive_the_loss_of_everything_else(library: Library, tmp_path: Path, clock: Clock) -> None:
    """Into a new library, and the listings imported again: as it was."""
    ids = annotate(library)
    before = {paper.key: paper for paper in library.papers.read(ids)}
    backup = library.backups.make(BackupKind.ANNOTATIONS)
    with Library(tmp_path / "new", clock=clock) as new:
        new.backups.restore(backup.path)
        finish(new.imports.text(listing_text(*(f"Invented Paper {number}" for number in range(12))), "a"))
        after = {paper.key: paper for paper in new.papers.read(new.views.paper_ids(ALL))}
    assert after.keys() == before.keys()
    for key, paper in after.items():
        same = ("title", "abstract", "state", "starred", "tags", "note", "queue_position", "buried_until")
        assert [getattr(paper, name) for name in same] == [getattr(before[key], name) for name in same]
        assert [h.exact for h in paper.highlights] == [h.exact for h in before[key].highlights]


def test_a_preview_tells_what_would_go_and_come(library: Library) -> None:
    ids = annotate(library)
    backup = library.backups.make()
    assert library.backups.preview(backup.path).is_same
    library.notes.save(ids[0], "Another text.", revision=None)
    library.tags.remove(ids[1:2], ["method/sparse"])
    finish(library.imports.text(listing_text("Later Paper"), "b"))
    preview = library.backups.preview(backup.path)
    told = {found.what: (found.only_here, found.only_there, found.changed) for found in preview.differences if found}
    assert told == {"papers": (1, 0, 0), "listings": (1, 0, 0), "tags on papers": (0, 1, 0), "notes": (0, 0, 1)}
    assert set(preview.lost_titles) == {"Later Paper", next(library.papers.read(ids[:1])).title}


def test_a_preview_of_annotations_says_what_merging_does(library: Library) -> None:
    ids = annotate(library)
    backup = library.backups.make(BackupKind.ANNOTATIONS)
    shown = library.backups.preview(backup.path)
    assert shown.is_same and shown.merges and preview_as_text(shown).endswith("nothing would change.")
    # What only the library has stays, and is no difference.
    library.notes.append(ids[11], "Only here.")
    library.tags.add(ids[10:11], ["only/here"])
    finish(library.imports.text(listing_text("Later Paper"), "b"))
    assert library.backups.preview(backup.path).is_same
    library.notes.save(ids[0], "Another text.", revision=None)
    library.tags.remove(ids[1:2], ["method/sparse"])
    shown = library.backups.preview(backup.path)
    told = {found.what: (found.only_here, found.only_there, found.changed) for found in shown.differences if found}
    assert told == {"tags on papers": (0, 1, 0), "notes": (0, 0, 1)} and shown.lost_titles == ()
    text = preview_as_text(shown)
    assert "would go" not in text and "notes: 1 would get the backup's text added" in text
    title = next(library.papers.read(ids[:1])).title
    assert shown.joined_titles == (title,) and title in text
    library.backups.restore(backup.path)
    assert library.notes.of(ids[0]).text.startswith("Another text.") and library.notes.of(ids[11]).text == "Only here."
    assert library.backups.preview(backup.path).is_same, "what was said has happened"


def test_before_many_papers_go_the_library_is_backed_up(library: Library) -> None:
    report = finish(library.imports.text(listing_text(*(f"Many {number}" for number in range(120))), "b"))
    few = (
        library.listings.all()[-1]
        if library.listings.all()[0].id == report.files[0].listing_id
        else library.listings.all()[0]
    )
    library.listings.remove(few.id)
    assert kinds(library) == []
    library.listings.remove(report.files[0].listing_id)
    assert kinds(library) == [BackupKind.BEFORE_DELETION]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"annotations": 1}'])
def test_what_was_noted_about_backups_may_be_lost(library: Library, content: str) -> None:
    annotate(library)
    library.backups.make_due()
    (library.folder / "backups" / "state.json").write_text(content)
    assert all(made.kind is not BackupKind.DAILY for made in library.backups.make_due())
