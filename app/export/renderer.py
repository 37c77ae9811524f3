"""Pictures without a window: the same as in it, at any time step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QPainter

from app.annotations.overlay import Overlay
from app.export.picture_buffer import PictureBuffer, rgb
from app.gl.offscreen import Offscreen
from app.scene.builder import SceneBuilder, request_for
from app.scene.camera import Camera
from app.theme import fonts
from sim.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.document.document import Document
    from app.document.look import Look
    from app.theme.palette import Theme
    from sim.array_types import Pixels
    from sim.frame import Frame
    from sim.scenario import Scenario


DESIGN_SIDE_PX = 720.0  # short side at which fonts have their nominal size
SIDE_RANGE_PX = (64, 7680)
FPS_RANGE = (1.0, 240.0)
MIN_HISTORY_S = 2.0  # of display before a still, for trails and colours
HISTORY_FPS, MAX_HISTORY_FRAMES = 30.0, 300


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
        2 draws at twice the size, for smooth edges.

    Raises
    ------
    ValueError
        If the size is out of bounds.
    RuntimeError
        If there is no OpenGL to draw with.
    """

    def __init__(
        self, size: tuple[int, int], theme: Theme, look: Look, samples: int = 1
    ) -> None:
        self.size, self.look = checked_size(size), look
        self._samples, self._application = samples, application()
        self._offscreen = Offscreen(theme)
        self.builder, self._overlay = SceneBuilder(theme), Overlay(theme)
        self._buffer = self.new_buffer()

    @property
    def ratio(self) -> float:
        """Pixels of the picture for one pixel of the design."""
        return min(self.size) / DESIGN_SIDE_PX

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
        camera = camera_at(self.look, self.size, seconds, self.ratio)
        self._offscreen.draw_onto(buffer.pixels, camera, self._samples)
        painter = QPainter(buffer.image)
        try:
            self._overlay.paint(painter, camera, self.look, self.builder.info)
        finally:
            painter.end()
        return buffer.pixels

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


def frames(
    document: Document,
    fps: float,
    seconds: float,
    backend: str = "auto",
    chosen: tuple[int, ...] = (),
    start: float = 0.0,
) -> Iterator[tuple[Frame, float]]:
    """Yield the frames of a video, each with its display time in seconds.

    Frame k is the state when the scenario's clock has advanced from `start`, a time, by
    exactly k · speed / fps, whatever the time step and however slow the machine: with a
    uniform clock at t = start + k · speed / fps.

    Raises
    ------
    ValueError
        If fps or seconds are out of bounds, or the scenario does not fit together.
    """
    simulation = Simulation(document.run, backend)
    scenario, look = simulation.scenario, document.look
    request = request_for(look, scenario.tokens, scenario.dimension, chosen)
    clock = scenario.clock
    for k in range(frame_count(fps, seconds)):
        t = clock.time(clock.coordinate(start) + k * look.speed / fps)
        simulation.reach(t)
        yield simulation.frame(t, request), k / fps


def frames_until(
    document: Document, at: float, backend: str = "auto", chosen: tuple[int, ...] = ()
) -> Iterator[Frame]:
    """Yield the first frame and then those just before time `at`, for a still.

    The first one sets what is fixed for the run, such as the map of a projection; the
    others are the history of trails and colours.

    Raises
    ------
    ValueError
        If `at` is negative, or the scenario does not fit together.
    """
    if not 0 <= at < float("inf"):
        raise ValueError(f"the time of a picture must be 0 or later, got {at:g}.")
    simulation = Simulation(document.run, backend)
    scenario, look = simulation.scenario, document.look
    request = request_for(look, scenario.tokens, scenario.dimension, chosen)
    for t in still_times(scenario, look, at):
        simulation.reach(t)
        yield simulation.frame(t, request)


def still_times(scenario: Scenario, look: Look, at: float) -> list[float]:
    """Return the times of the frames that lead to a still at the time `at`."""
    clock = scenario.clock
    end = clock.coordinate(at)
    history = min(end, max(MIN_HISTORY_S * look.speed, look.trail))
    steps = min(max(1, round(history / look.speed * HISTORY_FPS)), MAX_HISTORY_FRAMES)
    times = (clock.time(end - history * (1 - k / steps)) for k in range(steps))
    return [0.0, *times, at]


def frame_count(fps: float, seconds: float) -> int:
    """Return the number of frames of a video.

    Raises
    ------
    ValueError
        If fps or seconds are out of bounds.
    """
    least, most = FPS_RANGE
    if not least <= fps <= most:
        raise ValueError(
            f"frames per second must be in [{least:g}, {most:g}], got {fps:g}."
        )
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds must be above 0, got {seconds:g}.")
    return max(1, round(fps * seconds))


def application() -> QGuiApplication:
    """Return Qt's application with the fonts installed; makes one if there is none.

    The one made here needs no display: it is for commands without a window.
    """
    found = QGuiApplication.instance()
    made = found or QGuiApplication(["orrery", "-platform", "offscreen"])
    fonts.install()
    assert isinstance(made, QGuiApplication)
    return made
