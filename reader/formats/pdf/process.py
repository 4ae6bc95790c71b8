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


def serve(path: Path, parent: Connection, most_memory: int, most_processor_seconds: int) -> None:
    """Read a file and send the answer, with so many bytes of address space and so much time of a processor."""
    from reader.formats.pdf.file_reading import read_pdf
    from reader.formats.pdf.problems import PdfError, PdfProblem

    logging.disable(logging.CRITICAL)  # pypdf tells whatever it finds odd, and nobody listens
    limit_process(most_memory, most_processor_seconds)
    with suppress(OSError, KeyboardInterrupt):
        try:
            answer = encode_document(read_pdf(path.read_bytes()))
        except PdfError as error:
            answer = encode_problem(error.problem)
        except (MemoryError, RecursionError):
            answer = encode_problem(PdfProblem.DAMAGED)
        parent.send_bytes(answer)


def limit_process(most_memory: int, most_processor_seconds: int) -> None:
    """Limit what this process may take and do, as far as the system can, from here to its end."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_AS: most_memory,
        resource.RLIMIT_CPU: most_processor_seconds,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for limit, most in limits.items():
        with suppress(ValueError, OSError):  # a smaller limit is in force already
            resource.setrlimit(limit, (most, most + 5 if limit == resource.RLIMIT_CPU else most))
