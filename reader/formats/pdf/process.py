"""The process that reads one PDF file: what a hostile file may do there, it does to nobody else.

It gets a path and answers once, in JSON. It may use so much memory and processor time, write no file, and leave no dump
of its memory behind. Windows has no such limits; there only the time that its parent waits is limited. It imports
nothing above formats, which would take longer than reading most files.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from reader.formats.pdf.answers import encode_document, encode_problem

MOST_MEMORY = 1_500_000_000
"""Bytes of address space, of which Python and PDFium take a third before they read anything."""
MOST_PROCESSOR_SECONDS = 60
"""A thousand pages full of text take a quarter of it."""


def serve(path: Path, parent: Connection) -> None:
    """Read a file and send the answer."""
    from reader.formats.pdf.file_reading import read_pdf
    from reader.formats.pdf.problems import PdfError, PdfProblem

    logging.disable(logging.CRITICAL)  # pypdf tells whatever it finds odd, and nobody listens
    _limit()
    with suppress(OSError, KeyboardInterrupt):
        try:
            answer = encode_document(read_pdf(path.read_bytes()))
        except PdfError as error:
            answer = encode_problem(error.problem)
        except (MemoryError, RecursionError):
            answer = encode_problem(PdfProblem.DAMAGED)
        parent.send_bytes(answer)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_AS: MOST_MEMORY,
        resource.RLIMIT_CPU: MOST_PROCESSOR_SECONDS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for limit, most in limits.items():
        with suppress(ValueError, OSError):  # a smaller limit is in force already
            resource.setrlimit(limit, (most, most + 5 if limit == resource.RLIMIT_CPU else most))
