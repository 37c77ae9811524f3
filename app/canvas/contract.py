"""What every viewport can do: the contract between the canvas and what draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from app.gl.render_thread import SceneMaker
    from app.scene.camera import Camera
    from app.theme.palette import Theme
    from sim.array_types import Pixels

    TextPainter = Callable[[QPainter, Camera], None]
    OnReady = Callable[[], None]

SOFTWARE_RENDERERS = ("llvmpipe", "softpipe", "swrast", "swiftshader", "basic render")
POLL_MS = 2  # between two looks whether a picture is drawn


def is_software(renderer: str) -> bool:
    """Whether OpenGL of this name is drawn by the processor."""
    return any(name in renderer.lower() for name in SOFTWARE_RENDERERS)


class Viewport(Protocol):
    """Shows pictures, with words painted over them.

    Attributes
    ----------
    widget : QWidget
        What to put into the window; transparent to the mouse.
    software : bool
        Whether the processor draws.
    renderer : str
        What OpenGL calls itself.
    """

    widget: QWidget
    software: bool
    renderer: str

    def show(self, make_scene: SceneMaker) -> None:
        """Take what makes a picture, on whatever thread; the next `draw` draws it."""
        ...

    def draw(self, camera: Camera) -> None:
        """Paint soon, as seen by `camera`, whose size is in physical pixels."""
        ...

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        ...

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the picture without words: (height, width, 3)."""
        ...

    def catch_up(self) -> None:
        """Have what was asked for painted next, waiting for it if need be."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...
