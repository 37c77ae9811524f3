"""The clock of a run that is played: steps, seeks, and the times of frames."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.playback import Playback

REFRESH_S = 1 / 60  # one refresh of a 60 Hz screen
STEPPING_S = 0.030  # of stepping after which a frame is made in any case


@dataclass(frozen=True, slots=True)
class Advance:
    """What was done in one turn.

    Attributes
    ----------
    steps : int
        How many steps.
    spent : float
        Seconds that they took.
    gained : float
        By how much the clock advanced, or went back.
    passed : float
        Seconds of wall time in which it did.
    error : Exception or None
        Why it ended early.
    at_start : bool
        Whether it went back to the start.
    """

    steps: int
    spent: float
    gained: float
    passed: float
    error: Exception | None = None
    at_start: bool = False


class RunClock:
    """Advances a playback in wall time, forwards or back; keeps the time on show.

    The clock is wall time multiplied by `speed`; where stepping cannot keep up, it
    falls behind rather than the picture.

    Parameters
    ----------
    playback : Playback
        What is played.
    speed : float
        Simulated time per second.
    interrupted : () -> bool
        Whether a seek is to end where it has come to.
    """

    def __init__(
        self, playback: Playback, speed: float, interrupted: Callable[[], bool]
    ) -> None:
        self._playback, self._simulation = playback, playback.simulation
        self._interrupted = interrupted
        self.speed, self.backwards = speed, False
        self.seek_share: float | None = None
        self._seek_left = threading.Event()
        self._clock = 0.0
        self._shown_at: float | None = None  # the time of a seek, to the bit
        self._passed_layer = False

    @property
    def present(self) -> float:
        """The time on show."""
        if self._shown_at is not None:
            return self._shown_at
        return self._simulation.scenario.clock.time(self._clock)

    def frame_time(self) -> float:
        """Return the time of the next frame: now, or that of a layer just passed."""
        if self._shown_at is not None:
            return self._shown_at
        return self._simulation.scenario.clock.time(self._frame_coordinate())

    def _frame_coordinate(self) -> float:
        passed, self._passed_layer = self._passed_layer, False
        now = self._simulation.coordinate
        if not passed or self._clock >= now:
            return self._clock
        return now - self._simulation.scenario.step

    def follow(self, *, sought: bool) -> None:
        """Show the state that a command left: a time that was `sought`, or another."""
        now = self._simulation.coordinate
        if not now - self._simulation.scenario.step <= self._clock <= now:
            self._clock = now
        if not sought:
            self._shown_at = None

    def seek(self, t: float) -> None:
        """Go to the time `t` of the run, exactly, unless interrupted or left."""
        self._seek_left.clear()
        try:
            reached = self._playback.seek(t, self._seeks_on)
        finally:
            self.seek_share = None
        clock = self._simulation.scenario.clock
        self._shown_at = t if reached else None
        self._clock = clock.coordinate(t if reached else self._simulation.t)

    def show(self, t: float) -> Advance:
        """Go to the time `t`, or towards it as far as there is time for."""
        before, start = self.present, time.perf_counter()
        steps, error = 0, None
        try:
            if t < self._simulation.step_start:
                self.seek(t)
            else:
                steps = self._step_towards(t, start)
        except Exception as raised:
            error = raised
        spent = time.perf_counter() - start
        return Advance(steps, spent, abs(self.present - before), spent, error)

    def _step_towards(self, t: float, start: float) -> int:
        """Step up to the time `t` while there is time; return how often."""
        simulation, steps = self._simulation, 0
        while not simulation.has_reached(t):
            self._playback.step()
            steps += 1
            if time.perf_counter() - start > STEPPING_S:
                break
        arrived = simulation.has_reached(t)
        self._shown_at = t if arrived else None
        at = t if arrived else simulation.t
        self._clock = simulation.scenario.clock.coordinate(at)
        return steps

    def leave_seek(self) -> None:
        """End a seek where it has come to; from any thread."""
        self._seek_left.set()

    def _seeks_on(self, share: float) -> bool:
        """Note how far a seek is, and return whether it goes on."""
        self.seek_share = share
        return not (self._seek_left.is_set() or self._interrupted())

    def step(self) -> None:
        """Advance by one step."""
        self._playback.step()
        self._clock = self._simulation.coordinate

    def advance(self, passed: float) -> Advance:
        """Step as far as the clock went in `passed` seconds, or as there is time for.

        Where that is less, the frame is of the state itself: there is no time to
        interpolate.  Layers that are slower than frames pass one by one, so that none
        is skipped.
        """
        self._shown_at = None
        if self.backwards:
            return self._go_back(self.speed * passed)
        wanted = self.speed * passed
        scenario = self._simulation.scenario
        layers = scenario.integrator.discrete
        single = layers and REFRESH_S * self.speed <= scenario.step
        most = max(4 * REFRESH_S * self.speed, scenario.step)
        most = scenario.step if single else most
        before, start = self._clock, time.perf_counter()
        goal = before + min(wanted, most)
        steps, error = self._step_to(goal, start)
        now = self._simulation.coordinate
        self._clock = now if wanted > most and not single else min(goal, now)
        self._passed_layer |= steps > 0 and layers
        spent = time.perf_counter() - start
        return Advance(steps, spent, self._clock - before, passed, error)

    def _step_to(self, goal: float, start: float) -> tuple[int, Exception | None]:
        """Step up to `goal` while there is time; return how often, and what failed."""
        steps = 0
        try:
            while self._simulation.coordinate < goal:
                self._playback.step()
                steps += 1
                if time.perf_counter() - start > STEPPING_S:
                    break
        except Exception as error:
            return steps, error
        return steps, None

    def _go_back(self, by: float) -> Advance:
        """Go back by so much of the clock, at most to the start."""
        clock, error = self._simulation.scenario.clock, None
        before, started = self._clock, time.perf_counter()
        goal = max(0.0, before - min(by, 4 * REFRESH_S * self.speed))
        try:
            self.seek(clock.time(goal))
        except Exception as raised:
            error = raised
        self._clock = min(goal, self._simulation.coordinate)
        spent = time.perf_counter() - started
        gained, passed = before - self._clock, max(spent, REFRESH_S)
        return Advance(1, spent, gained, passed, error, at_start=not goal)
