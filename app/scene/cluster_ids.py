"""Who stands together, for the eye: numbers that clusters keep while they live."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from app.theme.palette import CROWD, LONE, Wardrobe
from sim.measure.clusters import SAME, components

if TYPE_CHECKING:
    from sim.array_types import Ints, Single
    from sim.frame import Frame


FEW = 16  # tokens: up to here each has a colour of its own
MANY = 500  # tokens: above, neighbours cost too much to look for again
LOOSE = 0.9  # cosine: tokens farther apart are not seen as together in any dimension
BY_CHANCE = 0.5  # neighbours within reach that a token would have by chance
COMPACT = 0.97  # length of the mean of a cluster that is a place, not a chain


@cache
def reach(n: int, d: int) -> float:
    """Return the distance on S^{d-1} within which tokens are seen as together.

    So close that n uniform tokens have half a neighbour on average: colours then
    appear as order does.  Between cosines 0.9 and 0.999.
    """
    angle = np.linspace(0, np.pi, 4097)
    measure = np.cumsum(np.sin(angle) ** (d - 2))
    cos = np.cos(np.interp(BY_CHANCE / n * measure[-1], measure, angle))
    return float((2 * (1 - np.clip(cos, LOOSE, SAME))) ** 0.5)


class ClusterIds:
    """Numbers clusters for life, `LONE` where a token has no company."""

    def __init__(self) -> None:
        self._wardrobe, self._few = Wardrobe(), np.zeros(0, np.int64)
        self._run: tuple[int, int] = (-1, -1)

    def of(self, frame: Frame, points: Single) -> Ints:
        """Return the number of each token's cluster: int (n,).

        Up to 16 tokens have their own numbers until they meet; then the larger
        cluster's number goes on.
        """
        n, d = frame.x.shape
        if (frame.epoch, n) != self._run:
            self._run = (frame.epoch, n)
            self._wardrobe, self._few = Wardrobe(), np.arange(min(n, FEW))
        bounded = frame.scenario.space.bounded
        if n <= MANY and bounded and np.isfinite(frame.x).all():
            labels = components(frame.x, reach(n, d))
        elif frame.labels is not None:
            labels = np.asarray(frame.labels)
            labels = _places(labels, points) if bounded else labels
        else:
            return np.full(n, LONE)
        if n > FEW:
            return self._wardrobe.wear(labels)
        self._few = _merged(self._few, labels)
        return self._few


def _merged(worn: Ints, labels: Ints) -> Ints:
    """Return numbers like `worn`, one a cluster: the one that most of it wore."""
    out, taken = worn.copy(), set[int]()
    names, sizes = np.unique(labels, return_counts=True)
    for name in names[np.argsort(-sizes, kind="stable")]:
        here = np.flatnonzero(labels == name)
        numbers, votes = np.unique(worn[here], return_counts=True)
        wanted = [*numbers[np.argsort(-votes, kind="stable")].tolist(), *here.tolist()]
        free = [k for k in wanted if k not in taken]
        out[here] = number = free[0] if free else len(worn) + int(name)
        taken.add(number)
    return out


def _places(labels: Ints, points: Single) -> Ints:
    """Return `labels` with a number of its own for each token of a long chain.

    Very many tokens hang together all over the globe; such a cluster is no place.
    """
    size = np.bincount(labels)
    crowd = size >= max(2, len(labels) / CROWD)
    means = [np.bincount(labels, points[:, k]) / np.maximum(size, 1) for k in range(3)]
    chain = crowd & (np.linalg.norm(np.stack(means), axis=0) < COMPACT)
    return np.where(chain[labels], len(size) + np.arange(len(labels)), labels)
