"""The interface of viewports, through which views draw scenes."""

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

POLL_MS = 2  # between checks whether a render is over


class Viewport(Protocol):
    """Shows scenes, with text painted over them.

    Attributes
    ----------
    widget : QWidget
        The widget, which ignores the mouse.
    software : bool
        Whether the processor draws.
    renderer : str
        The name of the OpenGL renderer.
    """

    widget: QWidget
    software: bool
    renderer: str

    def show(self, make_scene: SceneMaker) -> None:
        """Take what builds a scene, on any thread; the next `draw` renders it."""
        ...

    def draw(self, camera: Camera, *, patient: bool = False) -> None:
        """Paint soon, as seen by `camera`, whose size is in physical pixels.

        If `patient`, that may be with the next scene, as for a globe that turns by
        itself.
        """
        ...

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        ...

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the picture without text: (height, width, 3)."""
        ...

    def catch_up(self) -> None:
        """Have everything requested so far in the next paint; may wait for it."""
        ...

    def close(self) -> None:
        """Stop drawing, and free the context."""
        ...
