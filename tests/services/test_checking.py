"""Checking a library: every fault is found, put right where that is possible, and nothing else touched."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest

from reader.domain.backups import BackupKind
from reader.domain.checks import Aspect
from reader.domain.errors import LibraryDamagedError
from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.copies.salvage import offer_recovery, recover, salvage
from tests.services.support import clock, finish, listing_text
from tests.storage.support import ASIDE, read_tables

ALL = View(ViewKind.ALL)
TITLES = [f"Invented Paper {number}" for number in range(300)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Library(tmp_path / "library", clock=clock) as library:
        finish(library.imports.text(listing_text(*TITLES[:150]), "first"))
        finish(library.imports.text(listing_text(*TITLES[150:], heading="Dec 9"), "second"))
        ids = list(library.views.paper_ids(ALL))
        library.notes.save(ids[0], "A note.", revision=None)
        library.tags.add(ids[1:40], ["method"])
        library.states.set(ids[40:44], PaperState.QUEUED)
        library.highlights.add_quote(ids[50], "no data, no model", label="", comment="really?")
        library.listings.rename(library.listings.all()[0].id, "My own name")
        list(library.index.update())
    return tmp_path / "library"


def change(folder: Path, *statements: str) -> None:
    """Do something to a database that no program of ours would."""
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        connection.create_function("fold_name", 1, str)
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_nothing_is_wrong_with_a_library_in_use(folder: Path) -> None:
    with Library(folder) as library:
        report = library.checks.run()
        assert report.findings == ()
        assert report.is_sound
        assert set(report.checked) == set(Aspect)
        assert library.checks.repair().findings == ()
        assert library.backups.all() == []


FAULTS = [
    (Aspect.JOURNAL, ["UPDATE recording SET operation_id = 3"], 1),
    (Aspect.JOURNAL, ["DELETE FROM recording"], 1),
    (Aspect.JOURNAL, ["INSERT INTO journal (operation_id, action, table_name, row_id) VALUES (999, 1, 'tags', 1)"], 1),
    (Aspect.JOURNAL, ["UPDATE journal SET after = '{' WHERE id = (SELECT max(id) FROM journal)"], 1),
    (Aspect.QUEUE, ["DELETE FROM queue WHERE position = (SELECT min(position) FROM queue)"], 1),
    (Aspect.QUEUE, ["UPDATE states SET state = 'done' WHERE paper_id = (SELECT min(paper_id) FROM queue)"], 1),
    (Aspect.QUEUE, ["UPDATE queue SET position = 1"], 3),
    (Aspect.HIGHLIGHTS, ["UPDATE highlights SET start = start + 1"], 1),
    (Aspect.HIGHLIGHTS, ["UPDATE highlights SET start = NULL"], 1),
    (Aspect.DERIVED, ["DELETE FROM handled"], 4),
    (Aspect.DERIVED, ["INSERT INTO muted VALUES (99999)"], 1),
    (Aspect.TRIGGERS, ["DROP TRIGGER journal_notes_update"], 1),
    (Aspect.TRIGGERS, ["CREATE TRIGGER extra AFTER INSERT ON tags BEGIN SELECT 1; END"], 1),
]


@pytest.mark.parametrize(("aspect", "statements", "count"), FAULTS)
def test_a_fault_is_found_and_put_right(folder: Path, aspect: Aspect, statements: list[str], count: int) -> None:
    with Library(folder, clock=clock) as library:
        notes = library.notes.all()
        change(folder, *statements)
        found = [finding for finding in library.checks.run().findings if finding.aspect is aspect]
        assert [finding.count for finding in found] == [count]
        assert not library.checks.run().is_sound
        report = library.checks.repair()
        assert report.is_sound
        assert all(finding.repaired for finding in report.findings)
        assert library.checks.run().findings == ()
        assert library.notes.all() == notes
        assert [backup.kind for backup in library.backups.all()] == [BackupKind.BEFORE_REPAIR]


def test_highlights_are_placed_again_where_their_text_is(folder: Path) -> None:
    with Library(folder) as library:
        (before,) = library.highlights.all()
        change(folder, 'UPDATE highlights SET start = start + 7, "end" = "end" + 7')
        library.checks.repair()
        assert library.highlights.all() == [before]


def test_papers_that_are_gone_come_back_from_a_backup(folder: Path) -> None:
    with Library(folder) as library:
        ids = list(library.views.paper_ids(ALL))
        before = library.papers.get(ids[0])
        library.backups.make()
        change(folder, f"DELETE FROM papers WHERE id = {ids[0]}")
        assert Aspect.REFERENCES in {finding.aspect for finding in library.checks.run().findings}
        assert library.checks.repair().is_sound
        assert library.papers.get(ids[0]) == before


def test_papers_that_are_gone_come_back_from_an_older_versions_backup(folder: Path) -> None:
    """It lacks a column that came since."""
    with Library(folder) as library:
        ids = list(library.views.paper_ids(ALL))
        before = library.papers.get(ids[0])
        path = library.backups.make().path
        with closing(sqlite3.connect(path)) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute("ALTER TABLE papers DROP COLUMN more_authors")
            connection.commit()
        change(folder, f"DELETE FROM papers WHERE id = {ids[0]}")
        assert library.checks.repair().is_sound
        assert library.papers.get(ids[0]) == before


def test_without_a_backup_nothing_that_points_nowhere_is_deleted(folder: Path) -> None:
    with Library(folder) as library:
        noted = library.notes.all()[0]
        change(folder, f"DELETE FROM papers WHERE id = {noted.paper.id}")
        report = library.checks.repair()
        assert not report.is_sound
        assert [finding.aspect for finding in report.findings if not finding.repaired] == [Aspect.REFERENCES]
        with closing(sqlite3.connect(folder / "library.db")) as connection:
            assert connection.execute("SELECT text FROM notes").fetchall() == [("A note.",)]


def test_imported_files_are_compared(folder: Path) -> None:
    first, second = sorted(folder.glob("sources/??/*"))
    first.write_bytes(b"changed")
    second.unlink()
    with Library(folder) as library:
        found = {finding.sentence.split()[0]: finding.count for finding in library.checks.run().findings}
        assert found == {"Imported": 1, "Kept": 1}


def test_the_index_is_compared(folder: Path) -> None:
    with Library(folder) as library:
        change(folder, "DELETE FROM index_pending")
        ids = library.views.paper_ids(ALL)
        library.notes.save(ids[5], "Another note.", revision=None)
        change(folder, "DELETE FROM index_pending")
        (finding,) = library.checks.run().findings
        assert (finding.aspect, finding.count) == (Aspect.INDEX, 1)
        assert library.checks.repair().is_sound
        list(library.index.update())
        assert library.checks.run().findings == ()
        assert len(library.search("another").paper_ids) == 1


@pytest.mark.skipif(os.name == "nt", reason="modes are a Unix matter")
def test_what_the_index_is_just_writing_is_no_finding(folder: Path) -> None:
    """A file it has for a moment, with the usual permissions, in a folder that nobody else can look into."""
    with Library(folder) as library:
        list(library.index.update())
        passing = folder / "index" / "m4psqvd.ctmp"
        passing.touch()
        passing.chmod(0o644)
        assert library.checks.run().findings == ()
        passing.parent.chmod(0o755)
        (finding,) = library.checks.run().findings
        assert finding.aspect is Aspect.PERMISSIONS


@pytest.mark.skipif(os.name == "nt", reason="modes are a Unix matter")
def test_permissions_are_looked_at_and_closed(folder: Path) -> None:
    source = next(folder.glob("sources/??/*"))
    with Library(folder) as library:
        for path in (source, source.parent, folder / "index"):
            path.chmod(0o777)
        (finding,) = library.checks.run().findings
        assert (finding.aspect, finding.count) == (Aspect.PERMISSIONS, 3)
        assert library.checks.repair().is_sound
        assert stat.S_IMODE(source.stat().st_mode) == 0o600
        assert stat.S_IMODE(source.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name == "nt", reason="modes are a Unix matter")
def test_opening_closes_what_matters_most(folder: Path) -> None:
    folder.chmod(0o755)
    (folder / "library.db").chmod(0o644)
    with Library(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "library.db").stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="modes are a Unix matter")
def test_a_folder_with_other_things_in_it_is_left_open(folder: Path) -> None:
    (folder / "my thesis.tex").write_text("")
    folder.chmod(0o755)
    (folder / "library.db").chmod(0o644)
    with Library(folder) as library:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755
        assert stat.S_IMODE((folder / "library.db").stat().st_mode) == 0o600
        assert library.checks.run().findings == ()


def test_what_interrupted_work_left_is_harmless_and_removed(folder: Path) -> None:
    old = time.time() - 3 * 24 * 3600
    for name in ("library.db.restoring", "sources/.incoming-abc"):
        (folder / name).write_bytes(b"x")
        (folder / name).chmod(0o600)
        os.utime(folder / name, (old, old))
    (folder / "sources" / ".incoming-new").write_bytes(b"x")
    (folder / "sources" / ".incoming-new").chmod(0o600)
    with Library(folder) as library:
        report = library.checks.run()
        assert [(finding.aspect, finding.count) for finding in report.findings] == [(Aspect.REMAINS, 2)]
        assert report.is_sound
        library.checks.repair()
        assert library.checks.run().findings == ()
        assert (folder / "sources" / ".incoming-new").exists()


# --- a damaged database -----------------------------------------------------------------------------------------------


def pages_of(folder: Path, table: str) -> list[int]:
    """The pages that a table's rows stand on, by the shape of its tree."""
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    data = (folder / "library.db").read_bytes()
    page = data[(root - 1) * size : root * size]
    if page[0] == 13:
        return [root]
    cells = int.from_bytes(page[3:5], "big")
    pointers = [int.from_bytes(page[12 + 2 * at : 14 + 2 * at], "big") for at in range(cells)]
    return [int.from_bytes(page[at : at + 4], "big") for at in pointers] + [int.from_bytes(page[8:12], "big")]


