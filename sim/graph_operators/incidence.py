"""Sparse ±1 operators between nodes, edges and triangles, on any array library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import Array, namespace, transpose
from sim.graph_operators.segment_reduce import EMPTY, SegmentReduction

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints

MAX_DENSE_ENTRIES = 8192  # up to here a dense product is the fastest
MATRIX_AXES = 2  # axes of one matrix


@dataclass(frozen=True, slots=True)
class Incidence:
    """A matrix B with a few ±1 in each row, such as the coboundary d0.

    Attributes
    ----------
    matrix, adjoint, unsigned : scipy.sparse arrays, on the host
        B, Bᵀ and |B|ᵀ.
    terms : tuple of (Array, float)
        Entry by entry: the columns in all rows, int (r,), and the sign.
    dense : Array, shape (r, c), optional
        B on the device, where it is small.
    transpose_sums : SegmentReduction
        Sums by column, where the library has no sparse product.
    """

    matrix: Any
    adjoint: Any
    unsigned: Any
    terms: tuple[tuple[Array, float], ...]
    dense: Array | None
    transpose_sums: SegmentReduction

    @staticmethod
    def of(
        columns: Ints, signs: tuple[float, ...], width: int, like: Array
    ) -> Incidence:
        """Return B with `signs` at `columns`, int (r, k), and `width` columns."""
        from scipy.sparse import csr_array  # imported late: a quarter of a second

        xp, (r, k) = namespace(like), columns.shape
        values = np.tile(np.asarray(signs), r)
        at = (np.repeat(np.arange(r), k), columns.reshape(-1))
        matrix = csr_array((values, at), shape=(r, width))
        small = r * width <= MAX_DENSE_ENTRIES
        if xp is np:
            matrix = matrix.astype(like.dtype)
        return Incidence(
            matrix,
            matrix.T,
            abs(matrix).T,
            tuple((xp.asarray(columns[:, j].copy()), signs[j]) for j in range(k)),
            xp.asarray(matrix.toarray(), dtype=like.dtype) if small else None,
            EMPTY
            if small or xp is np
            else SegmentReduction.of(columns, width, like, values),
        )

    @property
    def rows(self) -> int:
        """Number of rows r."""
        return self.matrix.shape[0]

    def apply(self, v: Array) -> Array:
        """Return B v: (..., c, d) -> (..., r, d)."""
        if self.dense is not None:
            return self.dense @ v
        if namespace(v) is np:
            return _product(self.matrix, v)
        parts = [sign * namespace(v).take(v, at, axis=-2) for at, sign in self.terms]
        return sum(parts[1:], parts[0])

    def apply_transpose(self, v: Array) -> Array:
        """Return Bᵀ v: (..., r, d) -> (..., c, d)."""
        if self.dense is not None:
            return transpose(self.dense) @ v
        return (
            _product(self.adjoint, v)
            if namespace(v) is np
            else self.transpose_sums.segment_sum(v)
        )

    def apply_abs_transpose(self, v: Array) -> Array:
        """Return |B|ᵀ v, the sums without signs: (..., r, d) -> (..., c, d)."""
        if self.dense is not None:
            return transpose(namespace(v).abs(self.dense)) @ v
        if namespace(v) is np:
            return _product(self.unsigned, v)
        return self.transpose_sums.without_signs().segment_sum(v)


def _product(matrix: Any, v: Floats) -> Floats:
    """Return the product of a sparse matrix with each matrix of the stack `v`."""
    if v.ndim == MATRIX_AXES:
        return matrix @ v
    first = np.moveaxis(v, -2, 0)
    flat = matrix @ np.ascontiguousarray(first).reshape(len(first), -1)
    return np.moveaxis(flat.reshape(-1, *first.shape[1:]), 0, -2)
