"""The view of tokens: the globe, and the tokens chosen on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip

from app.annotations.text_cache import screen_font
from app.canvas.animation_timer import now
from app.canvas.hit_test import cluster_members, hover_text, moved_text, pick
from app.canvas.hover_label import paint_hover_label
from app.canvas.scene_view import SceneView
from app.canvas.stroke import Stroke
from app.canvas.token_marks import TokenMarks
from app.scene.scene import bead_radius
from app.scene.words import tokens_of_word

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QFont, QKeyEvent
    from PySide6.QtWidgets import QWidget

    from app.document.look import Look
    from app.theme.palette import Theme
    from sim.frame import Frame

MAX_HOVER_TOKENS = 20_000  # above, a hit test at every move of the mouse costs too much
HOVER_LABEL_PT = 9.5


class TokenView(SceneView):
    """Shows tokens; the mouse turns the globe and chooses tokens.

    A click on a bead chooses it, with all pieces of its word; another click clears it,
    Shift adds; a double click turns its cluster to the centre.  While Shift is held,
    arcs show who attends to the chosen tokens.

    Attributes
    ----------
    edited : bool
        Whether its lane is the one that is edited, of which tokens are asked about.
    """

    has_figure: ClassVar[bool] = True
    enlarges: ClassVar[bool] = True

    formula_menu_requested = Signal(QPoint)
    """A right click on the formula, at a position of the screen."""

    token_pulled = Signal(int, object)
    """The id of a token that the mouse drags, and where the mouse is: a `QPointF`."""
    token_let_go = Signal()
    """The mouse has left the token where it is."""
    stroke_ended = Signal(object)
    """Positions along a stroke of the mouse at which tokens are laid: `QPointF`s."""
    painting_left = Signal()
    """Strokes are to lay no more tokens."""
    direction_turned = Signal(bool)
    """Whether Shift is held: who attends and who is attended to are exchanged."""
    lane_asked = Signal()
    """A token was clicked while another lane is edited: this one is asked about."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._mouse_at: QPointF | None = None
        self.edited, self._paints_tokens, self._stroke = True, False, Stroke()
        self._focus_ring = self._shift_held = False
        self._lit: tuple[int, ...] = ()
        self._pulled = 0
        super().__init__(theme, parent)
        self.clicked.connect(self._click)
        self.double_clicked.connect(self._centre)
        self.hovered.connect(self._hover)
        self.mouse_left.connect(self._end_hover)
        self.escape_pressed.connect(self._clear_choice)

    @property
    def look(self) -> Look:
        """How the scene is shown; Shift turns the direction of arcs around."""
        look = self._document.look
        if not self._shift_held or not self._chosen:
            return look
        attention = replace(look.attention, incoming=not look.attention.incoming)
        return replace(look, attention=attention)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Ids of the tokens whose attention is drawn."""
        return self._chosen

    @property
    def mouse_at(self) -> QPointF | None:
        """Where the mouse is over the picture; None if it is not."""
        return self._mouse_at

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Choose `tokens`, by their ids; their attention is then drawn."""
        if tokens != self._chosen:
            self._chosen = tokens
            self._show()
            self.tokens_chosen.emit(tokens)
            self.request_changed.emit()

    def has_selection(self) -> bool:
        """Whether tokens are chosen or painted, which Esc ends."""
        return bool(self._chosen) or self._paints_tokens

    def hover(self, tokens: tuple[int, ...]) -> None:
        """Put rings around the tokens under the mouse in some view."""
        if tokens != self._lit:
            self._lit = tokens
            self._draw()

    def token_at(self, at: QPointF) -> int | None:
        """Return the row of the token at a position of the widget."""
        frame, points = self.info.frame, self.info.points
        if frame is None or not len(points):
            return None
        camera = self.camera
        radius = bead_radius(len(points)) * self._document.look.bead * camera.pixels
        place = (at.x() * camera.ratio, at.y() * camera.ratio)
        found = pick(camera, points, place, radius)
        sampled = self.info.sampled
        return found if found is None or sampled is None else int(sampled[found])

    def paint_tokens(self, on: bool) -> None:
        """Let strokes of the mouse lay tokens, or turn the globe again."""
        self._paints_tokens = on
        self._stroke.end()
        if on:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()
        self._draw()

    def grabs(self, at: QPointF) -> bool:
        """Return whether a drag moves a chosen token there, or lays tokens."""
        if self._paints_tokens:
            self._stroke.begin(at)
            return True
        row, frame = self.token_at(at), self.info.frame
        if row is None or frame is None:
            return False
        self._pulled = int(frame.ids[row])
        return self._pulled in self._chosen

    def pull(self, at: QPointF) -> None:
        """Signal where a grabbed token is dragged, or go on with a stroke."""
        if self._paints_tokens:
            self._stroke.go_on(at)
            self._draw()
            return
        self.token_pulled.emit(self._pulled, at)

    def let_go(self) -> None:
        """Signal that the token is left where it is, or that a stroke has ended."""
        if self._paints_tokens:
            self.setCursor(Qt.CursorShape.CrossCursor)
            self.stroke_ended.emit(self._stroke.end())
        else:
            self.token_let_go.emit()

    def _click(self, at: QPointF, add: bool) -> None:
        if self._paints_tokens:
            self.let_go()
            return
        row, frame = self.token_at(at), self.info.frame
        if row is None or frame is None:
            return
        token, elsewhere = int(frame.ids[row]), not self.edited
        if elsewhere:
            self.lane_asked.emit()
        word = tokens_of_word(frame, token)
        kept = tuple(i for i in self._chosen if add and i not in word)
        if token not in self._chosen:
            self.choose((*kept, *word))
        elif not elsewhere:
            self.choose(kept)

    def _clear_choice(self) -> None:
        if self._paints_tokens:
            self.painting_left.emit()
        else:
            self.choose(())

    def _centre(self, at: QPointF) -> None:
        """Turn to the cluster under the mouse; without one, reset the camera."""
        if self._paints_tokens:
            return
        token = self.token_at(at)
        if token is None:
            self._go_home()
            return
        members = cluster_members(self.info.labels, token)
        self.orbit.centre_on(self.info.points[members].mean(axis=0), now())
        self._animation.extend()

    def event(self, event: QEvent) -> bool:
        """Show the whole formula while the mouse rests on it, or a whole legend."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = event.pos()
            tip = self.equation_tip(QPointF(at)) or self._overlay.legend.notes()
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu of the formula on it, for that of the figure elsewhere."""
        if self._overlay.equation_box.contains(QPointF(event.pos())):
            self.formula_menu_requested.emit(event.globalPos())
        else:
            super().contextMenuEvent(event)

    def _hover(self, at: QPointF) -> None:
        self._mouse_at = at
        self.equation_tip(at)  # begins to typeset it
        self._report_hover(self._hovered_token())
        self._draw()

    def _end_hover(self) -> None:
        self._mouse_at = None
        self._report_hover(None)
        self._draw()

    def _hovered_token(self) -> int | None:
        """Return the id of the token under the mouse; None among very many."""
        frame = self.info.frame
        if self._mouse_at is None or frame is None or len(frame.x) > MAX_HOVER_TOKENS:
            return None
        row = self.token_at(self._mouse_at)
        return None if row is None else int(frame.ids[row])

    def _hover_again(self) -> None:
        """Report the token under a mouse that rests while tokens or the globe move."""
        if self._mouse_at is not None:
            self._report_hover(self._hovered_token())
            self._draw()

    def _report_hover(self, token: int | None) -> None:
        tokens = () if token is None else (token,)
        if tokens != self._lit:
            self._lit = tokens
            self.tokens_hovered.emit(tokens)

    def _hold_shift(self, held: bool) -> None:
        """Turn the direction of arcs around while Shift is held."""
        if held != self._shift_held:
            self._shift_held = held
            self.direction_turned.emit(held)
            if self._chosen:
                self.request_changed.emit()
                self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Show who attends while Shift is held."""
        if event.key() == Qt.Key.Key_Shift:
            self._hold_shift(True)
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Show whom tokens attend to again."""
        if event.key() == Qt.Key.Key_Shift:
            self._hold_shift(False)
        super().keyReleaseEvent(event)

    def _paint_over(self, painter: QPainter, frame: Frame) -> None:
        font = screen_font(HOVER_LABEL_PT, self._overlay.scale)
        marks = TokenMarks(self.info, self.camera, self._theme, self.look.bead)
        if self._chosen:
            marks.paint_begin(painter, self._chosen[-1], font, self._overlay.boxes)
        marks.paint_rings(painter, self._lit)
        self._stroke.paint(painter, self._theme.accent)
        self._paint_hover_label(painter, frame, font)
        if self._focus_ring and self.wheel_zooms:  # not in a presentation
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.accent), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_hover_label(self, painter: QPainter, frame: Frame, font: QFont) -> None:
        if self._mouse_at is None:
            return
        token = self._hovered_token()
        if self._lit != (() if token is None else (token,)):
            QTimer.singleShot(0, self._hover_again)
        row = None if token is None else frame.rows_of((token,)).get(token)
        if row is not None:
            text = hover_text(row, frame.names, self.info.labels, frame.ids)
            text += moved_text(frame, row)
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
        self._hold_shift(False)
        self._draw()
