"""The panel beside the globe: star setting, changes, values and curve."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QColor, QPainter, QPen

from app.annotations.number_format import general, plot_value
from app.document.document import Document
from app.export.lettering import fitting_size, width, write
from app.plots.kinds_by_law import request_of
from app.presenter import lettering
from app.presenter.curve import PresentationCurve
from app.presenter.facts import (
    PresentationFacts,
    at_time,
    facts_of,
    kind_of_curve,
    star_text,
)
from app.presenter.readout import Readout
from app.widgets.throttle import Throttle
from app.widgets.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QShowEvent, QWheelEvent

    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest

MAX_DRAWINGS_PER_S = 12.0
LIT_S = 2.5  # seconds for which a star that changed is in the accent colour
FEW_DIGITS = 2  # of a value beside a long name
ROUND = 0.35  # of boxes, in units
GAP = 0.8  # between what is written, in units
TIGHT = 14.0  # height, in units, without room for a large star
CHANGE = 2.9  # height of the last change, with air


class PresentationPanel(View):
    """What stands beside the globe; painted, in units of its window's height."""

    shows_all_lanes: ClassVar[bool] = True
    shows_hidden: ClassVar[bool] = True

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._document = theme, Document()
        self._frames: Sequence[Frame] = ()
        self._kind, self._star, self._changed_at = "", ("", ""), -math.inf
        self._room = 0  # of the window, in pixels; unknown yet
        self._throttle = Throttle(self, MAX_DRAWINGS_PER_S, self.update)
        self._dim_timer = QTimer(self)
        self._dim_timer.setSingleShot(True)
        self._dim_timer.setInterval(round(1000 * LIT_S) + 50)
        self._dim_timer.timeout.connect(self.update)
        self.setAccessibleName("Values and curve")
        self.hide()

    @property
    def u(self) -> float:
        """The unit, in pixels."""
        return lettering.unit(self.window().height())

    def fit(self, width: int) -> None:
        """Take the width that is right in a window of a width."""
        self._room = width
        globes = len(self._document.lanes)
        self.setFixedWidth(lettering.panel_width(width, globes))

    def show_kind(self, kind: str) -> None:
        """Plot this observable; without one, the first of the law."""
        if kind != self._kind:
            self._kind = kind
            self.request_changed.emit()
            self._throttle.schedule()

    def request(self) -> FrameRequest:
        """Return what the next frames should hold."""
        return request_of((kind_of_curve(self._document, self._kind),))

    def show_document(self, document: Document) -> None:
        """Take the settings; the star setting lights up when it changes."""
        law, self._document = self._document.scenario.dynamics.kind, document
        if self._room:
            self.fit(self._room)
        star = star_text(document)
        if star != self._star:
            if star[0] == self._star[0]:
                self._changed_at = time.monotonic()
                self._dim_timer.start()
            self._star = star
        if law != document.scenario.dynamics.kind:
            self.request_changed.emit()
        self._throttle.schedule()

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Show the frames of one moment."""
        self._frames = tuple(frames)
        self._throttle.schedule()

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`; letters follow the window's height."""
        self._theme = theme
        self.update()

    def facts(self) -> PresentationFacts | None:
        """Return what is on show; None before the first frame."""
        if not self._frames:
            return None
        return facts_of(self._document, self._frames, self._kind)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint all from the top downwards."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.canvas))
        facts, m = self.facts(), lettering.MARGIN * self.u
        if facts is not None:
            room = QRectF(self.rect()).adjusted(0, 0, -m, -0.5 * self.u)
            y = self._paint_star(painter, facts, room)
            y = self._paint_change(painter, facts, room, y)
            y = self._paint_values(painter, facts, room, y)
            y = self._paint_heading(painter, facts, room, y)
            room.setTop(y)
            PresentationCurve(room, facts, self._theme, self.u).paint(painter)
        painter.end()

    def _paint_star(
        self, painter: QPainter, facts: PresentationFacts, room: QRectF
    ) -> float:
        """Paint the star setting large; return where its part ends."""
        lit = time.monotonic() - self._changed_at < LIT_S
        tight = room.height() < (TIGHT + CHANGE * bool(facts.marks)) * self.u
        readout = Readout(self._theme, self.u, lit=lit, tight=tight)
        below, keys = readout.paint(painter, facts.star, room)
        return max(below, keys if facts.marks else 0.0)

    def _paint_change(
        self, painter: QPainter, facts: PresentationFacts, room: QRectF, y: float
    ) -> float:
        """Paint the last change of the run in a box; return where it ends."""
        if not facts.marks:
            return y
        u, theme = self.u, self._theme
        t, text = facts.marks[-1], facts.change
        box = QRectF(room.left(), y, room.width(), 2.1 * u)
        painter.setPen(QPen(QColor(theme.accent), lettering.line_width(u) * 0.75))
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), ROUND * u, ROUND * u)
        base, px = box.top() + 1.45 * u, lettering.BODY * u
        when = at_time(t)
        inside = box.width() - 2 * u - width(when, px)
        px = fitting_size(text, px, lettering.LEAST * u, inside)
        if width(text, px, strong=True) > inside:
            when = when.removeprefix("at ")
        at = QPointF(box.right() - 0.6 * u, base)
        used = write(painter, at, when, px, theme.text, right=True)
        at = QPointF(box.left() + 0.6 * u, base)
        cut = box.width() - used - 2 * u
        write(painter, at, text, px, theme.text, strong=True, room=cut)
        return box.bottom() + GAP * u

    def _paint_values(
        self, painter: QPainter, facts: PresentationFacts, room: QRectF, y: float
    ) -> float:
        """Paint names and values in a line, as many as fit; return where it ends."""
        u, theme, px = self.u, self._theme, lettering.BODY * self.u
        ink = lettering.legible(theme.muted, theme.canvas)
        x, base = room.left(), y + px
        for name, value in facts.values:
            wide = width(name, px) + 0.4 * u + width(value, px, strong=True)
            if x + wide > room.right():
                break
            x += write(painter, QPointF(x, base), name, px, ink) + 0.4 * u
            at = QPointF(x, base)
            x += write(painter, at, value, px, theme.text, strong=True) + 1.1 * u
        return base + (GAP + 0.3) * u

    def _paint_heading(
        self, painter: QPainter, facts: PresentationFacts, room: QRectF, y: float
    ) -> float:
        """Paint what is plotted and its value; return where it ends."""
        u, theme, px = self.u, self._theme, lettering.BODY * self.u
        base = y + lettering.VALUE * u
        value = facts.value
        text = "–"
        if math.isfinite(value):
            text = plot_value(value, abs(value), facts.whole)
        accent = lettering.legible(theme.accent, theme.canvas)
        at = QPointF(room.right(), base)
        size = lettering.VALUE * u
        whole = width(facts.name, px, strong=True) + u
        if whole + width(text, size, strong=True) > room.width():
            size = px  # so that the name is not cut
        if whole + width(text, size, strong=True) > room.width():
            text = general(value, FEW_DIGITS)
        used = write(painter, at, text, size, accent, strong=True, right=True)
        left = room.width() - used - u
        at = QPointF(room.left(), base)
        name = write(painter, at, facts.name, px, theme.text, strong=True, room=left)
        ink = lettering.legible(theme.muted, theme.canvas)
        if facts.tip and name + 0.6 * u + width(facts.tip, px) < left:
            at = QPointF(room.left() + name + 0.6 * u, base)
            write(painter, at, facts.tip, px, ink)
        return base + 0.4 * u

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Draw what came while the panel was hidden."""
        super().showEvent(event)
        self._throttle.schedule()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave the wheel to whoever watches the panel."""
        event.ignore()
