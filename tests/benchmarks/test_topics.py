"""The map of 10,000 papers: making its topics, opening it, and bringing it up to date, in processor time.

The papers are invented; their vectors are drawn by lot around two hundred directions, so that no basis has to be
trained for them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from reader.domain.topics import StoredTopic
from reader.meaning.topic_sorting import PaperVectors, SortedPapers, first_topics, plan_update
from tests.meaning.invented_topics import common_words, topic_words

PAPERS, WIDTH, DIRECTIONS = 10_000, 512, 200
MAKING_SECONDS, OPENING_SECONDS = 2.0, 0.1


def seconds_of(work: Callable[[], Any]) -> float:
    """Processor time of the best of three runs."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


@pytest.fixture(scope="module")
def papers() -> tuple[PaperVectors, list[tuple[str, str]]]:
    """Vectors of papers around directions, and texts of 220 words with some of their direction's own."""
    import numpy as np  # after reader.meaning, which keeps its linear algebra on one thread

    random, draw = np.random.default_rng(5), Random(5)
    directions = random.normal(size=(DIRECTIONS, WIDTH))
    own = random.integers(DIRECTIONS, size=PAPERS)
    floats = 0.7 * directions[own] + random.normal(size=(PAPERS, WIDTH))
    floats /= np.linalg.norm(floats, axis=1, keepdims=True)
    rows = np.rint(floats * 400).clip(-127, 127).astype(np.int8)
    common = common_words()
    texts = []
    for direction in own.tolist():
        words = topic_words(direction % 24)
        told = [*draw.choices(words, k=40), *draw.choices(common, k=180)]
        draw.shuffle(told)
        texts.append((" ".join(told[:10]).title(), " ".join(told[10:]).capitalize() + "."))
    return PaperVectors("lot", np.arange(1, PAPERS + 1), rows), texts


def test_topics_of_10_000_papers(papers: tuple[PaperVectors, list[tuple[str, str]]]) -> None:
    vectors, texts = papers

    def read(paper_ids: Any) -> dict[int, tuple[str, str]]:
        return {paper_id: texts[paper_id - 1] for paper_id in paper_ids}

    made: list[StoredTopic] = []
    making = seconds_of(lambda: made.__setitem__(slice(None), first_topics(vectors, read)))
    stored = [StoredTopic(number, *_values(topic)) for number, topic in enumerate(made, 1)]
    opening = seconds_of(lambda: _open(vectors, stored))
    found = SortedPapers.of(vectors, stored)
    updating = seconds_of(lambda: plan_update(found, read))
    print(
        f"\n{len(stored)} topics of {PAPERS:,} papers: made in {making:.2f} s, sorted and placed in "
        f"{opening * 1e3:.0f} ms, an update planned in {updating:.2f} s of processor time"
    )
    assert making <= MAKING_SECONDS
    assert opening <= OPENING_SECONDS


def _values(topic: StoredTopic) -> tuple[Any, ...]:
    return (topic.given_name, topic.words, topic.basis, topic.centres, topic.examples, topic.newest, topic.place)


def _open(vectors: PaperVectors, stored: list[StoredTopic]) -> None:
    found = SortedPapers.of(vectors, stored)
    found.dots()
    for number in range(len(stored)):
        found.members(number)
