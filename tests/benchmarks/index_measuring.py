"""What the index's benchmarks measure, with SQLite's FTS5 beside it over the same papers in the same run.

FTS5 is a peer to compare with, not a dependency: full detail, Porter's stems, accents dropped, beginnings of two and
three letters indexed, and the same rule for one or two typed letters (titles only).
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyroaring import BitMap

from reader.domain.query import FilterLeaf, Node, parse_query
from reader.domain.selection import AnnotationText, IndexedText, IndexPart
from reader.index.builder import BuildStage, build_part
from reader.index.home import IndexHome
from reader.index.whoosh_index import WhooshIndex
from tests.benchmarks.zipf import ZipfPapers

TODAY = date(2026, 3, 5)
TYPED_QUERIES = 200
_SCHEMA = """
CREATE TABLE papers (id INTEGER PRIMARY KEY, title TEXT NOT NULL, abstract TEXT NOT NULL, names TEXT NOT NULL);
CREATE VIRTUAL TABLE peer USING fts5(
    title, abstract, names, content='papers', content_rowid='id',
    tokenize='porter unicode61 remove_diacritics 2', prefix='2 3'
);
"""


@dataclass(frozen=True)
class Times:
    """A series of times in milliseconds."""

    p50: float
    p95: float
    longest: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        ordered = sorted(second * 1000 for second in seconds)
        return cls(ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)], ordered[-1])

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p95:.1f} / {self.longest:.1f} ms"


class PapersInSqlite:
    """Invented papers in a database: the texts of the index, and the peer."""

    def __init__(self, path: Path, count: int) -> None:
        """Make the papers, or open those made before."""
        new = not path.exists()
        self.connection = sqlite3.connect(path)
        self.changed: dict[int, int] = {}
        if new:
            self.connection.executescript(_SCHEMA)
            papers = ZipfPapers().papers(count)
            rows = ((p.id, p.title, p.abstract, "\n".join(p.names)) for p in papers)
            self.connection.executemany("INSERT INTO papers VALUES (?, ?, ?, ?)", rows)
            self.connection.commit()
        self._ids = BitMap(row[0] for row in self.connection.execute("SELECT id FROM papers"))

    def build_peer(self) -> float:
        """Index the papers with FTS5; seconds."""
        start = time.perf_counter()
        with self.connection:
            self.connection.execute("INSERT INTO peer(peer) VALUES ('rebuild')")
            self.connection.execute("INSERT INTO peer(peer) VALUES ('optimize')")
        return time.perf_counter() - start

    def all_texts(self) -> Iterator[IndexedText]:
        """All papers, the newest first."""
        for row in self.connection.execute("SELECT * FROM papers ORDER BY id DESC"):
            yield _text(row)

    def peer_ids(self, text: str) -> list[int]:
        """What FTS5 finds for a query being typed, the newest first."""
        *words, last = text.split()
        terms = [f'"{word}"' for word in words]
        if not text.endswith(" "):
            terms.append(f'{{title}}: "{last}" *' if len(last) <= 2 else f'"{last}" *')
        else:
            terms.append(f'"{last}"')
        found = self.connection.execute(
            "SELECT rowid FROM peer WHERE peer MATCH ? ORDER BY rowid DESC", (" AND ".join(terms),)
        )
        return [row[0] for row in found]

    def peer_ranked(self, words: Sequence[str], limit: int) -> list[int]:
        """What FTS5 finds for whole words, the best first."""
        found = self.connection.execute(
            "SELECT rowid FROM peer WHERE peer MATCH ? ORDER BY bm25(peer, 5.0, 1.0, 2.0) LIMIT ?",
            (" AND ".join(f'"{word}"' for word in words), limit),
        )
        return [row[0] for row in found]

    # what an index asks

    def indexable_ids(self, part: IndexPart) -> BitMap:
        return self._ids if part is IndexPart.PAPERS else BitMap()

    def filter_ids(self, leaf: FilterLeaf) -> BitMap:
        return BitMap()

    def pending(self, part: IndexPart) -> Mapping[int, int]:
        return self.changed if part is IndexPart.PAPERS else {}

    def texts(self, part: IndexPart, ids: Sequence[int]) -> Iterable[IndexedText | AnnotationText]:
        marks = ",".join("?" * len(ids))
        return [_text(row) for row in self.connection.execute(f"SELECT * FROM papers WHERE id IN ({marks})", ids)]


def _text(row: tuple[int, str, str, str]) -> IndexedText:
    return IndexedText(row[0], row[1], row[2], tuple(row[3].split("\n")), ())


def build(folder: Path, papers: PapersInSqlite, on_commit: Callable[[int], None] = lambda count: None) -> float:
    """Build an index in this process; seconds. (In the program this is a child's work.)"""
    start = time.perf_counter()
    for progress in build_part(IndexHome(folder), IndexPart.PAPERS, papers.all_texts):
        if progress.stage is BuildStage.INDEXING:
            on_commit(progress.documents)
    return time.perf_counter() - start


def typed_queries(seed: int = 11) -> list[str]:
    """Queries of one to three words, as often as texts hold them; one in ten ends in a space."""
    rng, words = random.Random(seed), ZipfPapers(seed=7).sample_words(5_000)
    return [
        " ".join(rng.choice(words) for _ in range(rng.randint(1, 3))) + (" " if rng.random() < 0.1 else "")
        for _ in range(TYPED_QUERIES)
    ]


def keystrokes(query: str) -> list[str]:
    """What stands in the box after every keystroke."""
    return [query[:length] for length in range(1, len(query) + 1)]


def typing_times(queries: Iterable[str], search: Callable[[str], object]) -> list[float]:
    """Seconds for every keystroke of some queries."""
    seconds = []
    for query in queries:
        for text in keystrokes(query):
            start = time.perf_counter()
            search(text)
            seconds.append(time.perf_counter() - start)
    return seconds


def typed(text: str) -> Node:
    """A query that is being typed."""
    return parse_query(text, typing=True, today=TODAY).node


@dataclass(frozen=True)
class Figures:
    """What one run of one size gave."""

    papers: int
    build_seconds: float
    index_megabytes: float
    first_touch: Times
    repeat: Times
    ranked: Times
    edit_to_findable: Times
    commit: Times
    peer_build_seconds: float
    peer_typing: Times
    peer_ranked: Times


def measure(folder: Path, papers: PapersInSqlite, count: int, build_seconds: float, peer_seconds: float) -> Figures:
    """Measure an index that is built, and the peer."""
    queries = typed_queries()
    pairs = [query.split()[:2] for query in queries if len(query.split()) > 1]
    index = WhooshIndex(folder)
    first_touch = typing_times(queries, lambda text: index.matching_ids(typed(text), papers))
    repeat = typing_times(queries, lambda text: index.matching_ids(typed(text), papers))
    ranked = [_seconds(lambda pair=pair: _ranked(index, papers, pair)) for pair in pairs]
    edits, commits = zip(*(_edit(index, papers, number) for number in range(1, 21)), strict=True)
    size = index.state().bytes / 1e6
    index.close()
    peer_typing = typing_times(queries, papers.peer_ids)
    peer_ranked = [_seconds(lambda pair=pair: papers.peer_ranked(pair, 200)) for pair in pairs]
    return Figures(
        count,
        build_seconds,
        size,
        Times.of(first_touch),
        Times.of(repeat),
        Times.of(ranked),
        Times.of(edits),
        Times.of(commits),
        peer_seconds,
        Times.of(peer_typing),
        Times.of(peer_ranked),
    )


def _ranked(index: WhooshIndex, papers: PapersInSqlite, words: Sequence[str]) -> None:
    node = parse_query(" ".join(words), today=TODAY).node
    index.ranked(node, index.matching_ids(node, papers), papers, limit=200)


def _edit(index: WhooshIndex, papers: PapersInSqlite, number: int) -> tuple[float, float]:
    """Change a paper; seconds until a search finds it, and seconds for the commit that indexes it."""
    word = f"freshword{number}"
    papers.connection.execute("UPDATE papers SET title = title || ' ' || ? WHERE id = ?", (word, number))
    papers.connection.commit()
    papers.changed = {number: number}
    node = parse_query(word, today=TODAY).node
    found = _seconds(lambda: index.matching_ids(node, papers))
    assert list(index.matching_ids(node, papers)) == [number]
    committed = _seconds(lambda: index.update(IndexPart.PAPERS, papers.texts(IndexPart.PAPERS, [number])))
    papers.changed = {}
    assert list(index.matching_ids(node, papers)) == [number]
    return found, committed


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
