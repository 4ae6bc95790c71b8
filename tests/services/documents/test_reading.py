"""Reading a PDF file in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reader.domain.errors import ReaderError, WorkCancelledError
from reader.formats.pdf.file_reading import read_pdf
from reader.services.documents.reading import read_document
from tests.formats.pdf.writing import PdfMaker, quad, utf16

ROOT = Path(__file__).resolve().parents[3]


def paper(path: Path) -> Path:
    made = PdfMaker(Title="Tides")
    made.prose("Tides rise twice a day.\nThe moon pulls.")
    made.annotate(0, "Highlight", [quad(72, 686, 4, 8)], C=[1, 1, 0], Contents=utf16("🌊?"), M="D:2024")
    made.annotate(0, "Ink", Rect=[1, 1, 2, 2])
    path.write_bytes(made.made())
    return path


def sentence(path: Path) -> str:
    with pytest.raises(ReaderError) as caught:
        read_document(path)
    return str(caught.value)


def test_a_file_is_read_as_in_one_process(tmp_path: Path) -> None:
    path = paper(tmp_path / "tides.pdf")
    found = read_document(path)
    assert found == read_pdf(path.read_bytes())
    assert [each.exact for each in found.annotations] == ["moon"]


def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    text, cut = tmp_path / "text.pdf", tmp_path / "cut.pdf"
    text.write_text("Tides")
    cut.write_bytes(b"%PDF-1.7\nTides")
    assert sentence(text) == "text.pdf is not a PDF file. Choose a file that a PDF reader opens."
    assert sentence(cut).startswith("cut.pdf is damaged and could not be read.")
    assert sentence(tmp_path) == f"{tmp_path.name} is not a file. Choose a PDF file."
    assert sentence(tmp_path / "none.pdf") == f"{tmp_path / 'none.pdf'} cannot be read: No such file or directory."
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(512 * 1024 * 1024 + 1)
    assert sentence(large) == "large.pdf is too large: Lectern reads PDF files of up to 512 MB. Save a smaller copy."


def test_reading_can_be_given_up(tmp_path: Path) -> None:
    with pytest.raises(WorkCancelledError):
        read_document(paper(tmp_path / "tides.pdf"), cancelled=lambda: True)


def test_nothing_of_it_is_imported_before_the_first_file(tmp_path: Path) -> None:
    """Neither by commands nor by the module that reads files, whose own process imports it."""
    script = (
        "import sys, reader.services.documents.reading, reader.ui.app.window\n"
        "from reader.cli import cli\n"
        "cli(['--library', sys.argv[1], 'papers'], standalone_mode=False)\n"
        "print([name for name in sys.modules if name.startswith(('pypdf', 'reader.formats.pdf.file_reading'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "library")], cwd=ROOT, capture_output=True, text=True, check=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"
