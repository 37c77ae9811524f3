"""A tour of the three-dimensional subspaces of R^d."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.projections import LinearProjector, Projection
from sim.projections.guided import map_of
from sim.projections.pca import ON_GLOBE
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.frame import Frame

LEG = math.pi / 2  # radians: no two subspaces are further apart
BLOCK = 64  # legs that are made at once
KEPT_BLOCKS = 64


@dataclass(frozen=True)
class Tour(Projection):
    """A grand tour, or one that is guided to the directions of clusters.

    The subspace runs along geodesics between random subspaces, without turning within
    itself [1]_ [2]_; each leg takes π/2 over the speed.  It depends on the time of a
    frame alone, not on the frames before.  A guided tour shows the orthonormal frame
    nearest to (1 − w)F + wG/|G|, of the tour's F and the map G of `Guided`.

    References
    ----------
    .. [1] Asimov, "The grand tour", SIAM J. Sci. Stat. Comput. 6 (1985).
    .. [2] Buja, Cook, Asimov, Hurley, "Computational methods for high-dimensional
           rotations in data visualization", Handbook of Statistics 24 (2005).
    """

    kind: ClassVar[str] = "tour"
    title: ClassVar[str] = "Tour"
    speed: Annotated[
        float,
        Knob(
            "Tour speed",
            0,
            3,
            help="Largest angle by which the subspace turns in a unit of the run's "
            "time; 0 stands still.",
        ),
    ] = 0.3
    guide: Annotated[
        float,
        Knob(
            "Towards clusters",
            0,
            1,
            help="0: a grand tour, which comes near every view.  Above: guided to the "
            "map that separates groups or clusters; 1 is that map.",
        ),
    ] = 0.0
    onto_globe: Annotated[bool, ON_GLOBE] = True

    def projector(self, frame: Frame) -> LinearProjector:
        f = grand_tour(frame.x.shape[1], self.speed * frame.t)
        if self.guide:
            f = towards(f, map_of(frame), self.guide)
        return LinearProjector(frame, f.astype(frame.x.dtype), self.onto_globe)

    def surface(self) -> bool:
        return self.onto_globe

    def caption(self) -> str:
        return "a tour guided to clusters" if self.guide else "a grand tour"


def grand_tour(d: int, angle: float) -> Floats:
    """Return the frame after `angle` radians at the highest speed: (d, 3), d > 3.

    Its columns have length 1 and are orthogonal.
    """
    leg = math.floor(angle / LEG)
    stops = _stops(d, leg // BLOCK)
    k = leg % BLOCK
    return _along(stops[k], stops[k + 1], angle / LEG - leg)


def towards(f: Floats, guide: Floats, weight: float) -> Floats:
    """Return the orthonormal frame nearest to a mean of two: (d, 3) each.

    It is continuous in both unless the weight is 1/2: elsewhere no direction cancels.
    """
    size = float(np.linalg.norm(guide, 2)) or 1.0
    u, _, v = np.linalg.svd((1 - weight) * f + weight * guide / size, False)
    return u @ v


@lru_cache(maxsize=KEPT_BLOCKS)
def _stops(d: int, block: int) -> tuple[Floats, ...]:
    """Return the frames between which the legs of a block run: 65 of (d, 3)."""
    rng = np.random.default_rng((d, block))
    now = np.eye(d)[:, :3] if block == 0 else _stops(d, block - 1)[-1]
    out = [now]
    for _ in range(BLOCK):
        aim = np.linalg.qr(rng.standard_normal((d, 3)))[0]
        out.append(_along(out[-1], aim, 1.0))
    return tuple(out)


def _along(a: Floats, b: Floats, part: float) -> Floats:
    """Return the frame a part of the way from `a` to the span of `b`: (d, 3).

    By the principal angles between the spans, along a geodesic of subspaces.
    """
    u, cosine, v = np.linalg.svd(a.T @ b)
    near, far = a @ u, b @ v.T
    across = far - near * cosine
    length = np.linalg.norm(across, axis=0)
    turn = np.arctan2(length, cosine) * part
    unit = across / np.maximum(length, np.finfo(float).tiny)
    return (near * np.cos(turn) + unit * np.sin(turn)) @ u.T
