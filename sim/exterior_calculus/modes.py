"""Measures of q and p on a graph: modes, mean, Dirichlet energy, flow in cycles."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Array, namespace, sum_of, to_host
from sim.exterior_calculus.hodge import squared_norm, times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.array_types import Floats
    from sim.exterior_calculus.hodge import HodgeComplex
    from sim.graphs import Graph
    from sim.state import State

    Eigen = tuple[Floats, Floats, Floats]

MAX_MODE_NODES = 512  # above, eigenvectors take too long
CONSTANT_MODE = 1e-7  # of the largest frequency: below, a mode is constant


def constant(hodge: HodgeComplex) -> Callable[[Array], HodgeComplex]:
    """Return a function that gives the same inner products for all tokens."""

    def at(x: Array) -> HodgeComplex:
        return hodge

    return at


class GraphMeasures:
    """Measures of a state on a graph.

    Parameters
    ----------
    graph : Graph
        The graph.
    at : Array -> Hodge
        The inner products for tokens q.
    euclidean : bool
        Whether E = ½|q|² + ½|p|²; else each term has its weight.
    moving : bool
        Whether the inner products depend on the tokens.
    """

    def __init__(
        self,
        graph: Graph,
        at: Callable[[Array], HodgeComplex],
        euclidean: bool,
        moving: bool,
    ) -> None:
        self._graph, self._at = graph, at
        self._euclidean, self._moving = euclidean, moving

    def measures(
        self, *, momenta: bool = False
    ) -> Mapping[str, Callable[[State], Array]]:
        """Return the measures by kind of observable: of q, and with `momenta` of p.

        Shapes (...), but (..., n, 2) for modes.
        """
        known = {"dirichlet": self.dirichlet, "node_mean": self.node_mean}
        if self._graph.nodes <= MAX_MODE_NODES:
            known["modes"] = self.modes
            if momenta:
                known["cycles"] = self.cycles
        return known

    def edge_weight(self, s: State) -> Array:
        """Return the weight of every edge: (..., m, 1)."""
        a1 = self._at(s.x).a1
        if a1 is not None:
            return a1
        xp = namespace(s.x)
        return xp.ones((len(self._graph.edges), 1), dtype=s.x.dtype)

    def dirichlet(self, s: State) -> Array:
        """Return ½ Σ wₑ|qᵢ − qⱼ|²: (...)."""
        a = self._at(s.x)
        return squared_norm(a.d0(s.x), a.a1) / 2

    def node_mean(self, s: State) -> Array:
        """Return |Σ aᵢqᵢ| / Σ aᵢ: (...)."""
        a, xp = self._at(s.x), namespace(s.x)
        total = sum_of(times(s.x, a.a0), -2)
        mass = s.x.shape[-2] if a.a0 is None else sum_of(a.a0[..., 0], -1)
        return xp.sqrt(sum_of(total * total, -1)) / mass

    def cycles(self, s: State) -> Array:
        """Return the norm of the part of p in cycles, the kernel of d0*: (...)."""
        xp = namespace(s.x)
        weight = None if self._euclidean else self._at(s.x).a1
        inverse = xp.asarray(self._potentials(s), dtype=s.x.dtype)
        u = inverse @ self._graph.net_inflow(times(s.p, weight))
        return xp.sqrt(squared_norm(s.p - self._graph.difference(u), weight))

    def modes(self, s: State) -> Array:
        """Return frequency and energy of each mode, slowest first: (..., n, 2)."""
        frequency, q, p = self._eigen(s)
        x, xp = to_host(s.x), namespace(s.x)
        energy = (_transposed(q) @ x) ** 2
        if s.p.shape[-2]:
            flow = (_transposed(p) @ to_host(s.p)) ** 2
            energy = energy + flow
        half = energy.sum(axis=-1) / 2
        both = np.stack([np.broadcast_to(frequency, half.shape), half], axis=-1)
        return xp.asarray(both, dtype=s.x.dtype)

    def _potentials(self, s: State) -> Floats:
        """Return the pseudo-inverse of d0ᵀ A1 d0, or of d0ᵀ d0: (..., n, n)."""
        if self._moving and not self._euclidean:
            return self._solver(self._at(s.x).a1)
        return self._fixed_solver

    @cached_property
    def _fixed_solver(self) -> Floats:
        return self._solver(None if self._euclidean else self._rest.a1)

    def _solver(self, a1: Array | None) -> Floats:
        d0, weight = self._d0, 1.0 if a1 is None else to_host(a1)
        return np.linalg.pinv(_transposed(d0) @ (weight * d0), hermitian=True)

    def _eigen(self, s: State) -> Eigen:
        return self._modes_of(self._at(s.x)) if self._moving else self._fixed_eigen

    @cached_property
    def _fixed_eigen(self) -> Eigen:
        return self._modes_of(self._rest)

    def _modes_of(self, a: HodgeComplex) -> Eigen:
        """Return frequencies (..., n), and the modes of q and p as columns.

        From B = A1^½ d0 A0^{-½} or, Euclidean, d0 A0⁻¹: q' = −Bᵀp, p' = Bq.
        """
        one = np.ones((1, 1))
        a0 = one if a.a0 is None else to_host(a.a0)
        a1 = one if a.a1 is None else to_host(a.a1)
        nodes = a0 if self._euclidean else np.sqrt(a0)
        edges = one if self._euclidean else np.sqrt(a1)
        b = edges * self._d0 / _transposed(nodes)
        squares, v = np.linalg.eigh(_transposed(b) @ b)
        frequency = np.sqrt(np.maximum(squares, 0))
        waves = frequency > CONSTANT_MODE * frequency.max(axis=-1, keepdims=True)
        over = np.where(waves, 1 / np.where(waves, frequency, 1), 0)[..., None, :]
        scale = one if self._euclidean else nodes
        return np.where(waves, frequency, 0), scale * v, edges * (b @ v) * over

    @cached_property
    def _rest(self) -> HodgeComplex:
        """The inner products where they do not depend on the tokens."""
        return self._at(None)

    @cached_property
    def _d0(self) -> Floats:
        return self._graph.d0.matrix.toarray().astype(float)


def _transposed(matrix: Floats) -> Floats:
    return np.swapaxes(matrix, -1, -2)
