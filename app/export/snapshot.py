"""A picture of the moment on show, written to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.export.encoders.png import Png
from app.export.narrative import Narrative
from app.export.renderer import Renderer
from app.export.still_drawing import StillDrawing
from sim.recorders import MethodLog

if TYPE_CHECKING:
    from pathlib import Path

    from app.document.player import Player
    from app.document.session import Session
    from app.theme.palette import Theme
    from sim.frame import Frame


class Snapshot(StillDrawing):
    """Writes the moment on show as a PNG."""

    ended = Signal(object, str)
    """The file, and why it was not made; empty if it was."""

    def __init__(
        self,
        session: Session,
        player: Player,
        out: Path,
        size: tuple[int, int],
        theme: Theme,
        parent: QObject,
    ) -> None:
        super().__init__(session, player, parent)
        self._out, self._size, self._theme = out, size, theme

    def make_renderer(self) -> Renderer:
        narrative = Narrative(self.document.run, 0.0, self.at)
        look = self.document.look
        return Renderer(self._size, self._theme, look, narrative=narrative)

    def take(self, renderer: Renderer, frame: Frame) -> None:
        pixels, method_log = renderer.render(frame), MethodLog()
        method_log.note(frame)
        document = self.document.at(frame.t)
        Png().record([pixels], self._out, 1.0, document, method_log.lines)

    def report_end(self, why: str) -> None:
        self.ended.emit(self._out, why)
