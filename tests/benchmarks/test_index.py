"""How fast the index is; see ``scripts/index_benchmark.py`` for the figures in one table.

``LECTERN_BENCHMARK_PAPERS`` sets how many papers (10,000 unless told).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from reader.domain.query import loosen, parse_query
from reader.domain.selection import IndexPart
from reader.index.whoosh_index import WhooshIndex
from tests.benchmarks.index_measuring import (
    TODAY,
    PapersInSqlite,
    Times,
    build,
    typed,
    typed_queries,
    typing_times,
)

PAPERS = int(os.environ.get("LECTERN_BENCHMARK_PAPERS", "10000"))


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PapersInSqlite]:
    papers = PapersInSqlite(tmp_path_factory.mktemp("papers") / "papers.db", PAPERS)
    yield papers
    papers.connection.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, papers: PapersInSqlite) -> Path:
    folder = tmp_path_factory.mktemp("index")
    build(folder, papers)
    return folder


@pytest.fixture
def index(folder: Path) -> Iterator[WhooshIndex]:
    index = WhooshIndex(folder)
    yield index
    index.close()


def test_build(benchmark: BenchmarkFixture, papers: PapersInSqlite, tmp_path: Path) -> None:
    seconds = benchmark.pedantic(build, (tmp_path / "index", papers), rounds=1)
    benchmark.extra_info["papers_per_second"] = PAPERS / seconds


def test_typing(benchmark: BenchmarkFixture, papers: PapersInSqlite, index: WhooshIndex) -> None:
    queries = typed_queries()

    def typing() -> list[float]:
        return typing_times(queries, lambda text: index.matching_ids(typed(text), papers))

    times = Times.of(benchmark.pedantic(typing, rounds=1))
    benchmark.extra_info |= {"p50_ms": times.p50, "p95_ms": times.p95, "max_ms": times.longest}


def test_typing_with_fts5(benchmark: BenchmarkFixture, papers: PapersInSqlite) -> None:
    papers.build_peer()
    queries = typed_queries()
    times = Times.of(benchmark.pedantic(lambda: typing_times(queries, papers.peer_ids), rounds=1))
    benchmark.extra_info |= {"p50_ms": times.p50, "p95_ms": times.p95, "max_ms": times.longest}


def test_first_result(benchmark: BenchmarkFixture, papers: PapersInSqlite, folder: Path) -> None:
    def first() -> None:
        index = WhooshIndex(folder)
        assert index.matching_ids(typed("the"), papers)
        index.close()

    benchmark.pedantic(first, rounds=10)


@pytest.mark.parametrize("query", ["model training", "performance between", '"state of the"', "trai*", "trining~"])
def test_one_query(benchmark: BenchmarkFixture, papers: PapersInSqlite, folder: Path, query: str) -> None:
    node = parse_query(query, today=TODAY).node

    def opened() -> tuple[tuple[WhooshIndex], dict[str, object]]:
        index = WhooshIndex(folder)
        index.matching_ids(typed("x"), papers)
        return (index,), {}

    def search(index: WhooshIndex) -> None:
        assert index.matching_ids(node, papers)
        index.close()

    benchmark.pedantic(search, setup=opened, rounds=10)


def test_ranked(benchmark: BenchmarkFixture, papers: PapersInSqlite, index: WhooshIndex) -> None:
    node = parse_query("model training", today=TODAY).node
    ids = index.matching_ids(node, papers)
    assert benchmark.pedantic(lambda: index.ranked(node, ids, papers, limit=200), rounds=10)


def test_any_word_ranked(benchmark: BenchmarkFixture, papers: PapersInSqlite, index: WhooshIndex) -> None:
    node = loosen(parse_query("model training between existing steps", today=TODAY).node)
    assert node is not None
    ids = index.matching_ids(node, papers)
    assert benchmark.pedantic(lambda: index.ranked(node, ids, papers, limit=200), rounds=10)


def test_open_and_count(benchmark: BenchmarkFixture, papers: PapersInSqlite, index: WhooshIndex) -> None:
    assert benchmark(lambda: index.coverage(papers)).indexed == PAPERS
    assert index.state().documents[IndexPart.PAPERS] == PAPERS
