"""Paints the parts of the strip: tokens at one depth, boxes, arrows, labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from app.annotations.line_breaks import in_lines
from app.scene.scene import bead_radius
from app.widgets.font_sizes import small_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from app.layer_strip.samples import LayerSample
    from app.scene.camera import Camera
    from app.theme.palette import Theme

MIN_RADIUS_PX = 1.6  # of a token
FAR_OPACITY = 0.35  # of tokens on the far side
ARROW_HEAD_PX = 5.0


@dataclass(frozen=True, slots=True)
class Style:
    """Colours, fonts and the height of a line."""

    theme: Theme
    font: QFont
    strong: QFont
    line: float
    scale: float

    @staticmethod
    def of(theme: Theme, widget: QWidget, scale: float) -> Style:
        """Return the style of `widget`."""
        font = small_font(widget)
        strong = QFont(font)
        strong.setWeight(QFont.Weight.DemiBold)
        return Style(theme, font, strong, QFontMetricsF(font).height(), scale)

    @property
    def ground(self) -> QColor:
        """The colour of the background."""
        return QColor(self.theme.canvas)

    def ring(self, painter: QPainter, box: QRectF) -> None:
        """Paint the focus ring."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.theme.accent), 1))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))

    def label(
        self, painter: QPainter, pane: QRectF, words: tuple[str, str], *, chosen: bool
    ) -> None:
        """Write the name of a pane and its time below it; paint its frame."""
        ink = self.theme.accent if chosen else self.theme.line
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(ink), 2 if chosen else 1))
        painter.drawRoundedRect(pane, 4, 4)
        below = QRectF(
            pane.left() - 20, pane.bottom() + 2, pane.width() + 40, self.line
        )
        name = self.theme.accent if chosen else self.theme.text
        for word, colour, font in (
            (words[0], name, self.strong),
            (words[1], self.theme.muted, self.font),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, word)
            below.translate(0, self.line)


def paint_tokens(
    painter: QPainter,
    style: Style,
    pane: QRectF,
    sample: LayerSample,
    camera: Camera,
    bead: float,
) -> None:
    """Paint the tokens of a sample in a pane, far ones first and fainter."""
    painter.save()
    painter.setClipRect(pane)
    painter.translate(pane.topLeft())
    ratio = camera.ratio
    painter.setPen(QPen(QColor(style.theme.line), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle = QPointF(pane.width() / 2, pane.height() / 2)
    painter.drawEllipse(middle, camera.limb / ratio, camera.limb / ratio)
    places, facing = camera.project(sample.points)
    if camera.flat or not sample.bounded:
        facing = np.ones(len(places))
    radius = bead_radius(len(places)) * bead * camera.pixels / ratio
    radius = max(radius, MIN_RADIUS_PX * style.scale)
    painter.setPen(Qt.PenStyle.NoPen)
    depth = sample.points @ camera.eye
    for i in np.argsort(depth, kind="stable").tolist():
        r, g, b, a = (float(v) for v in sample.colours[i])
        a *= FAR_OPACITY if facing[i] < 0 else 1.0
        painter.setBrush(QColor.fromRgbF(r, g, b, a))
        x, y = (places[i] / ratio).tolist()
        painter.drawEllipse(QPointF(x, y), radius, radius)
    painter.restore()


def paint_box(
    painter: QPainter, style: Style, box: QRectF, title: str, lines: Sequence[str]
) -> None:
    """Paint a titled box with as many lines as fit; one too wide becomes several."""
    painter.setPen(QPen(QColor(style.theme.line), 1))
    painter.setBrush(QColor(style.theme.raised))
    painter.drawRoundedRect(box, 6, 6)
    metrics = QFontMetricsF(style.font)
    wide, room = metrics.horizontalAdvance, box.width() - 8
    lines = [part for line in lines for part in in_lines(line, wide, room)]
    lines = lines[: max(0, int(box.height() / style.line) - 1)]
    row = QRectF(box.left(), 0, box.width(), style.line)
    row.moveTop(box.center().y() - (1 + len(lines)) * style.line / 2)
    painter.setFont(style.strong)
    painter.setPen(QColor(style.theme.text))
    painter.drawText(row, Qt.AlignmentFlag.AlignCenter, title)
    painter.setFont(style.font)
    painter.setPen(QColor(style.theme.muted))
    for line in lines:
        row.translate(0, style.line)
        elide = Qt.TextElideMode.ElideRight
        text = metrics.elidedText(line, elide, room)
        painter.drawText(row, Qt.AlignmentFlag.AlignCenter, text)


def paint_arrow(
    painter: QPainter, style: Style, start: QPointF, end: float, word: str = ""
) -> None:
    """Paint an arrow to the right, with a text over it."""
    ink, head, y = QColor(style.theme.muted), ARROW_HEAD_PX * style.scale, start.y()
    left, right = start.x() + 3 * style.scale, end - 3 * style.scale
    painter.setPen(QPen(ink, 1.2 * style.scale))
    painter.drawLine(QPointF(left, y), QPointF(right - head, y))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    tips = ((right, y), (right - head, y - head / 2), (right - head, y + head / 2))
    painter.drawPolygon(QPolygonF([QPointF(*tip) for tip in tips]))
    if word:
        painter.setFont(style.strong)
        painter.setPen(QColor(style.theme.text))
        over = QRectF(
            start.x() - 8, y - style.line - 3, end - start.x() + 16, style.line
        )
        painter.drawText(over, Qt.AlignmentFlag.AlignCenter, word)
