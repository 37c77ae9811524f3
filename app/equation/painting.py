"""Paints the sheet of the formula: its lines, what is lit, and what is read out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.annotations.text_cache import screen_font
from app.theme.palette import mix
from app.theme.theme import text_on_accent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.equation.arrangement import Place
    from app.equation.drawing import Drawing
    from app.theme.palette import Theme

# Lengths are pixels at scale 1.
PAPER_ALPHA = 0.95  # what is behind shows through a little
PAPER_RADIUS, PILL_RADIUS = 10.0, 5.0
PILL_REACH = 4.0  # around a symbol
VALUE_PT, MEANING_PT = 13.0, 10.5
WORD_GAP = 14.0  # between a value and what it means
MIN_PIECE = 8  # letters of a text that is cut off: fewer say nothing


@dataclass(frozen=True)
class Marks:
    """Which symbols are marked, by the paths of their settings.

    Attributes
    ----------
    lit : frozenset of str
        Those whose setting changes now.
    pointed : str
        The one under the mouse or chosen by keys; empty if none.
    """

    lit: frozenset[str] = field(default_factory=frozenset[str])
    pointed: str = ""


def paint_paper(painter: QPainter, room: QRectF, theme: Theme, scale: float) -> None:
    """Paint what the formula is written on."""
    paper = QColor(theme.panel)
    paper.setAlphaF(PAPER_ALPHA)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(paper)
    inside = room.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(inside, PAPER_RADIUS * scale, PAPER_RADIUS * scale)


def paint_lines(
    painter: QPainter,
    placed: Sequence[tuple[Place, Drawing]],
    marks: Marks,
    theme: Theme,
    scale: float,
) -> None:
    """Paint the lines of a formula; symbols that have settings are in the accent."""
    for place, drawing in placed:
        _pills(painter, place, drawing, marks, theme, scale)
        colours = {s.path: _colour(s.path, marks, theme) for s in drawing.spots}
        drawing.render(painter, place.box, theme.text, colours)


def spot_box(place: Place, drawing: Drawing, box: QRectF) -> QRectF:
    """Return where a box of a drawing is on the sheet."""
    corner = (box.topLeft() - drawing.box.topLeft()) * place.factor
    return QRectF(place.box.topLeft() + corner, box.size() * place.factor)


def _colour(path: str, marks: Marks, theme: Theme) -> str:
    return text_on_accent(theme) if path in marks.lit else theme.accent


def _pills(
    painter: QPainter,
    place: Place,
    drawing: Drawing,
    marks: Marks,
    theme: Theme,
    scale: float,
) -> None:
    """Paint what is behind marked symbols."""
    for spot in drawing.spots:
        if spot.path in marks.lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
        elif spot.path == marks.pointed:
            painter.setPen(QPen(QColor(theme.accent), scale))
            painter.setBrush(QColor(mix(theme.panel, theme.accent, 0.22)))
        else:
            continue
        small = min(1.0, place.factor / (2 * scale))  # little room around small ones
        reach, round_ = PILL_REACH * small * scale, PILL_RADIUS * small * scale
        box = spot_box(place, drawing, spot.box).adjusted(-reach, -reach, reach, reach)
        painter.drawRoundedRect(box, round_, round_)


def paint_words(
    painter: QPainter, room: QRectF, words: tuple[str, str], theme: Theme, scale: float
) -> None:
    """Paint a value, and what it means in one line, or in two where it is long."""
    value, meaning = words
    strong = screen_font(VALUE_PT, scale, strong=True)
    plain = screen_font(MEANING_PT, scale)
    left, elide = room.left(), Qt.TextElideMode.ElideRight
    baseline = room.center().y() + QFontMetricsF(strong).capHeight() / 2
    for text, font, colour in (
        (value, strong, theme.text),
        (meaning, plain, theme.muted),
    ):
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        box = QRectF(left, room.top(), max(room.right() - left, 0.0), room.height())
        shown = metrics.elidedText(text, elide, box.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        if shown != text and box.contains(metrics.boundingRect(box, flags, text)):
            painter.drawText(box, flags, text)
            break
        if shown != text and len(shown) < MIN_PIECE:
            break
        painter.drawText(QPointF(left, baseline), shown)
        left += metrics.horizontalAdvance(shown) + (WORD_GAP * scale if text else 0)
