"""Where the parts of a picture stand; lengths are pixels of the design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF

DESIGN_SIDE_PX = 720.0  # short side at which fonts have their nominal size
LEAST_TEXT_RATIO = 0.75  # at which the letters of words can be read
MOST_GROWTH = 1.5  # of letters, in a small picture
Layout = Literal["globe", "curve", "matrix"]

MARGIN = 64.0  # of a wide picture
NARROW_MARGIN = 48.0  # of a square or upright one
MIN_WIDE = 1.4  # width over height from which words stand beside the globe
GLOBE_SHARE = 0.5625  # of the width of a wide picture
PANEL_SHARE = (0.65, 0.30)  # left and width of what stands beside the globe
STACKED_GLOBE_SHARE = {"curve": 0.54, "matrix": 0.44}  # of a square picture's height
UPRIGHT_GLOBE_SHARE = 0.54  # of the height of an upright one
MIN_UPRIGHT = 1.3  # height over width of such a one
FOOT = 48.0  # the line along the bottom
GAP = 24.0  # between parts
MIN_COLUMNS = 1.6  # width over height from which parts stand side by side
COLUMN_SHARE = 0.46  # of the words, where parts stand side by side
WORDS_HEIGHT = {"curve": 236.0, "matrix": 164.0}  # where parts stand one below another
WORDS_SHARE = {"curve": 0.48, "matrix": 0.45}  # of the height, at most
MIN_PAIR = 1.4  # width over height from which curve and matrix stand side by side
PAIR_SHARE = 0.54  # of the curve, then
CURVE_SHARE = 0.47  # of what the words leave, where there is a matrix below the curve


def design_ratio(size: tuple[int, int]) -> float:
    """Return the pixels of a picture of `size` for one pixel of the design."""
    return min(size) / DESIGN_SIDE_PX


def text_ratio(size: tuple[int, int]) -> float:
    """Return the same where words stand beside the globe: larger in a small picture.

    There letters of the design's size could not be read; parts have less room instead.
    """
    ratio = design_ratio(size)
    return max(ratio, min(LEAST_TEXT_RATIO, MOST_GROWTH * ratio))


@dataclass(frozen=True, slots=True)
class Places:
    """The parts of a picture.

    Attributes
    ----------
    globe, words, curve : QRectF
        The globe with its labels; title, formula and numbers; the curve with its axes.
    matrix : QRectF
        The attention matrix; empty where there is none.
    foot : QRectF
        The line along the bottom.
    """

    globe: QRectF
    words: QRectF
    curve: QRectF
    matrix: QRectF
    foot: QRectF


def places(layout: Layout, width: float, height: float) -> Places:
    """Return the parts of a picture with a curve."""
    if width >= MIN_WIDE * height:
        globe = QRectF(0, 0, max(height, GLOBE_SHARE * width), height)
        left, share = (k * width for k in PANEL_SHARE)
        top = MARGIN if layout == "curve" else MARGIN - 2 * GAP / 3
        foot = QRectF(MARGIN, height - MARGIN - 12, width - 2 * MARGIN, FOOT)
        panel = QRectF(left, top, share, foot.top() - top - GAP / 3)
    else:
        upright = height > MIN_UPRIGHT * width
        share = UPRIGHT_GLOBE_SHARE if upright else STACKED_GLOBE_SHARE[layout]
        globe = QRectF(0, 0, width, share * height)
        side = width - 2 * NARROW_MARGIN
        below = globe.bottom() + GAP / 2
        panel = QRectF(NARROW_MARGIN, below, side, height - below - FOOT - GAP)
        foot = QRectF(NARROW_MARGIN, height - FOOT - GAP / 2, side, FOOT)
    if layout == "curve" and panel.width() > MIN_COLUMNS * panel.height():
        words, curve, matrix = _columns(panel)
    else:
        words, curve, matrix = _rows(layout, panel)
    return Places(globe, words, curve, matrix, foot)


def _rows(layout: Layout, panel: QRectF) -> tuple[QRectF, QRectF, QRectF]:
    x, w = panel.left(), panel.width()
    words = min(WORDS_HEIGHT[layout], WORDS_SHARE[layout] * panel.height())
    rest = panel.height() - words
    if layout == "matrix" and w > MIN_PAIR * rest:
        curve = QRectF(x, panel.top() + words, PAIR_SHARE * w, rest)
        matrix = QRectF(curve.right() + GAP, curve.top(), w - curve.width() - GAP, rest)
        return QRectF(x, panel.top(), w, words), curve, matrix
    high = rest if layout == "curve" else CURVE_SHARE * rest - GAP / 2
    curve = QRectF(x, panel.top() + words, w, high)
    matrix = QRectF()
    if layout == "matrix":
        matrix = QRectF(x, curve.bottom() + GAP, w, rest - high - GAP)
    return QRectF(x, panel.top(), w, words), curve, matrix


def _columns(panel: QRectF) -> tuple[QRectF, QRectF, QRectF]:
    h, top = panel.height(), panel.top()
    words = QRectF(panel.left(), top, COLUMN_SHARE * panel.width() - GAP, h)
    left = words.right() + GAP
    return words, QRectF(left, top, panel.right() - left, h), QRectF()
