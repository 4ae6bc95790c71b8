"""Reading the annotations of a PDF file: ``make bench ARGS=tests/benchmarks/test_documents.py``."""

from __future__ import annotations

import resource
from pathlib import Path

from reader.services.documents.reading import read_document
from tests.formats.pdf.writing import PdfMaker, quad

PAGES = 100


def annotated_book() -> bytes:
    """A hundred full pages with a mark of three lines on each."""
    made = PdfMaker(Title="Tides")
    line = "Tides rise twice a day, and they are measured with a gauge near the coast by night. "
    for page in range(PAGES):
        made.prose("\n".join(line[number % 9 :] for number in range(48)), top=740, packed=True)
        quads = [quad(72, 740 - 14 * number, 0, 60) for number in range(2)]
        made.annotate(page, "Highlight", quads, C=[1, 1, 0], NM=f"mark-{page}", Contents="Why?")
    return made.made()


def test_reading_a_hundred_pages_with_a_hundred_marks(tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(annotated_book())
    seconds = []
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        read = read_document(path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert (read.page_count, len(read.annotations)) == (PAGES, PAGES)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nread in {min(seconds):.2f} s of processor time; the process had {memory:.0f} MB at most")
    assert min(seconds) < 20
    assert memory < 150
