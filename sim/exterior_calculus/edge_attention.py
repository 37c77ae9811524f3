"""Attention along the arcs of a graph: by inner products, or as in GAT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sim.arrays import dot, namespace, transpose
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.graph_operators.arcs import Arcs

Nonlinearity = Literal["none", "tanh"]

NONLINEARITY = Knob(
    "σ",
    help="Nonlinearity of the update: none, which keeps the invariants of "
    "diffusion, or tanh, as in the lecture notes, which does not.",
)


def dot_scores(x: Array, arcs: Arcs, query: Array, key: Array) -> Array:
    """Return ⟨Qxᵢ, Kxⱼ⟩ on every arc: (..., n, d), (h, e, d) -> (..., h, l, 1)."""
    q, k = per_head(x, query), per_head(x, key)
    return dot(arcs.from_target(q), arcs.from_source(k))


def additive_scores(
    y: Array, arcs: Arcs, source: Array, target: Array, slope: float
) -> Array:
    """Return LeakyReLU(⟨a, yⱼ⟩ + ⟨b, yᵢ⟩) on every arc  [1]_.

    Parameters
    ----------
    y : Array, shape (..., h, n, e)
        Values of every head.
    source, target : Array, shape (h, 1, e)
        a and b.
    slope : float
        Of the LeakyReLU below 0.

    References
    ----------
    .. [1] Velickovic et al., "Graph attention networks", arXiv:1710.10903, eq. (3).
    """
    xp = namespace(y)
    sent, received = dot(y, source), dot(y, target)
    s = arcs.from_source(sent) + arcs.from_target(received)
    return xp.where(s > 0, s, slope * s)


def aggregate(y: Array, arcs: Arcs, weights: Array) -> Array:
    """Return Σⱼ αᵢⱼ yⱼ: (..., n, e), (..., l, 1) -> (..., n, e)."""
    return arcs.sum_at_target(weights * arcs.from_source(y))


def per_head(x: Array, matrices: Array) -> Array:
    """Return M_h xᵢ: (..., n, d), (h, e, d) -> (..., h, n, e)."""
    return x[..., None, :, :] @ transpose(matrices)


def apply_nonlinearity(nonlinearity: Nonlinearity, v: Array) -> Array:
    """Return σ(v): (..., n, d) -> (..., n, d)."""
    return namespace(v).tanh(v) if nonlinearity == "tanh" else v
