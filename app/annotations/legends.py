"""The legend in the picture's corner: swatches, colour ramps and notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QLinearGradient

from app.annotations.line_breaks import in_lines
from app.gl.edges import WIDTHS_PX
from app.scene.projector import CIRCLE
from app.theme.palette import colour_map, rgb

if TYPE_CHECKING:
    from collections.abc import Hashable

    from PySide6.QtGui import QPainter

    from app.scene.colouring import Legend
    from app.scene.geometry import Scales
    from app.theme.palette import Theme
    from sim.array_types import Single
    from sim.frame import Frame

    Pair = tuple[float, float]

# All lengths are pixels at scale 1.
TOP_PX, ROW_PX = 24.0, 20.0  # of the first row's centre, and between rows
SWATCH_PX = (18.0, 8.0)  # width and height of a sample of colour
LINE_PX = 2.0  # height of a sample of a line
RAMP_PX = 72.0  # width of a ramp
TEXT_GAP_PX = 10.0  # between a sample and its text
DENSITY_COLOURS = (0.3, 0.6, 0.95)  # positions in viridis that show the density
POTENTIAL_TEXT = "log-potential: tokens climb it"
RINGS_TEXT = "ring: tokens at one place"
GRADIENT_STOPS = 16  # of a ramp's gradient
MAX_NAMES = 16  # names that a legend lists
RELATION = re.compile(" ([<>=]) ")  # no line breaks beside it


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One row: a sample of colour, and its text.

    Attributes
    ----------
    text : str
        The text.
    colours : float32, shape (k, 3), optional
        One for a swatch, more for a ramp.
    wide : bool
        Whether the sample is a ramp with a text at each end.
    wedge : tuple of float, optional
        Widths of a line that its sample runs between, pixels at scale 1.
    line : bool
        Whether it explains a line.
    low : str
        Text before a ramp.
    """

    text: str
    colours: Single | None = None
    wide: bool = False
    line: bool = False
    low: str = ""
    wedge: tuple[float, float] | None = None

    @property
    def key(self) -> Hashable:
        """What it looks like, to compare."""
        colours = None if self.colours is None else self.colours.tobytes()
        return self.text, colours, self.wide, self.line, self.low, self.wedge


def legend_rows(frame: Frame, theme: Theme, legend: Legend | None) -> list[LegendRow]:
    """Return the rows that explain curves and colours."""
    out: list[LegendRow] = []
    if frame.x.shape[1] == CIRCLE and frame.scenario.space.bounded:
        at = np.round(np.array(DENSITY_COLOURS) * 255).astype(int)
        viridis = colour_map("viridis")[at].astype(np.float32) / np.float32(255)
        out.append(LegendRow("density of tokens", viridis))
        if frame.potential is not None:
            out.append(LegendRow(POTENTIAL_TEXT, rgb(theme.sky)[None], line=True))
    if legend is None:
        return out
    if legend.title:
        out.append(LegendRow(legend.title))
    if not legend.names and len(legend.swatches):
        out.append(LegendRow(legend.high, legend.swatches, wide=True, low=legend.low))
    pairs = zip(legend.names[:MAX_NAMES], legend.swatches, strict=False)
    out += [LegendRow(name, colour[None]) for name, colour in pairs]
    if len(legend.names) > MAX_NAMES:
        out.append(LegendRow(f"and {len(legend.names) - MAX_NAMES} more"))
    if legend.note:
        out.append(LegendRow(legend.note))
    return out


def edge_rows(scales: Scales, theme: Theme, *, tight: bool = False) -> list[LegendRow]:
    """Return the rows that explain the colours and widths of edges; `tight` in few."""
    out: list[LegendRow] = []
    if scales.flux is not None:
        most = f"{scales.flux:g}"
        if not tight:
            out.append(LegendRow("flux p along edges: − outward, + inward"))
        high = f"+{most}  flux p" if tight else f"+{most}"
        out.append(LegendRow(high, _flux_ramp(theme), wide=True, low=f"−{most}"))
    if scales.weight is not None:
        low, high = (f"{w:g}" for w in scales.weight)
        ink = rgb(theme.flux[1] if scales.flux is not None else theme.accent)
        out.append(
            LegendRow(f"{high}  edge weight", ink[None], True, low=low, wedge=WIDTHS_PX)
        )
    return out


