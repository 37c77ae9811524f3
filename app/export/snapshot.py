"""A picture of the present moment, drawn between the window's own drawings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.export.encoders.png import Png
from app.export.renderer import Renderer
from sim.recorders import MethodLog

if TYPE_CHECKING:
    from pathlib import Path

    from app.document.document import Document
    from app.document.player import Player
    from app.theme.palette import Theme
    from sim.frame import Frame

TRAIL_FRAMES = 40  # frames of the past that trails and colours are taken from


class Snapshot(QObject):
    """Draws the frame on show; one piece of the work a turn of the event loop."""

    ended = Signal(object, str)
    """The file, and why it was not made; empty if it was."""

    def __init__(
        self, document: Document, player: Player, out: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._out = document, out
        self._frames: list[Frame] = frames_before(player, document.look.trail)
        self._renderer: Renderer | None = None

    def start(self, size: tuple[int, int], theme: Theme) -> None:
        """Begin; `ended` follows."""
        look = replace(self._document.look, rotate=0.0)
        try:
            self._renderer = Renderer(size, theme, look)
        except (ValueError, RuntimeError) as error:
            self.ended.emit(self._out, str(error))
            return
        QTimer.singleShot(0, self._draw)

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


def frames_before(player: Player, trail: float) -> list[Frame]:
    """Return a few frames of the player's past, the last of them the one on show.

    The first of them is the first of all, by which maps of the run are made.
    """
    if player.frame is None:
        return []
    end, first = player.t, player.history.nearest(player.history.span[0])
    start = max(player.history.span[0], end - trail)
    times = (start + (end - start) * k / TRAIL_FRAMES for k in range(TRAIL_FRAMES))
    frames = [player.history.nearest(t) for t in times] if end > start else []
    before = {f.t: f for f in (first, *frames) if f is not None and f.t < end}
    return [*before.values(), player.frame]
