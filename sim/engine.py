"""A simulation on its own thread, with a letter box at each end."""

from __future__ import annotations

import os
import sys
import threading
import time
import warnings
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from sim.checks.state import certificates
from sim.frame import FrameRequest
from sim.jit.thread_pool import worker_ids
from sim.scenario import restarts

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.frame import Frame
    from sim.measure.check import Certificate
    from sim.scenario import Scenario
    from sim.simulation import Simulation

T = TypeVar("T")
TICK = 1 / 60  # seconds: one refresh of a 60 Hz screen
FRESH = 0.050  # seconds for which a frame that waits is not drawn anew
MISSED = 0.25  # seconds that the run waits for a window to see its start or a layer
BUDGET = 0.030  # seconds of stepping after which a frame is shown all the same
PATIENCE = 2.0  # seconds that closing waits for a step under way
CHECKED = 0.5  # seconds between two looks at what can be checked
CROWD = 100_000  # tokens: above, clusters are looked for less often while time passes
COUNTED = 2.0  # seconds between two counts of those
DEAR = 10  # times that a look took: before the next, if that is more
MODEST = 5  # how far a Linux thread of the engine stands behind that of the window
SMOOTH = 0.9  # weight of the past in the moving averages of `Pace`


class Latest(Generic[T]):
    """A one-slot letter box: a new letter replaces an unread one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._letter: T | None = None

    def put(self, letter: T) -> None:
        """Leave `letter`."""
        with self._lock:
            self._letter = letter

    @property
    def full(self) -> bool:
        """Whether a letter waits."""
        return self._letter is not None

    def take(self) -> T | None:
        """Return the letter and empty the box; None if there is none."""
        with self._lock:
            letter, self._letter = self._letter, None
        return letter


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the engine goes.

    Attributes
    ----------
    step_ms : float
        Milliseconds a step, averaged.
    rate : float
        Simulated time a second, as achieved; below the asked speed when a step costs
        more than its share.
    playing : bool
        Whether time passes.
    backend, method : str
        What computes, and how the sums are done.
    why : str
        Why they are done so.
    """

    step_ms: float
    rate: float
    playing: bool
    backend: str
    method: str
    why: str = ""


