"""The room that the globe leaves for text in a low or narrow picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.scene.camera import FLAT_MARGIN, MARGIN

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from app.scene.camera import Camera

# All lengths are pixels at scale 1.
SIDE_PX = 10.0  # from the sides of the picture
LINE_PX = 17.0  # between lines of text
FIRST_PX = 11.0  # of the middle of the first line
STRIP_PX = 58.0  # above the globe, and below it, for text
NUMBERS_STRIP_PX = 26.0  # the same, for a line of numbers
GLOBE_GAP_PX = 4.0  # between text and globe
LARGE_NUMBERS_PX = (270.0, 66.0)  # width and height of three numbers in large letters
LEAST_TITLE_PX = 220.0  # beside them
RING_RADIUS = 1.35  # globe radii, of the circle with the densities around it
MIN_FIT = 0.6  # of the globe's size in a low picture


def is_small(w: float, h: float, scale: float) -> bool:
    """Return whether large numbers would cover the globe, or leave a title no room.

    Of a picture of w × h pixels, in letters of `scale`.  It depends on nothing else, so
    that a caption does not change while a run goes on.
    """
    wide, tall = (length * scale for length in LARGE_NUMBERS_PX)
    if w < wide + LEAST_TITLE_PX * scale:
        return True
    beside, below = max(w / 2 - wide, 0.0), max(h / 2 - tall, 0.0)
    return math.hypot(beside, below) < min(w, h) / 2 / MARGIN


def outline(w: float, h: float, *, flat: bool) -> float:
    """Return the radius of what is drawn at zoom 1: of the globe, or of the circle.

    That of the circle, which is `flat`, has the densities around it.
    """
    return min(w, h) / 2 * (RING_RADIUS / FLAT_MARGIN if flat else 1 / MARGIN)


def fit(w: float, h: float, scale: float, *, flat: bool) -> float:
    """Return the zoom at which the globe leaves room for text above it and below."""
    if not is_small(w, h, scale):
        return 1.0
    return _fit(w, h, STRIP_PX * scale, flat=flat)


def fit_in_lane(w: float, h: float, scale: float, *, flat: bool) -> float:
    """Return the zoom at which a lane's globe leaves room for a line of numbers."""
    return _fit(w, h, NUMBERS_STRIP_PX * scale, flat=flat)


def _fit(w: float, h: float, strip: float, *, flat: bool) -> float:
    left = h / 2 - strip
    return min(max(left / outline(w, h, flat=flat), MIN_FIT), 1.0)


@dataclass(frozen=True)
class Span:
    """A free part of a line of text.

    Attributes
    ----------
    left, right : float
        Its ends.
    middle : float
        Of the line, from the top.
    whole : bool
        Whether it is a line above or below the globe, not a part beside it.
    from_right : bool
        Whether text stands at its right end.
    """

    left: float
    right: float
    middle: float
    whole: bool
    from_right: bool = False


@dataclass(frozen=True)
class GlobeRoom:
    """A picture with the globe in its middle.

    Attributes
    ----------
    w, h : float
        Width and height of the picture.
    scale : float
        Of lengths of text.
    radius : float
        Of the globe.
    """

    w: float
    h: float
    scale: float
    radius: float

    @classmethod
    def of(cls, w: float, h: float, scale: float, *, flat: bool) -> GlobeRoom:
        """Return the room of a picture whose globe is drawn as large as `fit` says."""
        radius = fit(w, h, scale, flat=flat) * outline(w, h, flat=flat)
        return cls(w, h, scale, radius)

    @classmethod
    def seen(cls, camera: Camera, ratio: float, scale: float) -> GlobeRoom:
        """Return the room around what `camera` sees, with `ratio` of its pixels each.

        That is the globe, or the circle with the densities around it.
        """
        radius = RING_RADIUS * camera.pixels if camera.flat else camera.limb
        w, h = camera.size
        return cls(w / ratio, h / ratio, scale, radius / ratio)

    def half_chord(self, top: float, bottom: float) -> float:
        """Return half of the width that the globe takes between two heights."""
        near = max(top - self.h / 2, self.h / 2 - bottom, 0.0)
        reach = self.radius + GLOBE_GAP_PX * self.scale
        return math.sqrt(max(reach**2 - near**2, 0.0))

    def beside(self, box: QRectF) -> Span:
        """Return the free part of the line of a box at the left, below the globe."""
        half, middle = self.half_chord(box.top(), box.bottom()), box.center().y()
        left = max(box.right() + SIDE_PX * self.scale, self.w / 2 + half if half else 0)
        right = self.w - SIDE_PX * self.scale
        return Span(left, right, middle, whole=False, from_right=True)

    def spans(self, top: float, bottom: float) -> list[Span]:
        """Return the free lines between two heights: whole, then left, then right."""
        tall, side = LINE_PX * self.scale, SIDE_PX * self.scale
        whole: list[Span] = []
        left: list[Span] = []
        right: list[Span] = []
        for k in range(int((bottom - top) / tall + 1e-6)):
            y = top + (k + 0.5) * tall
            half = self.half_chord(y - tall / 2, y + tall / 2)
            if not half:
                whole.append(Span(side, self.w - side, y, whole=True))
                continue
            left.append(Span(side, self.w / 2 - half, y, whole=False))
            start, end = self.w / 2 + half, self.w - side
            right.append(Span(start, end, y, whole=False, from_right=True))
        return [*whole, *left, *right]
