"""The figure of the globe at the moment on show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.export.globe_figure import globe_figure, globe_side, lanes_figure
from app.export.renderer import Renderer
from app.export.still_drawing import POLL_MS, StillDrawing
from app.scene.builder import request_for
from app.theme.palette import PAPER

if TYPE_CHECKING:
    from app.document.look import Look
    from app.document.player import Player
    from app.document.session import Session
    from sim.frame import Frame, FrameRequest
    from sim.scenario import Scenario


class GlobeDrawing(StillDrawing):
    """Makes the figure of the globe, with the chosen tokens marked."""

    drawn = Signal(object)
    """The figure."""
    failed = Signal(str)
    """Why there is none."""

    def __init__(
        self, session: Session, player: Player, width_mm: float, parent: QObject
    ) -> None:
        super().__init__(session, player, parent, chosen=True)
        self._width_mm = width_mm

    def make_renderer(self) -> Renderer:
        side = globe_side(self._width_mm)
        return Renderer((side, side), PAPER, self.document.look)

    def take(self, renderer: Renderer, frame: Frame) -> None:
        figure = globe_figure(renderer, frame, self._width_mm, self.chosen)
        self.drawn.emit(figure)

    def report_end(self, why: str) -> None:
        if why:
            self.failed.emit(f"The figure was not drawn: {why}")
        self.deleteLater()


class LanesDrawing(QObject):
    """Makes the figure of the globes of all lanes at the moment on show."""

    drawn = Signal(object)
    """The figure."""
    failed = Signal(str)
    """Why there is none."""

    def __init__(
        self, session: Session, player: Player, width_mm: float, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._width_mm = session.recorded(), width_mm
        engines, look = session.lanes.engines, self._document.look
        self._chosen = self._document.moment.tokens
        self._collected = [
            engines[k].collect([player.t], _request(look, lane.run.start, self._chosen))
            for k, lane in enumerate(self._document.lanes)
        ]
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._take_frames)

    def start(self) -> None:
        """Begin; `drawn` or `failed` follows."""
        self._timer.start(POLL_MS)

    def _take_frames(self) -> None:
        if not all(one.done() for one in self._collected):
            return
        self._timer.stop()
        document, titles = self._document, self._document.comparison.titles
        try:
            frames = [one.result()[0] for one in self._collected]
            figure = lanes_figure(
                document.look, frames, titles, self._width_mm, self._chosen
            )
        except Exception as error:  # a run that cannot be sought says so itself
            self.failed.emit(f"The figure was not drawn: {error}")
        else:
            self.drawn.emit(figure)
        self.deleteLater()


def _request(look: Look, start: Scenario, chosen: tuple[int, ...]) -> FrameRequest:
    return request_for(look, start.tokens, start.dimension, chosen)
