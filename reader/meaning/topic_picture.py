"""The picture of a library: topics at places that show which are alike, and papers around them.

Topics lie along the first two principal axes of their centres, moved apart where they would cover one another. A paper
lies among the topics it is close to, so it needs no place of its own to be kept, and new papers move nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reader.meaning.arrays import Integers, Rows
from reader.meaning.topics import LENGTH, Centres, Floats, closeness, lengths

Places = npt.NDArray[np.float64]
"""Pairs of coordinates, each between 0 and 1."""
_MARGIN = 0.09
_ROUNDS = 200
_APART, _RIM = 1.12, 0.01
"""How far discs stay from one another, as a factor, and from the edge."""
_SPIRAL, _SPIRAL_STEP = 4_000, 0.012
_SHARPNESS = 22.0
"""How much a paper is drawn to its nearest topics: the factor of a cosine in the softmax."""
_KNUTH = 2_654_435_761
"""Multiplies whole numbers so that neighbours lie far apart (D. Knuth, "Sorting and Searching", section 6.4)."""
_GOLDEN = 2.399963
"""The golden angle, in radians: points at its multiples lie evenly."""


def place_topics(centres: Centres, sizes: Floats, before: Places | None = None) -> Places:
    """Places of topics, given a centre and the number of papers of each.

    ``before`` are the places that the first of them had: the picture is turned to be as like it as possible.
    """
    if len(centres) < 2:
        return np.full((len(centres), 2), 0.5)
    places = _stretched(_along_axes(centres.astype(np.float64) / LENGTH))
    if before is not None and len(before) > 1:
        places = _turned(places, before)
    return _moved_apart(places, radii(sizes))


def place_new(centres: Centres, sizes: Floats, places: Places, new: Sequence[int]) -> Places:
    """Places with those of the ``new`` topics, by number, found among the others, which stay where they are.

    A new topic takes the free place that is nearest to where the topics it is close to draw it.
    """
    reach = radii(sizes)
    found, known = places.copy(), [number for number in range(len(centres)) if number not in set(new)]
    for number in new:
        cosines = centres[[number]].astype(np.float64) @ centres[known].T.astype(np.float64) / LENGTH**2
        drawn_to = (_weights(cosines) @ found[known])[0]
        found[number] = _free_place(drawn_to, reach[number], found[known], reach[known])
        known.append(number)
    return found


def _free_place(start: Places, radius: float, others: Places, reach: Floats) -> Places:
    """The nearest place on a spiral around ``start`` where a disc covers no other; ``start`` if there is none."""
    steps = np.arange(_SPIRAL)
    around = np.stack([np.cos(steps * _GOLDEN), np.sin(steps * _GOLDEN)], axis=1)
    tried = start + around * (_SPIRAL_STEP * np.sqrt(steps))[:, None]
    apart = np.linalg.norm(tried[:, None] - others[None], axis=2) >= _APART * (reach + radius)
    inside = ((tried >= radius + _RIM) & (tried <= 1 - radius - _RIM)).all(axis=1)
    free = np.flatnonzero(apart.all(axis=1) & inside)
    return np.asarray(tried[free[0]] if len(free) else np.clip(start, radius + _RIM, 1 - radius - _RIM))


def radii(sizes: Floats) -> Floats:
    """The radii of topics' discs: their areas are as the numbers of papers, and all of them a fifth of the picture."""
    areas = np.maximum(sizes, sizes.sum() / 400 + 1e-9)
    return np.asarray(np.sqrt(areas / areas.sum() * 0.2 / np.pi))


def place_papers(rows: Rows, centres: Centres, places: Places, reach: Floats, numbers: Integers) -> Places:
    """Places of papers among the topics, each within ``reach`` of where it is drawn to.

    ``numbers`` are of each paper alone, and scatter those that are drawn to the same place.
    """
    scattered = (numbers.astype(np.uint64) * np.uint64(_KNUTH)) & np.uint64(0xFFFF_FFFF)
    angles = (scattered >> np.uint64(16)) * (2 * np.pi / (1 << 16))
    steps = np.sqrt((scattered & np.uint64(0xFFFF)) / (1 << 16))
    found = np.empty((len(rows), 2))
    for start, products in closeness(rows, centres):
        block = slice(start, start + len(products))
        cosines = products / np.maximum(lengths(rows[block])[:, None] * LENGTH, 1.0)
        weights = _weights(cosines)
        away = np.stack([np.cos(angles[block]), np.sin(angles[block])], axis=1)
        found[block] = weights @ places + away * (steps[block] * (weights @ reach))[:, None]
    return np.clip(found, 0.0, 1.0)


def _weights(cosines: Floats) -> Floats:
    """How much each paper (a row) is drawn to each topic: the softmax of the cosines."""
    weights = np.exp(_SHARPNESS * (cosines - cosines.max(axis=1, keepdims=True)))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _along_axes(centres: Floats) -> Places:
    """Coordinates along the first two principal axes; the largest part of each axis is positive."""
    middle = centres - centres.mean(axis=0)
    # The products are few, and their eigenvectors are the same as the centres' singular vectors.
    values, vectors = np.linalg.eigh(middle @ middle.T)
    axes = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0.0))
    largest = np.abs(axes).argmax(axis=0)
    signs = np.where(axes[largest, range(axes.shape[1])] < 0, -1.0, 1.0)
    return np.asarray(np.round(axes * signs, 9))


def _stretched(places: Places) -> Places:
    """The places drawn out over the picture: half by distance, half by rank, so that outliers do not press the rest."""
    low, high = places.min(axis=0), places.max(axis=0)
    by_distance = (places - low) / np.maximum(high - low, 1e-9)
    by_rank = places.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") / max(len(places) - 1, 1)
    return np.asarray(_MARGIN + (1 - 2 * _MARGIN) * (by_distance + by_rank) / 2)


def _turned(places: Places, before: Places) -> Places:
    """The places turned and mirrored to be closest to those of before (P. Schönemann's orthogonal Procrustes, 1966)."""
    middle, wanted = places[: len(before)].mean(axis=0), before.mean(axis=0)
    left, _, right = np.linalg.svd((places[: len(before)] - middle).T @ (before - wanted))
    return np.asarray(np.clip((places - middle) @ left @ right + wanted, _MARGIN, 1 - _MARGIN))


def _moved_apart(places: Places, reach: Floats) -> Places:
    """The places with discs of these radii pushed out of one another, and kept within the picture."""
    places, rim = places.copy(), np.minimum(reach + _RIM, 0.5)[:, None]
    for _ in range(_ROUNDS):
        away = places[:, None] - places[None]
        distance = np.linalg.norm(away, axis=2)
        overlap = np.maximum(_APART * (reach[:, None] + reach[None]) - distance, 0.0)
        np.fill_diagonal(overlap, 0.0)
        if not overlap.any() and (places >= rim).all() and (places <= 1 - rim).all():
            break
        # Two at the very same place are parted along a line of their own.
        turn = np.arange(len(places)) * _GOLDEN
        aside = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        away = np.where(distance[:, :, None] > 1e-9, away, aside[:, None] - aside[None])
        away /= np.maximum(np.linalg.norm(away, axis=2, keepdims=True), 1e-9)
        places = np.clip(places + 0.25 * (away * overlap[:, :, None]).sum(axis=1), rim, 1 - rim)
    return places
