"""Draws in memory on its own thread, so that the window never waits for a picture."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from app.gl.offscreen import Offscreen
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
RENDER_NICENESS = (
    4  # added to the niceness of a Linux thread that draws, after the window's
)


class RenderThread:
    """An `Offscreen` that starts to draw when asked, and returns the picture later.

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
            self._offscreen = self._thread.submit(Offscreen, theme).result()
        except RuntimeError:
            self._thread.shutdown()
            self._thread = (
                InlineExecutor()
            )  # there may be a hidden window of Qt's, only here
            self._offscreen = Offscreen(theme)
        self._make_scene: SceneMaker | None = None
        self._drawing: Future[Pixels] | None = None

    @property
    def renderer(self) -> str:
        """What draws, in the driver's words."""
        return self._do(self._renderer)

    @property
    def done(self) -> bool:
        """Whether the picture started last is drawn, so that `finish` need not wait."""
        return self._drawing is None or self._drawing.done()

    def show(self, make_scene: SceneMaker) -> None:
        """Draw from now on what `make_scene` returns, called once where it is drawn."""
        self._make_scene = make_scene

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._do(self._offscreen.stage.set_theme, theme)

    def start(self, camera: Camera, samples: int = 1) -> None:
        """Begin with a picture."""
        make_scene, self._make_scene = self._make_scene, None
        self._drawing = self._thread.submit(self._draw, make_scene, camera, samples)

    def finish(self) -> Pixels:
        """Return the picture started last, (height, width, 3); waits if need be.

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
        """Return the picture at once."""
        make_scene, self._make_scene = self._make_scene, None
        return self._do(self._draw, make_scene, camera, samples)

    def close(self) -> None:
        """Give everything back, after the picture under way."""
        self._make_scene = self._drawing = None
        self._do(self._offscreen.close)
        self._thread.shutdown()

    def _do(self, what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Have something done on the thread that draws, and wait for it."""
        return self._thread.submit(what, *args, **kwargs).result()

    def _renderer(self) -> str:
        return self._offscreen.renderer

    def _draw(
        self, make_scene: SceneMaker | None, camera: Camera, samples: int
    ) -> Pixels:
        if make_scene is not None:
            self._offscreen.stage.show(make_scene())
        return self._offscreen.draw(camera, samples)


class InlineExecutor(Executor):
    """Does everything at once, on the thread that asks."""

    def submit(
        self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Do it; what it returns or raises is in the result."""
        out: Future[Any] = Future()
        try:
            out.set_result(fn(*args, **kwargs))
        except Exception as error:
            out.set_exception(error)
        return out