def wreck(folder: Path, *pages: int) -> None:
    data = bytearray((folder / "library.db").read_bytes())
    for page in pages:
        data[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    (folder / "library.db").write_bytes(bytes(data))


def papers_of(folder: Path) -> dict[str, tuple[object, ...]]:
    with Library(folder, clock=clock) as library:
        assert library.checks.run().findings == ()
        return {
            paper.key: (paper.title, paper.abstract, paper.note, paper.tags, paper.state, len(paper.highlights))
            for paper in library.papers.read(library.views.paper_ids(ALL))
        }


def test_pages_of_papers_that_are_gone_are_read_from_the_imported_files(folder: Path) -> None:
    before = papers_of(folder)
    wreck(folder, *pages_of(folder, "papers")[5:8])
    with Library(folder) as library:
        assert [finding.aspect for finding in library.checks.run().findings] == [Aspect.INTEGRITY]
        assert library.checks.repair().checked == (Aspect.INTEGRITY,), "what SQLite finds damaged is not written to"
    damaged = (folder / "library.db").read_bytes()
    report = salvage(folder, clock)
    assert 0 < report.saved < len(before)
    assert report.listings_read_again >= 1
    assert report.aside is not None
    assert (report.aside / "library.db").read_bytes() == damaged
    after = papers_of(folder)
    assert after.keys() == before.keys()
    assert {key: value[:2] for key, value in after.items()} == {key: value[:2] for key, value in before.items()}
    with Library(folder) as library:
        assert "My own name" in {listing.name for listing in library.listings.all()}
        assert library.history.steps() == []


@pytest.mark.parametrize("has_backup", [True, False])
def test_a_paper_with_values_that_no_library_may_hold_stops_nothing(folder: Path, has_backup: bool) -> None:
    """Damage can make a text of a number; SQLite reads it, and the new library's tables refuse it."""
    with Library(folder, clock=clock) as library:
        first = next(iter(library.views.paper_ids(ALL)))
        library.tags.add([first], ["only-here"])
        if has_backup:
            library.backups.make()
    before = papers_of(folder)
    loosened = "UPDATE sqlite_master SET sql = replace(sql, 'STRICT', '') WHERE name = 'papers'"
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(loosened)
        connection.commit()
    change(folder, f"UPDATE papers SET upvotes = 'many' WHERE id = {first}")
    report = salvage(folder, clock)
    assert any("could not be saved: 1" in problem for problem in report.problems)
    assert report.from_backups == int(has_backup)
    after = papers_of(folder)
    changed = {key for key in before if after.get(key) != before[key]}
    assert len(changed) == int(not has_backup), "without a backup it comes from the imported file, unannotated"
    assert after.keys() == before.keys()


def test_a_kept_file_that_cannot_be_imported_again_is_told(folder: Path) -> None:
    """It is one of the problems, never counted among those that were imported."""
    (folder / "library.db").write_bytes(b"\xa5" * 200_000)
    first, second = sorted(folder.glob("sources/??/*"))
    first.write_bytes(b"\x00\x01")
    report = salvage(folder, clock)
    assert report.listings_read_again == 1
    assert any(first.name[:12] in problem and "again" in problem for problem in report.problems)
    with Library(folder) as library:
        assert [listing.sha256 for listing in library.listings.all()] == [second.name]


def test_annotations_that_are_gone_come_from_the_newest_backup(folder: Path) -> None:
    with Library(folder, clock=clock) as library:
        library.backups.make_due()
    before = papers_of(folder)
    wreck(folder, *pages_of(folder, "papers")[:3], *pages_of(folder, "notes"), *pages_of(folder, "paper_tags"))
    salvage(folder, clock)
    assert papers_of(folder) == before


@pytest.mark.parametrize("is_synced", [True, False])
def test_a_salvaged_library_says_that_it_is_no_longer_synchronised(
    folder: Path, tmp_path: Path, is_synced: bool
) -> None:
    if is_synced:
        with Library(folder, clock=clock) as library:
            library.sync.begin(str(tmp_path / "shared"), "Laptop")
            library.sync.run()
    for told in (is_synced, False):  # the second time it is not synchronised
        (folder / "library.db").write_bytes(b"\xa5" * 200_000)
        report = salvage(folder, clock)
        assert any("no longer synchronised" in problem for problem in report.problems) == told
    with Library(folder, clock=clock) as library:
        assert not library.is_synced
        assert len(library.views.paper_ids(ALL)) == len(TITLES)


@pytest.mark.parametrize("keep_backups", [True, False])
def test_with_nothing_left_of_the_database_backups_and_files_remain(folder: Path, keep_backups: bool) -> None:
    before = papers_of(folder)
    if keep_backups:
        with Library(folder, clock=clock) as library:
            library.backups.make_due()
    (folder / "library.db").write_bytes(b"\xa5" * 200_000)
    with pytest.raises(LibraryDamagedError):
        Library(folder)
    report = salvage(folder, clock)
    assert report.saved == 0
    after = papers_of(folder)
    assert after.keys() == before.keys()
    if keep_backups:
        assert after == before


def test_a_good_backup_is_offered_and_put_in_place(folder: Path) -> None:
    with Library(folder, clock=clock) as library:
        backup = library.backups.make()
        tables = read_tables(folder / "library.db", leave_out=ASIDE)
        library.notes.save(library.views.paper_ids(ALL)[9], "Later.", revision=None)
    spoiled = folder / "backups" / "daily-20990101T000000Z.db"
    spoiled.write_bytes(backup.path.read_bytes()[:-4096])
    wreck(folder, *pages_of(folder, "sightings"))
    offer = offer_recovery(folder)
    assert offer.backup is not None
    assert offer.backup.path == backup.path, "not the newer one, which is damaged"
    assert offer.differences is not None
    assert {found.what: found.only_here for found in offer.differences if found} == {"notes": 1}
    damaged = (folder / "library.db").read_bytes()
    aside = recover(folder, backup.path)
    assert aside is not None
    assert (aside / "library.db").read_bytes() == damaged
    assert read_tables(folder / "library.db", leave_out=ASIDE) == tables


def test_a_backup_that_is_damaged_leaves_all_as_it_is(folder: Path) -> None:
    before = (folder / "library.db").read_bytes()
    bad = folder / "bad.db"
    bad.write_bytes(b"\xa5" * 10_000)
    with pytest.raises(LibraryDamagedError):
        recover(folder, bad)
    assert (folder / "library.db").read_bytes() == before
    assert not (folder / "aside").exists()
