"""How long a search by meaning takes, the vectors being loaded; it is to stay below 100 ms with 100,000 papers.

``LECTERN_BENCHMARK_PAPERS`` sets how many papers (10,000 unless told). Their vectors are random, which takes as long.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from reader.domain.cancellation import never
from reader.domain.meaning import PaperText
from reader.domain.query import parse_query
from reader.index.whoosh_index import WhooshIndex
from reader.meaning.basis import Basis
from reader.meaning.space import MeaningSpace
from reader.services.meaning.search import MeaningSearch
from tests.benchmarks.index_measuring import TODAY, PapersInSqlite, build
from tests.meaning.invented_topics import invented_papers

PAPERS = int(os.environ.get("LECTERN_BENCHMARK_PAPERS", "10000"))
WIDTH = 512
QUERIES = (
    "model training between existing steps",
    "large language performance",
    "approach to multiple tasks using data",
    "reconal transing",
)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PapersInSqlite]:
    papers = PapersInSqlite(tmp_path_factory.mktemp("papers") / "papers.db", PAPERS)
    yield papers
    papers.connection.close()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, papers: PapersInSqlite) -> Iterator[WhooshIndex]:
    folder = tmp_path_factory.mktemp("index")
    build(folder, papers)
    index = WhooshIndex(folder)
    yield index
    index.close()


@pytest.fixture(scope="module")
def space(index: WhooshIndex) -> MeaningSpace:
    import numpy as np  # after the package that says how many threads it is to use

    basis = Basis.train([PaperText(*paper.text) for paper in invented_papers(range(2), 10)])
    rows = np.random.default_rng(1).normal(0, 11, (PAPERS, WIDTH)).round().astype(np.int8)
    return MeaningSpace(basis, np.arange(1, PAPERS + 1), rows)


@pytest.mark.parametrize("query", QUERIES)
def test_by_meaning(
    benchmark: BenchmarkFixture, papers: PapersInSqlite, index: WhooshIndex, space: MeaningSpace, query: str
) -> None:
    node = parse_query(query, today=TODAY).node
    search = MeaningSearch(space, index, papers, never)
    own: list[float] = []

    def find() -> None:
        begun = time.process_time()
        search.find(node, index.matching_ids(node, papers))
        own.append(time.process_time() - begun)

    find()
    benchmark.pedantic(find, rounds=10)
    benchmark.extra_info["processor_ms"] = 1_000 * sorted(own)[len(own) // 2]


def test_closeness(benchmark: BenchmarkFixture, space: MeaningSpace) -> None:
    benchmark.pedantic(lambda: space.closeness(space.vectors([1, 2, 3]).mean(axis=0)), rounds=10, warmup_rounds=1)
