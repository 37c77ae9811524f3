"""The centre of the window: the globe, its tokens and its words."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QVBoxLayout

from app import statements
from app.director import Director
from app.document import Document
from app.gl.beads import bead_radius
from app.gl.camera import Camera
from app.look import View
from app.overlay import Overlay
from app.stamps import lettering
from app.viewport import choose
from app.views.hand import Hand
from app.views.mover import Mover, now
from app.views.picking import pick, together, told
from app.views.tag import paint_tag

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QHideEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from app.palette import Theme
    from sim.frame import Frame, Wish

MEASURED = 1.0  # seconds that `fps` is averaged over
SPOKEN = 1.0  # seconds between changes of the accessible description
HOVERED = 20_000  # tokens: above, looking under every move of the mouse costs too much
STILL = "ORRERY_REDUCE_MOTION"  # environment variable: 1 leaves out all easing
TAG = 9.5  # points
LEAST = (240, 200)  # pixels


class SphereView(Hand):
    """Shows frames; the hand turns the globe and chooses tokens.

    Attributes
    ----------
    director : Director
        Turns frames into pictures; knows the colours of the tokens.
    paints : deque of float
        When the last pictures were painted, in seconds.
    """

    chosen_changed = Signal(tuple)
    """Tokens that were chosen."""
    camera_turned = Signal(float, float, float)
    """Azimuth, elevation and zoom, when a movement by hand is over."""
    wish_changed = Signal()
    """Frames must hold something else now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.director, self._overlay = Director(theme), Overlay(theme)
        self._document, self._theme = Document(), theme
        self._frame: Frame | None = None
        self._chosen: tuple[int, ...] = ()
        self._mouse: QPointF | None = None
        self._told: View | None = None
        self._ring, self._spoken = False, 0.0
        self.paints: deque[float] = deque(maxlen=1200)
        self._mover = Mover(self.orbit, self)
        self._viewport = choose(theme, self._paint, self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._viewport.widget)
        self.setObjectName("stage")
        self.setAccessibleName("Tokens")
        self.setMinimumSize(*LEAST)
        self.orbit.calm = os.environ.get(STILL, "") not in ("", "0")
        self.orbit.spin = self._document.look.rotate
        self._connect()

    def _connect(self) -> None:
        self.stirred.connect(self._mover.stir)
        self._mover.moved.connect(self._draw)
        self._mover.settled.connect(self._tell)
        self.clicked.connect(self._click)
        self.doubled.connect(self._centre)
        self.hovered.connect(self._look_under)
        self.gone.connect(self._look_away)
        self.escaped.connect(self._let_go)
        self.sent_home.connect(self._go_home)

    @property
    def camera(self) -> Camera:
        """Where the eye is now; its size is that of the pane in physical pixels."""
        return replace(self.orbit.camera, flat=self.orbit.flat)

    @property
    def renderer(self) -> str:
        """What draws: the name of the graphics card, or of the software."""
        return self._viewport.renderer

    @property
    def fps(self) -> float:
        """Pictures a second, over the last second; 0 while nothing moves."""
        since = now() - MEASURED
        recent = [t for t in self.paints if t >= since]
        passed = recent[-1] - recent[0] if recent else 0.0
        return (len(recent) - 1) / passed if passed > 0 else 0.0

    @property
    def chosen(self) -> tuple[int, ...]:
        """Tokens whose attention is drawn."""
        return self._chosen

    def wish(self) -> Wish:
        """Return what the next frames should hold."""
        return self.director.wish(self._document.look, self._frame, self._chosen)

    def show_frame(self, frame: Frame) -> None:
        """Show a frame."""
        before, self._frame = self._frame, frame
        if before is None or before.x.shape != frame.x.shape:
            self._chosen = tuple(i for i in self._chosen if i < len(frame.x))
            self.wish_changed.emit()
        self._show()
        self._describe(frame)

    def show_document(self, document: Document) -> None:
        """Take a document's look; the camera moves if the document's did."""
        old, self._document = self._document, document
        look, view = document.look, document.look.camera
        self.orbit.spin = look.rotate
        if view not in (old.look.camera, self._told):
            camera = Camera(view.azimuth, view.elevation, view.zoom)
            if self._frame is None:
                self.orbit.place(camera)
            else:
                self.orbit.go(camera, now())
        self._told = None
        if look != old.look:
            self.wish_changed.emit()
            self._show()

    def dress(self, theme: Theme, scale: float = 1.0) -> None:
        """Take the colours of `theme`, and letters `scale` times as large."""
        self._theme = theme
        self.director.dress(theme)
        self._overlay.dress(theme, scale)
        self._viewport.dress(theme)
        self._show()

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Draw whom `tokens` attend to."""
        if tokens != self._chosen:
            self._chosen = tokens
            self._show()
            self.chosen_changed.emit(tokens)
            self.wish_changed.emit()

    def close(self) -> bool:
        """Stop all clocks and give the canvas back: nothing is shown after that."""
        self._mover.sleep()
        self._frame = None
        self._viewport.close()
        return super().close()

    def _show(self) -> None:
        """Make a picture of the frame and paint it."""
        frame = self._frame
        if frame is not None:
            picture = self.director.picture(frame, self._document.look, self._chosen)
            self.orbit.flat = picture.flat
            self._viewport.show(picture)
            self._draw()
            if self._chosen or frame.names:
                self._mover.fade()
        self._mover.wake()

    def _draw(self) -> None:
        self._viewport.draw(self.camera)

    def _describe(self, frame: Frame) -> None:
        if now() - self._spoken > SPOKEN:
            self._spoken = now()
            numbers = (
                f"{name} = {text}" for name, text, _ in statements.numbers(frame)
            )
            said = (statements.title(frame.scenario), *numbers)
            self.setAccessibleDescription(", ".join(said))

    def _tell(self) -> None:
        """Tell where the camera came to rest."""
        c = self.orbit.camera
        view = View(round(c.azimuth, 2), round(c.elevation, 2), round(c.zoom, 3))
        if view != self._document.look.camera:
            self._told = view
            self.camera_turned.emit(view.azimuth, view.elevation, view.zoom)

    # -- what the hand does ------------------------------------------------------

    def holds(self) -> bool:
        """Whether tokens are chosen, which Esc lets go of."""
        return bool(self._chosen)

    def token_at(self, at: QPointF) -> int | None:
        """Return the token under a place of the widget."""
        frame = self._frame
        if frame is None or len(self.director.points) != len(frame.x):
            return None
        camera = self.camera
        radius = bead_radius(len(frame.x)) * self._document.look.bead * camera.pixels
        place = (at.x() * camera.ratio, at.y() * camera.ratio)
        return pick(camera, self.director.points, place, radius)

    def _click(self, at: QPointF, add: bool) -> None:
        token = self.token_at(at)
        if token is None:
            return
        kept = self._chosen if add else ()
        if token in self._chosen:
            self.choose(tuple(i for i in kept if i != token))
        else:
            self.choose((*kept, token))

    def _let_go(self) -> None:
        self.choose(())

    def _centre(self, at: QPointF) -> None:
        """Turn to the cluster under the mouse, or go home where there is none."""
        token = self.token_at(at)
        if token is None:
            self._go_home()
            return
        members = together(self.director.company, token)
        self.orbit.face(self.director.points[members].mean(axis=0), now())
        self._mover.stir()

    def _go_home(self) -> None:
        home = View()
        self.orbit.go(Camera(home.azimuth, home.elevation, home.zoom), now())
        self._mover.stir()

    def _look_under(self, at: QPointF) -> None:
        self._mouse = at
        self._draw()

    def _look_away(self) -> None:
        self._mouse = None
        self._draw()

    # -- painting ----------------------------------------------------------------

    def _paint(self, painter: QPainter) -> None:
        """Paint what lies over the picture."""
        self.paints.append(now())
        frame, look = self._frame, self._document.look
        if frame is None:
            return
        self._overlay.paint(
            painter, self.camera, frame, look, self.director, self._chosen
        )
        self._paint_tag(painter, frame)
        if self._ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.accent), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_tag(self, painter: QPainter, frame: Frame) -> None:
        if self._mouse is None or len(frame.x) > HOVERED:
            return
        token = self.token_at(self._mouse)
        if token is not None:
            text = told(token, frame.names, self.director.company)
            font = lettering(TAG, self._overlay.scale)
            room = QRectF(self.rect())
            paint_tag(painter, self._mouse, text, font, self._theme, room)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit the picture."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Fit the picture to another screen."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        ratio = self.devicePixelRatioF()
        w, h = round(self.width() * ratio), round(self.height() * ratio)
        self.orbit.resize((max(w, 1), max(h, 1)), ratio)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Move again."""
        super().showEvent(event)
        self._mover.wake()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Rest."""
        super().hideEvent(event)
        self._mover.sleep()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Wear a ring where the keyboard brought the focus."""
        super().focusInEvent(event)
        tabs = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._ring = event.reason() in tabs
        self._draw()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Take the ring off."""
        super().focusOutEvent(event)
        self._ring = False
        self._draw()
