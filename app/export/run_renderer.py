"""A renderer of one run, which takes its frames as those of a single lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.document.look import Look
    from app.export.picture_buffer import PictureBuffer
    from app.export.renderer import Renderer
    from sim.array_types import Pixels
    from sim.frame import Frame


class RunRenderer:
    """Draws one run by `Renderer`, as `LaneRenderer` draws several."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def set_look(self, look: Look) -> None:
        """Take other options of drawing."""
        self._renderer.look = look

    def render(
        self, frames: tuple[Frame, ...], seconds: float, buffer: PictureBuffer
    ) -> Pixels:
        """Return the picture of a frame, as the pixels of `buffer`."""
        return self._renderer.render(frames[0], seconds, buffer=buffer)

    def advance(self, frames: tuple[Frame, ...]) -> None:
        """Take a frame without drawing it."""
        self._renderer.advance(frames[0])

    def new_buffer(self) -> PictureBuffer:
        """Return memory for a picture."""
        return self._renderer.new_buffer()

    def close(self) -> None:
        """Free the OpenGL context."""
        self._renderer.close()
