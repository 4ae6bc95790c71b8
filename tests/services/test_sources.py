"""Kept copies of imported files: those of removed listings go in time, and come back from nowhere."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.domain.checks import Aspect
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.copies.bundles import unpack_bundle
from reader.services.copies.salvage import salvage
from reader.services.reports.maintenance import salvage_as_text
from tests.services.support import clock, finish, listing_text

ALL = View(ViewKind.ALL)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library with two listings."""
    with Library(tmp_path / "library", clock=clock) as opened:
        finish(opened.imports.text(listing_text("First Paper", "Second Paper"), "kept"))
        finish(opened.imports.text(listing_text("Third Paper", heading="Dec 9"), "removed"))
        yield opened


def remove(library: Library) -> str:
    """Remove the second listing; its file's name."""
    listing = next(each for each in library.listings.all() if each.name == "removed")
    library.listings.remove(listing.id)
    return listing.sha256


def kept(library: Library) -> set[str]:
    return {path.name for path in (library.folder / "sources").glob("*/*")}


def test_a_file_is_kept_while_a_step_can_bring_its_listing_back(library: Library) -> None:
    digest = remove(library)
    library.tidy()
    assert digest in kept(library)
    assert library.checks.run().findings == ()
    library.history.undo()
    library.history.undo()
    library.tidy()
    assert digest in kept(library), "the import that was undone can be redone"
    library.history.redo()
    library.tidy()
    assert {listing.sha256 for listing in library.listings.all()} == kept(library)
    remove(library)
    library._store.forget_history()
    (found,) = library.checks.run().findings
    assert (found.aspect, found.count, found.is_harmless) == (Aspect.SOURCES, 1, True)
    library.tidy()
    assert {listing.sha256 for listing in library.listings.all()} == kept(library)
    assert library.checks.run().findings == ()


def test_repairing_and_closing_tidy_as_well(library: Library) -> None:
    digest = remove(library)
    library._store.forget_history()
    library.checks.repair()
    assert digest not in kept(library)
    finish(library.imports.text(listing_text("Third Paper", heading="Dec 9"), "removed"))
    assert remove(library) == digest
    library._store.forget_history()
    library.states.set_starred(list(library.views.paper_ids(ALL)), True)
    library.close()
    assert digest not in kept(library)


def test_bundles_carry_only_what_is_named(library: Library, tmp_path: Path) -> None:
    digest = remove(library)
    library.bundles.write(tmp_path / "with.lectern")
    library._store.forget_history()
    library.bundles.write(tmp_path / "without.lectern")
    carried = []
    for name in ("with", "without"):
        with zipfile.ZipFile(tmp_path / f"{name}.lectern") as archive:
            carried.append({Path(entry).name for entry in archive.namelist() if entry.startswith("sources/")})
    assert carried[0] - carried[1] == {digest}
    assert carried[1] == {listing.sha256 for listing in library.listings.all()}
    unpack_bundle(tmp_path / "without.lectern", tmp_path / "elsewhere")
    with Library(tmp_path / "elsewhere", clock=clock) as other:
        assert kept(other) == carried[1]


@pytest.mark.parametrize("forgotten", [False, True])
@pytest.mark.parametrize("readable", [False, True])
def test_salvage_brings_no_removed_listing_back(library: Library, forgotten: bool, readable: bool) -> None:
    digest = remove(library)
    if forgotten:
        library._store.forget_history()
    library.backups.make()
    stray = library.folder / "sources" / digest[:2] / digest
    text = stray.read_bytes()
    library.close()
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(text)
    if not readable:
        (library.folder / "library.db").write_bytes(b"\xa5" * 200_000)
    report = salvage(library.folder, clock)
    assert report.aside is not None
    assert report.files_left == [report.aside / "sources" / digest]
    assert report.files_left[0].read_bytes() == text
    assert str(report.files_left[0]) in salvage_as_text(report)
    with Library(library.folder, clock=clock) as again:
        assert [listing.name for listing in again.listings.all()] == ["kept"]
        assert {paper.title for paper in again.papers.read(again.views.paper_ids(ALL))} == {
            "First Paper",
            "Second Paper",
        }
        assert digest not in kept(again)
