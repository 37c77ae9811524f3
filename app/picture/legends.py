"""The legend in the picture's corner: swatches, ramps and plain statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QLinearGradient

from app.dress.palette import colour_map, rgb
from app.picture.seeing import CIRCLE

if TYPE_CHECKING:
    import numpy.typing as npt
    from PySide6.QtGui import QPainter

    from app.dress.palette import Theme
    from app.picture.colouring import Legend
    from sim.frame import Frame

    Single = npt.NDArray[np.float32]

TOP, ROW = 24.0, 20.0  # of the first row's middle, and between rows; pixels at scale 1
CHIP = (18.0, 8.0)  # width and height of a sample of colour
LINE = 2.0  # height of a sample of a line
RAMP = 72.0  # width of a ramp
SPACE = 10.0  # between a sample and its text
CROWN = (0.3, 0.6, 0.95)  # places in viridis that stand for the crown
STOPS = 8  # of a ramp's gradient
MOST = 16  # names that a legend lists


@dataclass(frozen=True, slots=True)
class Key:
    """One row: a sample of colour, and what it means.

    Attributes
    ----------
    text : str
        What it says.
    colours : float32, shape (k, 3), optional
        One for a swatch, more for a ramp.
    wide : bool
        Whether the sample is as long as a ramp with a text at either end.
    line : bool
        Whether it stands for a line.
    low : str
        Text before a ramp.
    """

    text: str
    colours: Single | None = None
    wide: bool = False
    line: bool = False
    low: str = ""


def keys(frame: Frame, theme: Theme, legend: Legend | None) -> list[Key]:
    """Return the rows that explain curves and colours."""
    out: list[Key] = []
    if frame.x.shape[1] == CIRCLE and frame.scenario.space.bounded:
        at = np.round(np.array(CROWN) * 255).astype(int)
        viridis = colour_map("viridis")[at].astype(np.float32) / np.float32(255)
        out.append(Key("density of tokens", viridis))
        if frame.potential is not None:
            out.append(
                Key("log-potential: tokens climb it", rgb(theme.sky)[None], line=True)
            )
    if legend is None:
        return out
    if legend.title:
        out.append(Key(legend.title))
    if not legend.names:
        return [*out, Key(legend.high, legend.swatches, wide=True, low=legend.low)]
    pairs = zip(legend.names[:MOST], legend.swatches, strict=False)
    out += [Key(name, colour[None]) for name, colour in pairs]
    if len(legend.names) > MOST:
        out.append(Key(f"and {len(legend.names) - MOST} more"))
    return out


def rows_above(height: float) -> int:
    """Return how many rows stand above `height` pixels at scale 1."""
    return int((height - TOP) / ROW + 0.5)


def paint_keys(
    painter: QPainter, rows: list[Key], theme: Theme, left: float, scale: float
) -> QRectF:
    """Paint rows in the top left corner, in the painter's font; return their box."""
    metrics, wide = QFontMetricsF(painter.font()), 0.0
    for k, key in enumerate(rows):
        y, x = (TOP + ROW * k) * scale, left
        if key.low:
            _write(painter, key.low, theme, x, y, scale)
            x += metrics.horizontalAdvance(key.low) + SPACE * scale
        if key.colours is not None:
            w = (RAMP if key.wide else CHIP[0]) * scale
            tall = (LINE if key.line else CHIP[1]) * scale
            box = QRectF(x, y - tall / 2, w, tall)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_brush(key.colours, box))
            painter.drawRoundedRect(box, min(2.0, tall / 2), min(2.0, tall / 2))
            x += w + SPACE * scale
        _write(painter, key.text, theme, x, y, scale)
        wide = max(wide, x + metrics.horizontalAdvance(key.text))
    return QRectF(0, 0, wide + SPACE * scale, (TOP + ROW * (len(rows) - 0.4)) * scale)


def _write(
    painter: QPainter, text: str, theme: Theme, x: float, y: float, scale: float
) -> None:
    painter.setPen(QColor(theme.muted))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QRectF(x, y - 10 * scale, 4000, 20 * scale), flags, text)


def _brush(colours: Single, box: QRectF) -> QBrush:
    if len(colours) == 1:
        return QBrush(_colour(colours[0]))
    gradient = QLinearGradient(box.left(), 0, box.right(), 0)
    for at in np.linspace(0, 1, STOPS):
        gradient.setColorAt(float(at), _colour(colours[round(at * (len(colours) - 1))]))
    return QBrush(gradient)


def _colour(rgb_: Any) -> QColor:
    return QColor.fromRgbF(*(float(v) for v in rgb_))
