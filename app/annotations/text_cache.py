"""Text with a thin halo, as cached images.

Qt paints it on top of the picture, for any alphabet and at one size on every screen.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
)

from app.theme import fonts
from app.theme.palette import mix

if TYPE_CHECKING:
    from app.theme.palette import Theme

PX_PER_PT = 96 / 72  # not the screen's own, so that all machines agree
HALO_PX = 3.5
HALO_RINGS = ((2.0, 0.25), (1.4, 0.45), (0.8, 0.8))  # width in halos, and opacity


@lru_cache(maxsize=64)
def screen_font(points: float, scale: float, *, strong: bool = False) -> QFont:
    """Return the shipped font at a size that is the same on every screen."""
    weight = QFont.Weight.DemiBold if strong else QFont.Weight.Normal
    font = fonts.font(points, weight)
    font.setPixelSize(round(points * PX_PER_PT * scale))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@lru_cache(maxsize=64)
def font_from_key(key: str, strong: bool) -> QFont:
    """Return the font of `key` (`QFont.toString`), bold if `strong`."""
    font = QFont()
    font.fromString(key)
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@lru_cache(maxsize=2048)
def text_image(
    text: str, key: str, strong: bool, ink: str, halo: str, ratio: float
) -> QImage:
    """Return an image of `text` with its halo, for a device pixel ratio."""
    font = font_from_key(key, strong)
    metrics = QFontMetricsF(font)
    w = metrics.horizontalAdvance(text) + 2 * HALO_PX + 2
    h = metrics.height() + 2 * HALO_PX
    image = QImage(
        int(w * ratio) + 1,
        int(h * ratio) + 1,
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    path = QPainterPath()
    path.addText(QPointF(HALO_PX, HALO_PX + metrics.ascent()), font, text)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for width, opacity in HALO_RINGS:
        colour = QColor(halo)
        colour.setAlphaF(opacity)
        pen = QPen(colour, width * HALO_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
    painter.fillPath(path, QColor(ink))
    painter.end()
    return image


def halo_colour(theme: Theme) -> str:
    """Return the colour of the halo of text."""
    return theme.canvas if theme.dark else mix(theme.canvas, "#FFFFFF", 0.7)


def draw_text(
    painter: QPainter,
    at: QPointF,
    text: str,
    key: str,
    ink: str,
    halo: str,
    *,
    strong: bool = False,
) -> None:
    """Paint `text` in the font that `key` describes, its top left corner at `at`."""
    if not text:
        return
    ratio = painter.device().devicePixelRatioF()
    image = text_image(text, key, strong, ink, halo, ratio)
    painter.drawImage(QPointF(at.x() - HALO_PX, at.y() - HALO_PX), image)
