"""The model of a reader's taste, on invented topics: exact, a function of the decisions alone, and right."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.cancellation import never
from reader.domain.meaning import PaperText
from reader.domain.taste import Decision, Foretelling
from reader.meaning.arrays import Floats, Rows
from reader.meaning.basis import Basis
from reader.meaning.foretelling import foretell
from reader.meaning.reasons import directions_of, weighty_words, word_parts
from reader.meaning.taste import HALF_LIFE, Background, TasteFit, TasteModel
from tests.examples import examples
from tests.meaning.invented_topics import TOPICS, InventedPaper, invented_papers, topic_words

LIKED_TOPICS = (2, 7)


class World:
    """Papers about invented topics as rows; a paper's id is its place, and its key says as much."""

    def __init__(self) -> None:
        self.papers: list[InventedPaper] = invented_papers()
        self.texts = [PaperText(*paper.text) for paper in self.papers]
        self.basis = Basis.train(self.texts)
        self.all: Rows = self.basis.rows(self.texts)
        vectors = self.all.astype(np.float64) * self.basis.scale
        self.background = Background(vectors.mean(axis=0), vectors.T @ vectors / len(vectors), self.basis.scale)

    def rows(self, paper_ids: Sequence[int]) -> Rows:
        return self.all[list(paper_ids)]

    def fit(self, decisions: Sequence[Decision], pinned: Floats | None = None) -> TasteModel:
        return TasteFit(self.background, self.rows).fit(decisions, pinned)


@cache
def world() -> World:
    return World()


def decided(paper_id: int, liked: bool, *, day: int = 0, weight: int = 10) -> Decision:
    moment = f"2026-{1 + day // 28:02}-{1 + day % 28:02}T08:00:00Z"
    return Decision(f"key{paper_id:05}", paper_id, liked, weight, moment)


