"""The entry for Linux desktops, checked as a desktop reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reader.domain.errors import ReaderError
from reader.services.process.desktop_entry import MIME_TYPES, entry_text, install_desktop_entry, window_command
from reader.services.resources import resource_path
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]


def fields(text: str) -> dict[str, str]:
    lines = text.splitlines()
    assert lines[0] == "[Desktop Entry]"
    return dict(line.split("=", 1) for line in lines[1:])


def arguments(value: str) -> list[str]:
    """An Exec line as the specification has it read: the string's escapes, then the quotes, then the field codes."""
    value = value.replace("\\n", "\n").replace("\\\\", "\\")
    found, current, quoted, at = [], "", False, 0
    while at < len(value):
        character = value[at]
        if character == '"':
            quoted = not quoted
        elif quoted and character == "\\":
            at += 1
            current += value[at]
        elif character == " " and not quoted:
            found.append(current)
            current = ""
        else:
            current += character
        at += 1
    return [part.replace("%%", "%") for part in [*found, current]]


def test_entry_and_icon_are_put_in_place(tmp_path: Path) -> None:
    entry, icon = install_desktop_entry(["/opt/lectern"], tmp_path)
    assert entry == tmp_path / "applications" / "lectern.desktop"
    assert icon.read_bytes() == resource_path("icons", "lectern.svg").read_bytes()
    found = fields(entry.read_text("utf-8"))
    assert found["Exec"] == "/opt/lectern %F"
    assert found["MimeType"].split(";")[:-1] == list(MIME_TYPES)
    assert found["Icon"] == icon.stem


def test_putting_it_in_place_again_replaces_it(tmp_path: Path) -> None:
    install_desktop_entry(["/old/lectern"], tmp_path)
    entry, _ = install_desktop_entry(["/new/lectern"], tmp_path)
    assert fields(entry.read_text("utf-8"))["Exec"] == "/new/lectern %F"
    assert not list(tmp_path.rglob(".lectern*"))  # no half-written file stays


@pytest.mark.parametrize("odd", ["/a b/lectern", '/a"b/l', "/a\\b", "/a$HOME/`x`", "/100%/l", "/läß/l", "/a;b&c/l"])
def test_any_path_is_run_as_it_is(odd: str) -> None:
    assert arguments(fields(entry_text([odd, "-m"]))["Exec"]) == [odd, "-m", "%F"]


def test_a_folder_that_cannot_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "applications").write_text("a file where a folder should be")
    with pytest.raises(ReaderError, match="cannot be written to"):
        install_desktop_entry(["/opt/lectern"], tmp_path)


def test_the_command_exists() -> None:
    command = window_command()
    assert os.access(command[0], os.X_OK)


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="needs desktop-file-utils")
def test_the_entry_is_valid(tmp_path: Path) -> None:
    entry, _ = install_desktop_entry(None, tmp_path)
    done = subprocess.run(["desktop-file-validate", str(entry)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="entries are for Linux desktops")
def test_the_command_line_says_what_it_wrote(tmp_path: Path) -> None:
    environment = os.environ | {"XDG_DATA_HOME": str(tmp_path / "data"), "LECTERN_LIBRARY": str(tmp_path / "library")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "--install-desktop"],
        capture_output=True, text=True, env=environment, check=True, timeout=PATIENCE,
    )  # fmt: skip
    assert str(tmp_path / "data" / "applications" / "lectern.desktop") in done.stdout
    assert not (tmp_path / "library").exists()
