"""Builds scenes on the render thread, and returns their infos to the window."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from app.canvas.build_turns import BuildTurns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.document.look import Look
    from app.gl.render_thread import SceneMaker
    from app.scene.builder import SceneBuilder
    from app.scene.scene import Scene
    from app.scene.scene_info import SceneInfo
    from sim.frame import Frame


class BuildQueue:
    """Passes frames to a `SceneBuilder` that may run on another thread.

    It holds no widgets, which must be deleted on the window's thread.

    Attributes
    ----------
    turns : BuildTurns
        When each scene is built.
    """

    def __init__(self, builder: SceneBuilder) -> None:
        self._builder = builder
        self.turns = BuildTurns()
        self._needed: deque[Frame] = deque()
        self._built: deque[SceneInfo] = deque()

    def need(self, frame: Frame) -> None:
        """Build the scene of `frame` even if a newer frame arrives first."""
        self._needed.append(frame)

    def order(self, frame: Frame, look: Look, chosen: tuple[int, ...]) -> SceneMaker:
        """Return a function that builds the scene of `frame`, after those needed."""
        return partial(self.turns.take, partial(self._build, frame, look, chosen))

    def built(self) -> Iterator[SceneInfo]:
        """Yield the infos of new scenes, oldest first, each once."""
        while self._built:
            yield self._built.popleft()

    def _build(self, frame: Frame, look: Look, chosen: tuple[int, ...]) -> Scene:
        while self._needed:
            early = self._needed.popleft()
            if early is not frame:
                self._one(early, look, chosen)
        return self._one(frame, look, chosen)

    def _one(self, frame: Frame, look: Look, chosen: tuple[int, ...]) -> Scene:
        out = self._builder.build(frame, look, chosen)
        self._built.append(self._builder.info)
        return out
