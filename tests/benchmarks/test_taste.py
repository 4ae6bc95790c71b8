"""How long a decision takes to show in the order "for you", with 10,000 papers of which 5,000 are decided.

It is processor time: the work is done beside the window, which meanwhile takes keys.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.meaning.invented_topics import TOPICS, as_bibtex, invented_papers
from tests.services.support import finish

DECIDED, LIKED_OF = 5_000, 7
INBOX = 2_000
MOST_AFTER_A_KEY = 0.06
MOST_FOR_REASONS = 0.15


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of invented papers with vectors, half of them decided."""
    folder: Path = tmp_path_factory.mktemp("taste") / "library"
    with Library(folder) as opened:
        papers = [paper for seed in range(28) for paper in invented_papers(range(TOPICS), 30, seed=seed)]
        finish(opened.imports.text(as_bibtex(papers), "papers"))
        ids = shuffled(opened)
        opened.states.set(ids[: DECIDED // LIKED_OF], PaperState.DONE)
        opened.states.set(ids[DECIDED // LIKED_OF : DECIDED], PaperState.DISMISSED)
        assert opened.meaning.space(complete=True) is not None
        yield opened


def shuffled(library: Library) -> list[int]:
    ids = sorted(library.views.paper_ids(View(ViewKind.ALL)))
    random.Random(1).shuffle(ids)
    return ids


def cost(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    start = time.process_time()
    work()
    return time.process_time() - start


def test_a_decision_is_in_the_scores_at_once(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    inbox = shuffled(library)[DECIDED : DECIDED + INBOX]
    first = cost(lambda: library.taste.scores(inbox))
    costs = []
    for paper_id in inbox[:20]:
        library.states.set([paper_id], PaperState.DONE)
        costs.append(cost(lambda: library.taste.scores(inbox)))
    with capsys.disabled():
        print(f"\nfirst scores {first * 1000:.0f} ms, after a key {sorted(costs)[10] * 1000:.0f} ms of processor time")
    assert sorted(costs)[10] <= MOST_AFTER_A_KEY


def test_reasons_are_there_at_once(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    inbox = shuffled(library)[DECIDED : DECIDED + 20]
    library.taste.scores(inbox)
    costs = sorted(cost(lambda paper_id=paper_id: library.taste.reasons(paper_id)) for paper_id in inbox)  # type: ignore[misc]
    with capsys.disabled():
        print(f"\nreasons {costs[10] * 1000:.0f} ms, what was learned {cost(library.taste.learned):.2f} s")
    assert costs[10] <= MOST_FOR_REASONS
