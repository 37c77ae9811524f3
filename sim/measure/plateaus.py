"""Plateaus of F̂: times over which it hardly changes while clusters stay the same."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import Floats

FLATNESS = 0.02  # relative change of F̂ over a plateau, at most
MIN_SAMPLES = 5  # of a plateau
MIN_SHARE = 0.01  # of all samples


@dataclass(frozen=True, slots=True)
class LevelStretch:
    """Samples `first` to `last` over which F̂ stays close to `level`, its mean."""

    first: int
    last: int
    level: float


def plateaus(f_hat: Floats, breaks: Sequence[int]) -> tuple[LevelStretch, ...]:
    """Return the longest plateau between every two changes of the clusters.

    Parameters
    ----------
    f_hat : float, shape (s,)
        F̂ at each sample; NaN where it is not known.
    breaks : int, ascending
        Samples at which the clusters are others than at the one before.
    """
    ends, out = (0, *breaks, len(f_hat)), list[LevelStretch]()
    least = max(MIN_SAMPLES, round(MIN_SHARE * len(f_hat)))
    for a, b in pairwise(ends):
        first, last = _flattest(f_hat[a:b])
        if last - first + 1 >= least:
            level = float(f_hat[a + first : a + last + 1].mean())
            out.append(LevelStretch(a + first, a + last, level))
    return tuple(out)


def shares_squared(sizes: Floats) -> float:
    """Return Σ αₖ² for clusters of these sizes or masses: (c,), αₖ their shares.

    F̂ at a plateau, up to e^{−β(1 − cosine)} of other clusters and the spread within
    each  [1]_.

    References
    ----------
    .. [1] Geshkovski, Koubbi, Polyanskiy, Rigollet, arXiv:2410.06833.
    """
    share = np.asarray(sizes, float) / np.sum(sizes)
    return float(share @ share)


def _flattest(f: Floats) -> tuple[int, int]:
    """Return the ends of the longest stretch of `f` within 2 %, in O(len(f)).

    Of equal ones the last; (0, −1) where there is none.
    """
    low, high = deque[int](), deque[int]()
    best, start = (0, -1), 0
    for k, value in enumerate(f.tolist()):
        if not np.isfinite(value):
            low.clear()
            high.clear()
            start = k + 1
            continue
        while low and f[low[-1]] >= value:
            low.pop()
        while high and f[high[-1]] <= value:
            high.pop()
        low.append(k)
        high.append(k)
        while f[high[0]] - f[low[0]] > FLATNESS * abs(f[high[0]]):
            start += 1
            for ends in (low, high):
                while ends[0] < start:
                    ends.popleft()
        if k - start >= best[1] - best[0]:
            best = (start, k)
    return best
