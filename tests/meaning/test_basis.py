"""Bases learned from invented topics: what is of one topic is close, and words' parts sum to the score."""

import numpy as np
import pytest

from reader.domain.meaning import PaperText
from reader.meaning.basis import Basis
from reader.meaning.space import MeaningSpace
from tests.meaning.invented_topics import TOPICS, InventedPaper, invented_papers, topic_words
from tests.meaning.invented_word_vectors import invented_word_vectors

PAPERS = invented_papers()


@pytest.fixture(scope="module")
def basis() -> Basis:
    return Basis.train([paper.text for paper in PAPERS])


@pytest.fixture(scope="module")
def with_words(tmp_path_factory: pytest.TempPathFactory) -> Basis:
    """A basis that has word vectors as well."""
    vectors = invented_word_vectors(tmp_path_factory.mktemp("words"))
    return Basis.train([paper.text for paper in PAPERS], vectors)


@pytest.fixture(params=["basis", "with_words"])
def any_basis(request: pytest.FixtureRequest) -> Basis:
    found: Basis = request.getfixturevalue(request.param)
    return found


def space_of(basis: Basis, papers: list[InventedPaper]) -> MeaningSpace:
    return MeaningSpace.of(basis, list(range(len(papers))), basis.rows([paper.text for paper in papers]))


def test_what_is_of_one_topic_is_close(any_basis: Basis) -> None:
    space = space_of(any_basis, PAPERS)
    found = [
        PAPERS[other].topic == paper.topic
        for number, paper in enumerate(PAPERS)
        for other, _ in space.nearest(space.vectors([number])[0], 10, without=[number])
    ]
    assert np.mean(found) >= 0.9


def test_a_word_finds_papers_that_have_only_its_synonym(any_basis: Basis) -> None:
    space = space_of(any_basis, PAPERS)
    for topic in range(TOPICS):
        first, second = topic_words(topic)[:2]
        others = [number for number, paper in enumerate(PAPERS) if paper.synonym != first]
        (query,) = any_basis.vectors([PaperText("", first)])
        found = [PAPERS[number] for number, _ in space.nearest(query, 10, among=others)]
        assert sum(paper.topic == topic and paper.synonym == second for paper in found) >= 8


def test_parts_of_words_sum_to_the_score(any_basis: Basis) -> None:
    random = np.random.default_rng(3)
    weights, centre = random.standard_normal((2, any_basis.width))
    for paper in PAPERS[::40]:
        (vector,) = any_basis.vectors([paper.text])
        parts = any_basis.word_parts(paper.text, weights, centre)
        assert sum(parts.values()) == pytest.approx(float((vector - centre) @ weights), abs=1e-9)
        stored = any_basis.rows([paper.text])[0] * any_basis.scale
        parts = any_basis.word_parts(paper.text, weights, centre, stored)
        assert sum(parts.values()) == pytest.approx(float((stored - centre) @ weights), abs=1e-9)


def test_the_words_of_a_topic_are_what_speaks_for_it(any_basis: Basis) -> None:
    papers = [paper for paper in PAPERS if paper.topic == 0]
    weights = any_basis.vectors([paper.text for paper in papers]).mean(axis=0)
    parts = any_basis.word_parts(papers[0].text, weights, np.zeros(any_basis.width))
    strongest = sorted(parts, key=lambda word: -parts[word])[:5]
    assert all({*word.split()} & {*topic_words(0)} for word in strongest)


def test_training_again_gives_the_same(any_basis: Basis) -> None:
    again = Basis.train([paper.text for paper in PAPERS], any_basis.words)
    assert again.id == any_basis.id
    assert np.array_equal(again.rows([PAPERS[5].text]), any_basis.rows([PAPERS[5].text]))


@pytest.mark.parametrize("text", [PaperText("", ""), PaperText("???", "—"), PaperText("Unheard", "of")])
def test_of_a_text_of_which_nothing_is_known_nothing_is_close(basis: Basis, text: PaperText) -> None:
    assert not basis.rows([text]).any()
    weights = np.ones(basis.width)
    assert sum(basis.word_parts(text, weights, weights).values()) == pytest.approx(-basis.width)


def test_a_row_does_not_depend_on_the_texts_beside_it(any_basis: Basis) -> None:
    texts = [paper.text for paper in PAPERS]
    together = any_basis.rows(texts)
    assert np.array_equal(np.vstack([any_basis.rows([text]) for text in texts]), together)
    assert np.array_equal(any_basis.rows(texts[::-7]), together[::-7])


@pytest.mark.parametrize(
    "texts",
    [
        [PaperText("The same words", "for all papers of them")] * 30,
        [PaperText("")] * 25,
        [PaperText(f"Word{number}") for number in range(40)],
        [PaperText("two kinds") if number % 2 else PaperText("of papers here") for number in range(30)],
    ],
    ids=["all the same", "no text", "nothing in common", "two kinds"],
)
def test_papers_of_which_little_can_be_learned_do_no_harm(texts: list[PaperText]) -> None:
    basis = Basis.train(texts)
    rows = basis.rows(texts)
    assert rows.shape == (len(texts), basis.width)
    space = MeaningSpace.of(basis, list(range(len(texts))), rows)
    near = space.nearest(space.vectors([1])[0], 5, without=[1])
    assert len(near) == 5
    assert all(-1 <= closeness <= 1.01 for _, closeness in near)
    assert space.moments()[2] == len(texts)
    assert sum(basis.word_parts(texts[0], np.ones(basis.width), np.zeros(basis.width)).values()) == pytest.approx(
        float(basis.vectors(texts[:1]).sum())
    )
