"""Paints tokens on the globe: a start at t = 0, and more of them later in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.token_edits.placing import is_on_globe, point_under, refusal
from sim.initial.places import Places
from sim.tokens.edits import AddedToken, TokenEdits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QWidget

    from app.canvas.token_view import TokenView
    from app.document.player import Player
    from app.document.session import Session
    from app.lanes.lane_grid import LaneGrid
    from sim.frame import Frame

DIGITS = 6  # of a coordinate in the table of a start
HOW = (
    "Draw on the globe: each stroke lays tokens, of a new start at t = 0, and later as "
    "a change of the run. I or Esc ends it."
)
FIXED = "Tokens cannot be added: {}. Go to t = 0 to paint a start."
OUTSIDE = "The stroke is beside the globe. Draw on it."


class TokenPainter(QObject):
    """Lays tokens along strokes of the mouse; each stroke is one step of undo."""

    switched = Signal(bool)
    """Whether strokes lay tokens."""

    def __init__(
        self, session: Session, player: Player, lanes: LaneGrid, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._player, self._lanes = session, player, lanes
        lanes.stroke_ended.connect(self._lay)
        lanes.painting_left.connect(self.stop)

    def paint(self, on: bool) -> None:
        """Let strokes lay tokens, or turn the globe again."""
        frame = self._player.frame
        why = "" if frame is None else self._why_not(frame)
        if on and why:
            self._session.refused.emit(why)
        elif on:
            self._player.pause()
            self._session.reported.emit(HOW)
        on = on and not why
        self._lanes.paint_tokens(on)
        self.switched.emit(on)

    def stop(self) -> None:
        """Let the mouse turn the globe again."""
        self.paint(False)

    def _why_not(self, frame: Frame) -> str:
        d, space = frame.x.shape[1], frame.scenario.space
        why = refusal(d, space).replace("dragged", "painted")
        law = frame.scenario.dynamics.fixed_tokens() if frame.t > 0 else ""
        return why or (FIXED.format(law) if law else "")

    def _lay(self, view: TokenView, positions: Sequence[QPointF]) -> None:
        """Lay tokens along a stroke in a picture."""
        self._session.lanes.choose(self._lanes.panes.index(view))
        frame = self._player.frame
        if frame is None:
            return
        if why := self._why_not(frame):
            self._session.refused.emit(why)
            return
        camera, d = view.camera, frame.x.shape[1]
        places = [(p.x() * camera.ratio, p.y() * camera.ratio) for p in positions]
        seen = [point_under(camera, p)[:d] for p in places if is_on_globe(camera, p)]
        points = [tuple(round(float(v), DIGITS) for v in point) for point in seen]
        if not points:
            self._session.refused.emit(OUTSIDE)
        elif frame.t > 0:
            added = tuple(AddedToken(point) for point in points)
            self._session.edit_tokens(TokenEdits(add=added), frame)
        else:
            self._begin(points)

    def _begin(self, points: list[tuple[float, ...]]) -> None:
        """Make a start of points, after those that were painted before."""
        initial = self._session.document.scenario.initial
        painted = isinstance(initial, Places) and len(initial.at[0]) == len(points[0])
        before = initial.at if painted and isinstance(initial, Places) else ()
        changes = {"initial": Places((*before, *points))}
        count = len(points)
        self._session.change(changes, f"paint {count} token{'s' * (count > 1)}")
