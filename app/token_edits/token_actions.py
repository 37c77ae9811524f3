"""What commands and the mouse do to tokens of the run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QInputDialog

from app.token_edits.between_dialog import BetweenDialog
from app.token_edits.placing import between, perturbed, point_under, refusal
from sim.tokens.edits import AddedToken, TokenEdits

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.canvas.token_view import TokenView
    from app.document.player import Player
    from app.document.session import Session
    from app.lanes.lane_grid import LaneGrid
    from sim.array_types import Floats
    from sim.frame import Frame

PERTURBATION = 1e-3  # of a twin, in radians, at first
PERTURBATION_RANGE = (1e-9, 1.0)
SEED = 0  # of the directions in which a twin is perturbed
DECIMALS = 9
ROUNDING = 1e-6  # of a step


class TokenActions(QObject):
    """Moves, adds and removes tokens; every action is one change of the run."""

    def __init__(
        self, session: Session, player: Player, lanes: LaneGrid, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._player = session, player
        self._lanes, self._window = lanes, window
        self._twin_size = 0.0  # of the twin to be made at the time that is sought
        self._held: tuple[TokenView, int, QPointF, float] | None = None
        player.shown.connect(self._arrive)
        lanes.token_pulled.connect(self._pull)
        lanes.token_let_go.connect(self._let_go)

    def _frame(self) -> Frame | None:
        return self._player.frame

    def _pull(self, view: TokenView, token: int, at: QPointF) -> None:
        """Put a token where the mouse is, while it is dragged."""
        self._session.lanes.choose(self._lanes.panes.index(view))
        frame, self._held = self._frame(), None
        if frame is None:
            return
        point = self._point(view, at, frame)
        if point is not None:
            self._session.edit_tokens(TokenEdits(move={token: tuple(point)}), frame)
            self._held = view, token, at, frame.t

    def _let_go(self) -> None:
        """Let a token that was dragged go on by itself."""
        self._held = None
        self._session.release()

    def _hold(self, frame: Frame) -> None:
        """Keep the token that is dragged under the mouse while the run plays."""
        if self._held is None or not self._player.playing:
            return
        view, token, at, t = self._held
        if view in self._lanes.panes and token in frame.ids and frame.t != t:
            self._pull(view, token, at)

    def _point(self, view: TokenView, at: QPointF, frame: Frame) -> Floats | None:
        """Return the point under the mouse, (d,); else say why there is none."""
        d = frame.x.shape[1]
        if why := refusal(d, frame.scenario.space):
            self._session.refused.emit(why)
            return None
        camera = view.camera
        place = (at.x() * camera.ratio, at.y() * camera.ratio)
        return point_under(camera, place)[:d]

    def add(self) -> None:
        """Add a token where the mouse is, or in the middle of the picture."""
        frame, view = self._frame(), self._lanes.edited
        if frame is None:
            return
        at = view.mouse_at or QPointF(view.rect().center())
        point = self._point(view, at, frame)
        if point is not None:
            edits = TokenEdits(add=(AddedToken(tuple(point)),))
            self._session.edit_tokens(edits, frame)

    def remove(self) -> None:
        """Remove the chosen tokens."""
        frame, chosen = self._frame(), self._lanes.edited.chosen
        if frame is None:
            return
        if not chosen:
            self._session.refused.emit("No token is chosen. Click the one to remove.")
            return
        there = set(frame.ids.tolist())
        gone = tuple(token for token in chosen if token in there)
        self._session.edit_tokens(TokenEdits(remove=gone), frame)
        self._lanes.choose(())

    def put_between(self) -> None:
        """Ask for a token and two others, and put it between them."""
        view = self._lanes.edited
        dialog = BetweenDialog(view.info, view.chosen, self._window)
        dialog.requested.connect(self._put)
        dialog.open()

    def _put(self, token: int, first: int, last: int, share: float) -> None:
        frame = self._frame()
        if frame is None:
            return
        rows = frame.rows_of((first, last))
        if first not in rows or last not in rows:
            self._session.refused.emit("A token is no longer there. Choose another.")
            return
        a, b = (np.asarray(frame.x[rows[i]], float) for i in (first, last))
        try:
            point = between(a, b, share, frame.scenario.space)
        except ValueError as error:
            self._session.refused.emit(str(error))
            return
        self._session.edit_tokens(TokenEdits(move={token: tuple(point)}), frame)

    def twin(self) -> None:
        """Ask for ε, and let a lane go on from here with every token moved by ε."""
        size, good = QInputDialog.getDouble(
            self._window,
            "Perturbed twin",
            "Move every token by ε, in a lane beside this one:",
            PERTURBATION,
            *PERTURBATION_RANGE,
            DECIMALS,
        )
        if good:
            self.fork_perturbed(size)

    def fork_perturbed(self, size: float) -> None:
        """Let a lane go on from here with every token moved by `size`.

        Edits are made at the end of a step: the run first goes to the last one.
        """
        frame = self._frame()
        if frame is None:
            return
        clock, step = frame.scenario.clock, frame.scenario.step
        steps = math.floor(clock.coordinate(frame.t) / step + ROUNDING)
        t = clock.time(steps * step)
        self._player.pause()
        self._twin_size = size
        if frame.t == t:
            self._perturb(frame)
        else:
            self._player.seek(t)

    def _perturb(self, frame: Frame) -> None:
        """Make the twin that was asked for, once its time is on show."""
        size, self._twin_size = self._twin_size, 0.0
        lanes = self._session.lanes
        before = lanes.count
        if not size:
            return
        lanes.fork("perturbed twin")
        if lanes.count == before:  # the reason was reported
            return
        points = perturbed(frame.x, size, SEED)
        moves = zip(frame.ids.tolist(), map(tuple, points.tolist()), strict=True)
        edits = TokenEdits(move=dict(moves))
        self._session.edit_tokens(edits, frame, of_new_lane=True)

    def _arrive(self, frame: Frame) -> None:
        self._hold(frame)
        if self._twin_size and frame.t == self._player.goal:
            self._perturb(frame)
