"""Playback: plays the run, and goes to any time of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from app.document.session import Session
    from sim.engine import Pace
    from sim.frame import Frame
    from sim.record import Samples

SEEK_MS = 50  # between two looks at how far a seek is
SLOW_SEEK_S = 0.3  # a seek that takes longer shows its progress
CLUSTERS = "clusters"  # the observable whose falls are merges


class Player(QObject):
    """Playback state of the run; emits the frame that views show."""

    shown = Signal(object)
    """The frame to show: that of the lane that is edited."""
    moved = Signal()
    """Playing, the time or the record has changed."""
    seek_progressed = Signal(object)
    """The share of a long seek that is done; None when it ended."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._frame: Frame | None = None
        self.frames: tuple[Frame, ...] = ()
        """The frames on show, one for each lane."""
        self._last_arrival = time.perf_counter()
        self._seek_started: float | None = None
        self.goal = 0.0
        """The time of the last seek."""
        self._underway = False  # whether that time is still to come
        self._seek_timer = QTimer(self)
        self._seek_timer.setInterval(SEEK_MS)
        self._seek_timer.timeout.connect(self._watch_seek)
        session.arrived.connect(self._arrive)

    @property
    def frame(self) -> Frame | None:
        """The frame on show."""
        return self._frame

    @property
    def t(self) -> float:
        """The time on show."""
        return self._frame.t if self._frame is not None else 0.0

    @property
    def wanted(self) -> float:
        """The time on show, or the one that a seek is on its way to."""
        return self.goal if self._underway else self.t

    @property
    def end(self) -> float:
        """The latest time of the run that was reached."""
        record = self._frame.record if self._frame is not None else None
        return max(self.t, record.end if record is not None else 0.0)

    @property
    def samples(self) -> Samples | None:
        """Observables of the run at even times."""
        record = self._frame.record if self._frame is not None else None
        return record.samples if record is not None else None

    @property
    def merges(self) -> list[float]:
        """The times at which the number of clusters fell."""
        samples = self.samples
        if samples is None or CLUSTERS not in samples.values:
            return []
        counts = samples.values[CLUSTERS]
        return samples.t[1:][np.diff(counts) < 0].tolist()

    @property
    def looking_back(self) -> bool:
        """Whether an earlier time than the latest is on show."""
        return self.t < self.end

    @property
    def playing(self) -> bool:
        """Whether the run is playing."""
        return self._session.lanes.engines.playing

    @property
    def pace(self) -> Pace:
        """Speed and method of the engine."""
        return self._session.lanes.engines.pace

    @property
    def seconds_waiting(self) -> float:
        """Seconds since the newest frame came, while time passes; else 0."""
        return time.perf_counter() - self._last_arrival if self.playing else 0.0

    def play(self) -> None:
        """Play from the time on show: its changes again, and then on."""
        self._play(backwards=False)

    def play_backwards(self) -> None:
        """Play from the time on show towards the start."""
        self._play(backwards=True)

    def play_again(self) -> None:
        """Play the run from its start, as it was, with its changes."""
        self.seek(0.0)
        self.play()

    def pause(self) -> None:
        """Pause the run."""
        self._session.lanes.engines.pause()
        self.moved.emit()

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.playing else self.play()

    def step(self) -> None:
        """Pause and advance by one step of the run."""
        self._underway = False
        self._session.lanes.engines.step()
        self.moved.emit()

    def step_back(self) -> None:
        """Pause and go back by one step of the run."""
        if self._frame is not None:
            scenario = self._frame.scenario
            before = scenario.clock.coordinate(self.t) - scenario.step
            self.seek(scenario.clock.time(max(before, 0.0)))

    def seek(self, t: float) -> None:
        """Pause and go to the time `t` of the run, exactly."""
        self.goal, self._underway = max(t, 0.0), True
        self._session.lanes.engines.seek(self.goal)
        self._seek_started = time.perf_counter()
        self._seek_timer.start()
        self.moved.emit()

    def leave_seek(self) -> None:
        """End a seek where it has come to."""
        self._underway = False
        self._session.lanes.engines.leave_seek()

    def to_start(self) -> None:
        """Pause and go to the start."""
        self.seek(0.0)

    def to_end(self) -> None:
        """Pause and go to the latest time that was reached."""
        self.seek(self.end)

    def restart(self) -> None:
        """Begin a new run with the settings in force, playing or paused as before."""
        self._underway = False
        self._session.reset()
        self.moved.emit()

    def _play(self, *, backwards: bool) -> None:
        self._underway = False
        if not self.playing:
            self._last_arrival = time.perf_counter()
        self._session.lanes.engines.play(backwards=backwards)
        self.moved.emit()

    def _watch_seek(self) -> None:
        share, started = self._session.lanes.engines.seeking, self._seek_started
        if share is None:
            self._seek_timer.stop()
            self.seek_progressed.emit(None)
        elif started is not None and time.perf_counter() - started > SLOW_SEEK_S:
            self.seek_progressed.emit(share)

    def _arrive(self, frames: tuple[Frame, ...]) -> None:
        self._last_arrival = time.perf_counter()
        self.frames = frames
        self._frame = frames[self._session.document.place]
        self._underway &= self._frame.t != self.goal
        self.shown.emit(self._frame)
        self.moved.emit()
