"""Pictures without a window: the same as in it, at any time step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QPainter

from app.annotations import globe_room
from app.annotations.overlay import Overlay
from app.export.change_banner import paint_banner
from app.export.layout import design_ratio
from app.export.picture_buffer import PictureBuffer, rgb
from app.gl.offscreen import Offscreen
from app.scene.builder import SceneBuilder
from app.scene.camera import Camera
from app.scene.projector import CIRCLE
from app.theme import fonts

if TYPE_CHECKING:
    from app.document.look import Look
    from app.export.narrative import Narrative
    from app.export.panels import Panels
    from app.theme.palette import Theme
    from sim.array_types import Pixels
    from sim.frame import Frame


SIDE_RANGE_PX = (64, 7680)


def checked_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return `size` if it is a possible size of pictures.

    Raises
    ------
    ValueError
        If a side is out of bounds.
    """
    least, most = SIDE_RANGE_PX
    for name, side in zip(("width", "height"), size, strict=True):
        if not least <= side <= most:
            raise ValueError(f"{name} must be in [{least}, {most}] pixels, got {side}.")
    return size


FILM_TEXT_SCALE = 1.2  # of the words of a film, which is seen from far away
LEAST_TEXT_SCALE = 0.95  # of the words of a small one, in its own pixels
LEAST_PANEL_SCALE = 0.8  # the same, beside panels


def film_text_scale(size: tuple[int, int]) -> float:
    """Return the scale of the words of a film of `size`, for its design."""
    return max(FILM_TEXT_SCALE, LEAST_TEXT_SCALE / design_ratio(size))


class Renderer:
    """Draws frames as pictures of one size.

    Parameters
    ----------
    size : tuple of int
        Width and height in pixels.  Everything is scaled with the short side, so that a
        large picture shows the same as a small one.
    theme : Theme
        Colours.
    look : Look
        Options of drawing.
    samples : int
        2 draws at twice the size, for edges a little smoother still.
    narrative : Narrative, optional
        The changes during the film, which the picture tells of.
    panels : Panels, optional
        What stands beside the globe, for a picture of this size.

    Raises
    ------
    ValueError
        If the size is out of bounds.
    RuntimeError
        If there is no OpenGL to draw with.
    """

    def __init__(
        self,
        size: tuple[int, int],
        theme: Theme,
        look: Look,
        samples: int = 1,
        narrative: Narrative | None = None,
        panels: Panels | None = None,
    ) -> None:
        self.size, self.look = checked_size(size), look
        self._narrative, self._panels = narrative, panels
        self._globe_size = panels.globe_size if panels is not None else size
        self._samples, self._application = samples, application()
        self._offscreen = Offscreen(theme)
        scale = 1.0 if narrative is None else FILM_TEXT_SCALE
        if narrative is not None and panels is None:
            scale = film_text_scale(size)
        if panels is not None:
            scale = max(scale, LEAST_PANEL_SCALE / panels.ratio)
        self.builder, self._overlay = SceneBuilder(theme), Overlay(theme, scale)
        self._overlay.captioned = panels is None
        if panels is not None:
            self._overlay.legend.area = panels.legend_area
        self._buffer = self.new_buffer()

    @property
    def ratio(self) -> float:
        """Pixels of the picture for one pixel of the design."""
        panels = self._panels
        return design_ratio(self.size) if panels is None else panels.ratio

    def draw(
        self, frame: Frame, seconds: float = 0.0, chosen: tuple[int, ...] = ()
    ) -> Pixels:
        """Return the picture of `frame`: (height, width, 3).

        Parameters
        ----------
        frame : Frame
            Frames are drawn in order: trails lead from one to the next.
        seconds : float
            Display time since the start, for the slow rotation of the globe.
        chosen : tuple of int
            Tokens to mark.
        """
        return rgb(self.render(frame, seconds, chosen))

    def render(
        self,
        frame: Frame,
        seconds: float = 0.0,
        chosen: tuple[int, ...] = (),
        buffer: PictureBuffer | None = None,
    ) -> Pixels:
        """Return the picture that `draw` returns, as the pixels of `buffer`: faster.

        Without a buffer it is one of the renderer's own, and changes at the next call.
        """
        buffer = buffer or self._buffer
        self.advance(frame, chosen)
        w, h = self._globe_size
        camera = self._fitted(
            camera_at(self.look, (w, h), seconds, design_ratio(self.size))
        )
        self._offscreen.draw_onto(buffer.pixels[:h, :w], camera, self._samples)
        painter = QPainter(buffer.image)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_text(painter, camera)
        finally:
            painter.end()
        return buffer.pixels

    def _fitted(self, camera: Camera) -> Camera:
        """Return a camera that leaves room for the caption of a small picture."""
        if not self._overlay.captioned or self.builder.info.frame is None:
            return camera
        w, h = (side / self.ratio for side in camera.size)
        flat = self.builder.info.frame.x.shape[1] == CIRCLE
        zoom = globe_room.fit(w, h, self._overlay.scale, flat=flat)
        return replace(camera, zoom=camera.zoom * zoom)

    def _paint_text(self, painter: QPainter, camera: Camera) -> None:
        """Paint all words, and what stands beside the globe."""
        info, narrative, panels = self.builder.info, self._narrative, self._panels
        frame = info.frame
        if frame is None:
            return
        if panels is not None:
            panels.paint(painter, info)
            painter.setClipRect(panels.globe)
        elif narrative is not None:
            values = narrative.values(frame.scenario, frame.t)
            self._overlay.set_values([(v.name, v.value, v.value) for v in values])
        self._overlay.paint(painter, camera, self.look, info)
        painter.setClipping(False)
        if panels is not None:
            panels.paint_foot(painter, frame)
        if narrative is not None:
            wide = self._globe_size[0] / self.ratio
            theme, seconds = self._overlay.theme, 1.0 / self.look.speed
            paint_banner(painter, narrative, frame.t, seconds, wide, theme)

    def new_buffer(self) -> PictureBuffer:
        """Return memory for a picture; see `render`."""
        return PictureBuffer(self.size, self.ratio)

    def draw_without_text(
        self, frame: Frame, seconds: float = 0.0, chosen: tuple[int, ...] = ()
    ) -> Pixels:
        """Return the picture of `frame` without text; see `draw`."""
        self.advance(frame, chosen)
        camera = camera_at(self.look, self.size, seconds, self.ratio)
        return self._offscreen.draw(camera, self._samples)

    def advance(self, frame: Frame, chosen: tuple[int, ...] = ()) -> None:
        """Take a frame without drawing it, for trails, colours and projection."""
        picture = self.builder.build(frame, self.look, chosen)
        self._offscreen.stage.show(picture)

    def close(self) -> None:
        """Free the OpenGL context; nothing can be drawn after that."""
        self._offscreen.close()


def camera_at(
    look: Look, size: tuple[int, int], seconds: float, ratio: float
) -> Camera:
    """Return the camera of `look` after `seconds` of its slow rotation."""
    view = look.camera
    azimuth = (view.azimuth + look.rotate * seconds) % 360.0
    return Camera(azimuth, view.elevation, view.zoom, size, ratio=ratio)


def application() -> QGuiApplication:
    """Return Qt's application with the fonts installed; makes one if there is none.

    The one made here needs no display: it is for commands without a window.
    """
    found = QGuiApplication.instance()
    made = found or QGuiApplication(["orrery", "-platform", "offscreen"])
    fonts.install()
    assert isinstance(made, QGuiApplication)
    return made
