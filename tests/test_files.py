"""Files written whole or not at all: content, permissions, links, failures, and the small memories on top."""

import errno
import os
import stat
from pathlib import Path

import pytest

from reader.files import LARGEST_MEMORY, followed, put_in_place, recall, remember, replacing, write_file

needs_permissions = pytest.mark.skipif(os.name == "nt", reason="no permissions of this kind")


def test_content_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "notes.md"
    write_file(place, b"first")
    write_file(place, b"second")
    assert place.read_bytes() == b"second" and list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("stage", ["writing", "flushing", "renaming"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    place = tmp_path / "notes.md"
    write_file(place, b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if stage != "writing":
        patched = "reader.files.os.fsync" if stage == "flushing" else "pathlib.Path.replace"
        monkeypatch.setattr(patched, full)
    with pytest.raises(OSError, match="No space left"), replacing(place) as file:
        file.write(b"new")
        if stage == "writing":
            full()
    assert place.read_bytes() == b"old" and list(tmp_path.iterdir()) == [place]


def test_the_content_is_flushed_before_it_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = []
    flush, rename = os.fsync, Path.replace
    monkeypatch.setattr("reader.files.os.fsync", lambda descriptor: (done.append("flush"), flush(descriptor))[1])
    monkeypatch.setattr(Path, "replace", lambda path, to: (done.append("rename"), rename(path, to))[1])
    write_file(tmp_path / "notes.md", b"text")
    assert done == ["flush", "rename"] + ["flush"] * (os.name != "nt")
    done.clear()
    write_file(tmp_path / "notes.md", b"text", flush_entry=False)
    assert done == ["flush", "rename"]


def test_a_folder_that_cannot_be_flushed_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr("reader.files.flush_folder", refuse)
    (tmp_path / "made").write_bytes(b"text")
    put_in_place(tmp_path / "made", tmp_path / "notes.md")
    assert (tmp_path / "notes.md").read_bytes() == b"text"


@needs_permissions
def test_private_files_are_private_from_the_start_and_others_keep_their_permissions(tmp_path: Path) -> None:
    place = tmp_path / "notes.md"
    with replacing(place) as file:
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600
    place.chmod(0o640)
    write_file(place, b"shared", private=False)
    assert stat.S_IMODE(place.stat().st_mode) == 0o640
    write_file(place, b"mine")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_memories_come_back_and_damaged_ones_count_as_none(tmp_path: Path) -> None:
    place = tmp_path / "memory.json"
    assert recall(place) is None
    assert remember(place, {"folder": "Übung", "lone": "\ud800"})
    assert recall(place) == {"folder": "Übung", "lone": "\ud800"}
    for damage in (b"{", b"\xff", b"[" * 100_000, b" " * LARGEST_MEMORY + b"1"):
        place.write_bytes(damage)
        assert recall(place) is None
    assert not remember(tmp_path / "missing" / "memory.json", 1)


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_links_are_followed_and_circles_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "place")
    assert followed(tmp_path / "link") == (tmp_path / "place").resolve()
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    with pytest.raises((OSError, RuntimeError)):
        followed(tmp_path / "one")