def _flux_ramp(theme: Theme) -> Single:
    """Return the colours of flux from −1 to 1, as the shader of edges mixes them."""
    minus, zero, plus = (np.array(rgb(c), np.float32) for c in theme.flux)
    at = np.linspace(-1, 1, 33, dtype=np.float32)[:, None]
    return zero + np.sqrt(np.abs(at)) * (np.where(at > 0, plus, minus) - zero)


def rows_above(height: float) -> int:
    """Return how many rows fit above `height` pixels at scale 1."""
    return int((height - TOP_PX) / ROW_PX + 0.5)


def wrapped_rows(
    rows: list[LegendRow], room: float, metrics: QFontMetricsF
) -> list[LegendRow]:
    """Return rows whose notes take as many lines as they need in `room` pixels."""
    out: list[LegendRow] = []
    for row in rows:
        if row.colours is not None or metrics.horizontalAdvance(row.text) <= room:
            out.append(row)
            continue
        lines = in_lines(unbroken(row.text), metrics.horizontalAdvance, room)
        out += [LegendRow(line) for line in lines]
    return [
        row
        if metrics.horizontalAdvance(row.text) <= room
        else replace(
            row,
            text=metrics.elidedText(row.text, Qt.TextElideMode.ElideRight, room),
        )
        for row in out
    ]


def unbroken(text: str) -> str:
    """Return a text whose lines do not end beside such as =."""
    return RELATION.sub("\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", text)


def paint_rows(
    painter: QPainter, rows: list[LegendRow], theme: Theme, left: float, scale: float
) -> list[QRectF]:
    """Paint rows in the top left corner, in the painter's font; return their boxes."""
    metrics, boxes = QFontMetricsF(painter.font()), list[QRectF]()
    for k, key in enumerate(rows):
        y, x = (TOP_PX + ROW_PX * k) * scale, left
        if key.low:
            _write(painter, key.low, theme, x, y, scale)
            x += metrics.horizontalAdvance(key.low) + TEXT_GAP_PX * scale
        if key.colours is not None and key.wedge is not None:
            x += _paint_wedge(painter, key.colours[0], key.wedge, x, y, scale)
        elif key.colours is not None:
            w = (RAMP_PX if key.wide else SWATCH_PX[0]) * scale
            tall = (LINE_PX if key.line else SWATCH_PX[1]) * scale
            box = QRectF(x, y - tall / 2, w, tall)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_brush(key.colours, box))
            painter.drawRoundedRect(box, min(2.0, tall / 2), min(2.0, tall / 2))
            x += w + TEXT_GAP_PX * scale
        _write(painter, key.text, theme, x, y, scale)
        end = x + metrics.horizontalAdvance(key.text)
        tall = ROW_PX * scale
        boxes.append(QRectF(0, y - tall / 2, end + TEXT_GAP_PX * scale, tall))
    return boxes


def _write(
    painter: QPainter, text: str, theme: Theme, x: float, y: float, scale: float
) -> None:
    painter.setPen(QColor(theme.muted))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QRectF(x, y - 10 * scale, 4000, 20 * scale), flags, text)


def _paint_wedge(
    painter: QPainter, rgb_: Any, widths: Pair, x: float, y: float, scale: float
) -> float:
    """Paint a line that widens from left to right; return the width used."""
    w, (low, high) = RAMP_PX * scale, (0.5 * scale * v for v in widths)
    corners = ((x, y - low), (x + w, y - high), (x + w, y + high), (x, y + low))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_colour(rgb_))
    painter.drawPolygon([QPointF(*corner) for corner in corners])
    return w + TEXT_GAP_PX * scale


def _brush(colours: Single, box: QRectF) -> QBrush:
    if len(colours) == 1:
        return QBrush(_colour(colours[0]))
    gradient = QLinearGradient(box.left(), 0, box.right(), 0)
    for at in np.linspace(0, 1, GRADIENT_STOPS):
        gradient.setColorAt(float(at), _colour(colours[round(at * (len(colours) - 1))]))
    return QBrush(gradient)


def _colour(rgb_: Any) -> QColor:
    return QColor.fromRgbF(*(float(v) for v in rgb_))
