"""A linear map that separates groups or clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.projections import Projection, onto_globe, share
from sim.projections.pca import ON_GLOBE, PcaProjector

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints
    from sim.frame import Frame


MAX_CENTRES = 48  # that are separated: those of the largest groups
RIDGE_SHARE = 0.05  # of the centres' mean square length: damps what merely fits noise
MAP_STEP = 0.06  # of the change made per frame: 1/3 s at 60 fps
REPULSION_STEPS = 400  # until directions are at rest
MAX_REPULSION_ANGLE = 0.15  # radians per step
FRONT_DIRECTION = np.array([0.824, 0.476, 0.309])  # of the default camera
TRIED_VIEWS = 512  # directions among which the best view is chosen
FACING_COSINE = 0.32  # well inside the horizon
COUNTED_COSINES = (-0.3, 0.8)  # clipped to: from just hidden to nearly central
MIN_DISTANCE = 1e-3  # separates directions that coincide at the start


@dataclass(frozen=True)
class Guided(Projection):
    """A linear map that separates the centres of groups, or of clusters."""

    kind: ClassVar[str] = "guided"
    title: ClassVar[str] = "Cluster directions"
    onto_globe: Annotated[bool, ON_GLOBE] = True

    def projector(self) -> GuidedProjector:
        return GuidedProjector(self.onto_globe)

    def surface(self) -> bool:
        return self.onto_globe

    def caption(self) -> str:
        return "a linear map that separates groups"


class GuidedProjector:
    """Fits a map to the centres of groups or clusters.

    The centres c of groups are sent to directions y that repel each other, starting
    from where principal axes show them, by the ridge regression
    W = Cᵀ(CCᵀ + λ)⁻¹Y.  With groups the map is made once, at the first frame, so that
    only tokens move.  Without them it follows the clusters of two
    tokens or more, a little a frame, W ← W + Cᵀ(CCᵀ + λ)⁻¹(Y − CW), which changes
    nothing orthogonal to them.  Until there are two it shows principal
    axes.
    """

    def __init__(self, onto_globe: bool = True) -> None:
        self._onto_globe = onto_globe
        self._pca = PcaProjector(onto_globe)
        self._map: Floats | None = None

    def project(self, frame: Frame) -> tuple[Floats, float]:
        bounded = frame.scenario.space.bounded
        x = frame.x if bounded else frame.x - frame.x.mean(axis=0)
        self._learn(frame, x)
        if self._map is None:
            return self._pca.project(frame)
        y = x @ self._map
        seen = onto_globe(y) if bounded and self._onto_globe else y
        return seen, share(frame.x, self._map)

    def _learn(self, frame: Frame, x: Floats) -> None:
        if frame.groups:
            if self._map is None:
                number = np.unique(frame.groups, return_inverse=True)[1]
                self._map = self._first(x, centres(x, number, least=1))
        elif frame.labels is not None:
            c = centres(x, frame.labels, least=2)
            if len(c) > 1:
                self._map = self._next(x, c)

    def _first(self, x: Floats, c: Floats) -> Floats:
        seen = onto_globe(c @ self._pca.turn(x))
        return _fit(c, facing(apart(seen, REPULSION_STEPS)))

    def _next(self, x: Floats, c: Floats) -> Floats:
        if self._map is None:
            axes = self._pca.turn(x)
            size = float(np.linalg.norm(x @ axes, axis=1).mean())
            self._map = axes / max(size, MIN_DISTANCE)
        now = c @ self._map
        return self._map + MAP_STEP * _fit(c, apart(onto_globe(now), 1) - now)


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
