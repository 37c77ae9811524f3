"""A run that can be played, sought and edited, and what was measured of it."""

from __future__ import annotations

import contextlib
import copy
import math
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.history import History
from sim.record import Record
from sim.series import Series
from sim.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.frame import Frame, FrameRequest
    from sim.history import Checkpoint
    from sim.scenario import Scenario
    from sim.schedule import Run
    from sim.simulation import Simulation
    from sim.tokens.edits import TokenEdits

EARLIER_RUNS = 8  # whose samples are kept, for going back to them
NO_KINDS: frozenset[str] = frozenset()


class Playback:
    """Plays a simulation, and keeps exact states and samples of what it passes.

    Parameters
    ----------
    simulation : Simulation
        What is played; steps and edits are made here from now on.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.history = History()
        self.series = Series(simulation.run)
        self.tracer = Tracer(simulation.run)
        self._kinds = NO_KINDS
        self._waiting = False  # changes are due now, and nothing is measured after them
        self._earlier: deque[tuple[Run, Series]] = deque(maxlen=EARLIER_RUNS)
        self._follow_from(None)
        self._keep()

    @property
    def record(self) -> Record:
        """What is known now."""
        simulation = self.simulation
        return Record(simulation.run, simulation.end, self.series.snapshot())

    @property
    def kinds(self) -> frozenset[str]:
        """The observables that are sampled."""
        return self._kinds

    def known(self, run: Run, t: float) -> Checkpoint | None:
        """Return the latest state known of `run` from which `t` can be shown.

        Trails of a frame begin before it: from a later state, a playback without others
        would follow the run from its start.
        """
        return self.history.before(run, self.tracer.first_needed(t))

    def sample(self, kinds: frozenset[str]) -> None:
        """Sample these observables from now on."""
        if kinds != self._kinds:
            self._kinds = kinds
            with contextlib.suppress(FloatingPointError):  # the next frame reports it
                self._measure_now()

    def step(self) -> None:
        """Advance by one step, or to a change within it."""
        simulation, since = self.simulation, self.simulation.t
        self._settle(since)
        simulation.step()
        self._waiting = simulation.change_due
        settled = not self._waiting
        self.series.measure(simulation, since, self._kinds, now_too=settled)
        self.tracer.advance(simulation, since)
        self._keep()

    def seek(self, t: float, go_on: Callable[[float], bool]) -> bool:
        """Go to the time `t` of the run, back or on, through exactly its states.

        Parameters
        ----------
        t : float
            The time; `Simulation.frame` can be called at it afterwards.
        go_on : float -> bool
            Called before each step with the share of the way that is done; the seek
            ends where it returns False.

        Returns
        -------
        bool
            Whether `t` was reached.
        """
        simulation = self.simulation
        first = self.tracer.first_missing(t)
        known = self.history.before(simulation.run, first)
        lost = first < simulation.t or not self.tracer.goes_on(simulation.t)
        if lost or simulation.t > t or (known is not None and known.t > simulation.t):
            simulation.resume(simulation.run, known)
            self._measure_now()
            self._follow_from(known)
        start = simulation.t
        while not simulation.has_reached(t):
            if not go_on((simulation.t - start) / max(t - start, 1e-300)):
                return False
            self.step()
        simulation.reach(t)
        return True

    def retune(self, scenario: Scenario) -> None:
        """Adopt `scenario` from now on; see `Simulation.retune`."""
        self._edit(lambda: self.simulation.retune(scenario))

    def edit_tokens(self, edits: TokenEdits) -> None:
        """Move, add and remove tokens now; see `Simulation.edit_tokens`."""
        self._edit(lambda: self.simulation.edit_tokens(edits))

    def reset(self) -> None:
        """Begin a new run with the settings in force and no changes in time."""
        self._edit(self.simulation.reset)

    def restore(self, frame: Frame) -> None:
        """Go back to an earlier frame of this run; see `Simulation.restore`."""
        self._edit(lambda: self.simulation.restore(frame))

    def load(
        self, run: Run, known: Checkpoint | None = None, *, anew: bool = False
    ) -> None:
        """Play another run from its start, or from where it is the same as this one.

        A state of it that is `known` is kept for seeks.  If `anew`, nothing counts as
        played, even where it is this run.
        """
        simulation = self.simulation
        if known is not None:
            self.history.keep(known)
        t = min(simulation.t, simulation.run.divergence(run))
        known = None if anew else self.history.before(run, t)
        self._edit(lambda: simulation.resume(run, known))
        if anew:
            self.series = Series(simulation.run)
            self._measure_now()
        self._follow_from(known)

    def frame(self, at: float | None, request: FrameRequest) -> Frame:
        """Return a frame with the record and the trace; see `Simulation.frame`."""
        frame = self.simulation.frame(at, request)
        if request.trails:
            self.tracer.show_trails(request.trails)
        self._settle(frame.t)
        if not self.tracer.covers(frame.t):
            self._follow_again(frame.t)
            self.tracer.settle(self.simulation, frame.t)
        trace = self.tracer.at(frame.t)
        return replace(frame, record=self.record, trace=trace)

    def _settle(self, t: float) -> None:
        """Measure the present after changes that are due, for frames from `t` on.

        Not earlier: frames of times within the last step come before them.
        """
        self.tracer.settle(self.simulation, t)
        if self._waiting and t >= self.simulation.t:
            self._waiting = False
            self._measure_now()

    def _follow_from(self, known: Checkpoint | None) -> None:
        """Follow the run on from the present: a checkpoint, or the start."""
        t = self.simulation.t
        self.tracer.restart(None if known is None else known.trace, t)
        self.tracer.measure_now(self.simulation)

    def _follow_again(self, t: float) -> None:
        """Follow the run to the present once more, for a frame of the time `t`."""
        ahead, run = copy.copy(self.simulation), self.simulation.run
        known = self.history.before(run, self.tracer.first_missing(t))
        if known is not None and known.trace is None:
            known = None
        ahead.resume(run, known)
        self.tracer.restart(None if known is None else known.trace, ahead.t)
        self.tracer.measure_now(ahead)
        while ahead.t < self.simulation.t:
            since = ahead.t
            self.tracer.settle(ahead)
            ahead.step()
            self.tracer.advance(ahead, since)

    def _edit(self, edit: Callable[[], None]) -> None:
        """Carry out an edit, and keep the samples that hold for the run after it."""
        before = self.simulation.run
        edit()
        run = self.simulation.run
        if run is before:
            return
        same = before.divergence(run)
        if same < math.inf:
            if self.series.end > same:
                self._earlier.append((before, self.series))
            self.series = self._known_series(run, before)
        self.tracer.rebase(run)
        self.tracer.measure_now(self.simulation)
        self._keep()
        with contextlib.suppress(FloatingPointError):  # the next frame reports it
            self._measure_now()

    def _known_series(self, run: Run, before: Run) -> Series:
        """Return the longest series known of `run`; an empty one if there is none."""
        known = [*self._earlier, (before, self.series)]
        reach = [min(other.divergence(run), series.end) for other, series in known]
        best = max(range(len(known)), key=reach.__getitem__)
        if reach[best] < 0:
            return Series(run)
        other, series = known[best]
        return series.copy(other.divergence(run))

    def _measure_now(self) -> None:
        self.series.measure_now(self.simulation, self._kinds)

    def _keep(self) -> None:
        simulation = self.simulation
        if self.history.would_keep(simulation.past, simulation.t):
            checkpoint, t = simulation.checkpoint(), simulation.t
            trace = self.tracer.before(t) if self.tracer.goes_on(t) else None
            self.history.keep(replace(checkpoint, trace=trace))
