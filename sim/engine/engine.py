"""An engine, as other threads see it."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.deprecation import warn_renamed
from sim.engine.commands import CommandKind
from sim.engine.loop import EngineLoop
from sim.restarts import restarts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.arrays import Backend
    from sim.engine.failure import Failure
    from sim.engine.pace import Pace
    from sim.frame import Frame, FrameRequest
    from sim.history import Checkpoint
    from sim.record import Record
    from sim.scenario import Scenario
    from sim.schedule import Run
    from sim.simulation import Simulation
    from sim.tokens.edits import TokenEdits

CLOSE_TIMEOUT_S = 2.0  # that closing waits for a step under way
FLUSH_TIMEOUT_S = 1.0  # that `record` waits for a step under way


class Engine:
    """Runs a simulation in the background.

    Scenarios go in and frames come out, each through a mailbox that keeps only the
    latest, so that neither fast edits nor a slow window make the other wait.  The
    clock is wall time multiplied by `speed`; where stepping cannot keep up, simulated
    time falls behind rather than the picture.
    """

    def __init__(self, simulation: Simulation, speed: float = 1.0) -> None:
        self._simulation = simulation
        self._newest = simulation.run.start  # whose settings were asked for last
        self._loop = EngineLoop(simulation, speed)
        self._playback = self._loop.playback
        self._thread = threading.Thread(
            target=self._loop.run, name="engine", daemon=True
        )

    def start(self, *, playing: bool = True) -> None:
        """Start the thread; with `playing`, time passes at once."""
        if playing:
            self._loop.playing.set()
        self._thread.start()

    def close(self) -> None:
        """Stop the thread and wait for it, but not for the end of a very long step."""
        self._loop.closing.set()
        self._loop.shared_time.leave(self._loop)
        self._loop.filler.close()
        self._loop.wake.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_TIMEOUT_S)

    @property
    def backend(self) -> Backend:
        """The array library that it computes with."""
        return self._simulation.backend

    @property
    def pace(self) -> Pace:
        """How fast it goes."""
        return self._loop.pace

    @property
    def playing(self) -> bool:
        """Whether time passes."""
        return self._loop.playing.is_set()

    def play(self, *, backwards: bool = False) -> None:
        """Let time pass; with `backwards`, from the present to the start."""
        self._loop.clock.backwards = backwards
        self._loop.playing.set()
        self._loop.wake.set()

    def pause(self) -> None:
        """Stop time; edits still take effect and are shown."""
        self._loop.playing.clear()

    def set_speed(self, speed: float) -> None:
        """Let `speed` units of simulated time pass per second."""
        self._loop.clock.speed = speed

    def retune(self, scenario: Scenario) -> None:
        """Request `scenario`, from any thread; takes effect before the next step."""
        again = restarts(self._newest, scenario)
        self._newest = scenario
        self._edit(CommandKind.RETUNE, lambda: self._playback.retune(scenario), again)

    def edit_tokens(self, edits: TokenEdits, seen: Frame | None = None) -> None:
        """Move, add and remove tokens of the run, before the next step.

        Those of the run that the frame `seen` is of: if another one was begun since,
        nothing happens, as its tokens are others.
        """
        self._edit(CommandKind.EDIT, lambda: self._edit_tokens(edits, seen))

    def _edit_tokens(self, edits: TokenEdits, seen: Frame | None) -> None:
        run = None if seen is None else seen.run
        if run is None or not restarts(run.start, self._simulation.run.start):
            self._playback.edit_tokens(edits)

    def reset(self) -> None:
        """Begin a new run: with the settings in force, and no changes in time."""
        self._loop.clock.backwards = False
        self._edit(CommandKind.EDIT, self._playback.reset)

    def load(self, run: Run, t: float = 0.0, known: Checkpoint | None = None) -> None:
        """Show another run at `t`, and go on; a `known` state saves the way there."""
        self._load(lambda: self._playback.load(run, known), run, t)

    def load_anew(self, run: Run, t: float = 0.0) -> None:
        """Load a run that counts as new even if it is the one in force."""
        self._load(lambda: self._playback.load(run, anew=True), run, t)

    def _load(self, load: Callable[[], None], run: Run, t: float) -> None:
        self._loop.clock.backwards = False
        self._newest = run.start
        self._edit(CommandKind.LOAD, load, restarts=True)
        self._command(CommandKind.SEEK, lambda: self._loop.clock.seek(t))

    def checkpoint(self, run: Run, t: float) -> Checkpoint | None:
        """Return a state of `run` on the way to `t`; None while steps are slow.

        It is the latest that is known before the trails of that time begin.
        """
        out: Future[Checkpoint | None] = Future()
        if not self._thread.is_alive():
            return None
        known = self._playback.known
        self._command(CommandKind.EDIT, lambda: out.set_result(known(run, t)))
        try:
            return out.result(FLUSH_TIMEOUT_S)
        except TimeoutError:
            return None

    def follow(self, other: Engine) -> None:
        """Show the times that `other` shows, from now on; see `SharedTime`."""
        self._loop.join(other._loop.shared_time)
        self._loop.wake.set()

    def lead(self) -> None:
        """Let time pass here, and engines that follow it or are followed come along."""
        self._loop.shared_time.lead(self._loop)
        self._loop.wake.set()

    @property
    def leads(self) -> bool:
        """Whether time passes here, and not where another engine says."""
        return self._loop.shared_time.is_led_by(self._loop)

    @property
    def late(self) -> bool:
        """Whether it follows too slowly for the others to wait."""
        return self._loop.shared_time.is_late(self._loop)

    @property
    def failed(self) -> bool:
        """Whether a step or a frame failed, and nothing was changed since."""
        return self._loop.shared_time.has_failed(self._loop)

    def restore(self, frame: Frame) -> None:
        """Go back to an earlier frame of this run, and forget what came later."""
        self._edit(CommandKind.EDIT, lambda: self._playback.restore(frame))

    @property
    def edits(self) -> int:
        """How many edits were requested; a frame's record says which are in force."""
        return self._loop.commands.edits

    def seek(self, t: float, *, pause: bool = True) -> None:
        """Go to the time `t` of the run, exactly; replaces a seek before.

        With `pause`, time stops there.
        """
        if pause:
            self.pause()
        self._command(CommandKind.SEEK, lambda: self._loop.clock.seek(t))

    @property
    def seeking(self) -> float | None:
        """The share of a seek that is done; None while there is none."""
        return self._loop.clock.seek_share

    def leave_seek(self) -> None:
        """End a seek where it has come to."""
        self._loop.clock.leave_seek()

    def collect(
        self, times: Sequence[float], request: FrameRequest
    ) -> Future[list[Frame]]:
        """Return the frames at these times of the run, in order, when they are made.

        The run then goes on from where it is.
        """
        out: Future[list[Frame]] = Future()
        self._command(CommandKind.EDIT, lambda: self._loop.collect(times, request, out))
        return out

    def record(self) -> Record:
        """Return what is known of the run, after all edits unless a step takes long."""
        done = threading.Event()
        if self._thread.is_alive():
            self._command(CommandKind.EDIT, done.set)
            done.wait(FLUSH_TIMEOUT_S)
        return replace(self._playback.record, edits=self._loop.applied)

    def request(
        self,
        request: FrameRequest,
        between: FrameRequest | None = None,
        *,
        of_few: bool = True,
    ) -> None:
        """Set what the next frames hold, and those between nine a second, if less.

        With more than 100,000 tokens, those between one a second.  Unless `of_few`,
        with fewer tokens all frames hold the same.
        """
        self._loop.requests.put((request, between, of_few))
        self._loop.wake.set()

    def wish(self, request: FrameRequest) -> None:
        """Call `request`, which had this name in 0.1."""
        warn_renamed("Engine.wish", "Engine.request")
        self.request(request)

    def step(self) -> None:
        """Pause, and advance by one step."""
        self.pause()
        self._command(CommandKind.EDIT, self._loop.clock.step)

    @property
    def has_frame(self) -> bool:
        """Whether there is a frame that has not been taken."""
        return self._loop.frames.full

    def latest(self) -> Frame | None:
        """Return the newest frame not yet taken, if any."""
        return self._loop.frames.take()

    def go_on(self) -> None:
        """Make the next frame soon, where one was taken: its scene is built."""
        self._loop.used.set()

    def failure(self) -> Failure | None:
        """Return the last failure not yet taken, if any."""
        return self._loop.failures.take()

    def trouble(self) -> str | None:
        """Return the text of `failure`, which had this name in 0.1."""
        warn_renamed("Engine.trouble", "Engine.failure")
        failure = self.failure()
        return None if failure is None else failure.text

    def _edit(
        self, kind: CommandKind, action: Callable[[], None], restarts: bool = False
    ) -> None:
        self._loop.commands.add_edit(kind, action, restarts=restarts)
        self._loop.wake.set()

    def _command(self, kind: CommandKind, action: Callable[[], None]) -> None:
        self._loop.commands.add(kind, action)
        self._loop.wake.set()
