"""What is drawn beside the beads: arcs, edges, rings of mass, the circle's crown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.gl.picture import Lines
from sim.frame import RING

if TYPE_CHECKING:
    import numpy.typing as npt

    from sim.frame import Frame

    Single = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.integer[Any]]

ARCS = 160  # arcs in all: the heaviest
LEAST = 0.02  # of the heaviest: lighter arcs are left out
TOUCHING = 0.06  # globe radii: closer tokens hide their arc
STEADY = 0.01  # globe radii: heads that are as good as each other
KAPPA = 220.0  # concentration of the crown's kernel: 3.9 degrees
IDLE = 0.35  # weight of an edge that nothing flows along
CONTRAST = 1.5  # power that brings out the tops of the potential


def arcs(frame: Frame, points: Single, chosen: tuple[int, ...]) -> Lines | None:
    """Return whom the chosen tokens attend to, from `frame.rows`; None if nobody."""
    rows = [i for i in chosen if i in frame.rows]
    if not rows:
        return None
    weight = np.stack([np.asarray(frame.rows[i]).mean(axis=0) for i in rows])
    weight[np.arange(len(rows)), rows] = 0
    pick = np.argsort(weight, axis=None, kind="stable")[-ARCS:]
    row, j = np.unravel_index(pick, weight.shape)
    i, w = np.array(rows)[row], weight[row, j]
    long = np.linalg.norm(points[i] - points[j], axis=1) > TOUCHING
    keep = long & (w >= LEAST * max(float(w.max()), 1e-30))
    if not keep.any():
        return None
    i, j, w = i[keep], j[keep], w[keep]
    return Lines(points[i], points[j], (w / w.max()).astype(np.float32))


class Flux:
    """Edges, with what flows along them on one scale for the run.

    The flux of an edge is its momentum along itself, p·(x_head − x_tail)/|…|: positive
    where it pulls its ends together, negative where it pushes them apart.  The scale is
    the largest momentum so far, and at least a fraction of the longest edge, which is
    what momenta grow from: E = ½|q|² + ½|p|².
    """

    START = 0.25

    def __init__(self) -> None:
        self._epoch, self._top = -1, 0.0

    def lines(self, frame: Frame, points: Single) -> Lines | None:
        """Return the edges of `frame`, if it has any."""
        if frame.edges is None or not len(frame.edges):
            return None
        tail, head = frame.edges[:, 0], frame.edges[:, 1]
        start, end = points[tail], points[head]
        if len(frame.p) != len(frame.edges):
            return Lines(start, end, np.full(len(tail), IDLE, np.float32))
        along = frame.x[head] - frame.x[tail]
        length = np.linalg.norm(along, axis=1)
        size = np.linalg.norm(frame.p, axis=1)
        if frame.epoch != self._epoch:
            self._epoch, self._top = frame.epoch, self.START * float(length.max())
        self._top = max(self._top, float(size.max()), 1e-12)
        flux = (frame.p * along).sum(axis=1) / np.maximum(length, 1e-12) / self._top
        weight = IDLE + (1 - IDLE) * np.sqrt(np.minimum(size / self._top, 1))
        flux = np.sign(flux) * np.sqrt(np.minimum(np.abs(flux), 1))
        return Lines(start, end, weight.astype(np.float32), flux.astype(np.float32))


def masses(labels: Ints, points: Single, place: float) -> Single:
    """Return how many tokens stand at a token's place, at one token a cluster.

    Parameters
    ----------
    labels : int, shape (n,)
        The cluster of each token, numbered from 0.
    points : float32, shape (n, 3)
        Where they are seen.
    place : float
        Distance within which tokens are seen as one.

    Returns
    -------
    float32, shape (n,)
        0 for all but the token closest to the middle of its cluster.
    """
    out = np.zeros(len(labels), np.float32)
    size = np.bincount(labels)
    means = [np.bincount(labels, points[:, k]) / np.maximum(size, 1) for k in range(3)]
    off = np.linalg.norm(points - np.stack(means, -1)[labels], axis=1)
    order = np.lexsort((np.round(off / STEADY), labels))
    heads = order[np.unique(labels[order], return_index=True)[1]]
    near = np.linalg.norm(points - points[heads][labels], axis=1) < place
    out[heads] = np.bincount(labels[near], minlength=len(size))
    return out


def crown(points: Single) -> Single:
    """Return the density of tokens around the circle: (n, 3) -> (1024,).

    A von Mises estimate, by a histogram that shares each token between two bins, and
    one convolution: O(n).
    """
    place = (np.arctan2(points[:, 1], points[:, 0]) / (2 * np.pi) + 0.5) * RING - 0.5
    low = np.floor(place).astype(np.int64)
    part = place - low
    bins = np.concatenate([low, low + 1]) % RING
    counts = np.bincount(bins, np.concatenate([1 - part, part]), RING)
    turn = np.arange(RING) * (2 * np.pi / RING)
    kernel = np.exp(KAPPA * (np.cos(turn) - 1))
    smooth = np.fft.irfft(np.fft.rfft(counts) * np.fft.rfft(kernel), RING)
    return np.maximum(smooth, 0).astype(np.float32)


def painted(potential: Single) -> Single:
    """Return a potential as a field of the globe, in [0, 1]: (96, 192) the same."""
    low, span = float(potential.min()), float(np.ptp(potential))
    if not span > 0:
        return np.zeros(potential.shape, np.float32)
    return (((potential - low) / span) ** CONTRAST).astype(np.float32)
