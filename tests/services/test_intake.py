"""Finding the files of an import and keeping a copy of each."""

import hashlib
import os
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reader.domain.errors import ReaderError
from reader.formats.format import MAXIMUM_BYTES
from reader.services.imports.source_archive import SourceArchive, check_importable, files_of


def test_a_folder_means_every_file_in_it(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "deep/er/c", ".hidden.txt", ".DS_Store", ".git/config"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [str(path.relative_to(tmp_path)) for path in files_of([tmp_path])]
    assert found == [".hidden.txt", "a.txt", "b.txt", "deep/er/c"]


def test_each_path_comes_once_and_an_empty_folder_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert list(files_of([file, tmp_path, file, empty])) == [file, empty]
    with pytest.raises(ReaderError, match="no file in the folder"):
        check_importable(empty)


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a.txt").write_text("x")
    (tmp_path / "inside" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert list(files_of([tmp_path])) == [tmp_path / "inside" / "a.txt"]


def test_what_is_no_regular_file_is_refused_without_being_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ReaderError, match="no regular file"):
        SourceArchive(tmp_path / "sources").take(pipe)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"^There is no file .*; check its name\.$"):
        SourceArchive(tmp_path / "sources").take(tmp_path / "nothing.txt")


def test_a_large_file_is_refused_without_being_copied(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(MAXIMUM_BYTES + 1)
    with pytest.raises(ReaderError, match="larger than 20 MB"):
        SourceArchive(tmp_path / "sources").take(large)
    assert not (tmp_path / "sources").exists()


def test_a_copy_is_named_by_its_digest_and_private(tmp_path: Path) -> None:
    source = tmp_path / "day.txt"
    source.write_bytes(b"some listing")
    os.utime(source, (0, datetime(2024, 5, 6, 12, tzinfo=UTC).timestamp()))
    archive = SourceArchive(tmp_path / "sources")
    incoming = archive.take(source)
    assert incoming.sha256 == hashlib.sha256(b"some listing").hexdigest()
    assert (incoming.file_name, incoming.stem, incoming.modified) == ("day.txt", "day", date(2024, 5, 6))
    kept = archive.keep(incoming)
    assert kept == archive.path(incoming.sha256)
    assert kept.read_bytes() == b"some listing"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(archive.folder.stat().st_mode) == 0o700
    assert [path for path in archive.folder.rglob("*") if path.is_file()] == [kept]


def test_a_discarded_copy_leaves_nothing(tmp_path: Path) -> None:
    archive = SourceArchive(tmp_path / "sources")
    incoming = archive.take_text("pasted", "Pasted text", date(2026, 1, 1))
    assert incoming.content.read_text() == "pasted"
    archive.discard(incoming)
    assert not list(archive.folder.iterdir())
