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
_COLUMNS = 64
_ROWS = 1_000
_NOTHING = 1e-6
"""A direction with so small a share of the variation of the first is none."""


class TrainingCancelledError(Exception):
    """Training was cancelled; nothing is changed."""


def term_directions(weights: SparseRows, rank: int, cancelled: Cancelled) -> Floats:
    """The first ``rank`` right singular vectors of a matrix of papers by terms, as columns (terms, rank).

    Each has the sign with which its largest entry is positive, so that the same library gives the same directions.
    There are fewer where the matrix has a lower rank. Raises :class:`TrainingCancelledError`.
    """
    by_term = weights.transposed()
    width = min(rank + _SPARE, len(weights), weights.width)
    if not width:
        return np.zeros((weights.width, 0), dtype=np.float32)
    random = np.random.default_rng(_SEED)
    blocks = [min(_COLUMNS, width - first) for first in range(0, width, _COLUMNS)]
    starts = (random.standard_normal((weights.width, block), dtype=np.float32) for block in blocks)
    basis = _orthogonal(np.hstack([weights.times(start) for start in starts]))
    for _ in range(_ROUNDS):
        if cancelled():
            raise TrainingCancelledError
        # Only the smaller side is made orthogonal: in between, single precision loses nothing of what is wanted.
        basis = _orthogonal(_times_square(weights, by_term, basis))
    # In the small basis, the square of the matrix is small; its eigenvectors turn the basis into the singular vectors.
    square = basis.T.astype(np.float64) @ _times_square(weights, by_term, basis)
    values, vectors = np.linalg.eigh((square + square.T) / 2)
    order = np.argsort(values, kind="stable")[::-1][:rank]
    order = order[values[order] > max(np.max(values, initial=0.0), 0.0) * _NOTHING]
    directions = by_term.times(basis @ (vectors[:, order] / np.sqrt(values[order])).astype(np.float32))
    directions *= np.where(-directions.min(axis=0, initial=0.0) > directions.max(axis=0, initial=0.0), -1, 1)
    return directions


def _times_square(weights: SparseRows, by_term: SparseRows, dense: Floats) -> Floats:
    """The product of the matrix, its transpose and a dense one; some columns at a time, which needs little memory."""
    parts = np.array_split(dense, range(_COLUMNS, dense.shape[1], _COLUMNS), axis=1)
    return np.hstack([weights.times(by_term.times(np.ascontiguousarray(part))) for part in parts])


def _orthogonal(matrix: Floats) -> Floats:
    """An orthonormal basis of the columns, by the eigenvectors of their products: numpy's QR needs thrice the memory.

    The second time it makes up for what single precision lost in the first.
    """
    for _ in range(2):
        square = np.zeros((matrix.shape[1], matrix.shape[1]))
        for start in range(0, len(matrix), _ROWS):
            part = matrix[start : start + _ROWS].astype(np.float64)
            square += part.T @ part
        values, vectors = np.linalg.eigh(square)
        kept = values > max(np.max(values, initial=0.0), 0.0) * _NOTHING**2
        matrix = matrix @ (vectors[:, kept] / np.sqrt(values[kept])).astype(np.float32)
    return matrix
