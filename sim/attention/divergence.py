"""The divergence of attention in closed form, without its derivative."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import dot, namespace, transpose
from sim.attention.moment_kernel import can_compile, compiled_moments
from sim.attention.softmax import SoftmaxAttention, outer_entries
from sim.sums.row_tiles import softmax_weights, tile_entries

if TYPE_CHECKING:
    from sim.arrays import Array

MAX_HARMONIC_DIMENSION = 3  # up to here columns of many tokens need no pairs
MAX_PAIRED_TOKENS = 4096  # up to here pairs cost less
MAX_COLUMN_DIMENSION = 8  # above, d(d + 1)/2 columns cost more than whole rows
MAX_ROW_ENTRIES = 1 << 16  # of rows on the processor: half a megabyte stays in cache


def divergence(a: SoftmaxAttention, x: Array, *, sphere: bool) -> Array | None:
    """Return div X at every token, (..., n, d) -> (..., n, 1), on the sphere or in R^d.

    For Q = K = I and V = c·I; with E the mean over the tokens y attended to, it is

        c W (β (E|y|² − E⟨x,y⟩² − |PₓEy|²) − (d − 1)⟨x,Ey⟩)

    on the unit sphere, and in R^d c W β (E|y|² − |Ey|²).  Normalised rows have W = 1;
    others have W = Zᵢ/n e^{-|β|}, and no |Ey|².  On the sphere all but |PₓEy|² is
    ΔZ/βZ, which expansions in harmonics know.  None for other matrices.
    """
    p = a.problem(x)
    bare = a.feed_forward is None and a.dropped is None and a.differentiable
    if a.value_scale is None or not p.symmetric or not bare:
        return None
    sums = a.sums(x)
    mean = sums.mean[..., 0, :, :]
    along, square = dot(x, mean), dot(mean, mean)
    laplacian = a.cache.laplacian_ratio(p) if sphere and a.beta else None
    if laplacian is not None:
        unnormalised = laplacian[..., 0, :, :] / a.beta
    else:
        length, score = _second_moments(a, x)
        unnormalised = a.beta * (length - score) - (x.shape[-1] - 1) * along
        unnormalised = unnormalised if sphere else a.beta * length
    if sphere:
        square = square - along * along
    return a.value_scale * a.row_divergence(unnormalised, square, sums)


def _second_moments(a: SoftmaxAttention, x: Array) -> tuple[Array, Array]:
    """Return E|y|² and E⟨x,y⟩²: (..., n, d) -> (..., n, 1) each.

    By a compiled pass over pairs where there can be one.  Else in few dimensions from
    the entries of E[yyᵀ], as columns of a sum; in many, where these are more columns
    than a row has entries to spare, from whole rows.
    """
    many = x.shape[-2] > MAX_PAIRED_TOKENS
    if can_compile(x) and not (many and x.shape[-1] <= MAX_HARMONIC_DIMENSION):
        log_z = a.sums(x).log_z[..., 0, :, :]
        return compiled_moments(x, float(a.beta), log_z)
    if x.shape[-1] > MAX_COLUMN_DIMENSION:
        return _second_moments_by_rows(a, x)
    d, pairs = x.shape[-1], a.second_moments(x)[..., 0, :, :]
    diagonal = [i * d - i * (i - 1) // 2 for i in range(d)]
    twice = [2] * pairs.shape[-1]
    for k in diagonal:
        twice[k] = 1
    length = sum(pairs[..., k : k + 1] for k in diagonal)
    weights = namespace(x).asarray(twice, dtype=x.dtype)
    return length, dot(outer_entries(x) * weights, pairs)


def _second_moments_by_rows(a: SoftmaxAttention, x: Array) -> tuple[Array, Array]:
    """Return E|y|² and E⟨x,y⟩² from rows of p_ij, a few at a time.

    Shapes (..., n, d) -> (..., n, 1) each.  It costs about one velocity.
    """
    xp, n, squares = namespace(x), x.shape[-2], dot(x, x)
    q, k = a.score_factors(x)
    entries = min(tile_entries(x), MAX_ROW_ENTRIES) if xp is np else tile_entries(x)
    size = max(1, entries // (n * prod(x.shape[:-2])))
    lengths: list[Array] = []
    scores: list[Array] = []
    for start in range(0, n, size):
        rows = xp.arange(start, min(start + size, n))
        allowed = a.mask.allow(rows, xp.arange(n))
        p = softmax_weights(xp.take(q, rows, axis=-2), k, allowed)[..., 0, :, :]
        products = xp.take(x, rows, axis=-2) @ transpose(x)
        lengths.append(p @ squares)
        products *= products
        scores.append(dot(p, products))
    return xp.concat(lengths, axis=-2), xp.concat(scores, axis=-2)
