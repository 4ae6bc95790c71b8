"""How long the running text of a page takes, from the file to sentences.

``make bench ARGS=tests/benchmarks/test_page_text.py``. Gold papers of two columns, so dense ones.
"""

from __future__ import annotations

from contextlib import closing
from time import process_time
from typing import Any

import pytest

from reader.domain.page_text.document import DocumentText
from reader.formats.pdf.engine import PdfFile
from tests.formats.pdf.gold_measuring import GOLD


@pytest.mark.parametrize("name", ["acm", "acl"])
def test_time_per_page(benchmark: Any, name: str) -> None:
    data = (GOLD / f"{name}.pdf").read_bytes()
    times: list[tuple[float, float]] = []

    def read() -> None:
        begun = process_time()
        with closing(PdfFile(data)) as file:
            pages = [file.characters(page) for page in range(file.page_count)]
        read_at = process_time()
        DocumentText(pages)
        times.append(((read_at - begun) / len(pages), (process_time() - read_at) / len(pages)))

    benchmark.pedantic(read, rounds=7, iterations=1)
    best = min(times, key=sum)
    print(f"\n{name}: {1000 * best[0]:.1f} ms a page read, {1000 * best[1]:.1f} ms made sentences")
