"""Eigenvalues of the matrices in theorems on attention: D = QᵀK and V."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import namespace, to_host

if TYPE_CHECKING:
    from sim.array_types import Complexes, Floats
    from sim.arrays import Array
    from sim.attention.base import Attention


MAX_DIMENSION = 512  # twice that for all heads together: eigenvalues cost d³
RELATIVE_TOLERANCE = 1e-6  # of the largest entry: above the rounding of float32


@dataclass(frozen=True, slots=True)
class Operators:
    """Eigenvalues, and other properties that decide which theorems hold.

    Attributes
    ----------
    score, value : complex, shape (h, d)
        Eigenvalues of D = QᵀK and of V, by falling real part; the upper one of a
        conjugate pair first.
    mean : complex, shape (d,)
        Those of the mean of V over heads, which moves a consensus.
    symmetric : bool
        Whether D = Dᵀ in every head.
    unit : bool
        Whether D = I in every head.
    scalar, ratio : float
        c where V = c · I, and where V = c · D, in every head; else NaN.
    alike : bool
        Whether all heads have the same D and the same V.
    leading_score : float
        ⟨Qφ, Kφ⟩ for the eigenvector φ, |φ| = 1, of the largest |eigenvalue| of the
        first V, where that is real, positive and simple; else NaN.
    """

    score: Complexes
    value: Complexes
    mean: Complexes
    symmetric: bool
    unit: bool
    scalar: float
    ratio: float
    alike: bool
    leading_score: float

    @staticmethod
    def of(attention: Attention) -> Operators | None:
        """Return the operators of `attention`; None where they would take too long."""
        h, d = attention.value.shape[0], attention.value.shape[-1]
        if too_large(h, d):
            return None
        v = to_host(attention.value).astype(float)
        q, k = (_host(m, h, d) for m in (attention.query, attention.key))
        m = np.swapaxes(q, -1, -2) @ k
        eye = np.broadcast_to(np.eye(d), v.shape)
        return Operators(
            spectrum(m),
            spectrum(v),
            spectrum(v.mean(axis=0)),
            _same(m, np.swapaxes(m, -1, -2)),
            _same(m, eye),
            _multiple(v, eye),
            _multiple(v, m),
            _same(m, m[:1]) and _same(v, v[:1]),
            _leading_score(m[0], v[0]),
        )


def too_large(heads: int, dimension: int) -> bool:
    """Return whether the eigenvalues of that many heads would take too long."""
    return dimension > MAX_DIMENSION or heads * dimension > 2 * MAX_DIMENSION


def spectrum(matrix: Floats) -> Complexes:
    """Return the eigenvalues by falling real part: (..., d, d) -> complex (..., d)."""
    found: Complexes = np.linalg.eigvals(matrix).astype(complex)
    size = RELATIVE_TOLERANCE * np.abs(found).max(initial=1e-300)
    real, imag = (np.round(part / size) for part in (found.real, found.imag))
    order = np.lexsort((-imag, -real), axis=-1)
    return np.take_along_axis(found, order, axis=-1)


class OperatorsCache:
    """Keeps the operators of the latest attention, which are expensive."""

    def __init__(self) -> None:
        self._matrices: tuple[Array | None, ...] = ()
        self._known: Operators | None = None

    def of(self, attention: Attention) -> Operators | None:
        """Return the operators of `attention`; None where they would take too long."""
        matrices = attention.query, attention.key, attention.value
        old = self._matrices
        if not old or not all(
            map(_equal, matrices, old)
        ):  # moving β binds the law again
            self._matrices, self._known = matrices, Operators.of(attention)
        return self._known


def _equal(a: Array | None, b: Array | None) -> bool:
    """Return whether two matrices are equal; None is the identity."""
    if a is b or a is None or b is None:
        return a is b
    return a.shape == b.shape and bool(namespace(a).all(a == b))


def _host(matrix: Any, h: int, d: int) -> Floats:
    if matrix is None:
        return np.broadcast_to(np.eye(d), (h, d, d))
    return to_host(matrix).astype(float)


def _same(a: Floats, b: Floats) -> bool:
    size = max(float(np.abs(a).max()), float(np.abs(b).max()))
    return bool(np.abs(a - b).max() <= RELATIVE_TOLERANCE * size)


def _multiple(a: Floats, b: Floats) -> float:
    """Return c with a = c·b in every head, or NaN."""
    size = float((b * b).sum())
    c = float((a * b).sum()) / size if size else float("nan")
    return c if size and _same(a, c * b) else float("nan")


def _leading_score(m: Floats, v: Floats) -> float:
    found, vectors = np.linalg.eig(v)
    order = np.argsort(-np.abs(found))
    first, size = complex(found[order[0]]), float(np.abs(found).max())
    alone = len(found) == 1 or abs(found[order[1]]) < (1 - RELATIVE_TOLERANCE) * size
    if (
        not size
        or not alone
        or abs(first.imag) > RELATIVE_TOLERANCE * size
        or first.real <= 0
    ):
        return float("nan")
    phi: Floats = np.real(vectors[:, order[0]])
    return float(phi @ m @ phi) / float(phi @ phi)
