"""The equation of motion in the caption, with the definitions that fit beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtSvg import QSvgRenderer

from app.annotations.painted_once import PaintedOnce
from app.theme import formulas

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFont, QPainter

    from sim.scenario import Scenario

    Typeset = Callable[[str, str], bytes | None]

# All lengths are pixels at scale 1.
ASCENT, DESCENT = 23.0, 20.0  # above and below the line: higher formulas are reduced
GAP = 22.0  # between definitions
DOTS = "…"  # for definitions that are left out
DOTS_WIDTH = 26.0  # that these may take


class EquationLine:
    """Paints the equation of motion of a scenario in one line.

    Parameters
    ----------
    typeset : function
        Returns a formula in a colour as SVG; see `app.theme.typesetting`.
    """

    def __init__(self, typeset: Typeset) -> None:
        self._typeset = typeset
        self._images: dict[tuple[str, str], FormulaImage | None] = {}
        self._drawn: dict[tuple[str, str], FormulaImage | None] = {}
        self._of: Scenario | None = None
        self._lines: tuple[str, ...] = ()

    def paint(
        self,
        painter: QPainter,
        scenario: Scenario,
        at: QPointF,
        room: float,
        look: tuple[float, str, QFont],
        *,
        alone: bool = False,
    ) -> float:
        """Paint from `at`, on the baseline, within `room`; return the width.

        `look` is the scale, the colour, and the font of text.  The law's title stands
        for an equation that cannot be typeset.  Definitions are left out if it is to
        stand `alone`.
        """
        scale, colour, font = look
        self._images, self._drawn = self._drawn, {}
        main, *rest = self._lines_of(scenario)
        image = self._image(main, colour)
        if image is None:
            return _text(painter, scenario.dynamics.title, at, colour, font)
        if not image.valid:
            return 0.0
        used = image.paint(painter, at, room, scale)
        if alone:
            return used
        shown = 1
        for line in rest:
            image = self._image(line, colour)
            start = used + GAP * scale
            left = room - start - DOTS_WIDTH * scale
            if image is None or not image.valid or image.width(scale) > left:
                break
            place = QPointF(at.x() + start, at.y())
            used = start + image.paint(painter, place, left, scale)
            shown += 1
        if shown <= len(rest) and used < room - DOTS_WIDTH * scale:
            place = QPointF(at.x() + used + GAP / 2 * scale, at.y())
            used += GAP / 2 * scale + _text(painter, DOTS, place, colour, font)
        return used

    def size(
        self, scenario: Scenario, look: tuple[float, str, QFont]
    ) -> tuple[float, float, float]:
        """Return the width of the equation alone, its height above the baseline, below.

        In pixels, of `look` as in `paint`; zeros while it is typeset.
        """
        scale, colour, font = look
        image = self._image(self._lines_of(scenario)[0], colour)
        if image is None:
            metrics = QFontMetricsF(font)
            wide = metrics.horizontalAdvance(scenario.dynamics.title)
            return wide, metrics.ascent(), metrics.descent()
        if not image.valid:
            return 0.0, 0.0, 0.0
        box, factor = image.box, image.fit * scale
        return box.width() * factor, -box.top() * factor, box.bottom() * factor

    def _lines_of(self, scenario: Scenario) -> tuple[str, ...]:
        if scenario is not self._of:  # large ones are slow to compare
            self._of, self._lines = scenario, formulas.lines(scenario)
        return self._lines

    def _image(self, latex: str, colour: str) -> FormulaImage | None:
        """Return a formula's image, invalid while it is typeset; None if impossible."""
        known = (latex, colour)
        if known not in self._drawn:
            if known in self._images:
                self._drawn[known] = self._images[known]
            else:
                svg = self._typeset(*known)
                made = None if svg is None else FormulaImage(svg)
                if svg == b"":
                    return made
                self._drawn[known] = made
        return self._drawn[known]


class FormulaImage:
    """A typeset formula, painted on its baseline.

    Parameters
    ----------
    svg : bytes
        Its drawing; empty while it is typeset.

    Attributes
    ----------
    box : QRectF
        Its extent around the start of its baseline, at scale 1.
    """

    def __init__(self, svg: bytes) -> None:
        self._renderer, self._painted = QSvgRenderer(QByteArray(svg)), PaintedOnce()
        self.box = self._renderer.viewBoxF()

    @property
    def valid(self) -> bool:
        """Whether there is something to paint."""
        return self._renderer.isValid()

    @property
    def fit(self) -> float:
        """The factor that makes it low enough."""
        above, below = max(1.0, -self.box.top()), max(1.0, self.box.bottom())
        return min(1.0, ASCENT / above, DESCENT / below)

    def width(self, scale: float) -> float:
        """Return its width where there is room."""
        return self.box.width() * self.fit * scale

    def paint(self, painter: QPainter, at: QPointF, room: float, scale: float) -> float:
        """Paint it small enough for `room`; return its width."""
        factor = self.fit * scale * min(1.0, room / self.width(scale))
        corner = at + QPointF(0, self.box.top() * factor)
        place = QRectF(corner, self.box.size() * factor)

        def draw(painter: QPainter) -> list[QRectF]:
            self._renderer.render(painter, place)
            return [place]

        self._painted.paint(painter, place.getRect(), draw)
        return place.width()


def _text(painter: QPainter, text: str, at: QPointF, colour: str, font: QFont) -> float:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(at, text)
    return QFontMetricsF(font).horizontalAdvance(text)
