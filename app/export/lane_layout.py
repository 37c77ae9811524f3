"""Where the parts of a picture of several lanes stand; lengths are of the design."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from app.export.layout import GAP, MIN_WIDE

MARGIN = 40.0  # of what stands below or beside the globes
BELOW_SHARE = {True: 0.36, False: 0.24}  # of the height, with a curve and without
COLUMN_BELOW = {True: 0.5, False: 0.3}  # where parts are one below another
MIN_BELOW = {True: 240.0, False: 150.0}
TALL_BELOW = {True: 0.78, False: 0.4}  # of the width, at least, in an upright picture
MAX_BELOW = 0.58  # of the height, there
BESIDE_SHARE = 0.34  # of the width
WORDS_SHARE, READOUT_SHARE = 0.27, 0.27  # of the width, where parts are in a row
MIN_ROW = 1100.0  # width from which words, curve and numbers are in a row
WORDS_HEIGHT, MAX_WORDS = 150.0, 0.28  # where they stand one below another; and share
LEAST_WORDS = 76.0  # of a title and the time
MIN_CURVE = 100.0  # height of a curve with its axes; lower, it is left out
LANE_HEIGHT = 72.0  # of what is said of one lane
MIN_LANE_WIDTH = 300.0  # of it, from which two lanes are side by side


@dataclass(frozen=True, slots=True)
class LanePlaces:
    """The parts of a picture of several lanes.

    Attributes
    ----------
    globes : tuple of QRectF
        One for each lane, all of one size.
    panel : QRectF
        All that stands below or beside them.
    words, curve : QRectF
        Title, formula and time; the curve with its axes, empty where there is none.
    readouts : tuple of QRectF
        The numbers of each lane.
    """

    globes: tuple[QRectF, ...]
    panel: QRectF
    words: QRectF
    curve: QRectF
    readouts: tuple[QRectF, ...]


def lane_places(lanes: int, width: float, height: float, curve: bool) -> LanePlaces:
    """Return the parts of a picture: globes as large as they can be."""
    high = max(BELOW_SHARE[curve] * height, MIN_BELOW[curve])
    if width - 2 * MARGIN < MIN_ROW:
        high = max(high, COLUMN_BELOW[curve] * height)
    if width < MIN_WIDE * height:
        high = max(high, min(TALL_BELOW[curve] * width, MAX_BELOW * height))
    below = QRectF(0, 0, width, height - high)
    areas = [below]
    if width >= MIN_WIDE * height:
        areas.append(QRectF(0, 0, (1 - BESIDE_SHARE) * width, height))
    area, columns = max(
        ((a, c) for a in areas for c in range(1, lanes + 1)),
        key=lambda choice: _side(*choice, lanes),
    )
    rows = math.ceil(lanes / columns)
    w, h = area.width() / columns, area.height() / rows
    globes = tuple(
        QRectF((k % columns) * w, (k // columns) * h, w, h) for k in range(lanes)
    )
    if area is below:
        panel = QRectF(0, area.bottom(), width, height - area.bottom())
        words, plot, readout = _row(panel, lanes, curve)
    else:
        panel = QRectF(area.right(), 0, width - area.right(), height)
        words, plot, readout = _column(panel, lanes, curve)
    return LanePlaces(globes, panel, words, plot, _cells(readout, lanes))


def _side(area: QRectF, columns: int, lanes: int) -> float:
    rows = math.ceil(lanes / columns)
    return min(area.width() / columns, area.height() / rows)


def _row(panel: QRectF, lanes: int, curve: bool) -> tuple[QRectF, QRectF, QRectF]:
    """Return words, curve and numbers side by side, if there is room."""
    box = panel.adjusted(MARGIN, 0, -MARGIN, -GAP)
    if box.width() < MIN_ROW:
        return _column(panel, lanes, curve)
    words = QRectF(box.left(), box.top(), WORDS_SHARE * box.width(), box.height())
    left = words.right() + GAP
    if not curve:
        return (
            words,
            QRectF(),
            QRectF(left, box.top(), box.right() - left, box.height()),
        )
    wide = READOUT_SHARE * box.width()
    readout = QRectF(box.right() - wide, box.top(), wide, box.height())
    middle = QRectF(left, box.top(), readout.left() - GAP - left, box.height())
    return words, middle, readout


def _column(panel: QRectF, lanes: int, curve: bool) -> tuple[QRectF, QRectF, QRectF]:
    """Return words, numbers and curve one below another."""
    below = panel.left() == 0
    box = panel.adjusted(MARGIN if below else GAP, 0 if below else GAP, -MARGIN, -GAP)
    words = min(WORDS_HEIGHT, max(LEAST_WORDS, MAX_WORDS * box.height()))
    x, y, w, rest = box.left(), box.top(), box.width(), box.height() - words - GAP
    need = math.ceil(lanes / _columns(w, lanes)) * LANE_HEIGHT
    readout = QRectF(x, y + words + GAP, w, min(need, 0.6 * rest if curve else rest))
    plot = QRectF()
    if curve:
        top = readout.bottom() + GAP / 2
        if box.bottom() - top < MIN_CURVE:
            return _column(panel, lanes, curve=False)
        plot = QRectF(x, top, w, box.bottom() - top)
    return QRectF(x, y, w, words), plot, readout


def _cells(box: QRectF, lanes: int) -> tuple[QRectF, ...]:
    """Return where the numbers of each lane are."""
    columns = _columns(box.width(), lanes)
    w = (box.width() + GAP) / columns
    h = min(1.2 * LANE_HEIGHT, box.height() / math.ceil(lanes / columns))
    return tuple(
        QRectF(
            box.left() + (k % columns) * w,
            box.top() + (k // columns) * h,
            w - GAP,
            h,
        )
        for k in range(lanes)
    )


def _columns(width: float, lanes: int) -> int:
    return 2 if lanes > 1 and width >= 2 * (MIN_LANE_WIDTH + GAP) - GAP else 1
