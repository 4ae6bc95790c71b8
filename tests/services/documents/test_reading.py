"""Reading a PDF file in a process of its own."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from reader.domain.documents import AnnotationKind
from reader.domain.errors import ReaderError, WorkCancelledError
from reader.formats.pdf.file_reading import read_pdf
from reader.services.documents import reading
from reader.services.documents.reading import read_document
from tests.formats.pdf.hostile import content_bomb, many_characters
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


def slow(path: Path) -> Path:
    """A file that takes some seconds to read."""
    path.write_bytes(many_characters())
    return path


def test_what_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = slow(tmp_path / "slow.pdf")
    takes_long = "slow.pdf takes too long to read. Save a copy with a PDF reader, and choose that."
    monkeypatch.setattr(reading, "MOST_PROCESSOR_SECONDS", 1)
    assert sentence(path) == takes_long
    monkeypatch.setattr(reading, "LONGEST_SECONDS", 0.0)
    assert sentence(path) == takes_long


def test_what_takes_too_much_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_MEMORY", 300_000_000)
    path = tmp_path / "bomb.pdf"
    path.write_bytes(content_bomb())
    assert sentence(path).startswith("bomb.pdf is damaged and could not be read.")


class Killer:
    """Kills the first processes of this one that read files, each after it has read for a moment."""

    def __init__(self, times: int, seed: int) -> None:
        self.killed: set[int] = set()
        self.seen: set[int] = set()
        self._times = times
        self._random = random.Random(seed)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        own = psutil.Process()
        while not self._is_over.wait(0.01):
            for child in own.children():
                with suppress(psutil.Error):
                    if child.pid not in self.seen and "spawn_main" in " ".join(child.cmdline()):
                        self.seen.add(child.pid)
                        if len(self.killed) < self._times:
                            self._is_over.wait(self._random.random() / 4)
                            child.kill()
                            self.killed.add(child.pid)


@pytest.mark.parametrize("seed", range(3))
def test_a_process_that_is_killed_is_tried_once_more(tmp_path: Path, seed: int) -> None:
    path = slow(tmp_path / "slow.pdf")
    with Killer(1, seed) as killer:
        found = read_document(path)
    assert [each.place.kind for each in found.annotations] == [AnnotationKind.HIGHLIGHT]
    assert len(killer.killed) == 1
    with Killer(9, seed) as killer:
        assert sentence(path).startswith("slow.pdf is damaged and could not be read.")
    assert len(killer.killed) == len(killer.seen) == 2
