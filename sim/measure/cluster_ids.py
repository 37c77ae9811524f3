"""Numbers of clusters on screen, which are stable over time."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sim.measure.clusters import SAME_CLUSTER_COSINE, components
from sim.trace import LONE, ClusterIds

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import Floats, Ints
    from sim.spaces import Space


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


def link_distance(x: Floats, space: Space) -> float | None:
    """Return the distance within which tokens are linked to one colour.

    None where that is the rule that counts clusters, since a search for neighbours
    would cost too much, or tokens have no common length.
    """
    few = len(x) <= MAX_COMPARED and space.bounded
    return reach(*x.shape) if few else None


def linked(x: Floats, space: Space, labels: Ints | None) -> Ints | None:
    """Return which tokens have one colour: int (n,); None where that is not known.

    Few tokens far apart are linked too, so that a crowd has colours before it has
    clusters; each cluster still has one colour.

    Parameters
    ----------
    x : shape (n, d)
        Tokens.
    space : Space
        Where they live.
    labels : int, shape (n,), optional
        Their clusters.
    """
    distance = link_distance(x, space)
    if distance is not None and np.isfinite(x).all():
        return components(x, distance)
    if labels is None or not space.bounded:
        return labels
    return _split_chains(np.asarray(labels), x)


def followed(
    before: ClusterIds | None,
    tokens: Ints,
    labels: Ints,
    started: int,
    coordinate: float = -math.inf,
) -> ClusterIds:
    """Return the ids of clusters that follow from those `before`, if any.

    A cluster keeps the id that most of its tokens had.  When two merge, the larger one
    keeps its id.  Up to 16 tokens have their own ids until they merge, and so have
    those that are added to them.

    Parameters
    ----------
    before : ClusterIds, optional
        Ids at an earlier time.
    tokens : int, shape (n,)
        The ids of the tokens.
    labels : int, shape (n,)
        Which tokens are in one cluster.
    started : int
        How many tokens the run started with.
    coordinate : float
        Where on the clock `before` is, from which changes count.
    """
    n = len(tokens)
    few = started <= MAX_OWN_IDS and n <= MAX_LATER
    known = _carried(before, tokens, few=few)
    if few:
        now = keep_own(known.now, labels, tokens)
    else:
        now = keep_large(known.now, labels)
    changed = now != known.now
    if before is None or not changed.any():
        return ClusterIds(tokens, now, known.before, known.since)
    return ClusterIds(
        tokens,
        now,
        np.where(changed, known.now, known.before),
        np.where(changed, coordinate, known.since),
    )


def _carried(before: ClusterIds | None, tokens: Ints, *, few: bool) -> ClusterIds:
    """Return the same ids for the `tokens` that are there now."""
    if before is not None and np.array_equal(tokens, before.tokens):
        return before
    n = len(tokens)
    now = tokens.astype(np.int64) if few else np.full(n, LONE)
    earlier, since = now.copy(), np.full(n, -np.inf)
    if before is not None:
        here, there = np.isin(tokens, before.tokens), np.isin(before.tokens, tokens)
        now[here], earlier[here] = before.now[there], before.before[there]
        since[here] = before.since[there]
    return ClusterIds(tokens, now, earlier, since)


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


def _split_chains(labels: Ints, x: Floats) -> Ints:
    """Return `labels` with a separate label for each token of a long chain.

    Very many tokens may be linked all over the globe, far apart from each other.
    """
    size = np.bincount(labels)
    out = labels
    for name in np.flatnonzero(size >= max(2, len(labels) / LARGE_SHARE)).tolist():
        here = np.flatnonzero(labels == name)
        if np.linalg.norm(x[here].mean(axis=0)) < MIN_COMPACT_MEAN:
            out = out.copy() if out is labels else out
            out[here] = len(size) + here
    return out
