"""Latent semantic analysis: the directions in which the terms of a library vary together.

S. Deerwester et al., "Indexing by latent semantic analysis", JASIS 41(6), 1990. The decomposition is the randomised one
of N. Halko, P.-G. Martinsson and J. A. Tropp, "Finding structure with randomness", SIAM Review 53(2), 2011, algorithms
4.4 and 5.1, seeded by a constant.
"""

from __future__ import annotations

import numpy as np

from reader.domain.cancellation import Cancelled
from reader.meaning.arrays import Floats
from reader.meaning.sparse import SparseRows

_SEED = 20_260_101
_SPARE = 12
"""Directions sought beyond those wanted, which makes the wanted ones exact."""
_ROUNDS = 3


class TrainingCancelledError(Exception):
    """Training was cancelled; nothing is changed."""


def term_directions(weights: SparseRows, rank: int, cancelled: Cancelled) -> Floats:
    """The first ``rank`` right singular vectors of a matrix of papers by terms, as columns (terms, rank).

    Each has the sign with which its largest entry is positive, so that the same library gives the same directions.
    There are fewer where the matrix has a lower rank. Raises :class:`TrainingCancelledError`.
    """
    by_term = weights.transposed()
    width = min(rank + _SPARE, len(weights), weights.width)
    start = np.random.default_rng(_SEED).standard_normal((weights.width, width), dtype=np.float32)
    basis = _orthogonal(weights.times(start))
    for _ in range(_ROUNDS):
        if cancelled():
            raise TrainingCancelledError
        basis = _orthogonal(weights.times(_orthogonal(by_term.times(basis))))
    # The matrix in the small basis is basis.T @ weights; its right singular vectors come from its small square.
    projected = by_term.times(basis).astype(np.float64)
    values, vectors = np.linalg.eigh(projected.T @ projected)
    order = np.argsort(values, kind="stable")[::-1][:rank]
    order = order[values[order] > max(values.max(), 0.0) * 1e-9]
    directions = projected @ (vectors[:, order] / np.sqrt(values[order]))
    largest = np.abs(directions).argmax(axis=0)
    signs = np.where(directions[largest, np.arange(len(order))] < 0, -1.0, 1.0)
    signed: Floats = (directions * signs).astype(np.float32)
    return signed


def _orthogonal(matrix: Floats) -> Floats:
    """An orthonormal basis of the columns."""
    return np.linalg.qr(matrix)[0]
