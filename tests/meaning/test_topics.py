"""Topics of invented papers: groups are found, named apart, brought up to date without moving much, and split."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.errors import ReaderError, WorkCancelledError
from reader.domain.stemmer import stem
from reader.domain.topics import StoredTopic, TopicPlan
from reader.meaning import topics as grouping
from reader.meaning.topic_names import TopicTerms, stems_of
from reader.meaning.topic_picture import place_topics
from reader.meaning.topic_sorting import (
    PaperVectors,
    SortedPapers,
    first_topics,
    plan_merge,
    plan_split,
    plan_update,
)
from tests.examples import examples
from tests.meaning.invented_topics import InventedPaper, invented_papers, topic_words
from tests.meaning.topic_library import rows_of, texts_of, vectors_of

PAPERS = invented_papers()


def numbered(topics: list[StoredTopic] | tuple[StoredTopic, ...]) -> tuple[StoredTopic, ...]:
    """Topics as a library would have stored them: with ids."""
    ids = count(max(topic.id for topic in topics) + 1)
    return tuple(topic if topic.id else replace(topic, id=next(ids)) for topic in topics)


def sorted_first(papers: list[InventedPaper]) -> SortedPapers:
    vectors = vectors_of(papers)
    return SortedPapers.of(vectors, numbered(first_topics(vectors, texts_of(papers))))


def after(plan: TopicPlan, vectors: PaperVectors) -> SortedPapers:
    return SortedPapers.of(vectors, numbered(plan.topics))


def purity(numbers: np.ndarray, papers: list[InventedPaper]) -> float:
    """The share of papers in a group whose largest part is of their topic."""
    groups = {number: Counter() for number in set(numbers.tolist())}
    for number, paper in zip(numbers.tolist(), papers, strict=True):
        groups[number][paper.topic] += 1
    return sum(max(group.values()) for group in groups.values()) / len(papers)


def test_groups_are_the_invented_topics() -> None:
    centres = grouping.cluster(rows_of(PAPERS), 12)
    labels, _ = grouping.assign(rows_of(PAPERS), centres)
    assert len(set(labels.tolist())) == 12
    assert purity(labels, PAPERS) > 0.97


def test_the_same_papers_have_the_same_groups_again() -> None:
    one, other = (grouping.cluster(rows_of(PAPERS), 12) for _ in range(2))
    assert np.array_equal(one, other)


def test_products_are_exact() -> None:
    rows = rows_of(PAPERS)
    centres = grouping.cluster(rows, 12)
    exact = rows.astype(np.int64) @ centres.T.astype(np.int64)
    for start, products in grouping.closeness(rows, centres):
        assert np.array_equal(products.astype(np.int64), exact[start : start + len(products)])


def test_a_paper_without_known_words_is_in_no_topic() -> None:
    rows = rows_of(PAPERS)
    rows[5] = 0
    labels, nearest = grouping.assign(rows, grouping.cluster(rows, 12))
    assert labels[5] == -1 and nearest[5] == 0
    assert (np.delete(labels, 5) >= 0).all()


def test_alike_papers_make_fewer_groups_than_asked_for() -> None:
    rows = np.repeat(rows_of(PAPERS[:2]), 40, axis=0)
    assert len(grouping.cluster(rows, 6)) == 2
    assert len(grouping.cluster(np.zeros((80, 8), dtype=np.int8), 6)) == 0


def test_work_can_be_given_up() -> None:
    with pytest.raises(WorkCancelledError):
        grouping.cluster(rows_of(PAPERS), 12, cancelled=lambda: True)


@pytest.mark.parametrize(("papers", "count"), [(60, 6), (900, 15), (10_000, 50), (1_000_000, 60)])
def test_the_number_of_topics_grows_with_the_library(papers: int, count: int) -> None:
    assert grouping.topic_count(papers) == count


def test_names_are_words_of_their_topic_and_none_is_in_two() -> None:
    found = sorted_first(PAPERS)
    stems: list[str] = []
    for number, topic in enumerate(found.topics):
        assert len(topic.words) >= 2
        of_papers = Counter(PAPERS[paper_id - 1].topic for paper_id in found.members(number))
        own = {word for invented in of_papers for word in topic_words(invented)}
        assert stems_of(topic.words) <= own
        stems += stems_of(topic.words)
    assert len(stems) == len(set(stems))


def test_names_are_written_as_papers_write_them() -> None:
    one = [("Robots", "Robots. With RLVR, they learn. A robot: robots. Then: RLVR.")] * 4
    other = [("Chain of Thought", "A chain of thought helps. Chains of thought are long thoughts.")] * 4
    names = TopicTerms([one, other]).names()
    assert "RLVR" in names[0] and "robots" in names[0]
    assert "chain of thought" in names[1]
    assert "robot" not in names[0]


def test_plurals_count_as_the_same_word() -> None:
    one = [("Robot arm", "a robot arm " * 3)] * 4
    other = [("Robots at sea", "robots sail ships " * 3)] * 4
    names = TopicTerms([one, other]).names()
    assert stems_of(names[0]).isdisjoint(stems_of(names[1]))


def test_taken_words_are_in_no_name() -> None:
    taken = topic_words(0)[2:20]
    texts = [[paper.text for paper in PAPERS if paper.topic == topic] for topic in range(3)]
    names = TopicTerms(texts).names(taken=taken)
    assert not stems_of(names[0]) & {stem(word) for word in taken}
    assert len(names[0]) == 3


def test_topics_are_placed_within_the_picture_and_apart() -> None:
    centres = grouping.cluster(rows_of(PAPERS), 12)
    places = place_topics(centres, np.full(12, 30.0))
    assert places.min() >= 0 and places.max() <= 1
    apart = np.linalg.norm(places[:, None] - places[None], axis=2) + 9 * np.eye(12)
    assert apart.min() > 0.05
    assert np.array_equal(places, place_topics(centres, np.full(12, 30.0)))


def test_new_papers_join_and_move_none() -> None:
    """Each is where it was, in the topic and on the picture."""
    found = sorted_first(PAPERS)
    more = [*PAPERS, *invented_papers(range(12), 5, seed=2)]
    then = SortedPapers.of(vectors_of(more), found.topics)
    assert np.array_equal(then.numbers[: len(PAPERS)], found.numbers)
    before, now = found.dots(), then.dots()
    assert now[0][: len(before[0])] == before[0]
    assert purity(then.numbers, more) > 0.7


def test_dots_lie_within_the_picture() -> None:
    places, numbers = sorted_first(PAPERS).dots()
    assert len(places) == 2 * len(numbers) == 2 * len(PAPERS)
    assert min(places) >= 0 and max(places) <= 1


def test_an_update_moves_few_old_papers_and_finds_what_is_new() -> None:
    found = sorted_first(PAPERS)
    more = [*PAPERS, *invented_papers(range(12), 3, seed=2), *invented_papers([15], 30)]
    vectors = vectors_of(more)
    joined = SortedPapers.of(vectors, found.topics)
    plan = plan_update(joined, texts_of(more))
    assert len(plan.new) == 1
    assert stems_of(plan.new) <= set(topic_words(15))
    then = after(plan, vectors)
    old = slice(0, len(PAPERS))
    assert (then.numbers[old] != joined.numbers[old]).mean() < 0.03
    assert plan.moved == (then.numbers != joined.numbers).sum() >= 30
    places = {topic.id: topic.place for topic in plan.topics}
    assert all(places[topic.id] == topic.place for topic in found.topics)


def test_an_update_without_anything_new_changes_nothing() -> None:
    found = sorted_first(PAPERS)
    plan = plan_update(found, texts_of(PAPERS))
    assert not plan.new and not plan.gone and not plan.renamed
    assert plan.moved < 0.03 * len(PAPERS)


def test_a_library_that_doubled_gets_the_topics_its_size_asks_for() -> None:
    few = invented_papers(range(6), 12)
    found = sorted_first(few)
    more = [*few, *invented_papers(range(6, 20), 40)]
    vectors = vectors_of(more)
    plan = plan_update(SortedPapers.of(vectors, found.topics), texts_of(more))
    assert len(plan.topics) == grouping.topic_count(len(more))
    then = after(plan, vectors)
    assert purity(then.numbers, more) > 0.6
    assert len({topic.place for topic in plan.topics}) == len(plan.topics)


def test_a_name_of_the_user_stays_in_an_update_even_without_papers() -> None:
    found = sorted_first(PAPERS)
    named = tuple(
        replace(topic, given_name="Mine") if number == 3 else topic for number, topic in enumerate(found.topics)
    )
    rest = [paper for paper, number in zip(PAPERS, found.numbers, strict=True) if number not in (3, 4)]
    vectors = vectors_of(rest)
    plan = plan_update(SortedPapers.of(vectors, named), texts_of(rest))
    assert "Mine" in {topic.name for topic in plan.topics}
    assert plan.gone == (found.topics[4].name,)


def test_another_basis_finds_topics_by_the_papers_they_had() -> None:
    found = sorted_first(PAPERS)
    turned = vectors_of(PAPERS, basis="other")
    turned = replace(turned, rows=np.ascontiguousarray(turned.rows[:, ::-1]))
    then = SortedPapers.of(turned, found.topics)
    assert (then.numbers == found.numbers).mean() > 0.97


def test_topics_none_of_whose_papers_is_left_are_made_again() -> None:
    found = sorted_first(PAPERS)
    others = invented_papers(range(12, 24))
    vectors = vectors_of(others, basis="other", first_id=10_000)
    then = SortedPapers.of(vectors, found.topics)
    assert then.sizes == [0] * len(found.topics)
    plan = plan_update(then, texts_of(others, 10_000))
    assert purity(after(plan, vectors).numbers, others) > 0.7
    assert set(plan.gone) == {topic.name for topic in found.topics}


def test_a_split_parts_a_topic_and_a_merge_joins_it_again() -> None:
    papers = invented_papers(range(12), 30)
    vectors, texts = vectors_of(papers), texts_of(papers)
    found = sorted_first(papers)
    number = int(np.argmax(found.sizes))
    plan = plan_split(found, number, texts)
    assert len(plan.topics) == len(found.topics) + 1
    parted = after(plan, vectors)
    whole = set(found.members(number))
    halves = set(parted.members(number)), set(parted.members(len(found.topics)))
    assert len(whole & halves[0]) + len(whole & halves[1]) == len(whole)
    assert len(halves[0] | halves[1]) < 1.1 * len(whole) and min(map(len, halves)) > 0.2 * len(whole)
    back = plan_merge(parted, len(found.topics), number)
    joined = after(back, vectors)
    assert joined.sizes[number] == parted.sizes[number] + parted.sizes[-1]
    others = [at for at in range(len(found.topics)) if at != number]
    assert [joined.sizes[at] for at in others] == [parted.sizes[at] for at in others]


def test_what_cannot_be_split_says_so() -> None:
    papers = [PAPERS[0]] * 30 + invented_papers(range(1, 6))
    found = sorted_first(papers)
    number = int(found.numbers[0])
    with pytest.raises(ReaderError, match="cannot be split"):
        plan_split(found, number, texts_of(papers))


@examples(15)
@given(st.lists(st.integers(0, 359), min_size=60, max_size=200, unique=True), st.integers(0, 5))
def test_any_papers_are_each_in_one_topic(chosen: list[int], zeros: int) -> None:
    papers = [PAPERS[number] for number in chosen]
    vectors = vectors_of(papers)
    vectors.rows[:zeros] = 0
    stored = numbered(first_topics(vectors, texts_of(papers)))
    found = SortedPapers.of(vectors, stored)
    assert sum(found.sizes) == len(papers) - zeros
    assert min(found.sizes) > 0
    members = [paper_id for number in range(len(stored)) for paper_id in found.members(number)]
    assert len(members) == len(set(members)) == len(papers) - zeros
    stems = [word for topic in stored for word in stems_of(topic.words)]
    assert len(stems) == len(set(stems))


def test_a_new_topic_takes_a_free_place_and_no_other_moves() -> None:
    found = sorted_first(PAPERS)
    number = int(np.argmax(found.sizes))
    plan = plan_split(found, number, texts_of(PAPERS))
    assert [topic.place for topic in plan.topics[:-1]] == [topic.place for topic in found.topics]
    places = np.array([topic.place for topic in plan.topics]) / 10_000
    assert np.linalg.norm(places[:-1] - places[-1], axis=1).min() > 0.1
    assert places[-1].min() > 0 and places[-1].max() < 1
