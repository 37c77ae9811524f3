"""Inner products on nodes, edges and triangles, and the adjoints they define."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.arrays import Array, sum_of

if TYPE_CHECKING:
    from sim.graphs import Graph


@dataclass(frozen=True, slots=True)
class HodgeComplex:
    """A graph with the inner products ⟨u, Aₖ v⟩, Aₖ diagonal and positive  [1]_.

    The adjoints are d0* = A0⁻¹ d0ᵀ A1 and d1* = A1⁻¹ d1ᵀ A2.

    Attributes
    ----------
    graph : Graph
        The graph.
    a0, a1, a2 : Array, shapes (..., n, 1), (..., m, 1) and (..., t, 1), optional
        The diagonals; None means ones.

    References
    ----------
    .. [1] Gruber, Lee, Trask, arXiv:2305.15616, sec. 3.
    """

    graph: Graph
    a0: Array | None = None
    a1: Array | None = None
    a2: Array | None = None

    def d0(self, q: Array) -> Array:
        """Return d0 q: (..., n, d) -> (..., m, d)."""
        return self.graph.d0.apply(q)

    def d1(self, p: Array) -> Array:
        """Return d1 p: (..., m, d) -> (..., t, d)."""
        return self.graph.d1.apply(p)

    def d0_star(self, p: Array) -> Array:
        """Return d0* p: (..., m, d) -> (..., n, d)."""
        return over(self.graph.d0.apply_transpose(times(p, self.a1)), self.a0)

    def d1_star(self, r: Array) -> Array:
        """Return d1* r: (..., t, d) -> (..., m, d)."""
        return over(self.graph.d1.apply_transpose(times(r, self.a2)), self.a1)

    def laplacian0(self, q: Array) -> Array:
        """Return d0* d0 q: (..., n, d) -> (..., n, d)."""
        return self.d0_star(self.d0(q))

    def laplacian1(self, p: Array) -> Array:
        """Return (d0 d0* + d1* d1) p: (..., m, d) -> (..., m, d).

        Without triangles the last term is 0.
        """
        down = self.d0(self.d0_star(p))
        return down + self.d1_star(self.d1(p)) if self.graph.d1.rows else down

    def laplacian2(self, r: Array) -> Array:
        """Return d1 d1* r: (..., t, d) -> (..., t, d)."""
        return self.d1(self.d1_star(r))


def times(v: Array, a: Array | None) -> Array:
    """Return A v, A diagonal or None for 1: (..., k, d), (..., k, 1) -> (..., k, d)."""
    return v if a is None else a * v


def over(v: Array, a: Array | None) -> Array:
    """Return A⁻¹ v, shaped as in `times`."""
    return v if a is None else v / a


def squared_norm(v: Array, a: Array | None = None) -> Array:
    """Return |v|²_A = Σ aᵢ|vᵢ|²: (..., k, d) -> (...)."""
    return sum_of(sum_of(times(v * v, a), -1), -1)
