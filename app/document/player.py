"""Playback: plays the run, stores its frames, shows and resumes from earlier ones."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.document.frame_history import FrameHistory
from sim.scenario import restarts

if TYPE_CHECKING:
    from app.document.document import Document
    from app.document.session import Session
    from sim.engine import Pace
    from sim.frame import Frame

HISTORY_INTERVAL_S = 1 / 30  # wall time between frames that are kept


class Player(QObject):
    """Playback state of the run; emits the frame that views show."""

    shown = Signal(object)
    """The frame to show: the latest or an earlier one."""
    moved = Signal()
    """Playing, the time or the history has changed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.history = FrameHistory()
        self._frame: Frame | None = None
        self._newest: Frame | None = None
        self._looking_back = False
        self._last_kept = 0.0
        self._last_arrival = time.perf_counter()
        session.arrived.connect(self._arrive)
        session.changed.connect(self._restart_from_shown)

    @property
    def frame(self) -> Frame | None:
        """The frame on show."""
        return self._frame

    @property
    def t(self) -> float:
        """The time on show."""
        return self._frame.t if self._frame is not None else 0.0

    @property
    def looking_back(self) -> bool:
        """Whether an earlier frame is on show."""
        return self._looking_back

    @property
    def playing(self) -> bool:
        """Whether the run is playing."""
        return self._session.engine.playing

    @property
    def pace(self) -> Pace:
        """Speed and method of the engine."""
        return self._session.engine.pace

    @property
    def seconds_waiting(self) -> float:
        """Seconds since the newest frame came, while time passes; else 0."""
        return time.perf_counter() - self._last_arrival if self.playing else 0.0

    def play(self) -> None:
        """Play from the frame on show."""
        self._resume_from_shown()
        if not self.playing:
            self._last_arrival = time.perf_counter()
        self._session.engine.play()
        self.moved.emit()

    def pause(self) -> None:
        """Pause the run."""
        self._session.engine.pause()
        self.moved.emit()

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.playing else self.play()

    def step(self) -> None:
        """Pause and advance by one stored frame, or by one step of the run."""
        if self._looking_back:
            frame = self.history.neighbour(self.t, +1)
            if frame is not None:
                self._look(frame)
                return
            self._resume_from_shown()
        self._session.engine.step()
        self.moved.emit()

    def step_back(self) -> None:
        """Pause and show the previous frame."""
        self._look(self.history.neighbour(self.t, -1))

    def seek(self, t: float) -> None:
        """Pause and show the frame nearest to `t`."""
        self._look(self.history.nearest(t))

    def to_start(self) -> None:
        """Pause and show the first frame."""
        self.seek(self.history.span[0])

    def to_end(self) -> None:
        """Show the latest frame."""
        self._looking_back = False
        if self._newest is not None:
            self._show(self._newest)

    def restart(self) -> None:
        """Go back to the same start, playing on or paused as before."""
        self._looking_back = False
        self._session.engine.reset()
        self.moved.emit()

    def _look(self, frame: Frame | None) -> None:
        now = self._session.document.scenario
        if frame is None or restarts(frame.scenario, now):  # of the run before
            return
        self._session.engine.pause()
        if self._newest is not None and self._newest.t > self.history.span[1]:
            self.history.push(self._newest)
        self._looking_back = frame.t < self.history.span[1]
        self._show(frame)

    def _resume_from_shown(self) -> None:
        """Resume the run from the frame on show."""
        if self._looking_back and self._frame is not None:
            self._looking_back = False
            self._session.engine.restore(self._frame)

    def _restart_from_shown(self, old: Document, new: Document) -> None:
        """An edit while looking back applies to what is seen."""
        if old.scenario != new.scenario:
            if restarts(old.scenario, new.scenario):
                self._looking_back = False
            self._resume_from_shown()

    def _arrive(self, frame: Frame) -> None:
        now = self._last_arrival = time.perf_counter()
        again = self._newest is not None and frame.t <= self._newest.t
        if (
            again
            or frame.layer
            or not self.playing
            or now - self._last_kept > HISTORY_INTERVAL_S
        ):
            self.history.push(frame)
            self._last_kept = now
        self._newest = frame
        if not self._looking_back:
            self._show(frame)

    def _show(self, frame: Frame) -> None:
        self._frame = frame
        self.shown.emit(frame)
        self.moved.emit()
