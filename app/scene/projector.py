"""Projects tokens from R^d to R^3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.projections import LinearProjector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.look import Look
    from sim.array_types import Floats, Single
    from sim.frame import Frame


VISIBLE_RADIUS = 1.25  # globe radii; tokens off the globe are scaled to fit within
CIRCLE, BALL = 2, 3  # dimensions that need no projection


@dataclass(frozen=True, slots=True)
class Projected:
    """Tokens in R^3.

    Attributes
    ----------
    points : float32, shape (n, 3)
        Where each is drawn; the origin for one that is not finite.
    on_sphere : bool
        Whether all have length 1.
    share : float, optional
        Share of the variance that is shown; None where all is.
    scale : float
        Factor that lengths were multiplied by to fit in view.
    """

    points: Single
    on_sphere: bool
    share: float | None = None
    scale: float = 1.0


class PastPoints:
    """Projections of earlier tokens, kept from scene to scene while the map stays."""

    def __init__(self) -> None:
        self._by: LinearProjector | None = None
        self._held: dict[int, tuple[Floats, Floats]] = {}  # by the id of the first

    def of(self, x: Sequence[Floats], projector: LinearProjector) -> list[Floats]:
        """Return `x`, (n, d) each, as `projector` shows them: (n, 3) each.

        What is not in `x` any more is not kept.
        """
        if self._by is None or not projector.alike(self._by):
            self._held = {}
        self._by = projector
        held = {id(one): self._held[id(one)] for one in x if id(one) in self._held}
        new = [one for one in x if id(one) not in held]
        if new:
            seen = projector.points_of_each(new)
            held |= {id(a): (a, b) for a, b in zip(new, seen, strict=True)}
        self._held = held
        return [held[id(one)][1] for one in x]


class Projector:
    """Projects one frame, and where its tokens were before, alike.

    Parameters
    ----------
    frame : Frame
        The frame; maps that follow the run are those of its trace.
    look : Look
        The projection.
    past_points : PastPoints, optional
        Those of the scene before.
    """

    def __init__(
        self, frame: Frame, look: Look, past_points: PastPoints | None = None
    ) -> None:
        self._frame, self._inner = frame, None
        self._past_points = past_points or PastPoints()
        bounded = frame.scenario.space.bounded
        low = frame.x.shape[1] <= BALL
        if not low or (look.projection.in_low_dimensions and not bounded):
            self._inner = look.projection.projector(frame)
        on_globe = look.projection.surface()
        of_directions = on_globe and look.projection.of_directions
        shown = on_globe and (bounded or of_directions)
        self._on_sphere = shown if self._inner is not None else bounded
        points = _finite(self._points(frame.x, frame.t))
        scale = 1.0 if self._on_sphere else _scale_in_view(points)
        share = None if self._inner is None else self._inner.share()
        points = points if scale == 1 else points * np.float32(scale)
        self.projected = Projected(points, self._on_sphere, share, scale)

    def past(self, x: Sequence[Floats], times: Sequence[float]) -> Single:
        """Return where tokens at m times, each (n, d), are drawn: (m, n, 3).

        Each time is scaled to be in view as its own frame was.
        """
        seen = _finite(self._past(x, times))
        if self._on_sphere:
            return seen
        scales = np.array([_scale_in_view(points) for points in seen], np.float32)
        return seen * scales[:, None, None]

    def _past(self, x: Sequence[Floats], times: Sequence[float]) -> Single:
        if self._inner is None:
            return self._points(np.reshape(x, (len(x), *self._frame.x.shape)), 0.0)
        with np.errstate(over="ignore", invalid="ignore"):
            if isinstance(self._inner, LinearProjector):
                each = self._past_points.of(x, self._inner)
            else:
                each = [self._inner.points(y, t) for y, t in zip(x, times, strict=True)]
            seen = np.reshape(each, (len(x), len(self._frame.x), 3))
            return np.asarray(seen, np.float32)

    def _points(self, x: Floats, t: float) -> Single:
        # Overflow in float32 gives points that are not finite.
        with np.errstate(over="ignore", invalid="ignore"):
            if self._inner is not None:
                return np.asarray(self._inner.points(x, t), np.float32)
            points = np.zeros((*x.shape[:-1], 3), np.float32)
            points[..., : x.shape[-1]] = x
            return points


def _finite(points: Single) -> Single:
    return np.where(np.isfinite(points), points, np.float32(0))


def _scale_in_view(points: Single) -> float:
    """Return the factor that brings points out of view into it, 1 without any."""
    squares = np.einsum("ij,ij->i", points, points, dtype=float)
    far = float(squares.max(initial=0.0)) ** 0.5
    return 1.0 if far <= VISIBLE_RADIUS else VISIBLE_RADIUS / far
