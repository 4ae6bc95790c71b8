"""Importing files into a real library."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.domain.reports import ImportReport
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.imports.parser import INLINE_BYTES
from tests.services.support import API, LISTINGS, NOW, clock, finish, listing_text

ALL = View(ViewKind.ALL)
BLOCK = "\n  • 8 authors\n·\nSep 25, 2024 3\n"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    with Library(tmp_path / "library", clock=clock) as opened:
        yield opened


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return path


def titles(library: Library, view: View = ALL) -> list[str]:
    return [paper.title for paper in library.papers.read(library.views.paper_ids(view))]


def dump(library: Library) -> list[str]:
    """Every row of every table, as SQL."""
    import sqlite3

    connection = sqlite3.connect(library.folder / "library.db")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def counts(report: ImportReport) -> tuple[int, ...]:
    return tuple(report.total(name) for name in ("papers", "new", "updated", "known"))


def test_a_listing_comes_in_whole(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "day.txt", listing_text("First Paper", "Second Paper", block=BLOCK))
    report = finish(library.imports.paths([path]))
    (file,) = report.files
    assert counts(report) == (2, 2, 0, 0)
    assert (file.format, file.heading_date, file.year_inferred, file.year_guessed) == (
        "plain",
        "2025-12-08",
        True,
        False,
    )
    assert (file.error, file.problems, file.already_imported) == (None, (), False)
    assert sorted(titles(library)) == ["First Paper", "Second Paper"]
    paper = next(library.papers.read(library.views.paper_ids(ALL)))
    assert (paper.author_count, paper.published, paper.comments) == (8, "2024-09-25", 3)
    (sighting,) = paper.sightings
    assert (sighting.listing, sighting.heading_date) == ("day", "2025-12-08")


def test_importing_again_changes_no_row(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "day.txt", listing_text("First Paper", "Second Paper", block=BLOCK))
    finish(library.imports.paths([path]))
    before = dump(library)
    report = finish(library.imports.paths([path]))
    assert counts(report) == (2, 0, 0, 2)
    assert report.files[0].already_imported
    assert dump(library) == before


def test_a_dry_run_reports_the_same_and_stores_nothing(library: Library, tmp_path: Path) -> None:
    first = write(tmp_path / "a.txt", listing_text("First Paper", "Second Paper"))
    second = write(tmp_path / "b.txt", listing_text("Second Paper", "Third Paper", heading="Dec 9"))
    before = dump(library)
    rehearsed = finish(library.imports.paths([first, second], dry_run=True))
    assert dump(library) == before
    assert not [path for path in (library.folder / "sources").rglob("*") if path.is_file()]
    report = finish(library.imports.paths([first, second]))
    assert counts(rehearsed) == counts(report) == (4, 3, 0, 1)
    assert rehearsed.dry_run
    assert not report.dry_run


def test_a_bad_file_keeps_no_other_out(library: Library, tmp_path: Path) -> None:
    good = write(tmp_path / "good.txt", listing_text("First Paper", "Second Paper"))
    prose = write(tmp_path / "prose.txt", "Dear diary,\ntoday I read nothing.\n")
    empty = write(tmp_path / "empty.txt", "")
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\x00\x01\x02" * 400)
    missing = tmp_path / "missing.txt"
    report = finish(library.imports.paths([prose, empty, binary, missing, good]))
    assert report.failed == 4
    for file in report.files[:4]:
        assert file.error is not None
        assert Path(file.path).name in file.error
        assert "\n" not in file.error
    assert titles(library) == ["First Paper", "Second Paper"]
    assert len([path for path in (library.folder / "sources").rglob("*") if path.is_file()]) == 1


def test_a_large_file_goes_through_a_child_and_gives_the_same(library: Library, tmp_path: Path) -> None:
    names = [f"Invented Paper Number {number}" for number in range(1_200)]
    path = write(tmp_path / "large.txt", listing_text(*names, block=BLOCK))
    assert path.stat().st_size > INLINE_BYTES
    report = finish(library.imports.paths([path, write(tmp_path / "small.txt", listing_text("First Paper"))]))
    assert counts(report) == (1_201, 1_201, 0, 0)
    (listing,) = [listing for listing in library.listings.all() if listing.name == "large"]
    assert titles(library, View(ViewKind.LISTING, (listing.id,))) == names


def test_cancelling_within_a_file_leaves_nothing_of_it(library: Library, tmp_path: Path) -> None:
    first = write(tmp_path / "a.txt", listing_text("First Paper", "Second Paper"))
    second = write(tmp_path / "b.txt", listing_text(*(f"Invented Paper Number {n}" for n in range(1_200))))
    looks = iter(range(100))
    report = finish(library.imports.paths([first, second], cancelled=lambda: next(looks) >= 6))
    assert report.cancelled
    assert [Path(file.path).name for file in report.files] == ["a.txt"]
    assert sorted(titles(library)) == ["First Paper", "Second Paper"]


def test_an_import_is_one_step(library: Library, tmp_path: Path) -> None:
    empty = dump_of_papers(library)
    paths = [
        write(tmp_path / "a.txt", listing_text("First Paper", "Second Paper")),
        write(tmp_path / "b.txt", listing_text("Second Paper", "Third Paper", heading="Dec 9")),
    ]
    finish(library.imports.paths(paths))
    full = dump_of_papers(library)
    undone = library.history.undo()
    assert undone is not None
    assert str(undone.title) == "Imported 2 files"
    assert dump_of_papers(library) == empty
    assert library.history.redo() is not None
    assert dump_of_papers(library) == full


def dump_of_papers(library: Library) -> list[tuple[str, str, int]]:
    return [
        (paper.key, paper.title, len(paper.sightings)) for paper in library.papers.read(library.views.paper_ids(ALL))
    ]


def test_a_later_sighting_never_changes_a_state(library: Library, tmp_path: Path) -> None:
    finish(library.imports.paths([write(tmp_path / "a.txt", listing_text("First Paper"))]))
    (paper_id,) = library.views.paper_ids(ALL)
    library.states.set([paper_id], PaperState.DISMISSED)
    second = write(tmp_path / "b.txt", listing_text("First Paper", "Second Paper", heading="Dec 9"))
    report = finish(library.imports.paths([second]))
    assert library.papers.get(paper_id).state is PaperState.DISMISSED
    (section,) = library.listings.sections([report.files[0].listing_id])
    assert section.known_ids == (paper_id,)
    assert section.known_states == (("dismissed", 1),)
    assert titles(library, View(ViewKind.INBOX)) == ["Second Paper"]


def test_a_year_given_later_corrects_the_listing(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", listing_text("First Paper", block="\n  • 8 authors\n·\nOct 12\n"))
    assert finish(library.imports.paths([path])).files[0].year_guessed
    report = finish(library.imports.paths([path], year=2021))
    assert report.files[0].heading_date == "2021-12-08"
    (paper,) = library.papers.read(library.views.paper_ids(ALL))
    assert (paper.published, paper.published_guessed) == ("2021-10-12", False)
    assert paper.sightings[0].heading_date == "2021-12-08"


def test_pasted_text_is_imported_like_a_file(library: Library) -> None:
    report = finish(library.imports.text(listing_text("First Paper", "Second Paper"), "Pasted text"))
    assert counts(report) == (2, 2, 0, 0)
    assert [listing.name for listing in library.listings.all()] == ["Pasted text"]


@pytest.mark.skipif(not LISTINGS.is_dir(), reason="the real listings are not here")
def test_real_listings_are_stored_exactly(library: Library) -> None:
    paths = sorted(LISTINGS.iterdir())
    report = finish(library.imports.paths([LISTINGS]))
    assert [file.papers for file in report.files] == [57, 40, 115]
    assert [file.problems for file in report.files] == [(), (), ()]
    for file, path in zip(report.files, paths, strict=True):
        lines = {line.strip() for line in path.read_text(encoding="utf-8").split("\n")}
        view = View(ViewKind.LISTING, (file.listing_id,))
        for paper in library.papers.read(library.views.paper_ids(view)):
            assert paper.title in lines
            assert paper.abstract in lines
    assert report.files[1].heading_date == "2025-12-08"
    blocks = [
        paper
        for paper in library.papers.read(library.views.paper_ids(View(ViewKind.LISTING, (report.files[1].listing_id,))))
        if paper.published and (paper.author_count or paper.organization)
    ]
    assert len(blocks) == 39
    before = dump(library)
    again = finish(library.imports.paths([LISTINGS]))
    assert counts(again) == (212, 0, 0, 212)
    assert dump(library) == before


@pytest.mark.skipif(not API.is_dir(), reason="the real days are not here")
def test_real_days_are_stored_whole(library: Library) -> None:
    report = finish(library.imports.paths([API]))
    assert [file.papers for file in report.files] == [20, 15]
    assert [file.problems for file in report.files] == [(), ()]
    assert all(
        paper.arxiv_id and paper.abstract and paper.authors
        for paper in library.papers.read(library.views.paper_ids(ALL))
    )


@pytest.mark.skipif(not API.is_dir(), reason="the real days are not here")
def test_a_paper_in_text_and_in_json_is_one(library: Library, tmp_path: Path) -> None:
    day = sorted(API.iterdir())[0]
    finish(library.imports.paths([day]))
    papers = list(library.papers.read(library.views.paper_ids(ALL)))
    text = "\n\n".join(f"{paper.title.upper()}\n\n{paper.abstract}" for paper in papers)
    page = write(tmp_path / "page.txt", listing_text() + "\n" + text + "\n")
    report = finish(library.imports.paths([page]))
    assert counts(report)[:2] == (20, 0)
    after = list(library.papers.read(library.views.paper_ids(ALL)))
    assert [paper.title for paper in after] == [paper.title for paper in papers]
    assert all(len(paper.sightings) == 2 for paper in after)


LOOK_AT_LOCK = """
import fcntl, struct, sys
with open(sys.argv[1], "rb+") as file:
    lock = struct.pack("hhqqi", fcntl.F_WRLCK, 0, 128, 1, 0)
    held = struct.unpack("hhqqi", fcntl.fcntl(file, fcntl.F_GETLK, lock))[0] != fcntl.F_UNLCK
