"""The view of tokens: the globe, and the tokens chosen on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip

from app.annotations.text_cache import screen_font
from app.canvas.animation_timer import now
from app.canvas.hit_test import cluster_members, hover_text, pick
from app.canvas.hover_label import paint_hover_label
from app.canvas.scene_view import SceneView
from app.scene.scene import bead_radius

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent
    from PySide6.QtWidgets import QWidget

    from app.theme.palette import Theme
    from sim.frame import Frame

MAX_HOVER_TOKENS = 20_000  # above, a hit test at every move of the mouse costs too much
HOVER_LABEL_PT = 9.5


class TokenView(SceneView):
    """Shows tokens; the mouse turns the globe and chooses tokens.

    A click on a bead chooses it, another click clears it, Shift adds; a double click
    turns its cluster to the centre.
    """

    has_figure: ClassVar[bool] = True
    presentation_scale: ClassVar[float] = 1.6

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._mouse_at: QPointF | None = None
        self._focus_ring = False
        super().__init__(theme, parent)
        self.clicked.connect(self._click)
        self.double_clicked.connect(self._centre)
        self.hovered.connect(self._hover)
        self.mouse_left.connect(self._end_hover)
        self.escape_pressed.connect(self._clear_choice)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Ids of the tokens whose attention is drawn."""
        return self._chosen

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Choose `tokens`, by their ids; their attention is then drawn."""
        if tokens != self._chosen:
            self._chosen = tokens
            self._show()
            self.tokens_chosen.emit(tokens)
            self.request_changed.emit()

    def has_selection(self) -> bool:
        """Whether tokens are chosen, which Esc clears."""
        return bool(self._chosen)

    def token_at(self, at: QPointF) -> int | None:
        """Return the row of the token at a position of the widget."""
        frame, points = self.info.frame, self.info.points
        if frame is None or len(points) != len(frame.x):
            return None
        camera = self.camera
        radius = bead_radius(len(frame.x)) * self._document.look.bead * camera.pixels
        place = (at.x() * camera.ratio, at.y() * camera.ratio)
        return pick(camera, points, place, radius)

    def _click(self, at: QPointF, add: bool) -> None:
        row, frame = self.token_at(at), self.info.frame
        if row is None or frame is None:
            return
        token = int(frame.ids[row])
        kept = self._chosen if add else ()
        if token in self._chosen:
            self.choose(tuple(i for i in kept if i != token))
        else:
            self.choose((*kept, token))

    def _clear_choice(self) -> None:
        self.choose(())

    def _centre(self, at: QPointF) -> None:
        """Turn to the cluster under the mouse; without one, reset the camera."""
        token = self.token_at(at)
        if token is None:
            self._go_home()
            return
        members = cluster_members(self.info.labels, token)
        self.orbit.centre_on(self.info.points[members].mean(axis=0), now())
        self._animation.extend()

    def event(self, event: QEvent) -> bool:
        """Show the whole formula while the mouse rests on the caption's."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = event.pos()
            tip = self.equation_tip(QPointF(at))
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def _hover(self, at: QPointF) -> None:
        self._mouse_at = at
        self.equation_tip(at)  # begins to typeset it
        self._draw()

    def _end_hover(self) -> None:
        self._mouse_at = None
        self._draw()

    def _paint_over(self, painter: QPainter, frame: Frame) -> None:
        self._paint_hover_label(painter, frame)
        if self._focus_ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.accent), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_hover_label(self, painter: QPainter, frame: Frame) -> None:
        if self._mouse_at is None or len(frame.x) > MAX_HOVER_TOKENS:
            return
        token = self.token_at(self._mouse_at)
        if token is not None:
            text = hover_text(token, frame.names, self.info.labels, frame.ids)
            font = screen_font(HOVER_LABEL_PT, self._overlay.scale)
            room = QRectF(self.rect())
            paint_hover_label(painter, self._mouse_at, text, font, self._theme, room)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring if the keyboard gave the focus."""
        super().focusInEvent(event)
        tabs = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._focus_ring = event.reason() in tabs
        self._draw()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hide the focus ring."""
        super().focusOutEvent(event)
        self._focus_ring = False
        self._draw()
