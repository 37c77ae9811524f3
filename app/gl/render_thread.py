"""Renders in memory on its own thread, so that the window never waits for an image."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

from app.gl.drawer import Drawer
from sim.thread_priority import lower_priority

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from app.theme.palette import Theme
    from sim.array_types import Pixels

    SceneMaker = Callable[[], Scene]

P = ParamSpec("P")
T = TypeVar("T")
RENDER_NICENESS = 4  # added on Linux, so that the window's thread goes first


class RenderThread:
    """A `Drawer` on a thread: start a render, and take its image later.

    Raises
    ------
    RuntimeError
        If there is no OpenGL to draw with.
    """

    def __init__(self, theme: Theme) -> None:
        self._thread: Executor = ThreadPoolExecutor(
            1, "painter", lower_priority, (RENDER_NICENESS,)
        )
        try:
            self._drawer = self._thread.submit(Drawer, theme).result()
        except RuntimeError:
            self._thread.shutdown()
            self._thread = InlineExecutor()  # Qt's hidden windows work only here
            self._drawer = Drawer(theme)
        self._make_scene: SceneMaker | None = None
        self._drawing: Future[Pixels] | None = None

    @property
    def renderer(self) -> str:
        """The driver's name of the renderer."""
        return self._drawer.renderer

    @property
    def done(self) -> bool:
        """Whether the render started last is over, so that `finish` need not wait."""
        return self._drawing is None or self._drawing.done()

    def show(self, make_scene: SceneMaker) -> None:
        """Render what `make_scene` returns next; it is called once, on the thread."""
        self._make_scene = make_scene

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._do(self._drawer.set_theme, theme)

    def start(self, camera: Camera, samples: int = 1) -> None:
        """Start a render."""
        make_scene, self._make_scene = self._make_scene, None
        self._drawing = self._thread.submit(self._draw, make_scene, camera, samples)

    def finish(self) -> Pixels:
        """Return the image started last; waits if need be.

        It is (height, width, 4): blue, green, red and alpha, as Qt keeps images.

        Raises
        ------
        ValueError
            If nothing was started.
        """
        drawing, self._drawing = self._drawing, None
        if drawing is None:
            raise ValueError("no picture was started; call start first.")
        return drawing.result()

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Render now, and return the image: (height, width, 3)."""
        make_scene, self._make_scene = self._make_scene, None
        drawn = self._do(self._draw, make_scene, camera, samples)
        return np.ascontiguousarray(drawn[..., 2::-1])

    def close(self) -> None:
        """Free everything, after the render under way."""
        self._make_scene = self._drawing = None
        self._do(self._drawer.close)
        self._thread.shutdown()

    def _do(self, what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function on the render thread, and wait for it."""
        return self._thread.submit(what, *args, **kwargs).result()

    def _draw(
        self, make_scene: SceneMaker | None, camera: Camera, samples: int
    ) -> Pixels:
        if make_scene is not None:
            self._drawer.show(make_scene())
        w, h = camera.size
        out = np.empty((h, w, 4), np.uint8)
        self._drawer.draw_onto(out, camera, samples)
        return out


class InlineExecutor(Executor):
    """Calls functions at once, on the calling thread."""

    def submit(
        self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Call `fn`; what it returns or raises is in the future."""
        out: Future[Any] = Future()
        try:
            out.set_result(fn(*args, **kwargs))
        except Exception as error:
            out.set_exception(error)
        return out
