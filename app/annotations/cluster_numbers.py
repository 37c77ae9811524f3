"""The numbers of clusters on the picture: a second channel beside their colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.annotations.labels import Label

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints

NUMBER_RANK = -1e5  # before names, after chosen tokens
FAR_OPACITY = 0.55  # of a number behind the globe
MIN_TOKENS = 2  # of a cluster that has a number


def number_of(cluster: int) -> str:
    """Return the number of a cluster as it is written: its id, from 1 on."""
    return f"{cluster + 1}"


def number_labels(cluster_ids: Ints, xy: Floats, facing: Floats) -> list[Label]:
    """Return a label with its number for each cluster of two tokens or more.

    It stands beside the token nearest to the middle of the cluster on screen, of those
    before the horizon where there are any.

    Parameters
    ----------
    cluster_ids : int, shape (n,)
        The cluster of each token, as its colour has it; negative for none.
    xy, facing : shape (n, 2) and (n,)
        Where tokens are on screen; positive before the horizon.
    """
    out: list[Label] = []
    ids, sizes = np.unique(cluster_ids[cluster_ids >= 0], return_counts=True)
    for cluster, size in zip(ids.tolist(), sizes.tolist(), strict=True):
        if size < MIN_TOKENS:
            continue
        rows = np.flatnonzero(cluster_ids == cluster)
        near = rows[facing[rows] > 0]
        rows = near if len(near) else rows
        off = np.linalg.norm(xy[rows] - xy[rows].mean(axis=0), axis=1)
        x, y = xy[rows[off.argmin()]].tolist()
        alpha = 1.0 if len(near) else FAR_OPACITY
        key = -1 - cluster  # tokens have the keys from 0 on
        out.append(
            Label(
                key,
                number_of(cluster),
                (x, y),
                NUMBER_RANK - size,
                alpha=alpha,
                strong=True,
            )
        )
    return out