class Engine:
    """Runs a simulation in the background.

    Scenarios go in and frames come out, each through a box that keeps only the latest,
    so neither a fast hand on a slider nor a slow window can make the other wait.  The
    clock is wall time multiplied by `speed`; where stepping cannot keep up, simulated
    time falls behind rather than the picture.
    """

    def __init__(self, simulation: Simulation, speed: float = 1.0) -> None:
        self._simulation = simulation
        self._scenarios: Latest[Scenario] = Latest()
        self._requests: Latest[FrameRequest] = Latest()
        self._frames: Latest[Frame] = Latest()
        self._troubles: Latest[str] = Latest()
        self._orders: deque[Callable[[], None]] = deque()
        self._retunes = 0
        self._playing, self._closing = threading.Event(), threading.Event()
        self._stir = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._speed, self._request, self._clock = speed, FrameRequest(), 0.0
        self._stale, self._shown, self._layer = True, 0.0, False
        self._held = -MISSED
        self._checks: tuple[Certificate, ...] = ()
        self._checked, self._counted, self._without_clusters = 0.0, -COUNTED, False
        self.pace = Pace(0.0, 0.0, False, simulation.backend.name, *simulation.method)

    def start(self, *, playing: bool = True) -> None:
        """Start the thread; with `playing`, time passes at once."""
        if playing:
            self._playing.set()
        self._thread.start()

    def close(self) -> None:
        """Stop the thread and wait for it, or leave a very long step behind."""
        self._closing.set()
        self._stir.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)

    @property
    def playing(self) -> bool:
        """Whether time passes."""
        return self._playing.is_set()

    def play(self) -> None:
        """Let time pass."""
        self._playing.set()
        self._stir.set()

    def pause(self) -> None:
        """Stop time; edits still take hold and are shown."""
        self._playing.clear()

    def set_speed(self, speed: float) -> None:
        """Let `speed` units of simulated time pass a second."""
        self._speed = speed

    def retune(self, scenario: Scenario) -> None:
        """Ask for `scenario`, from any thread; takes hold before the next step."""
        self._retunes += 1
        self._scenarios.put(scenario)
        self._stir.set()

    def request(self, request: FrameRequest) -> None:
        """Ask for what the next frames should hold."""
        self._requests.put(request)
        self._stir.set()

    def wish(self, request: FrameRequest) -> None:
        """Call `request`, as this method is named now."""
        text = "Engine.wish is now Engine.request; the old name goes in 0.3."
        warnings.warn(text, DeprecationWarning, stacklevel=2)
        self.request(request)

    def step(self) -> None:
        """Pause, and advance by one step."""
        self.pause()
        self._order(self._one_step)

    def reset(self) -> None:
        """Go back to the same start."""
        self._order(self._simulation.reset)

    def restore(self, frame: Frame) -> None:
        """Go back to an earlier frame of this run, unless another is asked for then."""
        asked = self._retunes

        def back() -> None:
            simulation = self._simulation
            other = restarts(frame.scenario, simulation.scenario)
            if self._retunes == asked or not other:
                simulation.restore(frame)

        self._order(back)

    def latest(self) -> Frame | None:
        """Return the newest frame not yet taken, if any."""
        return self._frames.take()

    def trouble(self) -> str | None:
        """Return why the last order could not be carried out, once, if it could not."""
        return self._troubles.take()

    def _order(self, order: Callable[[], None]) -> None:
        self._orders.append(order)
        self._stir.set()

    def _run(self) -> None:
        give_way()
        for thread in worker_ids():
            give_way(thread=thread)  # whoever made the run may have needed them
        # What overflows is found in the frame, and said there.
        with np.errstate(all="ignore"):
            self._loop()

    def _loop(self) -> None:
        then = time.perf_counter()
        while not self._closing.is_set():
            now = time.perf_counter()
            passed, then = now - then, now
            self._obey()
            if self._stale and self._simulation.t == 0:
                self._show()
            if self._stale and self.pace.step_ms > 1e3 * BUDGET:
                self._show()  # what an order changed, before a step that takes long
            if self._playing.is_set() and not self._awaited(now):
                self._march(passed)
            self._stale |= self._without_clusters and not self._playing.is_set()
            if self._stale and not self._unread(now):
                self._show()
                self._shown = now
            self._rest(then)

    def _unread(self, now: float) -> bool:
        """Whether a frame of just now waits for a window that is busy."""
        waits = self._playing.is_set() and self._frames.full
        return waits and now - self._shown < FRESH

    def _awaited(self, now: float) -> bool:
        """Whether the start or a layer, which nobody should miss, is not seen yet."""
        return self._frames.full and now - self._held < MISSED

    def _obey(self) -> None:
        if (request := self._requests.take()) is not None:
            self._request, self._stale = request, True
        if (scenario := self._scenarios.take()) is not None:
            self._try(lambda: self._simulation.retune(scenario))
        while self._orders:
            self._try(self._orders.popleft())

    def _try(self, order: Callable[[], None]) -> None:
        """Carry out `order`; if it cannot be, say why and go on as before."""
        try:
            order()
        except Exception as error:  # whatever it is, the run in force goes on
            self._troubles.put(str(error) or type(error).__name__)
        method, why = self._simulation.method
        self.pace = replace(self.pace, method=method, why=why)
        now = self._simulation.reading
        if not now - self._simulation.scenario.step <= self._clock <= now:
            self._clock = now
        self._stale = True

    def _one_step(self) -> None:
        self._simulation.step()
        self._clock = self._simulation.reading

    def _march(self, passed: float) -> None:
        """Step as far as the clock went, or as far as there is time for.

        Where that is less, the state itself is shown: there is no time for one between.
        Layers that are slower than frames pass one by one, so that none is left out.
        """
        asked = self._speed * passed
        scenario = self._simulation.scenario
        single = scenario.integrator.discrete and TICK * self._speed <= scenario.step
        most = scenario.step if single else max(4 * TICK * self._speed, scenario.step)
        goal = self._clock + min(asked, most)
        start, before, steps = time.perf_counter(), self._clock, 0
        try:
            while self._simulation.reading < goal:
                self._simulation.step()
                steps += 1
                if time.perf_counter() - start > BUDGET:
                    break
        except Exception as error:
            self._playing.clear()
            self._troubles.put(f"the run stopped: {error}")
        now = self._simulation.reading
        self._clock = now if asked > most and not single else min(goal, now)
        self._layer |= steps > 0 and scenario.integrator.discrete
        self._stale = True
        self._note(steps, time.perf_counter() - start, self._clock - before, passed)

    def _note(self, steps: int, spent: float, gained: float, passed: float) -> None:
        old, a = self.pace, SMOOTH
        step_ms = old.step_ms
        if steps:
            now = 1e3 * spent / steps
            step_ms = a * step_ms + (1 - a) * now if step_ms else now
        rate = a * old.rate + (1 - a) * gained / max(passed, 1e-6)
        self.pace = replace(old, step_ms=step_ms, rate=rate, playing=True)

    def _show(self) -> None:
        try:
            at = self._simulation.scenario.clock.time(self._reading())
            frame = self._simulation.frame(at, self._affordable())
            if self._request.checks:
                frame = replace(frame, checks=self._check())
        except Exception as error:
            self._playing.clear()
            self._troubles.put(f"the run stopped: {error}")
        else:
            self._frames.put(frame)
            if frame.layer or frame.t == 0:
                self._held = time.perf_counter()
        self._stale = False

    def _affordable(self) -> FrameRequest:
        """Return the request in force; clusters of many tokens only now and then."""
        now = time.perf_counter()
        many = self._simulation.scenario.tokens > CROWD
        busy = self._playing.is_set() and now - self._counted < COUNTED
        self._without_clusters = many and busy
        if self._without_clusters:
            return self._request.without_clusters()
        self._counted = now
        return self._request

    def _reading(self) -> float:
        """Return where to look: at the clock, or at the layer that it just passed."""
        passed, self._layer = self._layer, False
        now = self._simulation.reading
        if not passed or self._clock >= now:
            return self._clock
        return now - self._simulation.scenario.step

    def _check(self) -> tuple[Certificate, ...]:
        """Check the state in force, or say what was found shortly before."""
        now = time.perf_counter()
        if not self._playing.is_set() or now - self._checked > CHECKED:
            self._checks = tuple(certificates(self._simulation))
            after = time.perf_counter()
            self._checked = after + max(0.0, DEAR * (after - now) - CHECKED)
        return self._checks

    def _rest(self, since: float) -> None:
        """Wait for the next refresh, or while paused for the next order."""
        if self._playing.is_set():
            time.sleep(max(0.001, since + TICK - time.perf_counter()))
        else:
            self.pace = replace(self.pace, rate=0.0, playing=False)
            self._stir.wait(0.25)
        self._stir.clear()


def give_way(by: int = MODEST, thread: int = 0) -> None:
    """Let a thread, and those that it starts, compute in what time others leave.

    This one, or the one that the system knows by the number `thread`.

    On Linux alone, where every thread has a priority of its own: a window whose picture
    is drawn by the processor then stays smooth however long a step takes.
    """
    if sys.platform == "linux":
        window = os.getpriority(os.PRIO_PROCESS, os.getpid())
        here = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, max(here, window + by))
