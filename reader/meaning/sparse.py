"""Sparse matrices by rows, multiplied with dense ones in numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reader.meaning.arrays import Floats, Integers, Rows

_AT_ONCE = 8_192
"""So many entries are multiplied at a time, which keeps the intermediate product in the processor's cache."""


@dataclass(frozen=True, slots=True)
class SparseRows:
    """A matrix of ``width`` columns; row i has ``values[starts[i]:starts[i + 1]]`` in such ``columns``."""

    starts: Integers
    columns: Integers
    values: Floats
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    def times(self, dense: Floats | Rows) -> Floats:
        """The product with a dense matrix of ``width`` rows, in single precision."""
        product = np.zeros((len(self), dense.shape[1]), dtype=np.float32)
        first = 0
        while first < len(self):
            limit = self.starts[first] + _AT_ONCE
            last = max(first + 1, int(np.searchsorted(self.starts, limit, side="right")) - 1)
            self._add_product(product, dense, first, last)
            first = last
        return product

    def transposed(self) -> SparseRows:
        """The transposed matrix, the entries of each row in the order of the columns."""
        order = np.argsort(self.columns, kind="stable")
        rows = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        counts = np.bincount(self.columns, minlength=self.width)
        starts = np.concatenate([[0], np.cumsum(counts)])
        return SparseRows(starts, rows[order], self.values[order], len(self))

    def _add_product(self, product: Floats, dense: Floats | Rows, first: int, last: int) -> None:
        """Set the rows from ``first`` to before ``last`` of a product."""
        begin, end = self.starts[first], self.starts[last]
        filled = np.flatnonzero(np.diff(self.starts[first : last + 1]))
        if not len(filled):
            return
        parts = dense[self.columns[begin:end]].astype(np.float32, copy=False)
        parts *= self.values[begin:end, None]
        # An empty row has no place of its own in the sums, so only rows with entries are summed.
        product[first + filled] = np.add.reduceat(parts, self.starts[first:last][filled] - begin, axis=0)


def stacked(parts: Sequence[SparseRows], width: int) -> SparseRows:
    """The rows of all parts below each other."""
    if not parts:
        return SparseRows(np.zeros(1, dtype=np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32), width)
    lengths = np.concatenate([np.diff(part.starts) for part in parts])
    columns = np.concatenate([part.columns for part in parts])
    values = np.concatenate([part.values for part in parts])
    return SparseRows(np.concatenate([[0], np.cumsum(lengths)]), columns, values, width)


def with_unit_rows(matrix: SparseRows) -> SparseRows:
    """The matrix with each row divided by its length; rows without entries stay."""
    rows = np.repeat(np.arange(len(matrix)), np.diff(matrix.starts))
    squares = np.bincount(rows, weights=matrix.values.astype(np.float64) ** 2, minlength=len(matrix))
    lengths = np.sqrt(np.where(squares > 0, squares, 1.0))
    return SparseRows(
        matrix.starts, matrix.columns, (matrix.values / lengths[rows]).astype(matrix.values.dtype), matrix.width
    )