def decisions_of(count: int, topics: Sequence[int] = LIKED_TOPICS, *, seed: int = 1) -> list[Decision]:
    """Decisions of a reader who likes some topics: half of them are likes."""
    order = list(range(len(world().papers)))
    random.Random(seed).shuffle(order)
    liked = [place for place in order if world().papers[place].topic in topics][: count // 2]
    others = [place for place in order if world().papers[place].topic not in topics][: count - count // 2]
    return [*(decided(place, True) for place in liked), *(decided(place, False) for place in others)]


def separation(model: TasteModel, decisions: Sequence[Decision], topics: Sequence[int] = LIKED_TOPICS) -> float:
    """The share of pairs of undecided papers, one liked and one not, that the scores put in the right order (AUC)."""
    known = {each.paper_id for each in decisions}
    scores = model.scores(world().all)
    sides: tuple[list[float], list[float]] = ([], [])
    for place, paper in enumerate(world().papers):
        if place not in known:
            sides[paper.topic in topics].append(float(scores[place]))
    pairs = np.subtract.outer(np.array(sides[True]), np.array(sides[False]))
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2)


some_decisions = st.lists(
    st.builds(
        decided,
        st.integers(0, 12 * 30 - 1),
        st.booleans(),
        day=st.integers(0, 200),
        weight=st.integers(2, 30),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda each: each.paper_id,
)


class TestOrder:
    @pytest.mark.parametrize("seed", range(4))
    def test_a_reader_of_two_topics_is_known_after_twenty_decisions(self, seed: int) -> None:
        topics = random.Random(seed).sample(range(TOPICS), 2)
        decisions = decisions_of(20, topics, seed=seed)
        assert separation(world().fit(decisions), decisions, topics) >= 0.95

    def test_nothing_is_known_without_decisions(self) -> None:
        assert separation(world().fit([]), []) == pytest.approx(0.5, abs=0.1)

    def test_labels_that_mean_nothing_teach_nothing(self) -> None:
        draw, found = random.Random(5), []
        for _ in range(12):
            decisions = [decided(place, draw.random() < 0.5) for place in draw.sample(range(360), 40)]
            found.append(separation(world().fit(decisions), decisions))
        assert np.mean(found) == pytest.approx(0.5, abs=0.1)

    def test_what_was_kept_lately_counts_more_after_a_change_of_taste(self) -> None:
        early = [decided(each.paper_id, each.is_liked, day=day) for day, each in enumerate(decisions_of(60, (2, 7)))]
        late = [
            decided(each.paper_id, each.is_liked, day=100 + day)
            for day, each in enumerate(decisions_of(60, (4, 9), seed=2))
            if each.paper_id not in {other.paper_id for other in early}
        ]
        model = world().fit([*early, *late])
        scores = {name: [] for name in ("old", "new")}
        for place, paper in enumerate(world().papers):
            always, lately = model.parts(world().all[place])
            if paper.topic in (2, 7, 4, 9):
                scores["new" if paper.topic in (4, 9) else "old"].append(lately - always)
        assert np.mean(scores["new"]) > 0.2 > -0.2 > np.mean(scores["old"])

    def test_a_holiday_forgets_nothing(self) -> None:
        decisions = decisions_of(30)
        spread = [decided(each.paper_id, each.is_liked, day=day) for day, each in enumerate(decisions)]
        longer = [decided(each.paper_id, each.is_liked, day=day * 6) for day, each in enumerate(decisions)]
        assert np.array_equal(world().fit(spread).weights, world().fit(longer).weights)

    def test_decisions_of_many_active_days_ago_count_half(self) -> None:
        days = [decided(day, True, day=day) for day in range(HALF_LIFE + 1)]
        shares = world().fit([*days, decided(300, False, day=HALF_LIFE)]).lately.shares
        assert shares[0] * 2 == pytest.approx(shares[HALF_LIFE], rel=1e-3)

    def test_scores_are_in_standard_deviations_of_the_library(self) -> None:
        model = world().fit(decisions_of(40))
        for direction in (model.always, model.lately):
            scores = (world().all * world().basis.scale - world().background.mean) @ direction.weights
            assert float(scores.mean()) == pytest.approx(0, abs=1e-9)
            assert float(scores.std()) == pytest.approx(1, abs=1e-9)


class TestExactness:
    @given(some_decisions, st.randoms(use_true_random=False))
    def test_the_order_of_decisions_changes_nothing(self, decisions: list[Decision], draw: random.Random) -> None:
        shuffled = list(decisions)
        draw.shuffle(shuffled)
        assert np.array_equal(world().fit(decisions).weights, world().fit(shuffled).weights)

    @given(some_decisions, st.lists(some_decisions, max_size=3))
    def test_what_was_decided_and_taken_back_leaves_no_trace(
        self, decisions: list[Decision], between: list[list[Decision]]
    ) -> None:
        fit = TasteFit(world().background, world().rows)
        first = fit.fit(decisions).weights
        for other in between:
            fit.fit(other)
        assert np.array_equal(fit.fit(decisions).weights, first)

    @examples(50)
    @given(some_decisions, st.integers(0, 359))
    def test_liking_a_paper_never_lowers_it(self, decisions: list[Decision], paper_id: int) -> None:
        """In the direction that the regression finds; dividing by its spread over the library is a matter of scale."""
        before = [each for each in decisions if each.paper_id != paper_id]
        row = world().all[paper_id].astype(np.float64) * world().basis.scale
        found = [
            float(row @ model.always.weights) * model.always.deviation
            for model in (world().fit(before), world().fit([*before, decided(paper_id, True, weight=30)]))
        ]
        same_ridge = sum(each.is_liked for each in before) >= 30 or not any(each.is_liked for each in before)
        assert found[1] > found[0] - 1e-9 or not same_ridge

    def test_whole_numbers_order_as_real_ones(self) -> None:
        decisions = decisions_of(40)
        exact = world().basis.vectors(world().texts).astype(np.float64)
        model = world().fit(decisions)
        best = [set(np.argsort(-scores)[:50]) for scores in (model.scores(world().all), exact @ model.weights)]
        assert len(best[0] & best[1]) >= 45


class TestReasons:
    @examples(30)
    @given(some_decisions, st.integers(0, 359))
    def test_both_sums_are_the_score(self, decisions: list[Decision], paper_id: int) -> None:
        model, row = world().fit(decisions), world().all[paper_id]
        score = float(model.scores(world().all[paper_id : paper_id + 1])[0])
        assert sum(model.parts(row)) / 2 == pytest.approx(score, abs=1e-9)
        by_paper = model.of_decisions(row, world().rows)
        assert sum(by_paper.values()) == pytest.approx(score, abs=1e-9)
        assert by_paper.keys() == {each.paper_id for each in decisions}
        words = word_parts(world().basis, model, world().texts[paper_id], row)
        assert sum(words.values()) == pytest.approx(score, abs=1e-9)

    def test_the_papers_that_count_most_are_of_the_papers_topic(self) -> None:
        decisions = decisions_of(60)
        place = next(
            place
            for place, paper in enumerate(world().papers)
            if paper.topic == 2 and place not in {each.paper_id for each in decisions}
        )
        parts = world().fit(decisions).of_decisions(world().all[place], world().rows)
        best = sorted(parts, key=lambda paper_id: -parts[paper_id])[:5]
        assert {world().papers[paper_id].topic for paper_id in best} == {2}

    def test_the_weightiest_words_are_those_of_the_topics(self) -> None:
        decisions = decisions_of(120)
        texts = [world().texts[each.paper_id] for each in decisions]
        for_it, _ = weighty_words(world().basis, world().fit(decisions), texts, 8)
        own = {word for topic in LIKED_TOPICS for word in topic_words(topic)}
        assert len(for_it) == 8
        assert all(set(word.split()) & own for word, _ in for_it)

    def test_a_forgotten_word_has_no_weight_and_sums_stay_exact(self) -> None:
        decisions = decisions_of(60)
        word = topic_words(2)[0]
        pinned = directions_of(world().basis, [word])
        free, model = world().fit(decisions), world().fit(decisions, pinned)
        assert float(np.abs(pinned.T @ free.weights).max()) > 1e-3
        assert float(np.abs(pinned.T @ model.weights).max()) < 1e-9
        score = float(model.scores(world().all[5:6])[0])
        assert sum(model.of_decisions(world().all[5], world().rows).values()) == pytest.approx(score, abs=1e-9)

    def test_an_unknown_word_has_no_direction(self) -> None:
        assert directions_of(world().basis, ["zzyzx", ""]).shape == (world().basis.width, 0)


class TestForetelling:
    def told(self, decisions: Sequence[Decision]) -> Foretelling | None:
        fit = TasteFit(world().background, world().rows)
        places = {place: place for place in range(len(world().papers))}
        return foretell(decisions, fit.fit, world().all, places, never)

    def test_a_reader_with_a_taste_is_foretold(self) -> None:
        decisions = decisions_of(100, (2, 7))
        random.Random(3).shuffle(decisions)
        told = self.told([decided(each.paper_id, each.is_liked, day=day) for day, each in enumerate(decisions)])
        assert told is not None and told.kept == 45
        assert told.hits >= 40 and told.is_above_chance

    def test_random_labels_are_foretold_as_chance_would(self) -> None:
        """No paper teaches before it is ranked, or far more than one in three would be right."""
        hits, kept = 0, 0
        for seed in range(20):
            draw = random.Random(seed)
            papers = draw.sample(range(360), 120)
            told = self.told([decided(each, draw.random() < 0.5, day=day) for day, each in enumerate(papers)])
            assert told is not None and not told.is_above_chance
            hits, kept = hits + told.hits, kept + told.kept
        assert hits / kept == pytest.approx(1 / 3, abs=0.05)

    def test_decisions_of_one_moment_do_not_leak_into_each_other(self) -> None:
        hits, kept = 0, 0
        for seed in range(20):
            draw = random.Random(seed)
            told = self.told([decided(each, draw.random() < 0.5) for each in draw.sample(range(360), 120)])
            assert told is not None and not told.is_above_chance
            hits, kept = hits + told.hits, kept + told.kept
        assert hits / kept == pytest.approx(1 / 3, abs=0.05)

    def test_nothing_is_said_of_few_papers(self) -> None:
        assert self.told(decisions_of(60)) is None

    def test_chance_and_its_bounds(self) -> None:
        told = Foretelling(60, 47)
        assert (told.chance, told.low, told.high, told.is_above_chance) == (20, 11, 29, True)
        assert not Foretelling(60, 29).is_above_chance
