"""Texts for building children, which know functions by name only."""

from __future__ import annotations

import time
from collections.abc import Iterator

from reader.domain.selection import AnnotationText, IndexedText, IndexPart

_SYLLABLES = "ti de ma sk mo del spar se in k ro bo qu el la".split()  # noqa: SIM905


def invented(number: int) -> IndexedText:
    """The invented paper of a number; every thirtieth shares a word with its neighbours, all share "tide"."""
    rest = " ".join(_SYLLABLES[number // step % len(_SYLLABLES)] * (1 + step % 2) for step in range(1, 40))
    return IndexedText(number, f"Tide {number}", f"group{number // 30} {rest}", (f"Author{number % 7}",), ())


def some_texts(part: IndexPart, count: int, seconds: float = 0.0) -> Iterator[IndexedText | AnnotationText]:
    """``count`` papers, the newest first, over at least so many seconds; a note for every tenth."""
    for number in range(count, 0, -1):
        if seconds and number % 50 == 0:
            time.sleep(seconds * 50 / count)
        if part is IndexPart.PAPERS:
            yield invented(number)
        elif number % 10 == 0:
            yield AnnotationText(number, f"noted {number}", ())


def failing_texts(part: IndexPart) -> Iterator[IndexedText]:
    """A source that breaks."""
    yield invented(1)
    raise ValueError("the source broke")


def some_changes(part: IndexPart) -> Iterator[tuple[list[IndexedText], list[int]]]:
    """Two papers changed, one added, two removed."""
    yield [IndexedText(number, "Ebb", "", (), ()) for number in (1, 2)], [50]
    yield [invented(101)], [60]
