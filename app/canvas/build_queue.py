"""Directs frames wherever pictures are drawn, and brings back what was decided."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.document.look import Look
    from app.gl.render_thread import Make
    from app.scene.builder import SceneBuilder
    from app.scene.scene import Scene
    from app.scene.scene_info import SceneInfo
    from sim.frame import Frame


class BuildQueue:
    """Between a view and its `director`, who may work on another thread.

    Knows no widgets: the last to hold one must not be another thread than the window's.
    """

    def __init__(self, director: SceneBuilder) -> None:
        self._director = director
        self._needed: deque[Frame] = deque()
        self._casts: deque[SceneInfo] = deque()

    def need(self, frame: Frame) -> None:
        """See to it that `frame` is directed, even if a newer one comes before."""
        self._needed.append(frame)

    def order(self, frame: Frame, look: Look, chosen: tuple[int, ...]) -> Make:
        """Return what directs `frame`, and before it all that are needed."""
        return partial(self._direct, frame, look, chosen)

    def casts(self) -> Iterator[SceneInfo]:
        """Yield what was decided since, oldest first, each once."""
        while self._casts:
            yield self._casts.popleft()

    def _direct(self, frame: Frame, look: Look, chosen: tuple[int, ...]) -> Scene:
        while self._needed:
            early = self._needed.popleft()
            if early is not frame:
                self._picture(early, look, chosen)
        return self._picture(frame, look, chosen)

    def _picture(self, frame: Frame, look: Look, chosen: tuple[int, ...]) -> Scene:
        out = self._director.picture(frame, look, chosen)
        self._casts.append(self._director.cast)
        return out
