"""Row-wise softmax sums and weights, in tiles of rows of bounded memory."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from sim.arrays import namespace, sum_of, transpose
from sim.sums import Sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.arrays import Array
    from sim.masks import Rule

TILE_ENTRIES = 1 << 20  # 8 MiB in float64, about a core's share of cache
GPU_TILE_ENTRIES = 1 << 25  # 256 MiB: small tiles take less time than their launch


def tile_entries(like: Array) -> int:
    """Return how many entries a tile has where `like` is."""
    return GPU_TILE_ENTRIES if namespace(like).__name__ == "cupy" else TILE_ENTRIES


def tiled_sums(
    queries: Array,
    keys: Array,
    values: Array,
    mask: Rule | None = None,
    *,
    scale: float = 1.0,
) -> Sums:
    """Return the softmax-weighted sums of each query over the keys.

    Parameters
    ----------
    queries : Array, shape (..., n, e)
        aᵢ; β and any scaling are in them already.
    keys : Array, shape (..., m, e)
        bⱼ.
    values : Array, shape (..., m, d)
        yⱼ.
    mask : Rule, optional
        Which pairs count; all by default.
    scale : float
        What else scores are multiplied by.

    Notes
    -----
    Memory is O(n + tile); rounding errors are those of a plain row-wise softmax, a few
    units in the last place of the result, whatever the size of the scores.
    """
    xp = namespace(queries)
    parts = [
        _tile_sums(queries[..., rows, :], keys, values, allowed, scale)
        for rows, allowed in _row_tiles(queries, keys, mask)
    ]
    if len(parts) == 1:
        return parts[0]
    return Sums(
        xp.concat([p.top for p in parts], axis=-2),
        xp.concat([p.mass for p in parts], axis=-2),
        xp.concat([p.mean for p in parts], axis=-2),
    )


def softmax_weights(queries: Array, keys: Array, allowed: Array | None = None) -> Array:
    """Return rows of the attention matrix: (..., r, e), (..., n, e) -> (..., r, n)."""
    _, shifted, mass = _exponentials(queries, keys, allowed)
    return shifted / mass


def _row_tiles(
    queries: Array, keys: Array, mask: Rule | None
) -> Iterator[tuple[slice, Array | None]]:
    xp, n, m = namespace(queries), queries.shape[-2], keys.shape[-2]
    runs = prod(queries.shape[:-2])
    size = max(1, tile_entries(queries) // max(1, m * runs))
    for a in range(0, n, size):
        b = min(a + size, n)
        allowed = None if mask is None else mask.allow(xp.arange(a, b), xp.arange(m))
        yield slice(a, b), allowed


def _tile_sums(
    queries: Array, keys: Array, values: Array, allowed: Array | None, scale: float
) -> Sums:
    top, shifted, mass = _exponentials(queries, keys, allowed, scale)
    return Sums(top, mass, (shifted @ values) / mass)


def _exponentials(
    queries: Array, keys: Array, allowed: Array | None, scale: float = 1.0
) -> tuple[Array, Array, Array]:
    xp = namespace(queries)
    scores = queries @ transpose(keys)
    if scale != 1:
        scores *= scale
    if allowed is not None:
        never = xp.asarray(-xp.inf, dtype=scores.dtype)
        scores = xp.where(allowed, scores, never)
    top = xp.max(scores, axis=-1, keepdims=True)
    scores -= top
    shifted = xp.exp(scores)
    return top, shifted, sum_of(shifted, -1, keepdims=True)
