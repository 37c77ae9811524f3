"""The figure of the globe at the moment on show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.export.globe_figure import globe_figure, globe_side
from app.export.renderer import Renderer
from app.export.still_drawing import StillDrawing
from app.theme.palette import PAPER

if TYPE_CHECKING:
    from app.document.player import Player
    from app.document.session import Session
    from sim.frame import Frame


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
