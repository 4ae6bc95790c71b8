"""The folder in which libraries meet: what is written is whole, and what cannot be read is merely not here yet."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from reader.domain.errors import ReaderError, SyncTargetMissingError
from reader.domain.sync_targets import LARGEST_FILE, TargetFile, without_password
from reader.services.sync.targets import FolderTarget, target_at
from tests.patience import wait_until


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "library.db").write_bytes(b"")
    return folder


@pytest.fixture
def target(tmp_path: Path, library: Path) -> FolderTarget:
    target = FolderTarget(tmp_path / "meeting", library)
    target.begin(b"{}")
    return target


def test_what_is_put_is_listed_and_read_again(target: FolderTarget) -> None:
    target.put("packs/ab.lecp", b"pack")
    target.put("devices/k3y/000000000001-2.lecs", b"segment")
    listed = target.files()
    assert [(file.name, file.size) for file in listed] == [("devices/k3y/000000000001-2.lecs", 7), ("packs/ab.lecp", 4)]
    assert [target.get(file.name) for file in listed] == [b"segment", b"pack"]
    assert target.files() == listed
    assert target.get("packs/cd.lecp") is None


def test_a_file_that_changes_has_another_mark(target: FolderTarget, tmp_path: Path) -> None:
    target.put("packs/ab.lecp", b"pack")
    before = target.files()
    os.utime(tmp_path / "meeting/packs/ab.lecp", (1, 1))
    assert target.files() != before


def test_what_other_programs_leave_is_passed_over(target: FolderTarget, tmp_path: Path) -> None:
    for name in (
        "devices/k3y/.000000000001-2.lecs.5f.tmp",
        "devices/k3y/000000000001-2.lecs.part",
        "devices/.stfolder/x.lecs",
        "devices/k3y/new\nline.lecs",
        "devices/loose.lecs",
        ".stversions/devices/k3y/000000000001-2.lecs",
        "photos/x.lecs",
        "devices/k3y/deeper/x.lecs",
    ):
        path = tmp_path / "meeting" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "meeting/packs").mkdir()
    (tmp_path / "meeting/packs/linked.lecp").symlink_to(tmp_path / "library/library.db")
    target.put("devices/k3y/1.sync-conflict-20261130.lecs", b"y")  # whole, under a name that a program gave it
    assert [file.name for file in target.files()] == ["devices/k3y/1.sync-conflict-20261130.lecs"]


def test_capitals_of_folders_do_not_matter(target: FolderTarget, tmp_path: Path) -> None:
    (tmp_path / "meeting/PACKS").mkdir()
    (tmp_path / "meeting/PACKS/ab.lecp").write_bytes(b"x")
    assert [target.get(file.name) for file in target.files()] == [b"x"]


def test_a_file_larger_than_any_is_read_in_part(target: FolderTarget, tmp_path: Path) -> None:
    target.put("packs/ab.lecp", b"x")
    with (tmp_path / "meeting/packs/ab.lecp").open("r+b") as file:
        file.truncate(LARGEST_FILE * 4)
    assert len(target.get("packs/ab.lecp") or b"") == LARGEST_FILE + 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe, which Windows lacks")
def test_a_file_that_does_not_come_is_later_and_holds_nobody_up(tmp_path: Path, library: Path) -> None:
    """A named pipe that nobody writes to behaves like a placeholder whose program does not answer."""
    target = FolderTarget(tmp_path / "meeting", library, patience=0.05)
    target.begin(b"{}")
    target.put("packs/ab.lecp", b"x")
    pipes = [tmp_path / f"meeting/packs/{n}.lecp" for n in range(5)]
    for pipe in pipes:
        os.mkfifo(pipe)
    assert [target.get(f"packs/{pipe.name}") for pipe in pipes] == [None] * 5
    stuck = [thread for thread in threading.enumerate() if thread.name == "sync file"]
    assert len(stuck) == 3
    assert target.get("packs/ab.lecp") is None  # a folder that hangs three times is left alone until one comes back
    for pipe in pipes[:3]:
        pipe.write_bytes(b"late")
    wait_until(lambda: target.get("packs/ab.lecp") == b"x")


def test_writing_leaves_nothing_half_done(
    target: FolderTarget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(SyncTargetMissingError, match="is full; make room there"):
            target.put("packs/ab.lecp", b"pack")
    assert list((tmp_path / "meeting/packs").iterdir()) == []


def test_a_folder_that_is_gone_is_said_and_not_made_again(target: FolderTarget, tmp_path: Path) -> None:
    (tmp_path / "meeting").rename(tmp_path / "unplugged")
    for act in (target.files, lambda: target.put("packs/ab.lecp", b"x")):
        with pytest.raises(SyncTargetMissingError, match="is not there; attach its disk"):
            act()
    assert not (tmp_path / "meeting").exists()
    assert target.get("packs/ab.lecp") is None


def test_a_folder_is_not_made_below_one_that_is_missing(tmp_path: Path, library: Path) -> None:
    with pytest.raises(SyncTargetMissingError, match="does not exist; check its name, or attach its disk"):
        FolderTarget(tmp_path / "stick/meeting", library).begin(b"{}")
    assert not (tmp_path / "stick").exists()


def test_a_second_header_never_replaces_the_first(target: FolderTarget) -> None:
    assert target.begin(b"{another}") == b"{}"


def test_only_files_of_the_own_device_are_deleted(target: FolderTarget) -> None:
    names = ["devices/k3y/1.lecs", "devices/q9x/1.lecs", "packs/ab.lecp", "lectern.json"]
    for name in names:
        target.put(name, b"x")
    target.delete("k3y", names[0])
    target.delete("k3y", names[0])
    for name in (*names[1:], "devices/k3y/../q9x/1.lecs", "devices/k3y"):
        with pytest.raises((ValueError, ReaderError)):
            target.delete("k3y", name)
    assert [file.name for file in target.files()] == names[1:3]


@pytest.mark.parametrize("name", ["../x", "packs/../../x", "/etc/passwd", "packs//x", "packs/a\\b", "C:/x", "packs/."])
def test_no_name_leads_out_of_the_folder(target: FolderTarget, name: str) -> None:
    for act in (lambda: target.get(name), lambda: target.put(name, b"")):
        with pytest.raises(ReaderError, match="is not the name of a file"):
            act()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("library", "lies inside a library"),
        ("library/sources/x", "lies inside a library"),
        (".", "The library lies inside"),
        ("other/meeting", "lies inside a library"),
        ("a-file", "is a file"),
        ("linked", "lies inside a library"),
        ("circle", "cannot be reached"),
    ],
)
def test_a_folder_that_harms_a_library_is_refused(tmp_path: Path, library: Path, place: str, sentence: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/library.db").write_bytes(b"")
    (tmp_path / "a-file").write_bytes(b"")
    (tmp_path / "linked").symlink_to(library)
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(ReaderError, match=sentence):
        target_at(str(tmp_path / place), library)


def test_a_path_is_a_folder_and_an_address_is_not(tmp_path: Path, library: Path) -> None:
    assert not target_at(str(tmp_path / "meeting"), library).is_remote
    with pytest.raises(ReaderError, match="“gopher://” is not supported"):
        target_at("gopher://host/x", library)
    with pytest.raises(ReaderError, match="names no host"):
        target_at("https:///x", library)


@pytest.mark.parametrize(
    ("address", "shown", "password"),
    [
        ("https://anna:p%40ss@cloud.example.org:8443/dav?x=1", "https://anna@cloud.example.org:8443/dav?x=1", "p@ss"),
        ("https://cloud.example.org/dav", "https://cloud.example.org/dav", ""),
        ("sftp://anna@host/~/lectern", "sftp://anna@host/~/lectern", ""),
        ("/home/anna:x@y/meeting", "/home/anna:x@y/meeting", ""),
    ],
)
def test_a_password_is_not_part_of_what_is_shown(address: str, shown: str, password: str) -> None:
    assert without_password(address) == (shown, password)


def test_files_compare_by_what_is_known_of_them() -> None:
    assert TargetFile("packs/a", 1, "x") != TargetFile("packs/a", 1, "y")
