"""One order from two: what is high in both stands first, equal papers stand by key, papers without a vector too."""

from __future__ import annotations

from array import array

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.meaning import PaperText
from reader.meaning.basis import Basis
from reader.meaning.rank_fusion import RankFusion
from reader.meaning.space import MeaningSpace
from reader.meaning.word_vectors import WordVectors
from tests.meaning.invented_topics import invented_papers, topic_words

TEXTS = [PaperText(*paper.text) for paper in invented_papers(range(3), 10)]
BASIS = Basis.train(TEXTS)
IDS = [7 * place + 3 for place in range(len(TEXTS))]
SPACE = MeaningSpace(BASIS, np.array(IDS), BASIS.rows(TEXTS))
MEANT = SPACE.vectors(IDS[:3]).mean(axis=0)


def test_what_is_first_in_both_orders_is_first() -> None:
    nearest = [one for one, _ in SPACE.nearest(MEANT, 30)]
    fusion = RankFusion(SPACE, MEANT, nearest[:5])
    assert list(fusion.close(-1.0, 30, None, array("q"))) == nearest
    lifted = RankFusion(SPACE, MEANT, [nearest[8]])
    assert list(lifted.close(-1.0, 30, None, array("q"))).index(nearest[8]) < 8


@given(st.permutations(IDS), st.lists(st.sampled_from(IDS), unique=True), st.sets(st.sampled_from(IDS)))
def test_leaving_papers_out_never_changes_the_order_of_the_others(
    by_words: list[int], some: list[int], without: set[int]
) -> None:
    fusion = RankFusion(SPACE, MEANT, by_words)
    order = list(fusion.close(-1.0, len(IDS), None, array("q")))
    assert sorted(order) == IDS
    left = [one for one in order if one in some and one not in without]
    assert list(fusion.close(-1.0, len(IDS), array("q", some), array("q", without))) == left
    assert list(fusion.ordered(array("q", some))) == [one for one in order if one in some]
    assert list(fusion.close(-1.0, 4, array("q", some), array("q", without))) == left[:4]


def test_what_is_less_close_than_the_floor_is_left_out() -> None:
    fusion = RankFusion(SPACE, MEANT, IDS)
    closeness = {one: fusion.closeness(one) for one in IDS}
    floor = sorted(value for value in closeness.values() if value is not None)[12]
    assert set(fusion.close(floor, 99, None, array("q"))) == {
        one for one, value in closeness.items() if value is not None and value >= floor
    }


def test_papers_without_a_vector_stand_by_their_words() -> None:
    unknown, later = 5_000, 5_001
    fusion = RankFusion(SPACE, MEANT, [unknown, *IDS])
    assert fusion.closeness(unknown) is None
    assert set(fusion.ordered(array("q", [later, unknown, *IDS]))) == {later, unknown, *IDS}
    assert list(fusion.ordered(array("q", [later, unknown]))) == [unknown, later]
    assert list(fusion.close(-1.0, 2, array("q", [unknown]), array("q", [later]))) == []


def test_nothing_to_order_is_no_failure() -> None:
    empty = MeaningSpace(BASIS, np.array([], dtype=np.int64), BASIS.rows([]))
    fusion = RankFusion(empty, MEANT, [4])
    assert list(fusion.close(-1.0, 9, None, array("q", [4]))) == []
    assert list(fusion.ordered(array("q", [9, 4]))) == [4, 9]


def test_the_floor_lies_above_unrelated_papers_and_below_related_ones() -> None:
    many = [PaperText(*paper.text) for paper in invented_papers(range(4), 20)]
    basis = Basis.train(many)
    space = MeaningSpace(basis, np.arange(len(many)), basis.rows(many))
    cosines = space.vectors(range(len(many))) @ space.vectors(range(len(many))).T
    topics = np.arange(len(many)) // 20
    related = topics[:, None] == topics[None, :]
    assert np.mean(cosines[~related] > space.floor) < 0.05
    assert np.mean(cosines[related] > space.floor) > 0.8


def test_a_basis_knows_words_of_the_library_and_whole_words() -> None:
    pieces = {"<unk>": 0, "▁kraken": 1, "▁": 2, "z": 3, "q": 4}
    vectors = WordVectors(np.ones((5, 4), dtype=np.float16), lambda: (pieces, []), "invented")
    basis = Basis.train(TEXTS, vectors)
    assert basis.knows(topic_words(0)[0])
    assert basis.knows("kraken")
    assert not basis.knows("zq")
    assert not Basis.train(TEXTS).knows("kraken")
    assert not basis.vectors([PaperText("")]).any(), "nothing is known of no text"
    assert basis.vectors([PaperText("kraken")]).any()
