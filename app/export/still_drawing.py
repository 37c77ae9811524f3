"""The moment on show, drawn piece by piece between the window's own drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.export.frame_times import still_times
from app.scene.builder import request_for

if TYPE_CHECKING:
    from app.document.player import Player
    from app.document.session import Session
    from app.export.renderer import Renderer
    from sim.frame import Frame

POLL_MS = 20  # between two looks for the frames


class StillDrawing(QObject):
    """Draws the moment on show; one piece of the work a turn of the event loop.

    It is drawn from the same frames as by `orrery render --at`.  Subclasses make the
    renderer, take the picture, and say how it ended.

    Attributes
    ----------
    document : Document
        The run as it was played, and how it is looked at.
    at : float
        The time on show.
    chosen : tuple of int
        Tokens that are marked.
    """

    def __init__(
        self, session: Session, player: Player, parent: QObject, *, chosen: bool = False
    ) -> None:
        super().__init__(parent)
        self.document, self.at = session.recorded(), player.t
        self.chosen = self.document.moment.tokens if chosen else ()
        look, scenario = self.document.look, self.document.run.start
        times = still_times(scenario, look, self.at)
        request = request_for(look, scenario.tokens, scenario.dimension, self.chosen)
        self._collected = session.engine.collect(times, request)
        self._frames: list[Frame] = []
        self._renderer: Renderer | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._take_frames)

    def make_renderer(self) -> Renderer:
        """Return what draws the frames.

        Raises
        ------
        ValueError, RuntimeError
            If it cannot be made.
        """
        raise NotImplementedError

    def take(self, renderer: Renderer, frame: Frame) -> None:
        """Draw the last frame, to which the others led, and use the picture.

        Raises
        ------
        OSError, ValueError, RuntimeError
            If it cannot be done.
        """
        raise NotImplementedError

    def report_end(self, why: str) -> None:
        """Say that it ended, and why it failed; empty if it did not."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin; `report_end` follows."""
        try:
            self._renderer = self.make_renderer()
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
        try:
            if self._frames:
                self._renderer.advance(frame)
            else:
                self.take(self._renderer, frame)
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
        self.report_end(why)
