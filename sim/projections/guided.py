"""A linear map that separates groups or clusters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.projections import LinearProjector, Projection, onto_globe
from sim.projections.pca import ON_GLOBE, axes_of, principal

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints
    from sim.frame import Frame
    from sim.trace import TokensAtStart


MAX_CENTRES = 48  # that are separated: those of the largest groups
RIDGE_SHARE = 0.05  # of the centres' mean square length: damps what merely fits noise
MAP_STEP = 0.12  # of the change made per step
REPULSION_STEPS = 400  # until directions are at rest
MAX_REPULSION_ANGLE = 0.15  # radians per step
FRONT_DIRECTION = np.array([0.824, 0.476, 0.309])  # of the default camera
TRIED_VIEWS = 512  # directions among which the best view is chosen
FACING_COSINE = 0.32  # well inside the horizon
COUNTED_COSINES = (-0.3, 0.8)  # clipped to: from just hidden to nearly central
KEPT_MAPS = 4  # of runs
MIN_DISTANCE = 1e-3  # separates directions that coincide at the start


@dataclass(frozen=True)
class Guided(Projection):
    """A linear map that separates the centres of groups, or of clusters.

    The centres c of groups are sent to directions y that repel each other, starting
    from where principal axes show them, by the ridge regression
    W = Cᵀ(CCᵀ + λ)⁻¹Y.  With groups the map is made once, where tokens began, so that
    only tokens move.  Without them it follows the clusters of two
    tokens or more, a little a step, W ← W + Cᵀ(CCᵀ + λ)⁻¹(Y − CW), which changes
    nothing orthogonal to them.  Until there are two it shows principal axes.
    """

    kind: ClassVar[str] = "guided"
    title: ClassVar[str] = "Cluster directions"
    onto_globe: Annotated[bool, ON_GLOBE] = True

    def projector(self, frame: Frame) -> LinearProjector:
        return LinearProjector(frame, map_of(frame), self.onto_globe)

    def surface(self) -> bool:
        return self.onto_globe

    def caption(self) -> str:
        return "a linear map that separates groups"


def map_of(frame: Frame) -> Floats:
    """Return the map at a frame of a run, or of a frame alone: (d, 3)."""
    trace, bounded = frame.trace, frame.scenario.space.bounded
    if frame.groups:
        if trace is not None and trace.state.start.groups:
            return _first_of(trace.state.start, bounded)
        return first_map(frame.x, frame.groups, bounded)
    if trace is not None and trace.maps is not None:
        guided = trace.maps.guided
        return axes_of(frame) if guided is None else guided
    guided = next_map(frame.x, frame.labels, axes_of(frame), None, bounded)
    return axes_of(frame) if guided is None else guided


@lru_cache(maxsize=KEPT_MAPS)
def _first_of(start: TokensAtStart, bounded: bool) -> Floats:
    return first_map(start.x, start.groups, bounded)


def first_map(x: Floats, groups: tuple[str, ...], bounded: bool) -> Floats:
    """Return the map that separates groups: (d, 3)."""
    x = x if bounded else x - x.mean(axis=0)
    number = np.unique(groups, return_inverse=True)[1]
    c = centres(x, number, least=1)
    seen = onto_globe(c @ principal(x))
    return _fit(c, facing(apart(seen, REPULSION_STEPS)))


def next_map(
    x: Floats, labels: Ints | None, axes: Floats, before: Floats | None, bounded: bool
) -> Floats | None:
    """Return the map that follows that `before`, None while there are no two clusters.

    The first one starts from the principal `axes`.
    """
    if labels is None:
        return before
    x = x if bounded else x - x.mean(axis=0)
    c = centres(x, np.unique(labels, return_inverse=True)[1], least=2)
    if len(c) <= 1:
        return before
    if before is None:
        size = float(np.linalg.norm(x @ axes, axis=1).mean())
        before = axes / max(size, MIN_DISTANCE)
    now = c @ before
    return before + MAP_STEP * _fit(c, apart(onto_globe(now), 1) - now)


def _fit(c: Floats, y: Floats) -> Floats:
    """Return the W of ridge regression, c W ≈ y: (k, d), (k, 3) -> (d, 3)."""
    gram = c @ c.T
    ridge = RIDGE_SHARE * float(np.trace(gram)) / len(c) + MIN_DISTANCE**2
    return c.T @ np.linalg.solve(gram + ridge * np.eye(len(c), dtype=c.dtype), y)


def centres(x: Floats, number: Ints, least: int) -> Floats:
    """Return the means of the largest groups of at least `least` tokens: (k, d)."""
    size = np.bincount(number)
    keep = np.argsort(-size, kind="stable")[:MAX_CENTRES]
    keep = np.sort(keep[size[keep] >= least])
    place = np.full(len(size), -1)
    place[keep] = np.arange(len(keep))
    rows = np.flatnonzero(place[number] >= 0)
    out = np.zeros((len(keep), x.shape[1]), x.dtype)
    np.add.at(out, place[number[rows]], x[rows])
    return out / size[keep, None]


def apart(y: Floats, steps: int) -> Floats:
    """Return directions after `steps` of repelling each other: (k, 3) -> (k, 3).

    The force is that of equal charges on the globe; steps are at most 0.15 radians and
    shrink to 0, so that the directions come to rest.
    """
    k = len(y)
    spiral = np.arange(k) * (np.pi * (3 - 5**0.5))
    y = y + MIN_DISTANCE * np.stack(
        [np.cos(spiral), np.sin(spiral), np.cos(2 * spiral)], -1
    )
    y = onto_globe(y)
    for step in range(steps):
        gap = y[:, None] - y[None]
        near = np.linalg.norm(gap, axis=-1) + np.eye(k)
        force = (gap / near[..., None] ** 3).sum(axis=1)
        force -= (force * y).sum(axis=-1, keepdims=True) * y
        length = np.linalg.norm(force, axis=-1, keepdims=True)
        pace = MAX_REPULSION_ANGLE * (1 - step / max(steps, 2))
        y = onto_globe(y + force * np.minimum(pace / (length + MIN_DISTANCE), 1 / k))
    return y


def facing(y: Floats) -> Floats:
    """Return directions rotated so that most face the front: (k, 3) -> (k, 3)."""
    k = np.arange(TRIED_VIEWS) + 0.5
    z, a = 1 - 2 * k / TRIED_VIEWS, np.pi * (1 + 5**0.5) * k
    r = np.sqrt(1 - z * z)
    views = np.stack([r * np.cos(a), r * np.sin(a), z], axis=-1)
    cos = views @ y.T
    score = np.clip(cos, *COUNTED_COSINES).sum(axis=1) + 3.0 * (
        cos > FACING_COSINE
    ).sum(axis=1)
    halfway = (
        views[score.argmax()] + FRONT_DIRECTION
    )  # half a turn about it maps one to the other
    size = float(halfway @ halfway)
    if size < MIN_DISTANCE:
        return y
    return (2 * np.outer(y @ halfway, halfway) / size - y).astype(y.dtype)
