"""Files made to break what reads them are read or refused, within bounds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from reader.domain.documents import ReadDocument
from reader.domain.errors import ReaderError
from reader.services.documents.reading import read_document
from tests.formats.pdf.hostile import BOMBS

ROOT = Path(__file__).resolve().parents[3]
_AT_ONCE = 100


def outcomes(first: int, last: int) -> Counter[str]:
    """How reading damaged files ended; the process that reads them begins again after a file that ends it."""
    found: Counter[str] = Counter()
    while first < last:
        command = [sys.executable, "-m", "tests.formats.pdf.mutation_run", str(first), str(min(last, first + _AT_ONCE))]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        found.update(outcome for _, outcome in told)
        first += len(told)
        if done.returncode:
            found["ended the process"] += 1
            first += 1
    return found


def test_damaged_files_are_read_or_refused() -> None:
    found = outcomes(0, 200)
    assert set(found) == {"read", "refused"}
    assert min(found.values()) > 50  # the damage is neither too little nor too much


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_ten_thousand_damaged_files_are_read_or_refused() -> None:
    found = outcomes(1_000, 11_000)
    assert set(found) == {"read", "refused"}


BOUNDED: dict[str, object] = {
    "content_bomb": "damaged",
    "appearance_bomb": [],
    "filter_bomb": "damaged",
    "million_pages": "more than 20,000 pages",
    "promised_pages": [],
    "circular_pages": "damaged",
    "many_annotations": ["Tides"] * 10_000,
    "many_quads": ["Tides"] * 2,
    "many_characters": "anything",
    "deep_outline": [],
    "deep_arrays": [],
    "endless_references": "damaged",
    "endless_labels": ["Tides"],
    "long_strings": ["Tides"] * 2,
    "talkers": ["Tides"],
}
"""What becomes of each bomb: the sentence has these words, or the marks quote these texts."""


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_read_or_refused(bomb: str, tmp_path: Path) -> None:
    """Within the limits of the process that reads them, or the sentence would say that it takes too long."""
    path = tmp_path / "bomb.pdf"
    path.write_bytes(BOMBS[bomb]())
    expected = BOUNDED[bomb]
    try:
        read = read_document(path)
    except ReaderError as error:
        assert isinstance(expected, str), error
        assert expected in str(error)
    else:
        assert isinstance(read, ReadDocument)
        if expected != "anything":
            assert [each.exact for each in read.annotations] == expected
