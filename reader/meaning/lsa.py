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
_AT_ONCE = 1_000


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
    del start
    for _ in range(_ROUNDS):
        if cancelled():
            raise TrainingCancelledError
        # Only the smaller side is made orthogonal: in between, single precision loses nothing of the wanted directions.
        basis = _orthogonal(weights.times(by_term.times(basis)))
    # In the small basis the matrix is basis.T @ weights; its right singular vectors come from its small square.
    projected = by_term.times(basis)
    values, vectors = np.linalg.eigh(_square(projected))
    order = np.argsort(values, kind="stable")[::-1][:rank]
    order = order[values[order] > max(values.max(initial=0.0), 0.0) * 1e-9]
    directions: Floats = projected @ (vectors[:, order] / np.sqrt(values[order])).astype(np.float32)
    directions *= np.where(-directions.min(axis=0, initial=0.0) > directions.max(axis=0, initial=0.0), -1, 1)
    return directions


def _square(matrix: Floats) -> Floats:
    """The products of the columns with each other, in double precision."""
    square = np.zeros((matrix.shape[1], matrix.shape[1]))
    for start in range(0, len(matrix), _AT_ONCE):
        part = matrix[start : start + _AT_ONCE].astype(np.float64)
        square += part.T @ part
    return square


def _orthogonal(matrix: Floats) -> Floats:
    """An orthonormal basis of the columns."""
    return np.linalg.qr(matrix)[0]
