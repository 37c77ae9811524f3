"""The divergence of attention, where no derivative of it need be written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.arrays import dot, namespace
from sim.attention.softmax import Soft, products

if TYPE_CHECKING:
    from sim.arrays import Array


def divergence(a: Soft, x: Array, *, sphere: bool) -> Array | None:
    """Return div X at every token, (..., n, 1), on the unit sphere or in R^d.

    For Q = K = I and V = c·I; with E the mean over the tokens y attended to, it is

        c W (β (E|y|² − E⟨x,y⟩² − |PₓEy|²) − (d − 1)⟨x,Ey⟩),

    and in R^d c W β (E|y|² − |Ey|²).
    Rows that are normalised have W = 1; others have W = Zᵢ/n e^{-|β|}, and no |Ey|².
    On the sphere all but |PₓEy|² is ΔZ/βZ, which harmonics know.  None for other laws.
    """
    p = a.problem(x)
    bare = a.block is None and a.dropped is None and a.smooth
    if a.scale is None or not p.symmetric or not bare:
        return None
    sums = a.sums(x)
    mean = sums.mean[..., 0, :, :]
    along, lost = dot(x, mean), dot(mean, mean)
    bent = a.recent.laplacian_ratio(p) if sphere and a.beta else None
    if bent is not None:
        turned = bent[..., 0, :, :] / a.beta
    else:
        length, score = _seconds(a, x)
        turned = a.beta * (length - score) - (x.shape[-1] - 1) * along
        turned = turned if sphere else a.beta * length
    if sphere:
        lost = lost - along * along
    return a.scale * a.swelling(turned, lost, sums)


def _seconds(a: Soft, x: Array) -> tuple[Array, Array]:
    """Return E|y|² and E⟨x,y⟩²: (..., n, 1) each."""
    d, pairs = x.shape[-1], a.seconds(x)[..., 0, :, :]
    diagonal = [i * d - i * (i - 1) // 2 for i in range(d)]
    twice = [1 if k in diagonal else 2 for k in range(pairs.shape[-1])]
    length = sum(pairs[..., k : k + 1] for k in diagonal)
    weights = namespace(x).asarray(twice, dtype=x.dtype)
    return length, dot(products(x) * weights, pairs)
