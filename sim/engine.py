"""A simulation on its own thread, with a mailbox at each end."""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from sim.checks.state import check_state
from sim.deprecation import warn_renamed
from sim.frame import FrameRequest
from sim.jit.thread_pool import worker_ids
from sim.mailbox import Latest
from sim.playback import Playback
from sim.scenario import restarts
from sim.series_filler import SeriesFiller
from sim.thread_priority import lower_priority

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.frame import Frame
    from sim.measure.check import Check
    from sim.record import Record
    from sim.scenario import Scenario
    from sim.schedule import Run
    from sim.simulation import Simulation
    from sim.tokens.edits import TokenEdits

REFRESH_S = 1 / 60  # one refresh of a 60 Hz screen
UNREAD_S = 0.050  # for which a frame that waits to be taken is not replaced
HOLD_S = 0.25  # that the run waits for a window to take its start or a layer
STEPPING_S = 0.030  # of stepping after which a frame is made in any case
CLOSE_TIMEOUT_S = 2.0  # that closing waits for a step under way
FLUSH_TIMEOUT_S = 1.0  # that `record` waits for a step under way
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


class _Kind(Enum):
    """What a command does, where commands of one kind may replace each other."""

    RETUNE = "retune"
    SEEK = "seek"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class _Command:
    """An action for the engine's thread, and the number of the edit that it is."""

    kind: _Kind
    action: Callable[[], None]
    number: int = 0


