"""The geometry of edges, mass rings, and curves on the circle."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np

from app.scene.scene import Lines
from sim.measure.edge_flux import edge_flux, edge_lengths
from sim.trace import Peaks
from sim.trace_steps import START_FLUX

if TYPE_CHECKING:
    from app.document.look import Look
    from sim.array_types import Floats, Ints, Single
    from sim.frame import Frame


TIE_TOLERANCE = 0.01  # globe radii: distances that count as equal
EQUAL_WEIGHT_WIDTH = 0.4  # width of edges that all weigh the same
ROUNDING = 1e-6  # of a number: differences below are rounding
ROUND_SCALES = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)  # times powers of ten
MAX_STEMS = 512  # tokens: above, their stems would hide the beads
POTENTIAL_CONTRAST = 1.5  # exponent that emphasises high potential


def has_lengths(frame: Frame, look: Look) -> bool:
    """Whether tokens differ in length r = |xᵢ|, and are drawn with their lengths.

    Not on the sphere; not on a graph, where x is a feature of a node; not where
    the projection shows something other than x.
    """
    free = not frame.scenario.space.bounded and frame.edges is None
    return free and not look.projection.in_low_dimensions and bool(len(frame.x))


def stems(frame: Frame, points: Single, look: Look) -> Lines | None:
    """Return a thin line from the centre to every token that has a length."""
    if not look.edges or len(points) > MAX_STEMS or not has_lengths(frame, look):
        return None
    none = np.zeros(len(points), np.float32)
    return Lines(np.zeros_like(points), points, none, none)


def length_range(frame: Frame, look: Look) -> str:
    """Return the range of token lengths as text; empty without lengths."""
    if not has_lengths(frame, look):
        return ""
    length = np.linalg.norm(frame.x, axis=1)
    low, high = (f"{v:.3g}" for v in (length.min(), length.max()))
    return f"r = |xᵢ| = {low}" if low == high else f"r = |xᵢ| from {low} to {high}"


@dataclass(frozen=True, slots=True)
class Scales:
    """The scales of edge colours and widths; None where they mean nothing.

    Attributes
    ----------
    flux : float, optional
        Colours range from minus this to this.
    weight : (float, float), optional
        Weights of the thinnest and the widest edge that could be drawn.
    """

    flux: float | None = None
    weight: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class EdgeLines:
    """Edges whose width shows weight and whose colour shows flux.

    The flux of an edge is positive (inward) where it pulls its ends together, negative
    outward; see `sim.measure.edge_flux`.  Both scales only grow in a run, in round
    numbers, so that pictures can be compared over time.

    Attributes
    ----------
    lines : Lines, optional
        The edges; None where there are none or they are hidden.
    scales : Scales
        What their colours and widths mean.
    """

    lines: Lines | None = None
    scales: Scales = field(default_factory=Scales)

    @classmethod
    def of(cls, frame: Frame, points: Single, *, shown: bool = True) -> Self:
        """Return the edges of `frame`, whose tokens are drawn at `points`."""
        if frame.edges is None or not len(frame.edges) or not shown:
            return cls()
        start, end = points[frame.edges[:, 0]], points[frame.edges[:, 1]]
        peaks = Peaks() if frame.trace is None else frame.trace.state.peaks
        width, weight = _widths(frame.edge_weight, len(start), peaks.weight)
        if frame.carrier != "edges":
            return cls(Lines(start, end, width), Scales(weight=weight))
        flux = edge_flux(frame.x, frame.p, frame.edges)
        past = peaks.flux or START_FLUX * float(
            edge_lengths(frame.x, frame.edges).max()
        )
        top = rounded_up(max(past, float(np.abs(flux).max()), 1e-12))
        share = (flux / top).astype(np.float32)
        return cls(Lines(start, end, width, share), Scales(top, weight))


def _widths(
    weight: Floats | None, m: int, past: float
) -> tuple[Single, tuple[float, float] | None]:
    """Return widths in [0, 1] and their scale; no scale if all weigh the same."""
    if weight is None or np.ptp(weight) <= ROUNDING * float(weight.max()):
        return np.full(m, EQUAL_WEIGHT_WIDTH, np.float32), None
    top = rounded_up(max(past, float(weight.max())))
    return (weight / top).astype(np.float32), (0.0, top)


def rounded_up(value: float) -> float:
    """Return the least number of 1, 1.5, 2, 3, 5 or 7 times a power of ten above."""
    power = 10.0 ** math.floor(math.log10(value))
    steps = (k * power for k in ROUND_SCALES)
    return next((s for s in steps if s >= value * (1 - ROUNDING)), 10 * power)


def cluster_masses(labels: Ints, points: Single, place: float) -> Single:
    """Return how many tokens are at one place, at one token of each cluster.

    Parameters
    ----------
    labels : int, shape (n,)
        The cluster of each token, numbered from 0.
    points : float32, shape (n, 3)
        Where they are drawn.
    place : float
        Distance within which beads look like one.

    Returns
    -------
    float32, shape (n,)
        0 for all but the token closest to the middle of its cluster.
    """
    out = np.zeros(len(labels), np.float32)
    size = np.bincount(labels)
    means = [np.bincount(labels, points[:, k]) / np.maximum(size, 1) for k in range(3)]
    off = np.linalg.norm(points - np.stack(means, -1)[labels], axis=1)
    heads = _firsts(labels, np.round(off / TIE_TOLERANCE), len(size))
    near = np.linalg.norm(points - points[heads][labels], axis=1) < place
    out[heads] = np.bincount(labels[near], minlength=len(size))
    return out


def _firsts(labels: Ints, key: Floats, count: int) -> Ints:
    """Return the token of least `key` in each cluster, the first of equals: (count,).

    Without sorting, since this runs for every picture.
    """
    least = np.full(count, np.inf)
    np.minimum.at(least, labels, key)
    found = np.flatnonzero(key == least[labels])[::-1]
    out = np.zeros(count, np.intp)
    out[labels[found]] = found  # backwards: the first of equals is written last
    return out


def field_texture(potential: Single) -> Single:
    """Return a potential as a field of the globe, in [0, 1]: (96, 192) the same."""
    low, span = float(potential.min()), float(np.ptp(potential))
    if not span > 0:
        return np.zeros(potential.shape, np.float32)
    return (((potential - low) / span) ** POTENTIAL_CONTRAST).astype(np.float32)
