"""The figure of the globe on show, drawn between the window's own drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.export.frame_times import still_times
from app.export.globe_figure import globe_figure, globe_side
from app.export.renderer import Renderer
from app.scene.builder import request_for
from app.theme.palette import PAPER

if TYPE_CHECKING:
    from app.document.player import Player
    from app.document.session import Session
    from sim.frame import Frame

POLL_MS = 20  # between two looks for the frames


class GlobeDrawing(QObject):
    """Draws the figure of the globe; one piece of the work a turn of the event loop."""

    drawn = Signal(object)
    """The figure."""
    failed = Signal(str)
    """Why there is none."""

    def __init__(
        self, session: Session, player: Player, width_mm: float, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._width = session.recorded(), width_mm
        self._chosen = self._document.moment.tokens
        look, scenario = self._document.look, self._document.run.start
        times = still_times(scenario, look, player.t)
        request = request_for(look, scenario.tokens, scenario.dimension, self._chosen)
        self._collected = session.engine.collect(times, request)
        self._frames: list[Frame] = []
        self._renderer: Renderer | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._take_frames)

    def start(self) -> None:
        """Begin; `drawn` or `failed` follows."""
        side = globe_side(self._width)
        try:
            look = self._document.look
            self._renderer = Renderer((side, side), PAPER, look)
        except (ValueError, RuntimeError) as error:
            self._end(str(error))
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
        if self._frames:
            self._renderer.advance(frame)
            QTimer.singleShot(0, self._draw)
            return
        self.drawn.emit(globe_figure(self._renderer, frame, self._width, self._chosen))
        self._end("")

    def _end(self, why: str) -> None:
        if self._renderer is not None:
            self._renderer.close()
        if why:
            self.failed.emit(f"The figure was not drawn: {why}")
        self.deleteLater()
