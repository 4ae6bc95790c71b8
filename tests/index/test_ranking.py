"""The order of relevance, words that were meant, and words that tell papers apart."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from pyroaring import BitMap

from reader.domain.query import (
    Family,
    Node,
    Or,
    Prefix,
    TextField,
    Word,
    any_word_of,
    loosen,
    parse_query,
    with_words_replaced,
)
from reader.domain.selection import AnnotationText, IndexedText, IndexPart
from reader.domain.stemmer import stem
from reader.domain.words import search_words
from reader.index.builder import compact_part
from reader.index.home import IndexHome
from reader.index.whoosh_index import WhooshIndex
from tests.domain.query.strategies import TODAY

from .conftest import OpenIndex
from .library import MemoryLibrary


def library_of(*texts: tuple[str, str]) -> MemoryLibrary:
    return MemoryLibrary({number: IndexedText(number, *text, (), ()) for number, text in enumerate(texts, start=1)})


def index_all(index, library: MemoryLibrary, portion: int = 1_000) -> None:  # type: ignore[no-untyped-def]
    papers = list(library.papers.values())
    for start in range(0, len(papers), portion):
        index.update(IndexPart.PAPERS, papers[start : start + portion])
    index.update(IndexPart.ANNOTATIONS, list(library.annotations.values()))


def order(index, library: MemoryLibrary, node: Node, limit: int = 100) -> list[int]:  # type: ignore[no-untyped-def]
    ids = index.matching_ids(node, library)
    return [paper for paper, _ in index.ranked(node, ids, library, limit=limit)]


FILLER = "ink spreads in water over many slow hours while nobody looks at it closely enough"
TEXTS = (
    ("Ink in water", f"Masks. {FILLER}"),
    ("Sparse masks", FILLER),
    ("Tides", f"Sparse masks, sparse masks, sparse masks. {FILLER}"),
    ("Ebb", f"{FILLER} {FILLER} {FILLER} sparse masks"),
    ("Ebb", f"sparse masks {FILLER[:20]}"),
    ("Ebb", FILLER),
)


@pytest.mark.parametrize("indexed", [True, False])
def test_titles_count_more_than_abstracts(tmp_path: Path, open_index: OpenIndex, indexed: bool) -> None:
    index, library = open_index(tmp_path), library_of(*TEXTS)
    if indexed:
        index_all(index, library)
    found = order(index, library, parse_query("sparse masks", today=TODAY).node)
    assert found[0] == 2
    assert sorted(found) == [2, 3, 4, 5]


def test_more_occurrences_in_shorter_texts_count_more(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), library_of(*TEXTS)
    index_all(index, library)
    assert order(index, library, Word("sparse", TextField.ABSTRACT)) == [3, 5, 4]


def test_rare_words_count_more_than_frequent_ones(tmp_path: Path, open_index: OpenIndex) -> None:
    texts = [("Ebb", "model of things") for _ in range(30)] + [("Ebb", "quasar of things")]
    index, library = open_index(tmp_path), library_of(*texts)
    index_all(index, library)
    assert order(index, library, any_word_of(["model", "quasar"]))[0] == 31


def test_the_same_stem_counts_more_than_the_family(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), library_of(("A", "sparsity here"), ("B", "sparse here"), ("C", "other"))
    index_all(index, library)
    assert order(index, library, Family("sparse")) == [2, 1]


def test_scores_are_those_of_bm25f(tmp_path: Path, open_index: OpenIndex) -> None:
    """Against the formula written out, over texts short enough that Whoosh does not round their lengths."""
    index, library = open_index(tmp_path), library_of(*TEXTS)
    index_all(index, library)
    node = any_word_of(["sparse", "ink"])
    titles = {n: search_words(p.title) for n, p in library.papers.items()}
    abstracts = {n: search_words(p.abstract) for n, p in library.papers.items()}
    expected = dict.fromkeys(library.papers, 0.0)
    for term in ("sparse", "ink"):
        weights = {}
        for paper in library.papers:
            weight = 0.0
            for words, share in ((titles, 5.0), (abstracts, 1.0)):
                count = sum(stem(word) == stem(term) for word in words[paper])
                average = sum(map(len, words.values())) / len(words)
                weight += share * count / (0.4 + 0.6 * len(words[paper]) / average)
            weights[paper] = weight
        matching = sum(weight > 0 for weight in weights.values())
        rarity = math.log(1 + (len(weights) - matching + 0.5) / (matching + 0.5))
        for paper, weight in weights.items():
            expected[paper] += rarity * weight / (1.2 + weight)
    found = dict(index.ranked(node, BitMap(library.papers), library, limit=100))
    assert found.keys() == {paper for paper, score in expected.items() if score > 0}
    for paper, score in found.items():
        assert score == pytest.approx(expected[paper], rel=0.05)


def test_segments_do_not_change_the_order(tmp_path: Path) -> None:
    texts = [(f"Ebb {n % 5}", "sparse " * (n % 7) + "masks " * (n % 3) + FILLER[: n * 2]) for n in range(1, 60)]
    library = library_of(*texts)
    node = any_word_of(["sparse", "masks", "ebb"])
    orders = []
    for name, portion in (("one", 1_000), ("many", 9)):
        index = WhooshIndex(tmp_path / name)
        index_all(index, library, portion)
        orders.append(order(index, library, node))
        if name == "many":
            list(compact_part(IndexHome(tmp_path / name), IndexPart.PAPERS))
            orders.append(order(index, library, node))
        index.close()
    assert orders[0] == orders[1] == orders[2]


def test_only_the_best_are_given_and_only_among_those_asked_for(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), library_of(*TEXTS)
    index_all(index, library)
    node = Word("sparse")
    assert order(index, library, node, limit=2) == [2, 3]
    assert [paper for paper, _ in index.ranked(node, BitMap([4, 5, 6]), library, limit=9)] == [5, 4]
    assert index.ranked(Or(()), BitMap([1]), library, limit=9) == []


@pytest.mark.parametrize("portion", [1_000, 20])
def test_a_beginning_that_many_words_share_ranks_by_itself(tmp_path: Path, open_index: OpenIndex, portion: int) -> None:
    """Looking up all words that begin with "con" took longer than all else of a key."""
    texts = [("Ebb", f"con{letter}u here") for letter in "abcdefghijklmnopqrstuvwxyz"]
    index, library = open_index(tmp_path), library_of(*texts, ("Ebb", "con here"), ("Ebb", "quasar quasars"))
    index_all(index, library, portion)
    ids = index.matching_ids(Prefix("con", typed=True), library)
    assert len(ids) == 27
    ranked = dict(index.ranked(Prefix("con", typed=True), ids, library, limit=100))
    assert ranked.keys() == {27}, "however the papers are spread over segments"
    few = index.ranked(Prefix("quas", typed=True), BitMap(library.papers), library, limit=100)
    assert [paper for paper, _ in few] == [28]


def test_that_paper_about_sparse_masks_is_found(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), library_of(*TEXTS, ("Sparsity of masking", FILLER), ("Reward", FILLER))
    index_all(index, library)
    wider = loosen(parse_query("that paper about sparse masks -title:ebb", today=TODAY).node)
    assert wider is not None
    found = order(index, library, wider)
    assert set(found) == {1, 2, 3, 7}
    assert found[0] == 2
    assert found.index(7) < found.index(1)  # two families in a title before one word in an abstract


def test_changed_papers_are_ranked_by_what_they_are_now(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), library_of(*TEXTS)
    index_all(index, library)
    library.put(IndexedText(6, "Sparse sparse", "", (), ()))
    library.put(IndexedText(3, "Tides", "", (), ()))
    assert sorted(order(index, library, Word("sparse"))) == [2, 4, 5, 6]


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("sparce masks", "sparse masks"),
        ("watre", "water"),
        ('"sparse mask"', None),
        ('"sparce masks"', '"sparse masks"'),
        ("sparse", None),
        ("spa*", None),
        ("qqqqqq", None),
        ("-sparce", None),
        ("title:(tidse OR watr)", "title:(tides OR water)"),
        ("ink2026", None),
        ("2024 wate", "2024 water"),
    ],
)
def test_did_you_mean(tmp_path: Path, open_index: OpenIndex, query: str, meant: str | None, indexed: bool) -> None:
    index, library = open_index(tmp_path), library_of(*TEXTS)
    if indexed:
        index_all(index, library)
    found = index.corrections(parse_query(query, today=TODAY).node, library)
    assert (with_words_replaced(query, found) if found else None) == meant


def test_of_words_equally_near_the_more_frequent_is_meant(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), library_of(("tidal", ""), ("tidel", ""), ("tidel", ""), ("zidal", ""))
    index_all(index, library)
    assert index.corrections(Word("tidil"), library) == {"tidil": "tidel"}


def test_key_words_tell_a_paper_from_others(tmp_path: Path, open_index: OpenIndex) -> None:
    texts = [("Ebb", FILLER) for _ in range(30)] + [("Ebb", f"quasars and a pulsar {FILLER}") for _ in range(3)]
    index, library = open_index(tmp_path), library_of(*texts)
    library.papers[34] = IndexedText(34, "On quasars", f"Quasars and the quasar near a pulsar 12 {FILLER}", (), ())
    index_all(index, library)
    found = index.key_words(library.papers[34], library, limit=5)
    assert found[:2] == ("quasars", "pulsar")
    assert len({stem(word) for word in found}) == len(found)
    more = index.ranked(any_word_of(found[:2]), BitMap(range(1, 34)), library, limit=10)
    assert {paper for paper, _ in more} == {31, 32, 33}


def test_annotations_are_ranked_too(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), library_of(*TEXTS)
    library.annotations = {6: AnnotationText(6, "sparse", ("sparse masks",))}
    index_all(index, library)
    assert 6 in order(index, library, Word("sparse"))
    assert order(index, library, Word("sparse", TextField.NOTE)) == [6]
