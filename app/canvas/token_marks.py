"""Marks painted over the picture: tokens under the mouse, and where one began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from app.annotations.labels import text_size
from app.annotations.text_cache import draw_text, halo_colour
from app.scene.projector import BALL
from app.scene.scene import bead_radius

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFont, QPainter

    from app.scene.camera import Camera
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.array_types import Floats

RING_GAP_PX = 5.0  # between a bead and the ring around it
RING_WIDTH_PX = 1.6
BEGIN_RADIUS_PX = 4.5  # of the ring where a token began
DOT_GAP_DEG = 2.0  # between the dots of the way from there
MAX_DOTS = 60
MIN_WAY_DEG = 1.5  # shorter ways are hidden by the bead
FAR_OPACITY = 0.4  # of marks behind the globe
TEXT_GAP_PX = 10.0
BEGAN = "began here"


@dataclass(frozen=True, slots=True)
class TokenMarks:
    """Paints marks of the tokens of a scene, as seen by a camera.

    Attributes
    ----------
    bead : float
        Size of the beads, relative to the automatic size.
    """

    info: SceneInfo
    camera: Camera
    theme: Theme
    bead: float

    def place(self, token: int) -> tuple[QPointF, float] | None:
        """Return where a token is on screen, and how much it faces the eye."""
        frame, info = self.info.frame, self.info
        row = None if frame is None else frame.rows_of((token,)).get(token)
        if row is None:
            return None
        if info.sampled is not None:
            at = int(np.searchsorted(info.sampled, row))
            if at == len(info.sampled) or info.sampled[at] != row:
                return None
            row = at
        return self._seen(info.points[row : row + 1])[0]

    def paint_rings(self, p: QPainter, tokens: tuple[int, ...]) -> None:
        """Paint a ring around each of `tokens`."""
        radius = bead_radius(self.info.drawn) * self.bead * self.camera.pixels
        radius = radius / self.camera.ratio + RING_GAP_PX
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(QPen(QColor(self.theme.text), RING_WIDTH_PX))
        for token in tokens:
            if (found := self.place(token)) is not None:
                p.setOpacity(1.0 if found[1] > 0 else FAR_OPACITY)
                p.drawEllipse(found[0], radius, radius)
        p.setOpacity(1.0)

    def paint_begin(
        self, p: QPainter, token: int, font: QFont, taken: Iterable[QRectF] = ()
    ) -> None:
        """Paint a ring where a token began, and dots from there to where it is.

        What the ring means is said where that is clear of the boxes `taken`.  Only
        where tokens are drawn as they are: on a sphere, in at most 3 dimensions.
        """
        way = self._way(token)
        if way is None:
            return
        seen, ink = self._seen(way), QColor(self.theme.text)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(ink)
        for at, facing in seen[1:-1]:
            p.setOpacity(0.8 if facing > 0 else 0.5 * FAR_OPACITY)
            p.drawEllipse(at, 1.1, 1.1)
        at, facing = seen[0]
        p.setOpacity(1.0 if facing > 0 else FAR_OPACITY)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(QPen(ink, RING_WIDTH_PX))
        p.drawEllipse(at, BEGIN_RADIUS_PX, BEGIN_RADIUS_PX)
        place = at + QPointF(TEXT_GAP_PX, -TEXT_GAP_PX)
        wide, high = text_size(BEGAN, font.toString(), False)
        box = QRectF(place.x(), place.y(), wide, high)
        if not any(box.intersects(other) for other in taken):
            muted, halo = self.theme.muted, halo_colour(self.theme)
            draw_text(p, place, BEGAN, font.toString(), muted, halo)
        p.setOpacity(1.0)

    def _way(self, token: int) -> Floats | None:
        """Return points of the great circle from where a token began: (k, 3)."""
        frame = self.info.frame
        row = None if frame is None else frame.rows_of((token,)).get(token)
        plain = frame is not None and frame.x.shape[1] <= BALL
        if row is None or frame is None or frame.first is None or not plain:
            return None
        if not frame.scenario.space.bounded or not self.info.projected.on_sphere:
            return None
        a, b = (_unit3(x[row]) for x in (frame.first, frame.x))
        turn = float(np.arccos(np.clip(a @ b, -1, 1)))
        if np.degrees(turn) < MIN_WAY_DEG or turn > np.pi - 1e-3:
            return None
        count = min(2 + int(np.degrees(turn) / DOT_GAP_DEG), MAX_DOTS)
        s = np.linspace(0, 1, count)[:, None]
        return (np.sin((1 - s) * turn) * a + np.sin(s * turn) * b) / np.sin(turn)

    def _seen(self, points: Floats) -> list[tuple[QPointF, float]]:
        xy, facing = self.camera.project(points)
        if self.camera.flat or not self.info.projected.on_sphere:
            facing = np.ones(len(xy))
        places = (xy / self.camera.ratio).tolist()
        return [(QPointF(*at), float(f)) for at, f in zip(places, facing, strict=True)]


def _unit3(x: Floats) -> Floats:
    """Return a vector of at most 3 entries as one of 3, at length 1."""
    out = np.zeros(BALL)
    out[: len(x)] = x
    return out / max(float(np.linalg.norm(out)), 1e-30)
