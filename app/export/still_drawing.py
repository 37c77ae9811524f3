"""The moment on show, drawn when the run has gone there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.scene.builder import request_for

if TYPE_CHECKING:
    from app.document.player import Player
    from app.document.session import Session
    from app.export.renderer import Renderer
    from sim.frame import Frame

POLL_MS = 20  # between two looks for the frames


class StillDrawing(QObject):
    """Draws the moment on show, from the same frame as `orrery render --at`.

    Subclasses make the renderer, take the picture, and say how it ended.

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
        request = request_for(look, scenario.tokens, scenario.dimension, self.chosen)
        self._collected = session.engine.collect([self.at], request)
        self._renderer: Renderer | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._take_frame)

    def make_renderer(self) -> Renderer:
        """Return what draws the frames.

        Raises
        ------
        ValueError, RuntimeError
            If it cannot be made.
        """
        raise NotImplementedError

    def take(self, renderer: Renderer, frame: Frame) -> None:
        """Draw the frame, and use the picture.

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

    def _take_frame(self) -> None:
        if not self._collected.done():
            return
        self._timer.stop()
        assert self._renderer is not None
        try:
            self.take(self._renderer, self._collected.result()[0])
        except Exception as error:  # the run that cannot be sought says so itself
            self._end(str(error))
        else:
            self._end("")

    def _end(self, why: str) -> None:
        if self._renderer is not None:
            self._renderer.close()
        self.report_end(why)
