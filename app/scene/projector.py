"""Projects tokens from R^d to R^3, by one projection for each run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from app.document.look import Look
    from sim.array_types import Single
    from sim.frame import Frame
    from sim.projections import FrameProjector


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


class Projector:
    """Projects the frames of a run; starts over with another run or projection."""

    def __init__(self) -> None:
        self._frame_projector: FrameProjector | None = None
        self._run: Any = None

    def project(self, frame: Frame, look: Look) -> Projected:
        """Return where the tokens of `frame` are drawn."""
        with np.errstate(
            over="ignore"
        ):  # float32 overflow gives points that are not finite
            return self._project(frame, look)

    def _project(self, frame: Frame, look: Look) -> Projected:
        n, d = frame.x.shape
        bounded = frame.scenario.space.bounded
        if d <= BALL and (bounded or not look.projection.in_low_dimensions):
            points = np.zeros((n, 3), np.float32)
            points[:, :d] = frame.x
            return Projected(points, True) if bounded else _fit_in_view(points, None)
        points, share = self._projection_for(frame, look).project(frame)
        points = np.asarray(points, np.float32)
        if look.projection.surface() and (bounded or look.projection.of_directions):
            return Projected(points, True, share)
        return _fit_in_view(points, share)

    def _projection_for(self, frame: Frame, look: Look) -> FrameProjector:
        run = (frame.epoch, frame.x.shape[1], look.projection)
        if self._frame_projector is None or run != self._run:
            self._frame_projector, self._run = look.projection.projector(), run
        return self._frame_projector


def _fit_in_view(points: Single, share: float | None) -> Projected:
    """Return the points, scaled down if they would be out of view."""
    points = np.where(np.isfinite(points), points, np.float32(0))
    squares = np.einsum("ij,ij->i", points, points, dtype=float)
    far = float(squares.max(initial=0.0)) ** 0.5
    if far <= VISIBLE_RADIUS:
        return Projected(points, False, share)
    return Projected(
        points * np.float32(VISIBLE_RADIUS / far), False, share, VISIBLE_RADIUS / far
    )
