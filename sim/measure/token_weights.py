"""A token's row or column of the attention matrix: its heads, entropy, large parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints


def of_heads(heads: Floats, head: int = 0, minus: int = 0) -> Floats:
    """Return one head, the mean of all, or a difference: (h, ...) -> (...).

    Parameters
    ----------
    heads : float, shape (h, ...)
        What each head has.
    head : int
        The head, counted from 1; 0 for the mean of all.
    minus : int
        The head that is subtracted, counted from 1; 0 for none.

    Heads that are not there count as the mean, or as none.
    """
    count = len(heads)
    chosen = heads[head - 1] if 0 < head <= count else heads.mean(axis=0)
    return chosen - heads[minus - 1] if 0 < minus <= count else chosen


def largest(weights: Floats, count: int) -> Ints:
    """Return where the `count` largest of |w| are, the largest first: (n,) -> (k,).

    In O(n): of equal ones, those that come first.
    """
    size, n = np.abs(weights), len(weights)
    if count < n:
        least = np.partition(size, n - count)[n - count]
        above = np.flatnonzero(size > least)
        equal = np.flatnonzero(size == least)[: count - len(above)]
        found = np.sort(np.concatenate([above, equal]))
    else:
        found = np.arange(n)
    return found[np.argsort(-size[found], kind="stable")]


def fewest(weights: Floats, share: float, most: int) -> Ints:
    """Return the fewest entries with `share` of Σ|w|, at most `most`: (n,) -> (k,)."""
    found = largest(weights, most)
    size = np.abs(weights)
    total = float(size.sum())
    if not total > 0:
        return found[:0]
    covered = np.cumsum(size[found]) / total
    return found[: int(np.searchsorted(covered, share * (1 - 1e-12))) + 1]


def entropy(weights: Floats) -> float:
    """Return −Σ p log p of p = w/Σw in nats: (n,); NaN where a weight is negative."""
    w = np.asarray(weights, float)
    total = float(w.sum())
    if not total > 0 or float(w.min(initial=0.0)) < 0:
        return float("nan")
    p = w[w > 0] / total
    return float(-(p * np.log(p)).sum()) + 0.0
