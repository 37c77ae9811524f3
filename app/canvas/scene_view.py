"""A view that draws the scenes of frames, with a camera that the user moves."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout

from app.annotations import caption_text, globe_room
from app.annotations.overlay import Overlay
from app.canvas.animation_timer import AnimationTimer, now
from app.canvas.build_queue import BuildQueue
from app.canvas.formula_tip import formula_tip
from app.canvas.orbit_view import OrbitView
from app.canvas.viewport import choose
from app.document.document import Document
from app.document.look import CameraPose
from app.scene.builder import SceneBuilder
from app.scene.camera import Camera
from app.scene.projector import CIRCLE
from app.scene.scene_info import NO_SCENE, SceneInfo
from app.theme import formulas
from app.theme.typesetting import Typesetter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QHideEvent, QPainter, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from app.canvas.build_turns import BuildTurns
    from app.document.look import Look
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest

FPS_WINDOW_S = 1.0  # seconds that `fps` is averaged over
DESCRIPTION_INTERVAL_S = 1.0  # seconds between changes of the accessible description
BARE_ZOOM = 1.16  # of a picture that leaves no room for a caption
SHARED_MIN_SIZE_PX = (120, 90)  # where there are several
MIN_SIZE_PX = (240, 200)  # pixels
MAX_DRAWN_BY_CPU, MAX_DRAWN_BY_GPU = 30_000, 200_000  # tokens; of more, a sample


class SceneView(OrbitView):
    """Draws the scenes of frames; the mouse turns the globe.

    Attributes
    ----------
    info : SceneInfo
        What is in the picture: positions and colours of its tokens, and more.
    paints : deque of float
        When the last pictures were painted, in seconds.
    """

    camera_moved = Signal(object)
    """The camera, whenever it stands elsewhere."""
    camera_turned = Signal(float, float, float)
    """Azimuth, elevation and zoom, when the user's movement is over."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.info: SceneInfo = NO_SCENE
        self._builder, self._typesetter = SceneBuilder(theme), Typesetter(self)
        self._overlay = Overlay(theme, typeset=self._typesetter.svg)
        self._queue = BuildQueue(self._builder)
        self._document, self._theme = Document(), theme
        self._frame: Frame | None = None
        self._chosen: tuple[int, ...] = ()
        self._reported_pose: CameraPose | None = None
        self._described_at = 0.0
        self._drawn_pose = _pose(self.orbit.camera)
        self.paints: deque[float] = deque(maxlen=1200)
        self._animation = AnimationTimer(self.orbit, self)
        self._viewport = choose(theme, self._paint, self, self._publish_scenes)
        self._builder.max_tokens = (
            MAX_DRAWN_BY_CPU if self._viewport.software else MAX_DRAWN_BY_GPU
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._viewport.widget)
        self.setObjectName("stage")
        self.setAccessibleName("Tokens")
        self._titled = True
        self.setMinimumSize(*MIN_SIZE_PX)
        self.orbit.spin = self._document.look.rotate
        self._typesetter.ready.connect(self._draw)
        self.camera_touched.connect(self._animation.extend)
        self._animation.ticked.connect(self._tick)
        self._animation.finished.connect(self._report_camera)
        self.home_pressed.connect(self._go_home)

    @property
    def camera(self) -> Camera:
        """The camera now; its size is that of the canvas in physical pixels."""
        camera = self.orbit.camera
        zoom = camera.zoom * (self._fit_zoom() if self.wheel_zooms else BARE_ZOOM)
        return replace(camera, flat=self.orbit.flat, zoom=zoom)

    def _fit_zoom(self) -> float:
        """Return the zoom at which a caption has room above and below the globe."""
        fit = globe_room.fit if self._titled else globe_room.fit_in_lane
        w, h, scale = self.width(), self.height(), self._overlay.scale
        return fit(w, h, scale, flat=self.orbit.flat)

    @property
    def look(self) -> Look:
        """How the scene is shown."""
        return self._document.look

    @property
    def renderer(self) -> str:
        """The name of the renderer: the graphics card, or software."""
        return self._viewport.renderer

    @property
    def fps(self) -> float:
        """Frames per second, over the last second; 0 while nothing moves."""
        since = now() - FPS_WINDOW_S
        recent = [t for t in self.paints if t >= since]
        passed = recent[-1] - recent[0] if recent else 0.0
        return (len(recent) - 1) / passed if passed > 0 else 0.0

    def request(self) -> FrameRequest:
        """Return what the next frames should hold."""
        return self._builder.request(self.look, self._frame, self._chosen)

    def share_turns(self, turns: BuildTurns) -> None:
        """Build scenes in turns with those of other pictures."""
        self._queue.turns = turns

    def build_scene(self, frame: Frame) -> None:
        """Build the scene of `frame` even if a newer one arrives first."""
        self._queue.need(frame)

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Show the frame of the first lane, unless a newer one comes first."""
        before, frame = self._frame, frames[0]
        if before is not None and not frame.whole:  # numbers are read no faster
            frame = replace(frame, measures=before.measures)
        self._frame = frame
        if before is None or before.x.shape != frame.x.shape:
            self._chosen = tuple(i for i in self._chosen if i < frame.id_count)
            self.request_changed.emit()
        self._show()
        self._describe(frame)

    def show_document(self, document: Document) -> None:
        """Take a document's look; the camera moves if the document's did."""
        old, self._document = self._document, document
        look, view = document.look, document.look.camera
        self.orbit.spin = look.rotate
        if view not in (old.look.camera, self._reported_pose):
            camera = Camera(view.azimuth, view.elevation, view.zoom)
            if self._frame is None:
                self.orbit.place(camera)
            else:
                self.orbit.turn_to(camera, now())
        self._reported_pose = None
        if look != old.look:
            self.request_changed.emit()
            self._show()

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`, and text `scale` times as large."""
        self._theme = theme
        self._builder.set_theme(theme)
        self._overlay.set_theme(theme, scale)
        self._viewport.set_theme(theme)
        self._show()

    def catch_up(self) -> None:
        """Have the newest frame in the next paint, as before a screenshot."""
        self._viewport.catch_up()

    def close(self) -> bool:
        """Stop all timers and free the canvas: nothing is shown after that."""
        self._animation.stop()
        self._typesetter.stop()
        self._frame = None
        self._viewport.close()
        return super().close()

    def _show(self) -> None:
        """Build the scene of the frame, and paint it."""
        frame = self._frame
        if frame is not None:
            self.orbit.flat = frame.x.shape[1] == CIRCLE
            order = self._queue.order(frame, self.look, self._chosen)
            self._viewport.show(order)
            self._draw()
            if self._chosen or frame.names:
                self._animation.fade()
        self._animation.start()

    def _publish_scenes(self) -> None:
        """Take the infos of new scenes, and signal them."""
        for info in self._queue.built():
            self.info = info
            self.scenes_built.emit((info,))

    def _tick(self) -> None:
        """Draw where the camera has moved; by itself, no faster than the run."""
        self._draw(patient=not self.orbit.busy)

    def _draw(self, *, patient: bool = False) -> None:
        pose = _pose(self.orbit.camera)
        if pose != self._drawn_pose:
            self._drawn_pose = pose
            self.camera_moved.emit(self.orbit.camera)
        self._viewport.draw(self.camera, patient=patient)

    def show_title(self, shown: bool) -> None:
        """Have the title in the caption, or the formula alone."""
        self._overlay.show_title(shown)
        self._titled = shown
        self._set_least()
        self._draw()

    def show_bare(self, bare: bool) -> None:
        """Show the picture without caption and notes, as in a presentation; or with."""
        self._overlay.captioned = self._overlay.legend.annotated = not bare
        self.wheel_zooms = not bare
        self._set_least()
        self._draw()

    def _set_least(self) -> None:
        """Let a picture be smaller where several share a window or a projector."""
        alone = self._titled and self._overlay.captioned
        self.setMinimumSize(*(MIN_SIZE_PX if alone else SHARED_MIN_SIZE_PX))

    def follow_camera(self, camera: Camera, *, patient: bool = False) -> None:
        """Stand where the camera of another picture stands."""
        self.orbit.follow(camera, now())
        self._drawn_pose = _pose(camera)
        self._draw(patient=patient)

    def equation_tip(self, at: QPointF) -> str:
        """Return the whole formula as rich text for a position on it; else nothing."""
        frame = self.info.frame
        if frame is None or not self._overlay.equation_box.contains(at):
            return ""
        lines = formulas.all_lines(frame.scenario)
        images = [self._typesetter.svg(line, self._theme.text) for line in lines]
        return formula_tip(images, frame.scenario, self.devicePixelRatioF())

    def _describe(self, frame: Frame) -> None:
        if now() - self._described_at > DESCRIPTION_INTERVAL_S:
            self._described_at = now()
            numbers = (
                f"{name} = {text}" for name, text, _ in caption_text.numbers(frame)
            )
            parts = (caption_text.title(frame.scenario, len(frame.x)), *numbers)
            self.setAccessibleDescription(", ".join(parts))

    def _report_camera(self) -> None:
        """Signal the camera's new pose."""
        c = self.orbit.camera
        view = CameraPose(round(c.azimuth, 2), round(c.elevation, 2), round(c.zoom, 3))
        if view != self._document.look.camera:
            self._reported_pose = view
            self.camera_turned.emit(view.azimuth, view.elevation, view.zoom)

    def _go_home(self) -> None:
        home = CameraPose()
        self.orbit.turn_to(Camera(home.azimuth, home.elevation, home.zoom), now())
        self._animation.extend()

    def _paint(self, painter: QPainter, camera: Camera) -> None:
        """Paint the text over the picture."""
        self.paints.append(now())
        if self.info.frame is not None:
            self._overlay.paint(painter, camera, self.look, self.info)
            self._paint_over(painter, self.info.frame)

    def _paint_over(self, painter: QPainter, frame: Frame) -> None:
        """Paint on top of everything else."""

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
        """Start moving."""
        super().showEvent(event)
        self._animation.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Stop moving."""
        super().hideEvent(event)
        self._animation.stop()


def _pose(camera: Camera) -> CameraPose:
    return CameraPose(camera.azimuth, camera.elevation, camera.zoom)
