"""Caption and legend of a small picture, which leave its globe free."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF

from app.annotations.hat import HAT, paint_hat
from app.annotations.legends import RAMP_PX, ROW_PX, SWATCH_PX, TEXT_GAP_PX, TOP_PX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QFont, QPainter

    from app.annotations.legends import LegendRow
    from app.theme.palette import Theme

# All lengths are pixels at scale 1.
SIDE_PX, GAP_PX, LINE_PX, RISE_PX = 10.0, 14.0, 20.0, 15.0
NAME_GAP_PX = 5.0  # between the name of a number and the number
RADIUS = 0.3  # of the shorter side: within it a legend hides what is shown


def paint_line(
    painter: QPainter,
    numbers: Sequence[tuple[str, str, str]],
    look: tuple[QFont, float],
    theme: Theme,
    size: tuple[float, float],
) -> list[QRectF]:
    """Paint numbers in one line at the bottom, from the right; return the box used.

    The first ones are left out where there is no room.

    Parameters
    ----------
    numbers : sequence of (str, str, str)
        Name, value, and the widest value to expect.
    look : (QFont, float)
        The font, and the scale of lengths.
    size : (float, float)
        Width and height of the picture.
    """
    font, s = look
    (w, h), metrics = size, QFontMetricsF(font)
    right, middle = w - SIDE_PX * s, h - RISE_PX * s
    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.setFont(font)
    for name, value, widest in reversed(numbers):
        bare = name.removesuffix(HAT)
        name_px = metrics.horizontalAdvance(bare) + NAME_GAP_PX * s
        values_px = [metrics.horizontalAdvance(text) for text in (value, widest)]
        if right - name_px - max(values_px) < SIDE_PX * s:
            break
        end_of_name = right - values_px[0] - NAME_GAP_PX * s
        texts = (value, theme.text, right), (bare, theme.muted, end_of_name)
        for text, colour, end in texts:
            painter.setPen(QColor(colour))
            box = QRectF(0, middle - LINE_PX * s / 2, end, LINE_PX * s)
            painter.drawText(box, flags, text)
        if name.endswith(HAT):
            paint_hat(painter, font, theme, (end_of_name, middle))
        right -= name_px + max(values_px) + GAP_PX * s
    return [QRectF(right, middle - LINE_PX * s / 2, w - right, LINE_PX * s)]


def line_width(
    numbers: Sequence[tuple[str, str, str]], metrics: QFontMetricsF, scale: float
) -> float:
    """Return the width of numbers in one line, with their gaps."""
    return sum(
        metrics.horizontalAdvance(name.removesuffix(HAT))
        + max(metrics.horizontalAdvance(text) for text in texts)
        + (NAME_GAP_PX + GAP_PX) * scale
        for name, *texts in numbers
    )


def tight_rows(
    rows: Iterable[LegendRow],
    metrics: QFontMetricsF,
    scale: float,
    size: tuple[float, float],
) -> list[LegendRow]:
    """Return the rows of a legend that leave the globe of a small picture free.

    One line each: notes are cut off; samples of colours that are cut off say nothing.
    """
    w, h = size
    room, radius = w - 2 * SIDE_PX * scale, RADIUS * min(w, h)
    out: list[LegendRow] = []
    for row in rows:
        bottom = (TOP_PX + ROW_PX * (len(out) + 0.5)) * scale
        wide = row_width(row, metrics, scale)
        beside = max(w / 2 - SIDE_PX * scale - wide, 0.0)
        if row.colours is not None and wide > room:
            continue
        if math.hypot(beside, max(h / 2 - bottom, 0.0)) < radius:
            continue
        text = metrics.elidedText(row.text, Qt.TextElideMode.ElideRight, room)
        out.append(row if row.colours is not None else replace(row, text=text))
    return out


def row_width(row: LegendRow, metrics: QFontMetricsF, scale: float) -> float:
    """Return the width of a row, pixels."""
    wide, gap = metrics.horizontalAdvance(row.text), TEXT_GAP_PX * scale
    if row.low:
        wide += metrics.horizontalAdvance(row.low) + gap
    if row.colours is not None:
        sample = RAMP_PX if row.wide or row.wedge is not None else SWATCH_PX[0]
        wide += sample * scale + gap
    return wide
