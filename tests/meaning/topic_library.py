"""Invented papers as vectors that need no library: each word has a direction of its own, drawn by lot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random

import numpy as np
import numpy.typing as npt

from reader.domain.words import search_words
from reader.meaning.topic_sorting import PaperVectors, Texts
from tests.meaning.invented_topics import InventedPaper, common_words

_WIDTH = 96


@cache
def _direction(word: str) -> npt.NDArray[np.float64]:
    draw = Random(word)
    return np.array([draw.gauss(0, 1) for _ in range(_WIDTH)])


def rows_of(papers: Sequence[InventedPaper]) -> npt.NDArray[np.int8]:
    """Rows of whole numbers, one for each paper; common words count for nothing, as rare words tell more."""
    common = set(common_words())
    sums = np.zeros((len(papers), _WIDTH))
    for number, paper in enumerate(papers):
        for word in search_words(" ".join(paper.text)):
            if word not in common:
                sums[number] += _direction(word)
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return np.rint(sums / lengths * 250).clip(-127, 127).astype(np.int8)


def vectors_of(papers: Sequence[InventedPaper], basis: str = "one", first_id: int = 1) -> PaperVectors:
    """Vectors of papers, whose ids count from ``first_id``."""
    ids = np.arange(first_id, first_id + len(papers), dtype=np.int64)
    return PaperVectors(basis, ids, rows_of(papers))


def texts_of(papers: Sequence[InventedPaper], first_id: int = 1) -> Texts:
    """What gives the texts of the papers of :func:`vectors_of`."""

    def read(paper_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        return {paper_id: papers[paper_id - first_id].text for paper_id in paper_ids}

    return read
