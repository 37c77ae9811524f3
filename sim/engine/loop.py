"""What the thread of an engine does: carry out, step, make a frame, wait."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.commands import CommandKind, CommandQueue
from sim.engine.failure import Failure, FailureKind
from sim.engine.frame_maker import FrameMaker
from sim.engine.pace import Pace
from sim.engine.run_clock import REFRESH_S, STEPPING_S, RunClock
from sim.engine.shared_time import SharedTime
from sim.jit.interruption import SumAbandonedError, abandoned_if
from sim.jit.thread_pool import worker_ids
from sim.mailbox import Latest
from sim.playback import Playback
from sim.series_filler import SeriesFiller
from sim.thread_priority import lower_priority

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from concurrent.futures import Future

    from sim.engine.commands import Command
    from sim.frame import Frame, FrameRequest
    from sim.simulation import Simulation

Requested = tuple["FrameRequest", "FrameRequest | None", bool]
UNREAD_S = 0.25  # for which a frame that waits to be taken is not replaced
HOLD_S = 0.25  # that the run waits for a window to take its start or a layer
QUICK_STEP_S = 0.01  # of a step that costs no picture
IDLE_S = 0.25  # between two looks for requests while paused
PATIENCE_S = 0.5  # that another run waits for the sums of the one in force
MIN_SLEEP_S = 0.001  # given to other threads between two frames


class EngineLoop:
    """Plays a simulation by the commands and requests that other threads put here.

    Attributes
    ----------
    commands : CommandQueue
        What is to be done, in order.
    requests : Latest of FrameRequest
        What the next frames are to hold, and those between whole ones.
    frames, failures : Latest
        What came of it.
    playing, closing, wake, used : threading.Event
        Whether time passes, whether the thread ends, whether it has something to do,
        and whether the last frame has been used, or another lane has come along.
    pace : Pace
        How fast it goes.
    applied : int
        The number of the last edit that is in force.
    shared_time : SharedTime
        The time that is shown here and in the lanes beside it.
    """

    def __init__(self, simulation: Simulation, speed: float) -> None:
        self._simulation = simulation
        self.playback = Playback(simulation)
        self.clock = RunClock(self.playback, speed, self._interrupted)
        self.filler = SeriesFiller(simulation.backend)
        self.commands = CommandQueue()
        self.requests: Latest[Requested] = Latest()
        self.frames: Latest[Frame] = Latest()
        self.failures: Latest[Failure] = Latest()
        self.playing, self.closing = threading.Event(), threading.Event()
        self.wake, self.used = threading.Event(), threading.Event()
        self.applied = 0
        self._shown_number = 0
        self.join(SharedTime())
        self.shared_time.lead(self)
        self.pace = Pace(0.0, 0.0, False, simulation.backend.name, *simulation.method)
        self._frame_maker = FrameMaker(self.playback)
        self._changed, self._framed_at, self._filled_at = True, 0.0, 0.0
        self._held_since, self._waited = -HOLD_S, 0.0

    def join(self, shared_time: SharedTime) -> None:
        """Show what `shared_time` says, from now on."""
        self.shared_time = shared_time
        shared_time.join(self, self._wake_up)

    def _wake_up(self) -> None:
        """Look at once what the other lanes have done."""
        self.wake.set()
        self.used.set()

    def run(self) -> None:
        """Play until `closing` is set."""
        lower_priority()
        for thread in worker_ids():
            lower_priority(thread=thread)  # they may have started before this one
        # Numbers that overflow are found in the frame, which raises an error.
        with np.errstate(all="ignore"):
            self._loop()
        self.filler.close()  # it may have begun anew since the engine was closed

    def _loop(self) -> None:
        then = time.perf_counter()
        while not self.closing.is_set():
            now = time.perf_counter()
            passed, then = now - then, now
            self.handle_requests()
            if self.closing.is_set():
                return
            self._fill_series(now)
            if self._changed and self._simulation.t == 0:
                self.make_frame()
            if self._changed and self.pace.step_ms > 1e3 * STEPPING_S:
                self.make_frame()  # of what changed, before a step that takes long
            if not self.shared_time.is_led_by(self):
                self.catch_up()
            elif self.playing.is_set():
                self._go_on(now, passed)
            leads = self.shared_time.is_led_by(self)
            skipped = self._frame_maker.skips and leads
            self._changed |= skipped and not self.playing.is_set()
            if self._changed and not self._frame_unread(now):
                self.make_frame()
                self._framed_at = now
            self._wait(then)

    def _fill_series(self, now: float) -> None:
        """Have missing samples measured in the background, unless steps are slow."""
        slow = self.playing.is_set() and self.pace.step_ms > 1e3 * STEPPING_S
        if not slow and now - self._filled_at > IDLE_S:
            self._filled_at = now
            self._changed |= self.filler.fill(self.playback)

    def _frame_unread(self, now: float) -> bool:
        """Whether a recent frame waits for a window that is busy."""
        waits = self.playing.is_set() and self.frames.full
        return waits and now - self._framed_at < UNREAD_S

    def _go_on(self, now: float, passed: float) -> None:
        """Let time go on, unless it is held; that in which it was held counts, too.

        But not where steps take long: pictures would then be fewer.
        """
        if self._held(now):
            self._waited += passed if self.shared_time.waits() else 0.0
            return
        quick = self.pace.step_ms < 1e3 * QUICK_STEP_S
        self.advance(passed + (self._waited if quick else 0.0))
        self._waited = 0.0

    def _held(self, now: float) -> bool:
        """Whether to wait for another lane, or for a frame that is not skipped.

        That is the start, or a layer.
        """
        frame_held = self.frames.full and now - self._held_since < HOLD_S
        return frame_held or self.shared_time.waits()

    def handle_requests(self) -> None:
        """Carry out what waits to be done."""
        if (request := self.requests.take()) is not None:
            self._frame_maker.request(*request[:2], of_few=request[2])
            self._changed = True
        while not self.closing.is_set():
            if (command := self.commands.take()) is None:
                return
            self._carry_out(command)

    def _carry_out(self, command: Command) -> None:
        """Carry out a command; if that fails, report why and go on as before."""
        self.shared_time.fail(self, failed=False)
        try:
            with self._abandonable():
                command.action()
        except SumAbandonedError:
            pass  # another run waits, or the end
        except FloatingPointError as error:
            self._stop(error)
        except Exception as error:  # whatever it is, the run in force goes on
            text = str(error) or type(error).__name__
            self.failures.put(Failure(FailureKind.REFUSED, text))
        self.applied = max(self.applied, command.number)
        with suppress(SumAbandonedError), self._abandonable():
            self._frame_maker.sample()  # the number of tokens may be another
        method, why = self._simulation.method
        self.pace = replace(self.pace, method=method, why=why)
        self.clock.follow(sought=command.kind is CommandKind.SEEK)
        self._changed = True

    def collect(
        self, times: Sequence[float], request: FrameRequest, out: Future[list[Frame]]
    ) -> None:
        """Give `out` the frames at these times, and go back to the time on show."""
        now = self.clock.present
        try:
            frames = self._frame_maker.frames(times, request, self._is_open)
        except Exception as error:
            out.set_exception(error)
        else:
            out.set_result(frames)
        self.playback.seek(now, self._is_open)

    def _is_open(self, _share: float) -> bool:
        return not self.closing.is_set()

    def _interrupted(self) -> bool:
        """Whether a seek is in vain: the engine closes, or another seek waits."""
        return self.closing.is_set() or self.commands.has_seek()

    @contextmanager
    def _abandonable(self) -> Generator[None]:
        """Let sums end that no one waits for: another run waits, or the end.

        Not at once, so that runs are seen while a setting that restarts is dragged.
        """
        since = time.perf_counter()

        def in_vain() -> bool:
            late = time.perf_counter() - since > PATIENCE_S
            return self.closing.is_set() or (late and self.commands.has_restart())

        with abandoned_if(in_vain):
            yield

    def advance(self, passed: float) -> None:
        """Let the clock go on by `passed` seconds of wall time."""
        with self._abandonable():
            done = self.clock.advance(passed)
        if done.error is not None:
            self._stop(done.error)
        self._changed = True
        self.pace = self.pace.averaged(done.steps, done.spent, done.gained, done.passed)
        if done.at_start:
            self.playing.clear()

    def catch_up(self) -> None:
        """Go to the time that the leading lane shows, or some way towards it."""
        wanted = self.shared_time.wanted(self)
        if wanted is None:
            return
        number, t = wanted
        with self._abandonable():
            done = self.clock.show(t)
        if done.error is not None:
            self._stop(done.error)
        elif self.clock.present == t:
            self._shown_number = number
        else:
            self.wake.set()  # there is more to do
        self._changed = True
        self.pace = self.pace.averaged(done.steps, done.spent, done.gained, done.passed)

    def _stop(self, error: Exception) -> None:
        """Stop time after `error`, and report it, unless another run is to come."""
        if isinstance(error, SumAbandonedError):
            return
        self.playing.clear()
        self.shared_time.fail(self)
        text = f"the run stopped: {error}"
        self.failures.put(Failure(FailureKind.STOPPED, text))

    def make_frame(self) -> None:
        """Put the frame of the present into its mailbox."""
        try:
            t, playing = self.clock.frame_time(), self.playing.is_set()
            make, whole = self._frame_maker.frame, self._whole(playing=playing)
            leads = self.shared_time.is_led_by(self)
            if leads:  # the others go there while this frame is made
                self.shared_time.set(t, whole=whole)
            with self._abandonable():
                frame = make(t, self.applied, playing=playing, whole=whole)
        except Exception as error:
            self._stop(error)
        else:
            self.frames.put(frame)
            if not leads:
                self.shared_time.showed(self, self._shown_number)
            if frame.layer or frame.t == 0:
                self._held_since = time.perf_counter()
        self._changed = False

    def _whole(self, *, playing: bool) -> bool:
        """Return whether the next frame is to be whole: in all lanes, or in none."""
        if not self.shared_time.is_led_by(self):
            return self.shared_time.wants_whole(self)
        return not playing or self._frame_maker.whole_is_due()

    def _wait(self, since: float) -> None:
        """Wait for the next refresh, or while paused for the next request."""
        if self.playing.is_set():
            left = max(MIN_SLEEP_S, since + REFRESH_S - time.perf_counter())
            self.used.clear()
            if self._changed and self.frames.full:
                self.used.wait(left)  # and then make the next one at once
            elif self._held(time.perf_counter()):
                self.used.wait(left)  # or until the other lanes have come
            else:
                time.sleep(left)
        else:
            self.pace = self.pace.paused()
            self.wake.wait(IDLE_S)
        self.wake.clear()
