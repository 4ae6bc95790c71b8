"""Where a library lies, and warnings for places in which it comes to harm."""

from pathlib import Path

import pytest

from reader.services.library.location import default_library_folder, location_warning

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /net/home nfs4 rw 0 0
//server/share /mnt/my\\040share cifs rw 0 0
/dev/sdb1 /net/home/disk ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "names"),
    [
        ("/home/a/Dropbox/papers", "Dropbox"),
        ("/home/a/OneDrive - University/papers", "OneDrive"),
        ("/Users/a/Library/Mobile Documents/papers", "iCloud"),
        ("/home/a/Nextcloud/x", "Nextcloud"),
        ("/net/home/a/lectern", "network drive"),
        ("/mnt/my share/lectern", "network drive"),
    ],
)
def test_warns_of_synchronised_and_network_folders(folder: str, names: str) -> None:
    warning = location_warning(Path(folder), MOUNTS)
    assert warning is not None
    assert names in warning
    assert folder in warning


def test_says_nothing_of_an_ordinary_folder(tmp_path: Path) -> None:
    assert location_warning(tmp_path / "lectern", MOUNTS) is None
    assert location_warning(tmp_path / "dropboxes", MOUNTS) is None


def test_a_disk_mounted_below_a_network_drive_is_a_disk() -> None:
    warning = location_warning(Path("/net/home/disk/lectern"), MOUNTS)
    assert warning is None or "network" not in warning


def test_a_mark_of_a_synchronising_program_counts(tmp_path: Path) -> None:
    (tmp_path / ".stfolder").mkdir()
    warning = location_warning(tmp_path / "deep" / "lectern", MOUNTS)
    assert warning is not None
    assert "Syncthing" in warning


def test_the_environment_names_the_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LECTERN_LIBRARY", str(tmp_path))
    assert default_library_folder() == tmp_path
    monkeypatch.delenv("LECTERN_LIBRARY")
    assert default_library_folder().name == "lectern"