class Engine:
    """Runs a simulation in the background.

    Scenarios go in and frames come out, each through a mailbox that keeps only the
    latest, so that neither fast edits nor a slow window make the other wait.  The
    clock is wall time multiplied by `speed`; where stepping cannot keep up, simulated
    time falls behind rather than the picture.
    """

    def __init__(self, simulation: Simulation, speed: float = 1.0) -> None:
        self._simulation = simulation
        self._playback = Playback(simulation)
        self._filler = SeriesFiller(simulation.backend)
        self._filled_at = 0.0
        self._requests: Latest[FrameRequest] = Latest()
        self._frames: Latest[Frame] = Latest()
        self._failures: Latest[Failure] = Latest()
        self._commands: deque[_Command] = deque()
        self._lock = threading.Lock()
        self._edits = self._applied = 0
        self._seek_share: float | None = None
        self._seek_left = threading.Event()
        self._backwards = False
        self._shown_at: float | None = None  # the time of a seek, to the bit
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
        self._filler.close()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_TIMEOUT_S)

    @property
    def playing(self) -> bool:
        """Whether time passes."""
        return self._playing.is_set()

    def play(self, *, backwards: bool = False) -> None:
        """Let time pass; with `backwards`, from the present to the start."""
        self._backwards = backwards
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
        self._edit(_Kind.RETUNE, lambda: self._playback.retune(scenario))

    def edit_tokens(self, edits: TokenEdits, seen: Frame | None = None) -> None:
        """Move, add and remove tokens of the run, before the next step.

        Those of the run that the frame `seen` is of: if another one was begun since,
        nothing happens, as its tokens are others.
        """
        self._edit(_Kind.EDIT, lambda: self._edit_tokens(edits, seen))

    def _edit_tokens(self, edits: TokenEdits, seen: Frame | None) -> None:
        run = None if seen is None else seen.run
        if run is None or not restarts(run.start, self._simulation.run.start):
            self._playback.edit_tokens(edits)

    def reset(self) -> None:
        """Begin a new run: with the settings in force, and no changes in time."""
        self._edit(_Kind.EDIT, self._playback.reset)

    def load(self, run: Run, t: float = 0.0) -> None:
        """Play another run from the time `t`, or show it there if time is paused."""
        self._edit(_Kind.EDIT, lambda: self._playback.load(run))
        self._command(_Command(_Kind.SEEK, lambda: self._seek(t)))

    def restore(self, frame: Frame) -> None:
        """Go back to an earlier frame of this run, and forget what came later."""
        self._edit(_Kind.EDIT, lambda: self._playback.restore(frame))

    @property
    def edits(self) -> int:
        """How many edits were requested; a frame's record says which are in force."""
        return self._edits

    def seek(self, t: float) -> None:
        """Pause, and go to the time `t` of the run, exactly; replaces a seek before."""
        self.pause()
        self._command(_Command(_Kind.SEEK, lambda: self._seek(t)))

    @property
    def seeking(self) -> float | None:
        """The share of a seek that is done; None while there is none."""
        return self._seek_share

    def leave_seek(self) -> None:
        """End a seek where it has come to."""
        self._seek_left.set()

    def collect(
        self, times: Sequence[float], request: FrameRequest
    ) -> Future[list[Frame]]:
        """Return the frames at these times of the run, in order, when they are made.

        The run then goes on from where it is.
        """
        out: Future[list[Frame]] = Future()

        def collected() -> None:
            now = self._present()
            try:
                frames = [self._frame_of(t, request) for t in times]
            except Exception as error:
                out.set_exception(error)
            else:
                out.set_result(frames)
            self._playback.seek(now, self._is_open)

        self._command(_Command(_Kind.EDIT, collected))
        return out

    def _frame_of(self, t: float, request: FrameRequest) -> Frame:
        self._playback.seek(t, self._is_open)
        return self._playback.frame(t, request)

    def _is_open(self, _share: float) -> bool:
        return not self._closing.is_set()

    def record(self) -> Record:
        """Return what is known of the run, after all edits unless a step takes long."""
        done = threading.Event()
        if self._thread.is_alive():
            self._command(_Command(_Kind.EDIT, done.set))
            done.wait(FLUSH_TIMEOUT_S)
        return replace(self._playback.record, edits=self._applied)

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
        self._command(_Command(_Kind.EDIT, self._one_step))

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

    def _edit(self, kind: _Kind, action: Callable[[], None]) -> None:
        with self._lock:
            self._edits += 1
            self._append(_Command(kind, action, self._edits))
        self._wake.set()

    def _command(self, command: _Command) -> None:
        with self._lock:
            self._append(command)
        self._wake.set()

    def _append(self, command: _Command) -> None:
        """Add a command; of seeks, or of settings, in a row the newest counts."""
        last = self._commands[-1].kind if self._commands else None
        if command.kind is last and command.kind in (_Kind.RETUNE, _Kind.SEEK):
            self._commands.pop()
        self._commands.append(command)

    def _next_command(self) -> _Command | None:
        with self._lock:
            return self._commands.popleft() if self._commands else None

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
            self._fill_series(now)
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

    def _fill_series(self, now: float) -> None:
        """Have missing samples measured in the background, unless steps are slow."""
        slow = self._playing.is_set() and self.pace.step_ms > 1e3 * STEPPING_S
        if not slow and now - self._filled_at > IDLE_S:
            self._filled_at = now
            self._changed |= self._filler.fill(self._playback)

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
            self._playback.sample(request.series)
        while (command := self._next_command()) is not None:
            self._carry_out(command)

    def _carry_out(self, command: _Command) -> None:
        """Carry out a command; if that fails, report why and go on as before."""
        try:
            command.action()
        except FloatingPointError as error:
            self._stop(error)
        except Exception as error:  # whatever it is, the run in force goes on
            text = str(error) or type(error).__name__
            self._failures.put(Failure(FailureKind.REFUSED, text))
        self._applied = max(self._applied, command.number)
        method, why = self._simulation.method
        self.pace = replace(self.pace, method=method, why=why)
        now = self._simulation.coordinate
        if not now - self._simulation.scenario.step <= self._clock <= now:
            self._clock = now
        if command.kind is not _Kind.SEEK:
            self._shown_at = None
        self._changed = True

    def _seek(self, t: float) -> None:
        self._seek_left.clear()
        try:
            reached = self._playback.seek(t, self._seeks_on)
        finally:
            self._seek_share = None
        clock = self._simulation.scenario.clock
        self._shown_at = t if reached else None
        self._clock = clock.coordinate(t if reached else self._simulation.t)

    def _seeks_on(self, share: float) -> bool:
        """Note how far a seek is, and return whether it goes on."""
        self._seek_share = share
        with self._lock:
            replaced = any(c.kind is _Kind.SEEK for c in self._commands)
        stopped = self._closing.is_set() or self._seek_left.is_set()
        return not (stopped or replaced)

    def _one_step(self) -> None:
        self._playback.step()
        self._clock = self._simulation.coordinate

    def _advance(self, passed: float) -> None:
        """Step as far as the clock went, or as far as there is time for.

        Where that is less, the frame is of the state itself: there is no time to
        interpolate.  Layers that are slower than frames pass one by one, so that none
        is skipped.
        """
        self._shown_at = None
        if self._backwards:
            self._go_back(self._speed * passed)
            return
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
                self._playback.step()
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

    def _go_back(self, by: float) -> None:
        """Go back by so much of the clock, and pause at the start."""
        clock = self._simulation.scenario.clock
        before, started = self._clock, time.perf_counter()
        goal = max(0.0, before - min(by, 4 * REFRESH_S * self._speed))
        try:
            self._seek(clock.time(goal))
        except Exception as error:
            self._stop(error)
        self._clock = min(goal, self._simulation.coordinate)
        self._changed = True
        spent = time.perf_counter() - started
        self._update_pace(1, spent, before - self._clock, max(spent, REFRESH_S))
        if not goal:
            self.pause()

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
            frame = self._playback.frame(self._frame_time(), self._affordable_request())
            frame = self._numbered(frame)
            if self._request.checks:
                frame = replace(frame, checks=self._current_checks())
        except Exception as error:
            self._stop(error)
        else:
            self._frames.put(frame)
            if frame.layer or frame.t == 0:
                self._held_since = time.perf_counter()
        self._changed = False

    def _numbered(self, frame: Frame) -> Frame:
        """Return `frame` with the number of the edits that are in force."""
        assert frame.record is not None
        return replace(frame, record=replace(frame.record, edits=self._applied))

    def _present(self) -> float:
        """Return the time on show."""
        if self._shown_at is not None:
            return self._shown_at
        return self._simulation.scenario.clock.time(self._clock)

    def _frame_time(self) -> float:
        if self._shown_at is not None:
            return self._shown_at
        return self._simulation.scenario.clock.time(self._frame_coordinate())

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
