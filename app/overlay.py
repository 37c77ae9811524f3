"""Everything in words on the picture: labels, caption, legends; painted by Qt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter
from PySide6.QtSvg import QSvgRenderer

from app import fonts, formulas
from app.captions import numbers, statements, title
from app.gl.beads import bead_radius
from app.labels import Labels, of_tokens
from app.legends import Key, keys, paint_keys
from app.palette import LONE
from app.seeing import CIRCLE
from app.stamps import halo_of, put

if TYPE_CHECKING:
    from app.director import Director
    from app.gl.camera import Camera
    from app.look import Look
    from app.palette import Theme
    from sim.frame import Frame

EDGE = 20.0  # from the sides of the picture; this and the rest in pixels at scale 1
PIXELS = 96 / 72  # a point: not the screen's own, so that all machines agree
TITLE, BIG, SMALL = 12.5, 14.0, 9.5  # pt
BASELINE = 56.0  # of the title, above the bottom
FOOT = 18.0  # below the formula
RISE = (66.0, 46.0)  # of a number's name and of the number, above the bottom
GAP = 24.0  # between numbers
CLOSE = 3.2  # bead radii: tokens that one label speaks for
HORIZON = 0.06  # of the facing: words begin a little before it
DEGREES = 1.56  # globe radii, at which the circle's angles are written
SCRIM = 104.0  # height of the shade behind the caption, where the globe reaches it
SHADE = 0.82  # opacity of it
HAT, CARET = "\u0302", "\u02c6"  # of F̂: what follows a letter, and what stands alone
HAT_RISE = 0.62  # heights of a capital by which the hat stands above its usual place
LEAST = 80.0  # width below which a formula is left out


class Overlay:
    """Paints words on a picture; remembers where its labels stood.

    Parameters
    ----------
    theme : Theme
        Colours.
    scale : float
        Of the letters: 1 is 10.5 pt for labels.
    """

    def __init__(self, theme: Theme, scale: float = 1.0) -> None:
        self._labels = Labels()
        self._epoch = -1
        self._formula: tuple[object, QSvgRenderer | None] = (None, None)
        self.scale = scale
        self.dress(theme)

    def dress(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.theme = theme

    def paint(
        self,
        painter: QPainter,
        camera: Camera,
        frame: Frame,
        look: Look,
        director: Director,
        chosen: tuple[int, ...] = (),
    ) -> None:
        """Paint on the picture that `director` made of `frame`, as seen by `camera`."""
        ratio = painter.device().devicePixelRatioF()
        w, h = camera.size[0] / ratio, camera.size[1] / ratio
        camera = replace(camera, flat=frame.x.shape[1] == CIRCLE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if camera.zoom > 1:
            self._scrim(painter, w, h)
        kept = self._numbers(painter, frame, w, h)
        kept += self._caption(painter, frame, kept, h)
        kept += self._keys(painter, frame, look, director)
        if camera.flat:
            kept += self._degrees(painter, camera, ratio, kept)
        self._words(painter, camera, frame, look, director, chosen, kept)

    def font(self, points: float, *, strong: bool = False) -> QFont:
        """Return the font of a size, in points at scale 1."""
        weight = QFont.Weight.DemiBold if strong else QFont.Weight.Normal
        font = fonts.font(points, weight)
        font.setPixelSize(round(points * PIXELS * self.scale))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def _scrim(self, painter: QPainter, w: float, h: float) -> None:
        top = h - SCRIM * self.scale
        shade = QLinearGradient(0, top, 0, h)
        for at, alpha in ((0.0, 0.0), (1.0, SHADE)):
            colour = QColor(self.theme.canvas)
            colour.setAlphaF(alpha)
            shade.setColorAt(at, colour)
        painter.fillRect(QRectF(0, top, w, h - top), shade)

    def _numbers(
        self, painter: QPainter, frame: Frame, w: float, h: float
    ) -> list[QRectF]:
        """Paint the numbers, from the right; return what they take."""
        s, right = self.scale, w - EDGE * self.scale
        small, big = self.font(SMALL), self.font(BIG)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        of_small, of_big = QFontMetricsF(small), QFontMetricsF(big)
        for name, value, widest in reversed(numbers(frame)):
            wide = max(
                of_big.horizontalAdvance(widest),
                of_big.horizontalAdvance(value),
                of_small.horizontalAdvance(name),
            )
            for font, colour, rise, text in (
                (small, self.theme.muted, RISE[0], name),
                (big, self.theme.text, RISE[1], value),
            ):
                painter.setFont(font)
                painter.setPen(QColor(colour))
                box = QRectF(right - wide, h - rise * s, wide, 26 * s)
                painter.drawText(box, flags, text.removesuffix(HAT))
            if name.endswith(HAT):
                self._hat(painter, small, right, h - RISE[0] * s)
            right -= wide + GAP * s
        return [QRectF(right, h - 72 * s, w - right, 72 * s)]

    def _hat(self, painter: QPainter, font: QFont, right: float, top: float) -> None:
        """Put a circumflex on the capital that ends at `right`; fonts set it low."""
        metrics = QFontMetricsF(font)
        wide = metrics.horizontalAdvance(CARET)
        left = right - (metrics.horizontalAdvance("F") + wide) / 2
        middle = top + 13 * self.scale + metrics.ascent() / 2
        painter.setPen(QColor(self.theme.muted))
        painter.setFont(font)
        painter.drawText(QPointF(left, middle - HAT_RISE * metrics.capHeight()), CARET)

    def _caption(
        self, painter: QPainter, frame: Frame, kept: list[QRectF], h: float
    ) -> list[QRectF]:
        """Paint title and formula in the room that the numbers leave."""
        s, left = self.scale, EDGE * self.scale
        room = kept[0].left() - left
        font = self.font(TITLE, strong=True)
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(
            title(frame.scenario), Qt.TextElideMode.ElideRight, max(room, 0.0)
        )
        painter.setFont(font)
        painter.setPen(QColor(self.theme.text))
        painter.drawText(QPointF(left, h - BASELINE * s), text)
        wide = max(metrics.horizontalAdvance(text), self._law(painter, frame, room, h))
        return [QRectF(0, h - 78 * s, left + wide + 12 * s, 78 * s)]

    def _law(self, painter: QPainter, frame: Frame, room: float, h: float) -> float:
        """Paint the equation of motion; return its width."""
        s, left = self.scale, EDGE * self.scale
        svg = self._drawing(frame.scenario.dynamics.formula())
        if svg is None:
            painter.setFont(self.font(fonts.BODY))
            painter.setPen(QColor(self.theme.muted))
            name = frame.scenario.dynamics.title
            painter.drawText(QPointF(left, h - (FOOT + 8) * s), name)
            return QFontMetricsF(self.font(fonts.BODY)).horizontalAdvance(name)
        size = svg.defaultSize()
        w, tall = size.width() * s, size.height() * s
        if room < LEAST * s:
            return 0.0
        fit = min(1.0, room / w)
        svg.render(
            painter, QRectF(left, h - FOOT * s - tall * fit, w * fit, tall * fit)
        )
        return w * fit

    def _drawing(self, latex: str) -> QSvgRenderer | None:
        known = (latex, self.theme.muted)
        if self._formula[0] != known:
            svg = formulas.svg(*known)
            made = None if svg is None else QSvgRenderer(QByteArray(svg))
            self._formula = (known, made)
        return self._formula[1]

    def _keys(
        self, painter: QPainter, frame: Frame, look: Look, director: Director
    ) -> list[QRectF]:
        rows = [Key(text) for text in statements(frame, look, director)]
        rows += keys(frame, self.theme, director.legend)
        if not rows:
            return []
        painter.setFont(self.font(SMALL))
        return [paint_keys(painter, rows, self.theme, EDGE * self.scale, self.scale)]

    def _degrees(
        self, painter: QPainter, camera: Camera, ratio: float, kept: list[QRectF]
    ) -> list[QRectF]:
        """Write the angles around the circle, where there is room."""
        a = np.arange(0, 360, 30)
        turn = np.radians(a)
        at = np.stack([np.cos(turn), np.sin(turn), 0 * turn], -1) * DEGREES
        painter.setFont(self.font(fonts.SMALL))
        painter.setPen(QColor(self.theme.muted))
        half_w, half_h = 20 * self.scale, 9 * self.scale
        boxes: list[QRectF] = []
        places = camera.project(at)[0] / ratio
        for angle, (x, y) in zip(a.tolist(), places.tolist(), strict=True):
            box = QRectF(x - half_w, y - half_h, 2 * half_w, 2 * half_h)
            if not any(box.intersects(k) for k in kept):
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{angle}°")
                boxes.append(box)
        return boxes

    def _words(
        self,
        painter: QPainter,
        camera: Camera,
        frame: Frame,
        look: Look,
        director: Director,
        chosen: tuple[int, ...],
        kept: list[QRectF],
    ) -> None:
        """Paint the names of tokens."""
        if frame.epoch != self._epoch:
            self._epoch = frame.epoch
            self._labels.clear()
        names = frame.names if look.labels else ()
        if not names and not chosen:
            self._labels.clear()
            return
        ratio = painter.device().devicePixelRatioF()
        xy, facing = camera.project(director.points)
        if camera.flat or not director.seen.on_sphere:
            facing = np.ones(len(xy))
        radius = bead_radius(len(xy)) * look.bead * camera.pixels / ratio
        company = director.company
        if frame.labels is not None:
            lone = company.max(initial=LONE) + 1 + frame.labels
            company = np.where(company == LONE, lone, company)
        wanted = of_tokens(
            names,
            xy / ratio,
            facing - HORIZON,
            company,
            close=CLOSE * radius,
            chosen=chosen,
            shown=self._labels.tokens,
        )
        m = 8 * self.scale
        w, h = camera.size[0] / ratio, camera.size[1] / ratio
        bounds = QRectF(m, m, w - 2 * m, h - 2 * m)
        font = self.font(fonts.BODY)
        halo = halo_of(self.theme)
        for placed in self._labels.arrange(wanted, font, radius, bounds, kept):
            one, at = placed.label, placed.box.topLeft()
            painter.setOpacity(one.alpha)
            put(painter, at, one.text, font, self.theme.text, halo, strong=one.strong)
            if one.more:
                rest = placed.box.width() - QFontMetricsF(font).horizontalAdvance(
                    one.suffix
                )
                at = QPointF(at.x() + rest, at.y())
                put(painter, at, one.suffix, font, self.theme.muted, halo)
        painter.setOpacity(1.0)
