"""Reading a PDF file in a process of its own, which is ended if it takes too long or is not wanted any more."""

from __future__ import annotations

import multiprocessing
import signal
import time
from contextlib import suppress
from enum import Enum, auto
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread

from reader.domain.cancellation import Cancelled, never
from reader.domain.documents import ReadDocument
from reader.domain.errors import ReaderError, WorkCancelledError
from reader.formats.pdf.answers import LARGEST_ANSWER, BadAnswerError, decode
from reader.formats.pdf.problems import MOST_PAGES, PdfProblem
from reader.formats.pdf.process import serve

LARGEST_FILE = 512 * 1024 * 1024
"""In bytes."""
MOST_MEMORY = 1_500_000_000
"""Bytes of address space that reading may take; a third of it is what Python and PDFium have before they read."""
MOST_PROCESSOR_SECONDS = 60
"""A thousand pages full of text take a quarter of it."""
LONGEST_SECONDS = 300.0
"""How long reading may take on a machine that is busy with other work."""
_LOOK_SECONDS = 0.05
_END_SECONDS = 5.0
_ATTEMPTS = 2
_SENTENCES = {
    PdfProblem.NOT_A_PDF: "{name} is not a PDF file. Choose a file that a PDF reader opens.",
    PdfProblem.PASSWORD: "{name} needs a password. Save a copy without one, and choose that.",
    PdfProblem.DAMAGED: "{name} is damaged and could not be read. Download it again, or save a copy with a PDF reader.",
    PdfProblem.TOO_MANY_PAGES: f"{{name}} has more than {MOST_PAGES:,} pages, which Lectern does not read.",
}


class _Failure(Enum):
    """Why there is no answer."""

    ENDED = auto()
    TOO_LONG = auto()


def read_document(path: Path, *, cancelled: Cancelled = never) -> ReadDocument:
    """What a PDF file says of itself, with its annotations; for a thread that may wait, a second or so.

    Raises :class:`ReaderError` with a sentence for a file that cannot be read, and :class:`WorkCancelledError` once
    ``cancelled`` says so.
    """
    _refuse_unfit(path)
    for _ in range(_ATTEMPTS):
        answer = _ask(path, cancelled)
        if answer is _Failure.TOO_LONG:
            raise ReaderError(f"{path.name} takes too long to read. Save a copy with a PDF reader, and choose that.")
        if isinstance(answer, ReadDocument):
            return answer
        if isinstance(answer, PdfProblem):
            raise ReaderError(_SENTENCES[answer].format(name=path.name))
    raise ReaderError(_SENTENCES[PdfProblem.DAMAGED].format(name=path.name))


def _refuse_unfit(path: Path) -> None:
    """Refuse what no process need be started for."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ReaderError(f"{path} cannot be read: {error.strerror or error}.") from error
    if not path.is_file():
        raise ReaderError(f"{path.name} is not a file. Choose a PDF file.")
    if size > LARGEST_FILE:
        most = f"{LARGEST_FILE // 1024**2} MB"
        raise ReaderError(f"{path.name} is too large: Lectern reads PDF files of up to {most}. Save a smaller copy.")


def _ask(path: Path, cancelled: Cancelled) -> ReadDocument | PdfProblem | _Failure:
    """Let a new process read the file."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=serve, args=(path, theirs, MOST_MEMORY, MOST_PROCESSOR_SECONDS), name="lectern-pdf", daemon=True
    )
    process.start()
    theirs.close()
    try:
        return _answer(ours, process, cancelled)
    finally:
        process.kill()
        process.join()
        ours.close()
        process.close()


def _answer(child: Connection, process: BaseProcess, cancelled: Cancelled) -> ReadDocument | PdfProblem | _Failure:
    received: list[bytes] = []

    def receive() -> None:
        with suppress(EOFError, OSError):
            received.append(child.recv_bytes(LARGEST_ANSWER))

    # A thread of its own waits for the answer, since a broken child might send half of one and no more.
    waiting = Thread(target=receive, name="pdf answer")
    waiting.start()
    try:
        end = time.monotonic() + LONGEST_SECONDS
        while waiting.is_alive():
            waiting.join(_LOOK_SECONDS)
            if cancelled():
                raise WorkCancelledError
            if time.monotonic() > end:
                return _Failure.TOO_LONG
        with suppress(BadAnswerError):
            return decode(received[0]) if received else _failure(process)
        return _Failure.ENDED
    finally:
        process.kill()
        waiting.join()


def _failure(process: BaseProcess) -> _Failure:
    """Why a process ended without an answer."""
    process.join(_END_SECONDS)
    has_run_out = process.exitcode == -getattr(signal, "SIGXCPU", signal.SIGTERM)
    return _Failure.TOO_LONG if has_run_out else _Failure.ENDED
