"""The program that the system opens PDF files with, and whether a file is one that it may be given."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from reader.domain.errors import ReaderError
from reader.services.latex_to_unicode import shown_line

_PATIENCE = 5
_BEGINNING = 1_024
"""Readers look for the mark of a PDF file in so many bytes, as Acrobat does (ISO 32000-1, annex H.3.4.1)."""


def default_reader() -> str:
    """The name of the desktop entry for PDF files, such as ``org.kde.okular.desktop``; empty where there is none.

    Asks ``xdg-mime``, a program of xdg-utils that Linux desktops have; it may take a moment.
    """
    asks = shutil.which("xdg-mime") if sys.platform.startswith("linux") else None
    if asks is None:
        return ""
    try:
        command = [asks, "query", "default", "application/pdf"]
        said = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=True).stdout
    except (OSError, ValueError, subprocess.SubprocessError):
        return ""
    return said.strip()


def check_pdf(path: Path) -> None:
    """Raise :class:`ReaderError` for a file that is no PDF by its name and its beginning: a system may run others."""
    name = shown_line(path.name, 80)
    try:
        with path.open("rb") as file:
            is_pdf = b"%PDF-" in file.read(_BEGINNING)
    except OSError as error:
        raise ReaderError(f"Could not read {name}: {error.strerror or 'it cannot be opened'}.") from None
    if path.suffix.casefold() != ".pdf" or not is_pdf:
        raise ReaderError(f"{name} is no longer a PDF; attach the paper's PDF again.")
