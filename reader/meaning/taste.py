"""A reader's taste as a direction in the space of meaning: a weighted ridge regression on what was decided.

With the mean of the liked papers' rows ``l``, of the dismissed ones' ``d`` and of the library's ``x xT`` as ``G``::

    w = (lambda I + mean_l(x xT) + 1/4 mean_d(x xT) + G)^-1 (mean_l(x) - 1/4 mean_d(x))
    lambda = clip(3 / liked, 0.1, 1)

is solved twice: with every decision as it is ("always"), and with decisions halved for every 45 days on which the
reader decided anything ("lately"). Each direction is divided by the standard deviation of its scores over the library,
and the two are averaged. The result is a pure function of the decisions: rows are whole numbers and so are weights, so
that the sums are exact, in whatever order they were made and however often decisions were taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reader.domain.taste import Decision, active_days
from reader.meaning.arrays import Floats, Rows

HALF_LIFE = 45
"""The active days after which a decision counts half in "lately"."""
_SHARES = 1.0, -0.25
"""What all liked papers together weigh, and all dismissed ones."""
_LEAST_RIDGE, _MOST_RIDGE, _RIDGE_OF = 0.1, 1.0, 3.0
_FINENESS = 1024
"""The whole number that stands for an age of nothing; ages are rounded to its parts, so that sums stay exact."""
_BLOCK = 2_048


@dataclass(frozen=True, slots=True)
class Background:
    """The library that decisions are seen against: the mean row, the mean of ``x xT``, and the scale of the rows."""

    mean: Floats
    moment: Floats
    scale: float


class ExactSums:
    """The sums of weight * x and weight * x xT over rows of whole numbers; exact, so that taking back leaves no trace.

    Weights are whole numbers below 2^16 and rows int8, so that the sums over 100,000 decisions stay below 2^53.
    """

    def __init__(self, width: int) -> None:
        self._weights: dict[int, int] = {}
        self._first: Floats = np.zeros(width)
        self._second: Floats = np.zeros((width, width))

    def update(self, weights: Mapping[int, int], rows: Callable[[Sequence[int]], Rows]) -> None:
        """Make ``weights`` the weights by paper; ``rows`` gives the rows of papers."""
        changed = {
            paper_id: weights.get(paper_id, 0) - self._weights.get(paper_id, 0)
            for paper_id, _ in weights.items() ^ self._weights.items()
        }
        paper_ids = list(changed)
        for start in range(0, len(paper_ids), _BLOCK):
            block = paper_ids[start : start + _BLOCK]
            numbers = rows(block).astype(np.float64)
            weighted = numbers * np.array([changed[paper_id] for paper_id in block], dtype=np.float64)[:, None]
            self._first += weighted.sum(axis=0)
            self._second += weighted.T @ numbers
        self._weights = dict(weights)

    def shares(self, whole: float) -> dict[int, float]:
        """What each paper has of a whole, by its weight."""
        total = sum(self._weights.values())
        return {paper_id: whole * weight / total for paper_id, weight in self._weights.items()}

    def add_means(self, first: Floats, second: Floats, share: float, scale: float) -> None:
        """Add ``share`` times the mean of x to ``first``, and its absolute value times that of x xT to ``second``."""
        total = sum(self._weights.values())
        if total:
            first += self._first * (share * scale / total)
            second += self._second * (abs(share) * scale * scale / total)


@dataclass(frozen=True, slots=True)
class Direction:
    """One solution: the matrix, the direction in units of standard deviations, and the share of every decision in it.

    ``pinned`` are directions (one a column) that it is orthogonal to: words that the reader wanted forgotten.
    """

    matrix: Floats
    weights: Floats
    deviation: float
    shares: Mapping[int, float]
    pinned: Floats

    def of_decisions(self, centred: Floats, rows: Callable[[Sequence[int]], Rows], scale: float) -> dict[int, float]:
        """The part of every decision in the score of a row given without its mean; they sum to the score."""
        if not self.deviation:
            return {}
        paper_ids = sorted(self.shares)
        answer = _solve_pinned(self.matrix, centred, self.pinned)
        parts = (rows(paper_ids).astype(np.float64) @ answer) * (scale / self.deviation)
        return {paper_id: float(part) * self.shares[paper_id] for paper_id, part in zip(paper_ids, parts, strict=True)}


@dataclass(frozen=True, slots=True)
class TasteModel:
    """What the decisions say: the directions "always" and "lately", their mean, and the library's mean row."""

    background: Background
    always: Direction
    lately: Direction

    @property
    def weights(self) -> Floats:
        """The direction whose product with a row without the mean is the score."""
        return (self.always.weights + self.lately.weights) / 2

    def scores(self, rows: Rows) -> Floats:
        """The scores of rows, in standard deviations; 0 is the library's average."""
        weights, background = self.weights, self.background
        scaled, middle = weights * background.scale, float(background.mean @ weights)
        found = np.empty(len(rows))
        for start in range(0, len(rows), _BLOCK):
            found[start : start + _BLOCK] = rows[start : start + _BLOCK].astype(np.float64) @ scaled - middle
        return found

    def parts(self, row: Rows) -> tuple[float, float]:
        """The scores of a row by "always" and by "lately"; their mean is its score."""
        centred = row.astype(np.float64) * self.background.scale - self.background.mean
        return float(centred @ self.always.weights), float(centred @ self.lately.weights)

    def of_decisions(self, row: Rows, rows: Callable[[Sequence[int]], Rows]) -> dict[int, float]:
        """The part of every decision in a row's score; they sum to the score."""
        scale = self.background.scale
        centred = row.astype(np.float64) * scale - self.background.mean
        parts: dict[int, float] = {}
        for direction in (self.always, self.lately):
            for paper_id, part in direction.of_decisions(centred, rows, scale).items():
                parts[paper_id] = parts.get(paper_id, 0.0) + part / 2
        return parts


