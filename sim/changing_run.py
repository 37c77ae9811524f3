"""A run as it is played: its changes in time, checkpoints, and going back to them."""

from __future__ import annotations

import bisect
import copy
import math
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.arrays import to_host
from sim.glides import Stage
from sim.history import Checkpoint
from sim.restarts import restarts
from sim.scenario import fitted
from sim.schedule import WHOLE_RUN, Run, differences
from sim.tokens.edits import NO_EDITS

if TYPE_CHECKING:
    from sim.bound_state import BoundState
    from sim.frame import Frame
    from sim.scenario import Scenario
    from sim.tokens.edits import TokenEdits


class ChangingRun:
    """The changes of a run: those that were made, and those to come.

    Parameters
    ----------
    run : Run
        What to play.
    bound : BoundState
        The tokens, which the changes are made to.

    Attributes
    ----------
    bound : BoundState
        As given.
    run : Run
        The start and every change.
    past : Run
        The start and the changes that were made so far.
    epoch : int
        Counts starts, and times at which what came after was replaced.
    end : float
        The latest time that the run has reached.
    """

    def __init__(self, run: Run, bound: BoundState) -> None:
        self.bound, self.epoch = bound, -1
        self.begin(run)

    def __copy__(self) -> ChangingRun:
        """Return a copy with a state of its own."""
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        new.bound = copy.copy(self.bound)
        return new

    @property
    def next_change(self) -> float:
        """The time of the next change that waits, ∞ if there is none."""
        return self._coming[0].t if self._coming else math.inf

    def begin(self, run: Run) -> None:
        """Play `run` from its start."""
        self.bound.begin(run.start)
        self._unchanged: Checkpoint | None = None
        self._set_run(run, run.stages)
        self.epoch, self.end = self.epoch + 1, 0.0
        self.apply_changes(0.0)

    def note_progress(self) -> None:
        """Take note of a step that was made."""
        self._unchanged, self.end = None, max(self.end, self.bound.t)

    def apply_changes(self, until: float) -> None:
        """Adopt the settings of the changes that are due at the current time.

        Those later than `until` wait, so that frames before them can still be read off
        the last step.
        """
        due = min(until, self.bound.t) + self.bound.stepper.tolerance
        while self._coming and self._coming[0].t <= due:
            before, stage = self.checkpoint(), self._coming[0]
            self.bound.adopt(stage, self.run.edits_at(stage.t))
            self._unchanged = before
            self._set_run(self.run, self._coming[1:])

    def checkpoint(self) -> Checkpoint:
        """Return the exact state at the current time, before changes at that time."""
        if self._unchanged is not None:
            return self._unchanged
        s, counter = self.bound.state, self.bound.stepper.counter
        x, p = to_host(s.x), to_host(s.p)  # copies
        return Checkpoint(self.past, s.t, x, p, counter.start, counter.steps)

    def resume(self, run: Run, checkpoint: Checkpoint) -> None:
        """Play `run` from a checkpoint of it; see `Simulation.resume`."""
        if not checkpoint.leads_to(run):
            raise ValueError(
                f"the run does not pass through the checkpoint at t = {checkpoint.t:g}."
            )
        end = max(self.end, checkpoint.t) if run == self.run else checkpoint.t
        if restarts(self.run.start, run.start):
            self.bound.place(run.start)
        self._return_to(checkpoint, run)
        self.end = end

    def restore(self, frame: Frame) -> None:
        """Go back to `frame`, an earlier frame of this run."""
        t = self._time_of_changes(frame.t, self.run)
        run = self.run.before(t).with_change(
            t, self.bound.scenario, (frame.run or self.run).edits_at(t)
        )
        self.bound.show(frame, run, t)
        self._unchanged = None
        self.epoch += 1
        self._set_run(run, ())
        self.end = frame.t

    def retune(self, scenario: Scenario) -> None:
        """Adopt `scenario` now; see `Simulation.retune`."""
        now, stage = self.bound.scenario, self.bound.stage
        scenario = stage.with_glides_kept(self.bound.t, fitted(scenario))
        if restarts(now, scenario) or not self.bound.is_finite(self.bound.state):
            self.begin(Run(scenario))
        elif differences(now, scenario):
            self.change(self.run.with_whole(scenario), scenario, NO_EDITS)
        elif scenario != now:
            run = self.run.with_whole(scenario)
            whole = {name: getattr(scenario, name) for name in WHOLE_RUN}
            self.bound.adopt_texts(replace(stage.scenario, **whole))
            self._set_run(run, run.stages[len(run.stages) - len(self._coming) :])

    def edit_tokens(self, edits: TokenEdits) -> None:
        """Edit tokens now; see `Simulation.edit_tokens`."""
        if edits:
            self.change(self.run, self.bound.scenario, edits)

    def change(self, run: Run, scenario: Scenario, edits: TokenEdits) -> None:
        """Make what is now in force a change of `run`, which replaces later ones."""
        now = self.bound.t
        self.apply_changes(now)
        t = self._time_of_changes(now, self.past)
        changed = run.with_change(t, scenario, edits)
        self._change_to(changed.stage_at(t), changed.edits_at(t))
        self.epoch += self.end > now  # what came after is replaced
        self.end = now
        self._set_run(changed, ())

    def _time_of_changes(self, t: float, run: Run) -> float:
        """Return the time of the last change of `run` at `t` but for rounding, or t."""
        apart = self.bound.stepper.tolerance
        past = run.before(math.nextafter(t + apart, math.inf)).changes
        return past[-1].t if past and past[-1].t >= t - apart else t

    def _change_to(self, stage: Stage, edits: TokenEdits) -> None:
        """Adopt `stage` and `edits`, as one change from the state before."""
        run, before = self.run, self.checkpoint()
        try:
            if self._unchanged is not None:
                self._return_to(before, run.with_whole(stage.scenario))
            now, here = self.bound.stage, self.bound.t
            glides = stage.glides != now.glides
            if edits or glides or differences(now.at(here), stage.at(here)):
                self.bound.adopt(stage, edits)
                self._unchanged = before
        except Exception:
            self._return_to(before, run)
            self.apply_changes(self.bound.t)
            raise

    def _return_to(self, checkpoint: Checkpoint, run: Run) -> None:
        """Take the exact state and settings of a checkpoint of `run`."""
        last = checkpoint.past.changes[-1:]
        done = bisect.bisect_right(run.stages, last[0].t, key=_time) if last else 0
        stage = run.stages[done - 1] if done else Stage(0.0, run.start)
        self.bound.return_to(checkpoint, stage)
        self._unchanged = None
        self._set_run(run, run.stages[done:])

    def _set_run(self, run: Run, coming: tuple[Stage, ...]) -> None:
        self.run, self._coming = run, coming
        self.past = run.before(coming[0].t) if coming else run


def _time(stage: Stage) -> float:
    return stage.t
