"""Text and formulas on the panels of a picture; sizes are pixels of the design."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtSvg import QSvgRenderer

from app.annotations.hat import HAT, put_hat
from app.annotations.legends import unbroken
from app.annotations.line_breaks import in_lines
from app.annotations.text_cache import PX_PER_PT, screen_font
from app.theme import formulas, typesetting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario import Scenario

TITLE_SPACING = 1.2  # from line to line of a title
HAT_RISE = 0.36  # heights of a capital by which the hat is raised from its baseline


def font(px: float, *, strong: bool = False) -> QFont:
    """Return the shipped font of a size in pixels."""
    return screen_font(px / PX_PER_PT, 1.0, strong=strong)


def width(text: str, px: float, *, strong: bool = False) -> float:
    """Return the width of a line of text."""
    return QFontMetricsF(font(px, strong=strong)).horizontalAdvance(
        text.replace(HAT, "")
    )


def fitting_size(text: str, px: float, least: float, room: float) -> float:
    """Return the largest size up to `px` at which a strong line fits, or `least`."""
    while px > least and width(text, px, strong=True) > room:
        px -= 1.0
    return px


def title_lines(
    text: str, px: float, least: float, room: float
) -> tuple[float, tuple[str, ...]]:
    """Return the size of a strong title and its lines: two, where one is too small.

    In two the first is not longer than it must be, so that both are alike; neither ends
    within a number and its name.
    """
    size = fitting_size(text, px, least, room)
    words = [word for word in unbroken(text).split(" ") if word]
    if width(text, size, strong=True) <= room or len(words) == 1:
        return size, (text,)
    splits = [(" ".join(words[:k]), " ".join(words[k:])) for k in range(1, len(words))]

    def longest(lines: tuple[str, str]) -> float:
        return max(width(line, px, strong=True) for line in lines)

    lines = min(splits, key=longest)
    return min(fitting_size(line, px, least, room) for line in lines), lines


def wrapped(text: str, px: float, room: float) -> list[str]:
    """Return a text in lines no wider than `room`, if its words are not."""
    return in_lines(unbroken(text), partial(width, px=px), room)


def write_title(
    painter: QPainter, at: QPointF, lines: Sequence[str], px: float, **style: Any
) -> float:
    """Write a strong title from `at`; return the height of lines after the first."""
    below = 0.0
    for k, line in enumerate(lines):
        below = k * TITLE_SPACING * px
        write(painter, at + QPointF(0, below), line, px, strong=True, **style)
    return below


def write(
    painter: QPainter,
    at: QPointF,
    text: str,
    px: float,
    colour: str,
    *,
    strong: bool = False,
    right: bool = False,
    room: float = 0.0,
) -> float:
    """Write a line from `at` on its baseline, or ending there; return its width.

    In less room than it needs it is cut, with an ellipsis.
    """
    face = font(px, strong=strong)
    metrics = QFontMetricsF(face)
    if room > 0:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    plain = text.replace(HAT, "")
    wide = metrics.horizontalAdvance(plain)
    x = at.x() - wide if right else at.x()
    painter.setFont(face)
    painter.setPen(QColor(colour))
    painter.drawText(QPointF(x, at.y()), plain)
    if HAT in text:  # fonts set it low
        before = text[: text.index(HAT)]
        letter = metrics.horizontalAdvance(before[-1])
        left = x + metrics.horizontalAdvance(before) - letter
        put_hat(painter, face, QPointF(left, at.y()), letter, HAT_RISE)
    return wide


def untitled(scenario: Scenario) -> Scenario:
    """Return `scenario` without its title, to be described by n and d."""
    return replace(scenario, title="")


class FormulaPainter:
    """Paints the law's formula; keeps the one that was painted last."""

    def __init__(self) -> None:
        self._known: tuple[str, str] = ("", "")
        self._scenario: Scenario | None = None
        self._latex = ""
        self._svg: QSvgRenderer | None = None

    def size(self, scenario: Scenario, colour: str) -> tuple[float, float]:
        """Return the natural width and height; zeros if it cannot be typeset."""
        if scenario is not self._scenario:  # composing a formula takes a while
            self._scenario, self._latex = scenario, formulas.equation(scenario)
        latex = self._latex
        if (latex, colour) != self._known:
            svg = typesetting.svg(latex, colour)
            self._svg = QSvgRenderer(QByteArray(svg)) if svg else None
            self._known = (latex, colour)
        if self._svg is None or not self._svg.isValid():
            return 0.0, 0.0
        natural = self._svg.defaultSize()
        return float(natural.width()), float(natural.height())

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Paint the formula whose size was asked for last."""
        if self._svg is not None:
            self._svg.render(painter, box)
