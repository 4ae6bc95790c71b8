"""Topics: groups of papers whose vectors point the same way, found by spherical k-means.

The method is k-means on directions (I. S. Dhillon, D. S. Modha, "Concept decompositions for large sparse text data
using clustering", 2001), begun by greedy k-means++ (D. Arthur, S. Vassilvitskii, 2007). Centres are whole numbers, as
the papers' rows are: every sum of products stays below 2^24, so that 32-bit floats give it exactly, in whatever order
they are added, and the same library has the same topics on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random

import numpy as np
import numpy.typing as npt

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import WorkCancelledError
from reader.domain.topics import wilson
from reader.meaning.arrays import Rows

Centres = npt.NDArray[np.int32]
"""Centres of groups, one in a row, all of the same length :data:`LENGTH`."""
Labels = npt.NDArray[np.int32]
"""For each paper the number of its group, -1 for none."""
Floats = npt.NDArray[np.float64]

LENGTH = 1 << 14
"""The length of a centre: times that of a row (at most 1,024), it is what a 32-bit float holds exactly."""
MOST_TOPICS = 60
LEAST_TOPICS = 6
_ROUNDS = 25
_WARM_ROUNDS = 5
_SPLIT_ROUNDS = 12
_BLOCK = 2_000
_SAMPLE = 20_000
_TRIALS = 5
_ROWS_TRIED = 12_000
_MOST_TRIES = 8
_SEED = 20_112
_MOST_MOVED = 0.025
"""The share of old papers that a refit of a library that has not doubled may move."""
_LEAST_NEW = 8
_MOST_CANDIDATES = 12


def topic_count(papers: int) -> int:
    """The number of topics that a library of this size has at first."""
    return min(max(round(sqrt(papers) / 2), LEAST_TOPICS), MOST_TOPICS)


def closeness(rows: Rows, centres: Centres) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    """Products of all rows and all centres, block by block: the first row's number, and (rows, centres) products."""
    across = np.ascontiguousarray(centres.T, dtype=np.float32)
    for start in range(0, len(rows), _BLOCK):
        yield start, rows[start : start + _BLOCK].astype(np.float32) @ across


def assign(rows: Rows, centres: Centres, cancelled: Cancelled = never) -> tuple[Labels, Floats]:
    """The nearest centre of each paper, and how near it is, from -1 to 1. Of equally near ones the first."""
    labels, nearest = np.full(len(rows), -1, dtype=np.int32), np.zeros(len(rows))
    for start, products in closeness(rows, centres):
        if cancelled():
            raise WorkCancelledError
        best = products.argmax(axis=1)
        block = slice(start, start + len(best))
        length = lengths(rows[block])
        labels[block] = np.where(length > 0, best, -1)
        nearest[block] = products[np.arange(len(best)), best] / np.maximum(length * LENGTH, 1.0)
    return labels, nearest


def lengths(rows: Rows) -> Floats:
    """The lengths of rows."""
    squares = np.empty(len(rows))
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK].astype(np.float32)
        squares[start : start + _BLOCK] = np.einsum("ij,ij->i", block, block)
    return np.asarray(np.sqrt(squares), dtype=np.float64)


def centres_of(rows: Rows, labels: Labels, count: int, before: Centres | None = None) -> Centres:
    """The middle of each group; a group without papers keeps its centre of ``before``."""
    sums = np.zeros((count, rows.shape[1]), dtype=np.int64)
    for start in range(0, len(rows), _BLOCK):
        block, own = rows[start : start + _BLOCK], labels[start : start + _BLOCK]
        order = np.argsort(own, kind="stable")
        present, first = np.unique(own[order], return_index=True)
        summed = np.add.reduceat(block[order], first, axis=0, dtype=np.int32)
        sums[present[present >= 0]] += summed[present >= 0]
    found = of_length(sums)
    if before is not None:
        empty = ~sums.any(axis=1)
        found[empty] = before[empty]
    return found


