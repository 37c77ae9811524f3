"""A picture of the present moment, drawn between the window's own drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.export.encoders.png import Png
from app.export.frame_times import still_times
from app.export.narrative import Narrative
from app.export.renderer import Renderer
from app.scene.builder import request_for
from sim.recorders import MethodLog

if TYPE_CHECKING:
    from pathlib import Path

    from app.document.player import Player
    from app.document.session import Session
    from app.theme.palette import Theme
    from sim.frame import Frame

POLL_MS = 20  # between two looks for the frames


class Snapshot(QObject):
    """Draws the moment on show; one piece of the work a turn of the event loop.

    It is drawn from the same frames as by `orrery render --at`.
    """

    ended = Signal(object, str)
    """The file, and why it was not made; empty if it was."""

    def __init__(
        self, session: Session, player: Player, out: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._out = session.recorded(), out
        look, scenario = self._document.look, self._document.run.start
        self._at = player.t
        times = still_times(scenario, look, self._at)
        request = request_for(look, scenario.tokens, scenario.dimension)
        self._collected = session.engine.collect(times, request)
        self._frames: list[Frame] = []
        self._renderer: Renderer | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._take_frames)

    def start(self, size: tuple[int, int], theme: Theme) -> None:
        """Begin; `ended` follows."""
        try:
            narrative = Narrative(self._document.run, 0.0, self._at)
            look = self._document.look
            self._renderer = Renderer(size, theme, look, narrative=narrative)
        except (ValueError, RuntimeError) as error:
            self.ended.emit(self._out, str(error))
            return
        self._timer.start(POLL_MS)

    def _take_frames(self) -> None:
        if not self._collected.done():
            return
        self._timer.stop()
        try:
            self._frames = self._collected.result()
        except Exception as error:  # the run that cannot be sought says so itself
            self._end(str(error))
            return
        self._draw()

    def _draw(self) -> None:
        assert self._renderer is not None
        frame = self._frames.pop(0)
        try:
            if self._frames:
                self._renderer.advance(frame)
            else:
                pixels = self._renderer.render(frame)
                method_log = MethodLog()
                method_log.note(frame)
                document = self._document.at(frame.t)
                Png().record([pixels], self._out, 1.0, document, method_log.lines)
        except (OSError, ValueError, RuntimeError) as error:
            self._end(str(error))
            return
        if self._frames:
            QTimer.singleShot(0, self._draw)
        else:
            self._end("")

    def _end(self, why: str) -> None:
        if self._renderer is not None:
            self._renderer.close()
        self.ended.emit(self._out, why)
