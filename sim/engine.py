"""A simulation on its own thread, with a mailbox at each end."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from sim.checks.state import check_state
from sim.deprecation import warn_renamed
from sim.frame import FrameRequest
from sim.jit.thread_pool import worker_ids
from sim.mailbox import Latest
from sim.scenario import restarts
from sim.thread_priority import lower_priority

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.frame import Frame
    from sim.measure.check import Check
    from sim.scenario import Scenario
    from sim.simulation import Simulation

REFRESH_S = 1 / 60  # one refresh of a 60 Hz screen
UNREAD_S = 0.050  # for which a frame that waits to be taken is not replaced
HOLD_S = 0.25  # that the run waits for a window to take its start or a layer
STEPPING_S = 0.030  # of stepping after which a frame is made in any case
CLOSE_TIMEOUT_S = 2.0  # that closing waits for a step under way
IDLE_S = 0.25  # between two looks for requests while paused
MIN_SLEEP_S = 0.001  # given to other threads between two frames
CHECK_INTERVAL_S = 0.5  # between two checks of the state
CHECK_COST_RATIO = 10  # durations of a check before the next, if that is more
MANY_TOKENS = 100_000  # above, clusters are computed less often while time passes
CLUSTER_INTERVAL_S = 2.0  # between two computations of those
SMOOTHING = 0.9  # weight of the past in the moving averages of `Pace`
MIN_ELAPSED_S = 1e-6  # keeps rates finite


class FailureKind(Enum):
    """What a failure of the engine means for the run."""

    REFUSED = "refused"
    """A request could not be carried out; the run goes on as before."""

    STOPPED = "stopped"
    """A step or a frame failed; time no longer passes."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the engine could not do something.

    Attributes
    ----------
    kind : FailureKind
        What it means for the run.
    text : str
        What happened and what to do, for the person.
    """

    kind: FailureKind
    text: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the engine goes.

    Attributes
    ----------
    step_ms : float
        Milliseconds per step, averaged.
    rate : float
        Simulated time per second, as achieved; below the requested speed where steps
        take longer than that allows.
    playing : bool
        Whether time passes.
    backend, method : str
        The array library, and how sums are computed.
    why : str
        Why they are computed so.
    """

    step_ms: float
    rate: float
    playing: bool
    backend: str
    method: str
    why: str = ""


