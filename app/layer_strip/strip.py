"""The strip below the picture: the same run as a pipeline of layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.annotations.number_format import superscript
from app.layer_strip.painting import Style, paint_arrow, paint_box, paint_tokens
from app.layer_strip.samples import LayerSample, LayerSamples
from app.layer_strip.texts import (
    decoder_lines,
    encoder_lines,
    layer_power,
    layer_text,
)
from app.scene.camera import Camera
from app.widgets.throttle import Throttle
from app.widgets.view import NO_REQUEST, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QShowEvent

    from app.document.document import Document
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest

MAX_DRAWINGS_PER_S = 6.0
HEIGHT_PX, BOX_PX, ARROW_PX, MARGIN_PX = 118, 92, 34, 10  # at scale 1


class LayerStrip(View):
    """encoder ▸ h⁰ ─Φ→ h¹ ─Φ→ … ▸ decoder; a click goes back to that moment."""

    shows_hidden: ClassVar[bool] = True  # the layers of a whole run

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._scale = theme, 1.0
        self._samples, self._document = LayerSamples(), None
        self._frame: Frame | None = None
        self._throttle = Throttle(self, MAX_DRAWINGS_PER_S, self.update)
        self.setObjectName("strip")
        self.setAccessibleName("Layers")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._theme, self._scale = theme, scale
        self.updateGeometry()
        self.update()

    def show_document(self, document: Document) -> None:
        """Take the camera's place, and the names of encoder and layers."""
        self._document: Document | None = document
        self._throttle.schedule()

    def request(self) -> FrameRequest:
        """Return nothing: the decoder shows what other views request."""
        return NO_REQUEST

    def needs_scene(self, frame: Frame) -> bool:
        """Return whether `frame` is a layer that is not among the samples yet."""
        return frame.layer and self._samples.needs(frame)

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Mark the moment of the first lane."""
        self._frame = frames[0]
        self._throttle.schedule()

    def show_scenes(self, scenes: Sequence[SceneInfo]) -> None:
        """Keep a sample of the first lane's tokens, if it is the first of its depth."""
        frame = scenes[0].frame
        if frame is not None and self._samples.needs(frame):
            self._samples.keep(LayerSample.of(frame, scenes[0]))
            self._throttle.schedule()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of panes with two lines of text below them."""
        return QSize(320, round(HEIGHT_PX * self._scale))

    @property
    def shown(self) -> list[LayerSample]:
        """The samples that have a pane."""
        left, _, side, arrow = self._lengths()
        room = self.width() - 2 * left - arrow
        return self._samples.selected(max(2, int(room // (side + arrow))))

    @property
    def present(self) -> int:
        """The pane of the present moment: the last that is not after it; −1 if none."""
        frame = self._frame
        if frame is None:
            return -1
        return sum(m.t <= frame.t + 1e-12 for m in self.shown) - 1

    def pane(self, k: int) -> QRectF:
        """Return the rectangle of pane `k`."""
        left, top, side, arrow = self._lengths()
        return QRectF(left + arrow + k * (side + arrow), top, side, side)

    def _lengths(self) -> tuple[float, float, float, float]:
        """Return where boxes end, the panes' top and side, and an arrow's length."""
        s = self._scale
        line = Style.of(self._theme, self, s).line
        side = HEIGHT_PX * s - 2 * MARGIN_PX * s - 2 * line
        return (MARGIN_PX + BOX_PX) * s, MARGIN_PX * s, side, ARROW_PX * s

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the pipeline."""
        painter, style = QPainter(self), Style.of(self._theme, self, self._scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), style.ground)
        frame, document = self._frame, self._document
        if frame is not None and document is not None:
            self._pipeline(painter, style, frame, document)
        if self.hasFocus():
            style.ring(painter, QRectF(self.rect()))
        painter.end()

    def _pipeline(
        self, painter: QPainter, style: Style, frame: Frame, document: Document
    ) -> None:
        shown, present = self.shown, self.present
        first = self.pane(0)
        wide, middle = BOX_PX * self._scale, first.center().y()
        box = QRectF(MARGIN_PX * self._scale, first.top(), wide, first.height())
        paint_box(painter, style, box, "Encoder", encoder_lines(frame.scenario))
        paint_arrow(painter, style, QPointF(box.right(), middle), first.left())
        camera = pane_camera(document, first.width(), self.devicePixelRatioF(), frame)
        for k, sample in enumerate(shown):
            at = self.pane(k)
            paint_tokens(painter, style, at, sample, camera, document.look.bead)
            depth = round(sample.depth)
            words = f"h{superscript(depth)}", f"t = {sample.t:.3g}"
            style.label(painter, at, words, chosen=k == present)
            if k:
                tail = QPointF(self.pane(k - 1).right(), middle)
                power = depth - round(shown[k - 1].depth)
                paint_arrow(painter, style, tail, at.left(), layer_power(power))
        end = self.pane(max(len(shown) - 1, 0)).right()
        box.moveRight(self.width() - MARGIN_PX * self._scale)
        dots = "…" if box.left() - end > 2 * ARROW_PX * self._scale else ""
        paint_arrow(painter, style, QPointF(end, middle), box.left(), dots)
        paint_box(painter, style, box, "Decoder", decoder_lines(frame))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to the moment under the mouse."""
        k = self._under(event.position())
        if k is not None:
            self.time_chosen.emit(self.shown[k].t)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go to the previous or the next pane."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        shown = self.shown
        if by is None or not shown:
            super().keyPressEvent(event)
            return
        k = min(max(self.present + by, 0), len(shown) - 1)
        self.time_chosen.emit(shown[k].t)

    def event(self, event: QEvent) -> bool:
        """Show what is under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def tip_at(self, at: QPointF) -> str:
        """Return the tooltip at a position."""
        if self._frame is None:
            return ""
        scenario, k = self._frame.scenario, self._under(at)
        if k is not None:
            return "Click to go to this moment."
        if at.x() < self.pane(0).left():
            return f"Initial condition: {', '.join(encoder_lines(scenario))}."
        if at.x() > self.pane(len(self.shown) - 1).right():
            return "What is computed from the tokens shown."
        return layer_text(scenario)

    def _under(self, at: QPointF) -> int | None:
        places = (k for k in range(len(self.shown)) if self.pane(k).contains(at))
        return next(places, None)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Draw what came while the view was hidden."""
        super().showEvent(event)
        self._throttle.schedule()


def pane_camera(document: Document, side: float, ratio: float, frame: Frame) -> Camera:
    """Return the document's camera on a pane of that many pixels."""
    view, pixels = document.look.camera, max(round(side * ratio), 1)
    flat = frame.x.shape[1] == 2  # noqa: PLR2004 - the circle is seen face on
    size = (pixels, pixels)
    return Camera(view.azimuth, view.elevation, view.zoom, size, flat, ratio)