class TasteFit:
    """Fits the model to decisions, again and again; sums are kept, so that one decision more costs two solutions."""

    def __init__(self, background: Background, rows: Callable[[Sequence[int]], Rows]) -> None:
        """``rows`` gives the rows of papers by id."""
        self._background, self._rows = background, rows
        width = len(background.mean)
        self._always = (ExactSums(width), ExactSums(width))
        self._lately = (ExactSums(width), ExactSums(width))

    def fit(self, decisions: Sequence[Decision], pinned: Floats | None = None) -> TasteModel:
        """The model for these decisions; ``pinned`` are directions (one a column) that must not count."""
        ages = _ages([decision.day for decision in decisions])
        if pinned is None:
            pinned = np.empty((len(self._background.mean), 0))
        for number, is_liked in enumerate((True, False)):
            side = [(each.paper_id, each.weight, ages[each.day]) for each in decisions if each.is_liked is is_liked]
            self._always[number].update({paper_id: weight for paper_id, weight, _ in side}, self._rows)
            aged = {paper_id: weight * age for paper_id, weight, age in side if age}
            self._lately[number].update(aged, self._rows)
            if is_liked:
                liked = [age for _, _, age in side]
        newest = max(ages.values(), default=1)
        return TasteModel(
            self._background,
            self._direction(self._always, float(len(liked)), pinned),
            self._direction(self._lately, sum(liked) / newest, pinned),
        )

    def _direction(self, sums: tuple[ExactSums, ExactSums], liked: float, pinned: Floats) -> Direction:
        """The solution for sums over liked and dismissed papers."""
        background = self._background
        right, matrix = np.zeros(len(background.mean)), background.moment.astype(np.float64)
        for side, share in zip(sums, _SHARES, strict=True):
            side.add_means(right, matrix, share, background.scale)
        ridge = min(_MOST_RIDGE, max(_LEAST_RIDGE, _RIDGE_OF / liked if liked else _MOST_RIDGE))
        matrix[np.diag_indices_from(matrix)] += ridge
        found = _solve_pinned(matrix, right, pinned)
        spread = float(found @ background.moment @ found) - float(found @ background.mean) ** 2
        deviation = float(np.sqrt(spread)) if spread > 0 else 0.0
        shares = sums[0].shares(_SHARES[0]) | sums[1].shares(_SHARES[1])
        return Direction(matrix, found / deviation if deviation else found * 0, deviation, shares, pinned)


def _ages(given: Sequence[str]) -> dict[str, int]:
    """What a decision of a day counts in "lately", as a whole number, by day.

    Only proportions matter, so that days are counted from a fixed one: a new day then leaves the others as they are.
    """
    days = active_days(given)
    fixed = (len(days) - 1) // HALF_LIFE * HALF_LIFE
    return {day: round(_FINENESS * 2 ** ((number - fixed) / HALF_LIFE)) for day, number in days.items()}


def _solve_pinned(matrix: Floats, right: Floats, pinned: Floats) -> Floats:
    """The solution of a symmetric positive definite system that is orthogonal to the columns of ``pinned``.

    With ``C`` for them and ``a`` for the free solution, it is ``a - M^-1 C (CT M^-1 C)^-1 CT a``.
    """
    if not pinned.shape[1]:
        return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    found = np.linalg.solve(matrix, np.column_stack((right, pinned)))
    free, away = found[:, 0], found[:, 1:]
    pull = np.linalg.lstsq(pinned.T @ away, pinned.T @ free, rcond=None)[0]
    return np.asarray(free - away @ pull, dtype=np.float64)