def of_length(sums: npt.NDArray[np.int64]) -> Centres:
    """Vectors of whole numbers with the length of centres, in the same directions; zeros stay zeros."""
    length = np.sqrt((sums.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
    return np.asarray(np.rint(sums / np.maximum(length, 1.0) * LENGTH), dtype=np.int32)


def cluster(rows: Rows, count: int, first: Centres | None = None, cancelled: Cancelled = never) -> Centres:
    """Sort papers (in the order of their keys) into ``count`` groups, beginning at the centres ``first`` if given.

    Raises :class:`~reader.domain.errors.WorkCancelledError`.
    """
    told = rows[np.flatnonzero(rows.any(axis=1))]
    # Every so manieth of papers in the order of their random keys is a fair sample, and the same one each time.
    told = told[:: -(-len(told) // _SAMPLE)] if len(told) > _SAMPLE else told
    if not len(told):
        return np.zeros((0, rows.shape[1]), dtype=np.int32) if first is None else first
    tries = 1 if first is not None else min(max(_ROWS_TRIED // len(told), 1), _MOST_TRIES)
    found = [
        _rounds(told, _seeds(told, count, first, _SEED + number, cancelled), _ROUNDS, lambda _: True, cancelled)
        for number in range(tries)
    ]
    # The first of equally good ones, so that the outcome is always the same.
    return max(found, key=lambda centres: round(float(assign(told, centres, cancelled)[1].sum()), 6))


def _rounds(
    rows: Rows, centres: Centres, most: int, is_welcome: Callable[[Labels], bool], cancelled: Cancelled
) -> Centres:
    """Move centres into the middle of their groups, until nothing changes or the outcome is not welcome."""
    labels, _ = assign(rows, centres, cancelled)
    for _ in range(most):
        moved = centres_of(rows, labels, len(centres), centres)
        now, _ = assign(rows, moved, cancelled)
        if not is_welcome(now):
            break
        centres = moved
        if np.array_equal(now, labels):
            break
        labels = now
    return centres


def _seeds(rows: Rows, count: int, first: Centres | None, seed: int, cancelled: Cancelled) -> Centres:
    """Centres to begin with: the given ones, and papers far from them and from one another."""
    draw, length = Random(seed), lengths(rows)
    chosen = [] if first is None else list(first)
    if not chosen:
        chosen.append(_seed(rows, draw.randrange(len(rows))))
    distance = 1.0 - assign(rows, np.stack(chosen), cancelled)[1]
    while len(chosen) < min(count, len(rows)):
        sums = np.cumsum(np.maximum(distance, 0.0))
        if sums[-1] <= 1e-9:
            break
        places = np.searchsorted(sums, [draw.random() * sums[-1] for _ in range(_TRIALS)], side="right")
        trials = np.stack([_seed(rows, min(int(place), len(rows) - 1)) for place in places])
        farther = np.empty((len(rows), len(trials)))
        for start, products in closeness(rows, trials):
            block = slice(start, start + len(products))
            farther[block] = 1.0 - products / (length[block, None] * LENGTH)
        closer = np.minimum(distance[:, None], farther)
        best = int(np.argmin(closer.sum(axis=0)))
        chosen.append(trials[best])
        distance = closer[:, best]
        if cancelled():
            raise WorkCancelledError
    return np.stack(chosen)


def _seed(rows: Rows, place: int) -> Centres:
    """One paper as a centre."""
    return np.asarray(of_length(rows[place : place + 1].astype(np.int64))[0])


def split(rows: Rows, cancelled: Cancelled = never) -> Centres:
    """Two centres that part the papers of one topic; fewer where all papers are the same."""
    centres = cluster(rows, 2, cancelled=cancelled)
    labels, _ = assign(rows, centres)
    return centres[np.unique(labels[labels >= 0])]


@dataclass(frozen=True, slots=True)
class Refit:
    """Centres after a refit; ``owners`` is the topic of each, by number, new topics after the old ones."""

    centres: Centres
    owners: tuple[int, ...]


def refit(
    rows: Rows, centres: Centres, owners: Sequence[int], is_old: npt.NDArray[np.bool_], cancelled: Cancelled = never
) -> Refit:
    """Move topics to where their papers are now, and find new ones among the papers that are not ``is_old``.

    ``owners`` is the topic of each centre. While most papers are old, few of them change their topic; a library that
    has doubled is sorted on from the present centres, into as many topics as its size asks for.
    """
    owned = np.asarray(owners, dtype=np.int32)
    before = topics_of(assign(rows, centres, cancelled)[0], owned)
    if 2 * int(is_old.sum()) < len(rows):
        topics = len(set(owners))
        count = max(len(centres) + topic_count(len(rows)) - topics, len(centres))
        grown = cluster(rows, count, centres, cancelled)
        new = range(topics, topics + len(grown) - len(centres))
        return Refit(grown, (*owners, *new))

    def is_welcome(labels: Labels) -> bool:
        return bool((topics_of(labels, owned) != before)[is_old].sum() <= _MOST_MOVED * is_old.sum())

    warm = _rounds(rows, centres, _WARM_ROUNDS, is_welcome, cancelled)
    return _with_new_topics(rows, Refit(warm, tuple(owners)), before, is_old, cancelled)


def topics_of(labels: Labels, owners: Labels) -> Labels:
    """The topics of papers, given the numbers of their centres."""
    return np.where(labels >= 0, owners[labels], -1).astype(np.int32)


def _with_new_topics(
    rows: Rows, found: Refit, before: Labels, is_old: npt.NDArray[np.bool_], cancelled: Cancelled
) -> Refit:
    """Add the topics that new papers make, as long as few old papers change theirs."""
    labels, _ = assign(rows, found.centres, cancelled)
    candidates = []
    for number in range(len(found.centres)):
        own = np.flatnonzero(labels == number)
        parted = _new_part(rows[own], is_old[own], cancelled)
        if parted is not None:
            candidates.append((-parted[1], number, parted[0]))
    for _, number, (rest, new) in sorted(candidates, key=lambda each: each[:2])[:_MOST_CANDIDATES]:
        topic = max(found.owners) + 1
        if topic >= MOST_TOPICS:
            break
        centres = np.concatenate([found.centres, new[None]])
        centres[number] = rest
        trial = Refit(centres, (*found.owners, topic))
        now = topics_of(assign(rows, centres, cancelled)[0], np.asarray(trial.owners, dtype=np.int32))
        if (now != before)[is_old].sum() <= _MOST_MOVED * is_old.sum():
            found = trial
    return found


def _new_part(
    rows: Rows, is_old: npt.NDArray[np.bool_], cancelled: Cancelled
) -> tuple[tuple[Centres, Centres], int] | None:
    """Of a group, the centres of its old and its new part and the size of the latter, if new papers are one apart."""
    if is_old.all() or not is_old.any():
        return None
    begin = centres_of(rows, np.where(is_old, 0, 1).astype(np.int32), 2)
    centres = _rounds(rows, begin, _SPLIT_ROUNDS, lambda _: True, cancelled)
    labels, _ = assign(rows, centres)
    new, of_new = int((~is_old & (labels == 1)).sum()), int((labels == 1).sum())
    others, of_others = int((~is_old & (labels == 0)).sum()), int((labels == 0).sum())
    if new < _LEAST_NEW or wilson(new, of_new)[0] <= max(0.5, wilson(others, of_others)[1]):
        return None
    return (centres[0], centres[1]), new
