"""Bundles: everything arrives on another machine, and nothing hostile gets out of one."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from reader.domain.errors import ReaderError
from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.copies.bundle_file import BundleError, open_bundle
from reader.services.copies.bundles import unpack_bundle
from tests.services.support import clock, finish, listing_text
from tests.storage.support import ASIDE, read_tables

ALL = View(ViewKind.ALL)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    with Library(tmp_path / "library", clock=clock) as opened:
        finish(opened.imports.text(listing_text("First Paper", "Second Paper", "Third Paper"), "a"))
        ids = opened.views.paper_ids(ALL)
        opened.notes.save(ids[0], "A note.", revision=None)
        opened.tags.add(ids, ["method"])
        opened.states.set(ids[1:], PaperState.QUEUED)
        opened.highlights.add_quote(ids[0], "no data, no model", label="", comment="really?")
        (opened.folder / "settings.toml").write_text('theme = "dark"\n')
        (opened.folder / "note-templates").mkdir()
        (opened.folder / "note-templates" / "Reading é.md").write_text("# {title}")
        yield opened


@pytest.fixture
def bundle(library: Library, tmp_path: Path) -> Path:
    path = tmp_path / "mine.lectern"
    library.bundles.write(path)
    return path


def files_of(folder: Path) -> dict[str, bytes]:
    own = ("settings.toml", "note-templates/*", "sources/*/*")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for name in own for path in folder.glob(name)}


def test_a_bundle_makes_the_same_library_elsewhere(library: Library, bundle: Path, tmp_path: Path) -> None:
    summary = unpack_bundle(bundle, tmp_path / "elsewhere" / "library")
    assert summary.paper_count == 3
    with Library(tmp_path / "elsewhere" / "library", clock=clock) as other:
        assert read_tables(other.folder / "library.db", leave_out=()) == read_tables(
            library.folder / "library.db", leave_out=()
        )
        assert files_of(other.folder) == files_of(library.folder)
        assert other.history.undo() is not None, "the history came along"
    with open_bundle(bundle) as opened:
        assert opened.summary == replace(summary, path=bundle)
    assert not (tmp_path / "elsewhere" / "library" / "backups").exists()


_WITH_NAMES = "@article{one, title = {Tides of a Small Bay}, author = {van der Bee, Ada and Cee, Bo}, year = {2024}}"


def test_names_in_their_parts_are_merged(tmp_path: Path) -> None:
    with Library(tmp_path / "one", clock=clock) as one, Library(tmp_path / "other", clock=clock) as other:
        finish(one.imports.text(_WITH_NAMES, "names"))
        one.tags.add(one.views.paper_ids(ALL), ["bay"])
        one.bundles.write(tmp_path / "names.lectern")
        other.bundles.merge(tmp_path / "names.lectern")
        (there,) = one.papers.read(one.views.paper_ids(ALL))
        (here,) = other.papers.read(other.views.paper_ids(ALL))
        assert here.author_names == there.author_names != ()
        assert other.bundles.merge(tmp_path / "names.lectern").change.paper_ids == frozenset()


def test_a_bundle_has_no_index_no_backups_and_is_private(library: Library, tmp_path: Path) -> None:
    library.backups.make()
    list(library.index.update())
    library.bundles.write(tmp_path / "mine.lectern")
    with zipfile.ZipFile(tmp_path / "mine.lectern") as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert tops == {"bundle.json", "library.db", "settings.toml", "sources", "note-templates"}
    assert os.name == "nt" or stat.S_IMODE((tmp_path / "mine.lectern").stat().st_mode) == 0o600


def test_a_bundle_never_replaces(library: Library, bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="never replaces"):
        unpack_bundle(bundle, library.folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    with pytest.raises(ReaderError, match="never replaces"):
        unpack_bundle(bundle, tmp_path / "other")
    with pytest.raises(BundleError, match="already"):
        library.bundles.write(bundle)
    with Library(tmp_path / "unused"):
        pass
    unpack_bundle(bundle, tmp_path / "unused")
    with Library(tmp_path / "unused") as other:
        assert len(other.views.paper_ids(ALL)) == 3


def test_merging_adds_as_one_step_and_replaces_nothing(bundle: Path, tmp_path: Path) -> None:
    with Library(tmp_path / "other", clock=clock) as other:
        finish(other.imports.text(listing_text("First Paper", "Fourth Paper", heading="Dec 9"), "b"))
        first = next(paper for paper in other.papers.read(other.views.paper_ids(ALL)) if paper.title == "First Paper")
        other.notes.save(first.id, "My own.", revision=None)
        before = read_tables(other.folder / "library.db", leave_out=ASIDE)
        merged = other.bundles.merge(bundle)
        assert (merged.new, merged.updated, merged.known, merged.listings) == (2, 1, 0, 1)
        assert len(other.views.paper_ids(ALL)) == 4
        note = other.notes.of(first.id).text
        assert note.startswith("My own.")
        assert "A note." in note
        for listing in other.listings.all():
            assert (other.folder / "sources" / listing.sha256[:2] / listing.sha256).exists()
        assert other.bundles.merge(bundle).change.paper_ids == frozenset()
        assert "Merged the bundle" in str(other.history.next_undo().title)
        other.history.undo()
        assert read_tables(other.folder / "library.db", leave_out=ASIDE) == before


# --- hostile bundles --------------------------------------------------------------------------------------------------


def rewrite(
    bundle: Path, change: Callable[[zipfile.ZipFile, dict[str, bytes]], None], *, skip: tuple[str, ...] = ()
) -> Path:
    """A copy of a bundle to which something was done."""
    with zipfile.ZipFile(bundle) as archive:
        contents = {info.filename: archive.read(info) for info in archive.infolist() if info.filename not in skip}
    target = bundle.with_name("hostile.lectern")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
        change(archive, contents)
    return target


def refused(hostile: Path, tmp_path: Path, library: Library) -> str:
    """Why a bundle is refused, by opening and by merging, and that nothing was left anywhere."""
    tables = read_tables(library.folder / "library.db", leave_out=ASIDE)
    target = tmp_path / "victim" / "library"
    with pytest.raises(ReaderError) as caught:
        unpack_bundle(hostile, target)
    assert list((tmp_path / "victim").iterdir()) == [] if (tmp_path / "victim").exists() else True
    with pytest.raises(ReaderError):
        library.bundles.merge(hostile)
    assert read_tables(library.folder / "library.db", leave_out=ASIDE) == tables
    assert not (tmp_path / "evil.txt").exists()
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "/tmp/evil.txt", "sources/../../evil.txt", "..\\evil.txt", "C:\\evil.txt", "index/evil.toc",
     "sources/aa/" + "b" * 64, "sources/ab/evil", "backups/evil.db", "library.db-wal", "note-templates/../../evil.txt",
     "note-templates/.", "library.lock", "bundle.json/x", "export-templates/a/b"],
)  # fmt: skip
def test_names_that_do_not_belong_are_refused(library: Library, bundle: Path, tmp_path: Path, name: str) -> None:
    hostile = tmp_path / "hostile.lectern"
    encoded = name.encode()
    with zipfile.ZipFile(bundle) as archive:
        contents = {info.filename: archive.read(info) for info in archive.infolist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for known, data in contents.items():
            archive.writestr(known, data)
        info = zipfile.ZipInfo("x" * len(encoded))
        archive.writestr(info, b"evil")
    hostile.write_bytes(buffer.getvalue().replace(b"x" * len(encoded), encoded))
    refused(hostile, tmp_path, library)


def test_links_and_devices_are_refused(library: Library, bundle: Path, tmp_path: Path) -> None:
    for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFDIR, stat.S_IFIFO):

        def add(archive: zipfile.ZipFile, _: object, kind: int = kind) -> None:
            info = zipfile.ZipInfo("note-templates/link.md")
            info.external_attr = (kind | 0o777) << 16
            archive.writestr(info, b"/etc/passwd")

        assert "link or a device" in refused(rewrite(bundle, add), tmp_path, library)


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_repeated_names_are_refused(library: Library, bundle: Path, tmp_path: Path) -> None:
    for name in ("library.db", "settings.toml"):
        hostile = rewrite(bundle, lambda archive, _, name=name: archive.writestr(name, b"other"))
        assert "one of them twice" in refused(hostile, tmp_path, library)


def test_bombs_are_refused(library: Library, bundle: Path, tmp_path: Path) -> None:
    bomb = rewrite(bundle, lambda archive, _: archive.writestr("note-templates/a.md", b"\0" * (100 << 20)))
    assert bomb.stat().st_size < 1 << 20
    assert "far more than it takes" in refused(bomb, tmp_path, library)


def test_an_entry_larger_than_it_says_is_refused(library: Library, bundle: Path, tmp_path: Path) -> None:
    data = bytearray(rewrite(bundle, lambda archive, _: None).read_bytes())
    with zipfile.ZipFile(bundle) as archive:
        size = archive.getinfo("library.db").file_size
    hostile = bundle.with_name("hostile.lectern")
    hostile.write_bytes(bytes(data).replace(struct.pack("<L", size), struct.pack("<L", size // 2)))
    refused(hostile, tmp_path, library)


@pytest.mark.parametrize("skip", [("bundle.json",), ("library.db",)])
def test_incomplete_bundles_are_refused(library: Library, bundle: Path, tmp_path: Path, skip: tuple[str, ...]) -> None:
    hostile = rewrite(bundle, lambda *_: None, skip=skip)
    assert "no bundle" in refused(hostile, tmp_path, library)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{", b'{"format": 1}', b'{"format": "1", "files": {}}', b"[" * 100_000, b"null"],
    ids=range(7),
)
def test_damaged_descriptions_are_refused(library: Library, bundle: Path, tmp_path: Path, manifest: bytes) -> None:
    hostile = rewrite(bundle, lambda archive, _: archive.writestr("bundle.json", manifest), skip=("bundle.json",))
    refused(hostile, tmp_path, library)


def test_a_newer_bundle_is_refused(library: Library, bundle: Path, tmp_path: Path) -> None:
    def newer(archive: zipfile.ZipFile, _: object) -> None:
        with zipfile.ZipFile(bundle) as original:
            described = json.loads(original.read("bundle.json"))
        archive.writestr("bundle.json", json.dumps(described | {"format": 99}))

    assert "newer Lectern" in refused(rewrite(bundle, newer, skip=("bundle.json",)), tmp_path, library)


def test_bytes_that_are_not_those_promised_are_refused(library: Library, bundle: Path, tmp_path: Path) -> None:
    hostile = rewrite(bundle, lambda archive, _: archive.writestr("settings.toml", b"other"), skip=("settings.toml",))
    with pytest.raises(BundleError, match="not what it was"):
        unpack_bundle(hostile, tmp_path / "victim" / "library")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE VIEW v AS SELECT * FROM papers",
        "CREATE TABLE more (x)",
        "CREATE VIRTUAL TABLE words USING fts5(x)",
    ],
)
def test_a_database_with_more_than_ours_is_refused(library: Library, bundle: Path, tmp_path: Path, sql: str) -> None:
    refused(with_database(bundle, tmp_path, sql), tmp_path, library)


def test_triggers_of_others_never_fire(library: Library, bundle: Path, tmp_path: Path) -> None:
    sql = "CREATE TRIGGER evil AFTER INSERT ON states BEGIN DELETE FROM notes; END"
    hostile = with_database(bundle, tmp_path, sql)
    unpack_bundle(hostile, tmp_path / "victim")
    with Library(tmp_path / "victim") as victim:
        ids = victim.views.paper_ids(ALL)
        victim.states.set_starred(ids, True)
        assert sum(bool(victim.notes.of(paper_id).text) for paper_id in ids) == 1


def with_database(bundle: Path, tmp_path: Path, sql: str) -> Path:
    """A bundle whose database had something done to it, and whose description agrees."""
    import hashlib

    place = tmp_path / "changed.db"
    with open_bundle(bundle) as opened:
        opened.unpack_database(place)
    with closing(sqlite3.connect(place)) as connection:
        connection.create_function("fold_name", 1, str)
        connection.execute(sql)
        connection.commit()

    def change(archive: zipfile.ZipFile, contents: dict[str, bytes]) -> None:
        with zipfile.ZipFile(bundle) as original:
            described = json.loads(original.read("bundle.json"))
        described["files"]["library.db"] = hashlib.sha256(place.read_bytes()).hexdigest()
        archive.writestr("bundle.json", json.dumps(described))
        archive.writestr("library.db", place.read_bytes())

    return rewrite(bundle, change, skip=("bundle.json", "library.db"))


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all", b"\0" * 5000])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.lectern"
    path.write_bytes(content)
    with pytest.raises(BundleError, match="no bundle"):
        unpack_bundle(path, tmp_path / "victim")


def test_bundles_damaged_anywhere_are_refused_or_whole(library: Library, bundle: Path, tmp_path: Path) -> None:
    """A flipped byte in any part: refused with a sentence, or of no consequence."""
    original = bundle.read_bytes()
    tables = read_tables(library.folder / "library.db", leave_out=ASIDE)
    refusals = 0
    for position in range(0, len(original), max(1, len(original) // 60)):
        data = bytearray(original)
        data[position] ^= 0xFF
        damaged = tmp_path / "damaged.lectern"
        damaged.write_bytes(bytes(data))
        victim = tmp_path / "victim" / str(position)
        try:
            unpack_bundle(damaged, victim)
        except ReaderError:
            refusals += 1
            assert not victim.exists()
            continue
        with Library(victim, clock=clock) as opened:
            assert read_tables(opened.folder / "library.db", leave_out=ASIDE) == tables
        shutil.rmtree(victim)
    assert refusals > 40


def test_a_damaged_imported_file_is_refused_by_merging_too(library: Library, bundle: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        source = next(info for info in archive.infolist() if info.filename.startswith("sources/"))
    data = bytearray(bundle.read_bytes())
    content = source.header_offset + 30 + len(source.filename)
    data[content + source.compress_size // 2] ^= 0xFF
    bundle.write_bytes(bytes(data))
    with Library(tmp_path / "other", clock=clock) as other:
        with pytest.raises(BundleError, match="damaged"):
            other.bundles.merge(bundle)
        assert len(other.views.paper_ids(ALL)) == 0
        assert not [path for path in (other.folder / "sources").rglob("*") if path.is_file()]


def test_a_place_that_cannot_be_written_to_is_told(library: Library, tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="cannot be written"):
        library.bundles.write(tmp_path / "no" / "such" / "folder.lectern")
