"""Ids of the colours of clusters on screen, which are stable over time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from app.theme.palette import LONE
from sim.measure.clusters import SAME_CLUSTER_COSINE, components

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import Ints, Single
    from sim.frame import Frame


MAX_OWN_IDS = 16  # tokens at the start: up to here each has a colour of its own
MAX_LATER = 64  # tokens, added ones included: up to here that is kept
MAX_COMPARED = 500  # tokens: above, a neighbour search costs too much
MIN_LINK_COS = 0.9  # tokens farther apart are not linked in any dimension
CHANCE_NEIGHBOURS = 0.5  # mean number within reach, for uniform tokens
LARGE_SHARE = 24  # a cluster of 1/24 of the tokens, at least two, has a colour
MIN_COMPACT_MEAN = 0.97  # length of the mean of a cluster that is not a long chain


@cache
def reach(n: int, d: int) -> float:
    """Return the distance on S^{d-1} within which tokens are linked to one cluster.

    Within it n uniform tokens have half a neighbour on average, so that colours
    appear only with order.  Between cosines 0.9 and 0.999.
    """
    angle = np.linspace(0, np.pi, 4097)
    measure = np.cumsum(np.sin(angle) ** (d - 2))
    cos = np.cos(np.interp(CHANCE_NEIGHBOURS / n * measure[-1], measure, angle))
    return float((2 * (1 - np.clip(cos, MIN_LINK_COS, SAME_CLUSTER_COSINE))) ** 0.5)


class ClusterIds:
    """Stable ids of clusters on screen; `LONE` for tokens in none.

    Few tokens far apart are linked too, so that a crowd has colours before it has
    clusters; each cluster still has one colour.

    Attributes
    ----------
    link_cosine : float
        The cosine above which tokens are linked, 0.999 for clusters themselves.

    A cluster keeps the id that most of its tokens had in the frame before.  When two
    merge, the larger one keeps its id.
    """

    def __init__(self) -> None:
        self._previous = self._ids = np.zeros(0, np.int64)
        self._epoch = -1
        self.link_cosine = SAME_CLUSTER_COSINE

    def assign(self, frame: Frame, points: Single) -> Ints:
        """Return the id of each token's cluster: int (n,).

        Up to 16 tokens have their own ids until they merge, and so have those that are
        added to them.
        """
        n, d = frame.x.shape
        self.link_cosine = SAME_CLUSTER_COSINE
        if frame.epoch != self._epoch:
            self._epoch, self._ids = frame.epoch, frame.ids[:0]
            self._previous = self._ids
        started = n if frame.run is None else frame.run.start.tokens
        few = started <= MAX_OWN_IDS and n <= MAX_LATER
        if not np.array_equal(frame.ids, self._ids):
            new = frame.ids.copy() if few else np.full(n, LONE)
            there = np.isin(frame.ids, self._ids)
            new[there] = self._previous[np.isin(self._ids, frame.ids)]
            self._ids, self._previous = frame.ids, new
        bounded = frame.scenario.space.bounded
        if n <= MAX_COMPARED and bounded and np.isfinite(frame.x).all():
            labels = components(frame.x, reach(n, d))
            self.link_cosine = 1 - reach(n, d) ** 2 / 2
        elif frame.labels is not None:
            labels = np.asarray(frame.labels)
            labels = _split_chains(labels, points) if bounded else labels
        else:
            return np.full(n, LONE)
        if few:
            self._previous = keep_own(self._previous, labels, frame.ids)
        else:
            self._previous = keep_large(self._previous, labels)
        return self._previous


def keep_own(before: Ints, labels: Ints, ids: Ints | None = None) -> Ints:
    """Return ids of all clusters, (n,): those of one token are its own at first.

    A cluster whose ids are all taken gets that of one of its tokens, whose `ids` are
    their rows by default.
    """
    own = np.arange(len(labels)) if ids is None else ids

    def new_id(taken: set[int], here: Ints, name: int) -> int:
        free = (k for k in own[here].tolist() if k not in taken)
        return next(free, int(own.max()) + 1 + name)

    clusters, sizes = np.unique(labels, return_counts=True)
    return _inherited(
        before, labels, clusters[np.argsort(-sizes, kind="stable")], new_id
    )


def keep_large(before: Ints, labels: Ints) -> Ints:
    """Return ids of the clusters of at least n/24 tokens, LONE for the rest: (n,).

    A new cluster gets the smallest unused id.
    """
    known = before if len(before) == len(labels) else np.full(len(labels), LONE)
    had = set(known.tolist())

    def new_id(taken: set[int], here: Ints, name: int) -> int:
        used = taken | had
        return next(k for k in range(len(used) + 1) if k not in used)

    clusters, sizes = np.unique(labels, return_counts=True)
    large = sizes >= max(2, len(labels) / LARGE_SHARE)
    clusters, sizes = clusters[large], sizes[large]
    return _inherited(
        known, labels, clusters[np.argsort(-sizes, kind="stable")], new_id
    )


def _inherited(
    before: Ints,
    labels: Ints,
    clusters: Ints,
    new_id: Callable[[set[int], Ints, int], int],
) -> Ints:
    """Give each of `clusters`, in turn, the id that most of its tokens had before.

    Where all of those are taken, `new_id` returns one, from the ids taken, the
    cluster's tokens and its label.
    """
    out, taken = np.full(len(labels), LONE), set[int]()
    for name in clusters.tolist():
        here = np.flatnonzero(labels == name)
        ids, votes = np.unique(before[here], return_counts=True)
        ranked = ids[np.argsort(-votes, kind="stable")].tolist()
        free = (k for k in ranked if k != LONE and k not in taken)
        found = next(free, None)
        out[here] = chosen = new_id(taken, here, name) if found is None else found
        taken.add(chosen)
    return out


def _split_chains(labels: Ints, points: Single) -> Ints:
    """Return `labels` with a separate label for each token of a long chain.

    Very many tokens may be linked all over the globe, far apart from each other.
    """
    size = np.bincount(labels)
    large = size >= max(2, len(labels) / LARGE_SHARE)
    means = [np.bincount(labels, points[:, k]) / np.maximum(size, 1) for k in range(3)]
    chain = large & (np.linalg.norm(np.stack(means), axis=0) < MIN_COMPACT_MEAN)
    return np.where(chain[labels], len(size) + np.arange(len(labels)), labels)