print(held)
"""
"""Whether another process holds the lock that says that a database's shared memory is in use (byte 128 of it)."""


def holds_its_lock(library: Library) -> bool:
    shared_memory = library.folder / "library.db-shm"
    command = [sys.executable, "-c", LOOK_AT_LOCK, str(shared_memory)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "True"


@pytest.mark.skipif(sys.platform != "linux", reason="looks at locks as Linux has them")
@pytest.mark.parametrize("through", ["folder", "link"])
def test_a_folder_around_the_library_is_imported_without_it(tmp_path: Path, through: str) -> None:
    """Opening and closing files of the open database would take SQLite's locks on them away: another process that reads
    it then empties what is mapped here, and the next commit dies of a bus error."""
    (tmp_path / "folder").mkdir()
    write(tmp_path / "folder" / "page.txt", listing_text("One", "Two"))
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    with Library(tmp_path / "folder" / "library", clock=clock) as library:
        assert holds_its_lock(library)
        report = finish(library.imports.paths([tmp_path / through]))
        assert [Path(file.path).name for file in report.files] == ["page.txt"]
        assert report.total("new") == 2
        database = [tmp_path / "link" / "library" / name for name in ("library.db", "library.db-shm", "library.db-wal")]
        refused = finish(library.imports.paths([*database, tmp_path / "folder" / "library"]))
        assert ["own folder" in (file.error or "") for file in refused.files] == [True] * 4
        assert holds_its_lock(library)
