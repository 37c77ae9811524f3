"""The card that a film may begin with: title, formula, who moves and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from app.annotations.caption_text import title
from app.annotations.text_cache import PX_PER_PT
from app.export.layout import design_ratio
from app.export.lettering import (
    FormulaPainter,
    fitting_size,
    font,
    untitled,
    width,
    write,
)

if TYPE_CHECKING:
    from app.export.picture_buffer import PictureBuffer
    from app.theme.palette import Theme
    from sim.scenario import Scenario

CARD_S, CARD_FADE_S = 2.5, 0.5  # seconds of display; the last of them fade
TITLE_PX, NOTE_PX, NAME_PX = 56.0, 24.0, 18.0  # pixels of the design
MIN_TITLE_PX = 28.0
FORMULA_SCALE = 2.2
SIDE = 0.1  # of the width, left free on either side
GAP = 44.0


class TitleCard:
    """The card of a film, painted once."""

    def __init__(self, scenario: Scenario, size: tuple[int, int], theme: Theme) -> None:
        ratio = design_ratio(size)
        self._image = QImage(*size, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(ratio)
        self._image.fill(QColor(theme.canvas))
        painter = QPainter(self._image)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _paint(painter, scenario, size[0] / ratio, size[1] / ratio, theme)
        finally:
            painter.end()

    def paint(self, buffer: PictureBuffer, opacity: float) -> None:
        """Paint the card over a picture."""
        self._image.setDevicePixelRatio(buffer.image.devicePixelRatio())
        painter = QPainter(buffer.image)
        painter.setOpacity(opacity)
        painter.drawImage(QPointF(0, 0), self._image)
        painter.end()


def card_opacity(seconds: float) -> float:
    """Return the opacity of the card so many seconds after the start; 0 at its end."""
    return min(max((CARD_S - seconds) / CARD_FADE_S, 0.0), 1.0)


def _paint(
    painter: QPainter, scenario: Scenario, w: float, h: float, theme: Theme
) -> None:
    room = (1 - 2 * SIDE) * w
    name, described = title(scenario), title(untitled(scenario))
    px = fitting_size(name, TITLE_PX, MIN_TITLE_PX, room)
    metrics = QFontMetricsF(font(px, strong=True))
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    ground = QRectF(SIDE * w, 0, room, h)
    tall = metrics.boundingRect(ground, flags, name).height()
    formula = FormulaPainter()
    fw, fh = formula.size(scenario, theme.text)
    scale = min(FORMULA_SCALE, room / fw) if fw else 0.0
    y = (h - tall - NOTE_PX - 1.5 * GAP - fh * scale) / 2
    painter.setFont(font(px, strong=True))
    painter.setPen(QColor(theme.text))
    painter.drawText(QRectF(SIDE * w, y, room, tall), flags, name)
    y += tall + GAP / 2 + NOTE_PX / PX_PER_PT
    if described != name:
        _centred(painter, described, NOTE_PX, theme.muted, w, y)
    y += GAP
    formula.paint(painter, QRectF((w - fw * scale) / 2, y, fw * scale, fh * scale))
    _centred(painter, "Attention Orrery", NAME_PX, theme.accent, w, h - GAP)


def _centred(
    painter: QPainter, text: str, px: float, colour: str, w: float, y: float
) -> None:
    at = QPointF((w - width(text, px)) / 2, y)
    write(painter, at, text, px, colour)
