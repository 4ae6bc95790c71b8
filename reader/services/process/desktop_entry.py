"""A place for Lectern in the menus of Linux desktops: an entry, an icon, and the file types it opens.

After the Desktop Entry Specification 1.5 (https://specifications.freedesktop.org/desktop-entry-spec/latest/) and the
Icon Theme Specification: a user's own entries lie below ``XDG_DATA_HOME``, where nobody needs to be root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import reader
from reader.domain.errors import ReaderError
from reader.files import write_file
from reader.services.resources import resource_path

MIME_TYPES = (
    "text/plain",
    "text/markdown",
    "text/html",
    "application/xhtml+xml",
    "application/json",
    "application/atom+xml",
    "text/x-bibtex",
    "application/x-bibtex",
    "application/x-research-info-systems",
)
"""What listing files are taken for by the shared MIME database; the user's own choice of a program for them stands."""

# Characters that the specification reserves in an argument of Exec, so that it must be quoted.
_RESERVED = set(" \t\n\"'\\><~|&;$*?#()`")
_NAME = "lectern"


def install_desktop_entry(command: list[str] | None = None, data_home: Path | None = None) -> list[Path]:
    """Put Lectern into the desktop's menus and among the programs that open listing files; returns what was written.

    ``command`` starts the window (by default the one that runs now), ``data_home`` is ``XDG_DATA_HOME`` or its default.
    Raises :class:`ReaderError` on systems without such entries, and where the folder cannot be written to.
    """
    if data_home is None and not sys.platform.startswith(("linux", "freebsd", "openbsd")):
        raise ReaderError("Entries of this kind are for Linux desktops; on this system, make a shortcut by hand.")
    home = data_home or _data_home()
    entry = home / "applications" / f"{_NAME}.desktop"
    icon = home / "icons" / "hicolor" / "scalable" / "apps" / f"{_NAME}.svg"
    try:
        for file, content in (
            (entry, entry_text(command or window_command()).encode()),
            (icon, resource_path("icons", f"{_NAME}.svg").read_bytes()),
        ):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_file(file, content, private=False)
    except OSError as error:
        raise ReaderError(f"{home} cannot be written to: {error.strerror or error}.") from error
    _tell_desktop(home)
    return [entry, icon]


def entry_text(command: list[str]) -> str:
    """The entry's text; ``command`` is what to run, each argument as it is."""
    run = " ".join(_quoted(argument) for argument in command)
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        "Version=1.4\n"
        "Name=Lectern\n"
        "GenericName=Reader of research-paper listings\n"
        "Comment=Skim, tag, highlight and queue papers from the keyboard\n"
        f"Exec={run} %F\n"
        f"Icon={_NAME}\n"
        "Terminal=false\n"
        "StartupNotify=true\n"
        f"StartupWMClass={_NAME}\n"
        "Categories=Office;\n"
        "Keywords=papers;arXiv;reading;annotation;bibliography;\n"
        f"MimeType={';'.join(MIME_TYPES)};\n"
    )


def window_command() -> list[str]:
    """What starts the window again from anywhere: the installed command beside this Python, else Python itself."""
    beside = Path(sys.executable).with_name("lectern-window")
    if os.access(beside, os.X_OK):
        return [str(beside)]
    checkout = Path(reader.__file__).resolve().parents[1] / "main.py"
    return [sys.executable, *([str(checkout)] if checkout.exists() else ["-m", "reader"])]


def _data_home() -> Path:
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "share"


def _quoted(argument: str) -> str:
    r"""One argument of ``Exec``: quoted where needed, ``"`` ``\`` ``$`` and the backtick escaped, ``%`` doubled.

    The escaping of a quoted argument comes first, then that of any string value, which doubles backslashes again.
    """
    argument = argument.replace("%", "%%")
    if not _RESERVED & set(argument):
        return argument
    for character in '\\"$`':
        argument = argument.replace(character, f"\\{character}")
    return '"' + argument.replace("\\", "\\\\").replace("\n", "\\n") + '"'


def _tell_desktop(home: Path) -> None:
    """Let the desktop read its folders anew, where it has the tool for it; others look by themselves."""
    tool = shutil.which("update-desktop-database")
    if tool is not None:
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run([tool, str(home / "applications")], capture_output=True, timeout=20, check=False)