class Engine:
    """Runs a simulation in the background.

    Scenarios go in and frames come out, each through a mailbox that keeps only the
    latest, so that neither fast edits nor a slow window make the other wait.  The
    clock is wall time multiplied by `speed`; where stepping cannot keep up, simulated
    time falls behind rather than the picture.
    """

    def __init__(self, simulation: Simulation, speed: float = 1.0) -> None:
        self._simulation = simulation
        self._scenarios: Latest[Scenario] = Latest()
        self._requests: Latest[FrameRequest] = Latest()
        self._frames: Latest[Frame] = Latest()
        self._failures: Latest[Failure] = Latest()
        self._commands: deque[Callable[[], None]] = deque()
        self._retunes = 0
        self._playing, self._closing = threading.Event(), threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._speed, self._request, self._clock = speed, FrameRequest(), 0.0
        self._changed, self._framed_at, self._passed_layer = True, 0.0, False
        self._held_since = -HOLD_S
        self._checks: tuple[Check, ...] = ()
        self._checked_at, self._clustered_at = 0.0, -CLUSTER_INTERVAL_S
        self._without_clusters = False
        self.pace = Pace(0.0, 0.0, False, simulation.backend.name, *simulation.method)

    def start(self, *, playing: bool = True) -> None:
        """Start the thread; with `playing`, time passes at once."""
        if playing:
            self._playing.set()
        self._thread.start()

    def close(self) -> None:
        """Stop the thread and wait for it, but not for the end of a very long step."""
        self._closing.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_TIMEOUT_S)

    @property
    def playing(self) -> bool:
        """Whether time passes."""
        return self._playing.is_set()

    def play(self) -> None:
        """Let time pass."""
        self._playing.set()
        self._wake.set()

    def pause(self) -> None:
        """Stop time; edits still take effect and are shown."""
        self._playing.clear()

    def set_speed(self, speed: float) -> None:
        """Let `speed` units of simulated time pass per second."""
        self._speed = speed

    def retune(self, scenario: Scenario) -> None:
        """Request `scenario`, from any thread; takes effect before the next step."""
        self._retunes += 1
        self._scenarios.put(scenario)
        self._wake.set()

    def request(self, request: FrameRequest) -> None:
        """Set what the next frames hold."""
        self._requests.put(request)
        self._wake.set()

    def wish(self, request: FrameRequest) -> None:
        """Call `request`, which had this name in 0.1."""
        warn_renamed("Engine.wish", "Engine.request")
        self.request(request)

    def step(self) -> None:
        """Pause, and advance by one step."""
        self.pause()
        self._command(self._one_step)

    def reset(self) -> None:
        """Go back to the same start."""
        self._command(self._simulation.reset)

    def restore(self, frame: Frame) -> None:
        """Go back to an earlier frame of this run.

        Does nothing if a scenario that restarts is requested before it is carried out.
        """
        requested = self._retunes

        def back() -> None:
            simulation = self._simulation
            other = restarts(frame.scenario, simulation.scenario)
            if self._retunes == requested or not other:
                simulation.restore(frame)

        self._command(back)

    def latest(self) -> Frame | None:
        """Return the newest frame not yet taken, if any."""
        return self._frames.take()

    def failure(self) -> Failure | None:
        """Return the last failure not yet taken, if any."""
        return self._failures.take()

    def trouble(self) -> str | None:
        """Return the text of `failure`, which had this name in 0.1."""
        warn_renamed("Engine.trouble", "Engine.failure")
        failure = self.failure()
        return None if failure is None else failure.text

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.append(command)
        self._wake.set()

    def _run(self) -> None:
        lower_priority()
        for thread in worker_ids():
            lower_priority(thread=thread)  # they may have started before this one
        # Numbers that overflow are found in the frame, which raises an error.
        with np.errstate(all="ignore"):
            self._loop()

    def _loop(self) -> None:
        then = time.perf_counter()
        while not self._closing.is_set():
            now = time.perf_counter()
            passed, then = now - then, now
            self._handle_requests()
            if self._changed and self._simulation.t == 0:
                self._make_frame()
            if self._changed and self.pace.step_ms > 1e3 * STEPPING_S:
                self._make_frame()  # of what changed, before a step that takes long
            if self._playing.is_set() and not self._frame_held(now):
                self._advance(passed)
            self._changed |= self._without_clusters and not self._playing.is_set()
            if self._changed and not self._frame_unread(now):
                self._make_frame()
                self._framed_at = now
            self._wait(then)

    def _frame_unread(self, now: float) -> bool:
        """Whether a recent frame waits for a window that is busy."""
        waits = self._playing.is_set() and self._frames.full
        return waits and now - self._framed_at < UNREAD_S

    def _frame_held(self, now: float) -> bool:
        """Whether the start or a layer, none of which is skipped, waits to be taken."""
        return self._frames.full and now - self._held_since < HOLD_S

    def _handle_requests(self) -> None:
        if (request := self._requests.take()) is not None:
            self._request, self._changed = request, True
        if (scenario := self._scenarios.take()) is not None:
            self._carry_out(lambda: self._simulation.retune(scenario))
        while self._commands:
            self._carry_out(self._commands.popleft())

    def _carry_out(self, command: Callable[[], None]) -> None:
        """Carry out `command`; if that fails, report why and go on as before."""
        try:
            command()
        except Exception as error:  # whatever it is, the run in force goes on
            text = str(error) or type(error).__name__
            self._failures.put(Failure(FailureKind.REFUSED, text))
        method, why = self._simulation.method
        self.pace = replace(self.pace, method=method, why=why)
        now = self._simulation.coordinate
        if not now - self._simulation.scenario.step <= self._clock <= now:
            self._clock = now
        self._changed = True

    def _one_step(self) -> None:
        self._simulation.step()
        self._clock = self._simulation.coordinate

    def _advance(self, passed: float) -> None:
        """Step as far as the clock went, or as far as there is time for.

        Where that is less, the frame is of the state itself: there is no time to
        interpolate.  Layers that are slower than frames pass one by one, so that none
        is skipped.
        """
        wanted = self._speed * passed
        scenario = self._simulation.scenario
        layers = scenario.integrator.discrete
        single = layers and REFRESH_S * self._speed <= scenario.step
        most = max(4 * REFRESH_S * self._speed, scenario.step)
        most = scenario.step if single else most
        goal = self._clock + min(wanted, most)
        start, before, steps = time.perf_counter(), self._clock, 0
        try:
            while self._simulation.coordinate < goal:
                self._simulation.step()
                steps += 1
                if time.perf_counter() - start > STEPPING_S:
                    break
        except Exception as error:
            self._stop(error)
        now = self._simulation.coordinate
        self._clock = now if wanted > most and not single else min(goal, now)
        self._passed_layer |= steps > 0 and layers
        self._changed = True
        spent, gained = time.perf_counter() - start, self._clock - before
        self._update_pace(steps, spent, gained, passed)

    def _stop(self, error: Exception) -> None:
        """Stop time after `error`, and report it."""
        self._playing.clear()
        text = f"the run stopped: {error}"
        self._failures.put(Failure(FailureKind.STOPPED, text))

    def _update_pace(
        self, steps: int, spent: float, gained: float, passed: float
    ) -> None:
        """Average in that `steps` took `spent` of the `passed` seconds."""
        old, a = self.pace, SMOOTHING
        step_ms = old.step_ms
        if steps:
            now = 1e3 * spent / steps
            step_ms = a * step_ms + (1 - a) * now if step_ms else now
        rate = a * old.rate + (1 - a) * gained / max(passed, MIN_ELAPSED_S)
        self.pace = replace(old, step_ms=step_ms, rate=rate, playing=True)

    def _make_frame(self) -> None:
        try:
            at = self._simulation.scenario.clock.time(self._frame_coordinate())
            frame = self._simulation.frame(at, self._affordable_request())
            if self._request.checks:
                frame = replace(frame, checks=self._current_checks())
        except Exception as error:
            self._stop(error)
        else:
            self._frames.put(frame)
            if frame.layer or frame.t == 0:
                self._held_since = time.perf_counter()
        self._changed = False

    def _affordable_request(self) -> FrameRequest:
        """Return the request in force; clusters of many tokens only now and then."""
        now = time.perf_counter()
        many = len(self._simulation.ids) > MANY_TOKENS
        recent = now - self._clustered_at < CLUSTER_INTERVAL_S
        self._without_clusters = many and self._playing.is_set() and recent
        if self._without_clusters:
            return self._request.without_clusters()
        self._clustered_at = now
        return self._request

    def _frame_coordinate(self) -> float:
        """Return where the frame is: at the clock, or at a layer just passed."""
        passed, self._passed_layer = self._passed_layer, False
        now = self._simulation.coordinate
        if not passed or self._clock >= now:
            return self._clock
        return now - self._simulation.scenario.step

    def _current_checks(self) -> tuple[Check, ...]:
        """Check the state in force, or return recent results."""
        now = time.perf_counter()
        if not self._playing.is_set() or now - self._checked_at > CHECK_INTERVAL_S:
            self._checks = tuple(check_state(self._simulation))
            after = time.perf_counter()
            extra = CHECK_COST_RATIO * (after - now) - CHECK_INTERVAL_S
            self._checked_at = after + max(0.0, extra)
        return self._checks

    def _wait(self, since: float) -> None:
        """Wait for the next refresh, or while paused for the next request."""
        if self._playing.is_set():
            left = since + REFRESH_S - time.perf_counter()
            time.sleep(max(MIN_SLEEP_S, left))
        else:
            self.pace = replace(self.pace, rate=0.0, playing=False)
            self._wake.wait(IDLE_S)
        self._wake.clear()
