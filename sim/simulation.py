"""A state advancing under a scenario: the one mutable object of the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.arrays import Backend, load
from sim.bound_state import BoundState
from sim.changing_run import ChangingRun
from sim.deprecation import warn_renamed
from sim.frame import Frame, FrameRequest
from sim.notebook import NotebookRun
from sim.observables import Observable
from sim.played_run import overflow_ignored
from sim.sample_times import checked_time, sample_times
from sim.scenario import Scenario, fitted
from sim.schedule import Run
from sim.settings.values import short
from sim.step_counter import STEP_TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from sim.history import Checkpoint
    from sim.tokens.edits import TokenEdits


class Simulation(NotebookRun):
    """Integrates a scenario in time; not safe to share between threads.

    A step that would cross a change of the run is shortened to end there.  An edit by
    `retune` becomes a change of the run, and replaces those that were to come.
    Playing that run again gives the same bytes, but for rounding after two edits at one
    time that cancel, and for interpolation after `restore` of a frame within a step.

    Parameters
    ----------
    scenario : Scenario or Run
        What to run: a scenario alone has no changes in time.
    backend : str, module or Backend
        ``"auto"``, ``"numpy"`` or ``"cupy"``.

    Raises
    ------
    ValueError
        If the scenario does not fit together: a file that is missing or broken, a
        matrix of a wrong shape, tokens that cannot be normalised.
    RuntimeError
        If the backend was requested by name and cannot be used.
    """

    def __init__(
        self, scenario: Scenario | Run, backend: str | ModuleType | Backend = "auto"
    ) -> None:
        self.backend = load(backend)
        self._played = ChangingRun(_as_run(scenario), BoundState(self.backend))

    def step(self) -> None:
        """Advance by one time step of the scenario, or to a change within it."""
        self._played.apply_changes(self.t)
        self._stepper.step(self._played.next_change)
        self._played.note_progress()

    def advance(self, duration: float) -> None:
        """Advance by `duration`: whole steps, and one shorter step for the rest.

        Raises
        ------
        ValueError
            If it is not a finite number of 0 or more.
        """
        if isinstance(duration, float) and -self._stepper.tolerance < duration < 0:
            duration = 0.0  # a difference of two times that are one, but for rounding
        end = self.t + checked_time("duration", duration)
        while end - self.t >= self._stepper.span(self._played.next_change) * (
            1 - STEP_TOLERANCE
        ):
            self.step()
        if end - self.t > self._stepper.tolerance:
            self._played.apply_changes(self.t)
            self._stepper.step_to(end)
            self._played.note_progress()
        self._played.apply_changes(end)

    def reach(self, t: float, progress: Callable[[float], None] | None = None) -> None:
        """Step until the time is at least `t`, so that `frame` can be called at `t`.

        `progress` is called after every step with the share of the way that is done; an
        exception that it raises ends the steps.
        """
        start = self.t
        while not self.has_reached(t):
            self.step()
            if progress is not None:
                progress(min(1.0, (self.t - start) / (t - start)))
        self._played.apply_changes(t)

    def sample(
        self, duration: float, every: float, measures: Sequence[str] = ()
    ) -> list[dict[str, float]]:
        """Advance by `duration`, and measure at even times.

        Within a step the state is interpolated, so that the run is the same whether or
        not it is measured; it ends with the step that reaches the last time.

        Parameters
        ----------
        duration : float
            From the present on.
        every : float
            Time from one sample to the next; the first is now.
        measures : sequence of str, optional
            Kinds of observables; all by default.

        Returns
        -------
        list of dict
            One for each time, with ``"t"`` and the measures: for
            ``pandas.DataFrame(...)``, or a loop.

        Raises
        ------
        ValueError
            If a time is not finite and positive, there is no such measure, or there are
            more than a million times.
        FloatingPointError
            As `frame`.
        """
        kinds = frozenset(measures) if measures else None
        for kind in measures:
            Observable.member(kind, "measures")
        request, rows = FrameRequest(kinds, clusters=False), list[dict[str, float]]()
        for t in sample_times(self.t, duration, every):
            self.reach(t)
            rows.append({"t": t, **self.frame(t, request).measures})
        return rows

    def has_reached(self, t: float) -> bool:
        """Whether `frame` can be called at the time `t`, or a later one is in force."""
        return self.t >= t - self._stepper.tolerance

    @property
    def change_due(self) -> bool:
        """Whether changes of the run wait that are due now."""
        return self._played.next_change <= self.t + self._stepper.tolerance

    def settle(self, at: float | None = None) -> None:
        """Adopt the changes that are due at a time within the last step, or now."""
        self._played.apply_changes(self.t if at is None else at)

    def frame(
        self,
        at: float | None = None,
        request: FrameRequest | None = None,
        *,
        wish: FrameRequest | None = None,
    ) -> Frame:
        """Return what views and recorders need, in host memory.

        Parameters
        ----------
        at : float, optional
            A time within the last step, where the state is interpolated by a cubic,
            for smooth pictures.  The current time by default.
        request : FrameRequest, optional
            What to measure; all observables and nothing else by default.
        wish : FrameRequest, optional
            The name of `request` in 0.1, deprecated.

        Raises
        ------
        FloatingPointError
            If a coordinate is infinite or NaN; says what to do.
        """
        if wish is not None:
            warn_renamed("frame(wish=…)", "frame(request=…)")
            request = wish
        self.settle(at)
        state = self._state_at(at)
        self._bound.require_finite(state)
        probe = self._bound.probe(state)
        with overflow_ignored():
            return Frame.of(
                probe,
                scenario=self._bound.stage.at(state.t),
                tokens=self._bound.tokens,
                epoch=self._played.epoch,
                request=request or FrameRequest(),
                run=self.run,
            )

    def retune(self, scenario: Scenario) -> None:
        """Adopt `scenario`, keeping the tokens where they are if that makes sense.

        A run with coordinates that are infinite or NaN starts again.  A title, note,
        reference or duration is the whole run's, and leaves its changes as they are.

        Raises
        ------
        ValueError
            As on creation; the run then continues unchanged.
        """
        self._played.retune(scenario)

    def edit_tokens(self, edits: TokenEdits) -> None:
        """Move, add and remove tokens now: a change of the run, as by `retune`.

        Raises
        ------
        ValueError
            If that cannot be, such as for a law on a graph, or for a token that there
            is not; the run then continues unchanged.
        """
        self._played.edit_tokens(edits)

    def reset(self) -> None:
        """Begin a new run, with the settings in force and no changes in time."""
        self._played.begin(Run(self.scenario))

    def prepare_edits(self) -> None:
        """Have compiled in the background what other methods of summation need.

        Where another β calls for one of them, its first sums then do not wait.
        """
        self._bound.prepare_edits()

    def checkpoint(self) -> Checkpoint:
        """Return the exact state at the current time, before changes at that time."""
        return self._played.checkpoint()

    def resume(self, run: Run, checkpoint: Checkpoint | None = None) -> None:
        """Play `run` from a checkpoint of it, or from its start.

        It goes on as if it had never stopped, bit for bit.

        Raises
        ------
        ValueError
            If the run does not pass through the checkpoint, or as on creation.
        """
        if checkpoint is None:
            self._played.begin(run)
        else:
            self._played.resume(run, checkpoint)

    def restore(self, frame: Frame) -> None:
        """Go back to `frame`, an earlier frame of this run."""
        self._played.restore(frame)


def _as_run(run: object) -> Run:
    if isinstance(run, Run):
        return run
    if isinstance(run, Scenario):
        return Run(fitted(run))
    raise TypeError(
        f"a simulation needs a Scenario or a Run, got {short(run)}. Read a file or "
        "a preset with sim.open_scenario."
    )
