"""A state advancing under a scenario: the one mutable object of the simulator."""

from __future__ import annotations

import bisect
import copy
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Array, Backend, load, namespace, to_host
from sim.deprecation import warn_renamed
from sim.frame import Frame, FrameRequest
from sim.glides import Stage
from sim.history import Checkpoint
from sim.jit.buffer_pool import BUFFER_POOL
from sim.law_in_time import LawInTime
from sim.measure.operators import OperatorsCache
from sim.measure.probe import Probe
from sim.observables import Observable
from sim.placement import place, projected
from sim.scenario import fitted, restarts
from sim.schedule import WHOLE_RUN, Run, differences
from sim.seed import Seed
from sim.state import State, Velocity
from sim.step_counter import STEP_TOLERANCE
from sim.stepper import Stepper
from sim.sums.choose import prepare
from sim.tokens.edits import NO_EDITS
from sim.tokens.present import TokenList, carried, edited, noise, tokens_after

if TYPE_CHECKING:
    from types import ModuleType

    from sim.array_types import AnyArray, Ints
    from sim.field import Field
    from sim.scenario import Scenario
    from sim.tokens.edits import TokenEdits


class Simulation:
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
        self._epoch, self._spectra = -1, OperatorsCache()
        self._unchanged: Checkpoint | None = None
        self._restart_with(_as_run(scenario))

    @property
    def run(self) -> Run:
        """The start and every change: those that were made, and those to come."""
        return self._run

    @property
    def past(self) -> Run:
        """The start and the changes that were made so far."""
        return self._past

    @property
    def scenario(self) -> Scenario:
        """The scenario in force."""
        return self._scenario

    @property
    def t(self) -> float:
        """The time."""
        return self._state.t

    @property
    def step_start(self) -> float:
        """The earliest time that `frame` can be called at without a seek."""
        return self._stepper.step_start

    @property
    def end(self) -> float:
        """The latest time that this run has reached."""
        return self._end

    @property
    def coordinate(self) -> float:
        """The coordinate of the scenario's clock: the time if the clock is steady."""
        return self._scenario.clock.coordinate(self._state.t)

    @property
    def reading(self) -> float:
        """The name of `coordinate` in 0.1, deprecated."""
        warn_renamed("Simulation.reading", "Simulation.coordinate")
        return self.coordinate

    @property
    def x(self) -> AnyArray:
        """A copy of the tokens on the host: (n, d)."""
        return to_host(self._state.x)

    @property
    def p(self) -> AnyArray:
        """A copy of the momenta on the host: (m, d); m = 0 for laws of first order."""
        return to_host(self._state.p)

    @property
    def _state(self) -> State:
        return self._stepper.state

    @property
    def _field(self) -> Field:
        return self._stepper.law.at(self.t).field

    @property
    def _scenario(self) -> Scenario:
        return self._stage.at(self.t)

    @property
    def launch_mode(self) -> str:
        """How kernels are launched on a card, and why; empty without one."""
        return self._stepper.launch_mode

    @property
    def names(self) -> tuple[str, ...]:
        """The tokens' names, or nothing."""
        return self._tokens.names

    @property
    def groups(self) -> tuple[str, ...]:
        """The tokens' groups, or nothing."""
        return self._tokens.groups

    @property
    def ids(self) -> Ints:
        """The number of each token, by which it is known through the run: (n,)."""
        return self._tokens.ids

    @property
    def method(self) -> tuple[str, str]:
        """How sums over tokens are computed, and why, with the bound on their error."""
        name, why = self.probe().method
        return name, "; ".join(filter(None, (why, self.launch_mode)))

    @property
    def launches(self) -> str:
        """The name of `launch_mode` in 0.1, deprecated."""
        warn_renamed("Simulation.launches", "Simulation.launch_mode")
        return self.launch_mode

    def velocity(self) -> AnyArray:
        """Return the velocity of the tokens along the space: (n, d)."""
        return to_host(self.flow(self._state).x)

    def flow(self, state: State) -> Velocity:
        """Return the tangent velocity at `state`; it is projected only here."""
        return self._stepper.velocity(state)

    def _noise(self, state: State) -> Array:
        seed, d = Seed(self._scenario.seed), state.x.shape[-1]
        drawn = noise(seed, state.t, self._tokens, d)
        xp = namespace(state.x)
        return xp.asarray(drawn, dtype=state.x.dtype) + 0 * state.x

    def step(self) -> None:
        """Advance by one time step of the scenario, or to a change within it."""
        self._apply_changes(self.t)
        self._stepper.step(self._next_change)
        self._note_progress()

    def advance(self, duration: float) -> None:
        """Advance by `duration`: whole steps, and one shorter step for the rest."""
        end = self.t + duration
        while end - self.t >= self._stepper.span(self._next_change) * (
            1 - STEP_TOLERANCE
        ):
            self.step()
        if end - self.t > self._stepper.tolerance:
            self._apply_changes(self.t)
            self._stepper.step_to(end)
            self._note_progress()
        self._apply_changes(end)

    @property
    def _next_change(self) -> float:
        """The time of the next change that waits, ∞ if there is none."""
        return self._coming[0].t if self._coming else math.inf

    def _note_progress(self) -> None:
        self._unchanged, self._end = None, max(self._end, self.t)

    def reach(self, t: float) -> None:
        """Step until the time is at least `t`, so that `frame` can be called at `t`."""
        while not self.has_reached(t):
            self.step()
        self._apply_changes(t)

    def has_reached(self, t: float) -> bool:
        """Whether `frame` can be called at the time `t`, or a later one is in force."""
        return self.t >= t - self._stepper.tolerance

    def probe(self, at: float | None = None) -> Probe:
        """Return a probe, which measures lazily, of the state now, or as of `frame`."""
        return self._probe_of(self._state_at(at))

    def __copy__(self) -> Simulation:
        """Return a copy that keeps the last step, for probes of it as this goes on."""
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        new._stepper = copy.copy(self._stepper)
        return new

    def step_error(self) -> float:
        """Return the largest difference between one step and two half steps."""
        return self._stepper.error()

    def measures(self) -> dict[str, float]:
        """Return every observable of the current state, by kind."""
        probe = self.probe()
        with _overflow_ignored():
            return {k: c().measure(probe) for k, c in Observable.kinds().items()}

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
        self._apply_changes(self.t if at is None else at)
        state = self._state_at(at)
        self._require_finite(state)
        probe = self._probe_of(state)
        with _overflow_ignored():
            return Frame.of(
                probe,
                scenario=self._stage.at(state.t),
                tokens=self._tokens,
                epoch=self._epoch,
                request=request or FrameRequest(),
                run=self._run,
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
        scenario = self._stage.with_glides_kept(self.t, fitted(scenario))
        if restarts(self._scenario, scenario) or not self._is_finite(self._state):
            self._restart_with(Run(scenario))
        elif differences(self._scenario, scenario):
            self._change_run(self._run.with_whole(scenario), scenario, NO_EDITS)
        elif scenario != self._scenario:
            run = self._run.with_whole(scenario)
            whole = {name: getattr(scenario, name) for name in WHOLE_RUN}
            kept = replace(self._stage.scenario, **whole)
            self._stage = replace(self._stage, scenario=kept)
            self._set_run(run, run.stages[len(run.stages) - len(self._coming) :])

    def edit_tokens(self, edits: TokenEdits) -> None:
        """Move, add and remove tokens now: a change of the run, as by `retune`.

        Raises
        ------
        ValueError
            If that cannot be, such as for a law on a graph, or for a token that there
            is not; the run then continues unchanged.
        """
        if edits:
            self._change_run(self._run, self._scenario, edits)

    def reset(self) -> None:
        """Begin a new run, with the settings in force and no changes in time."""
        self._restart_with(Run(self._scenario))

    def checkpoint(self) -> Checkpoint:
        """Return the exact state at the current time, before changes at that time."""
        if self._unchanged is not None:
            return self._unchanged
        s, counter = self._state, self._stepper.counter
        x, p = np.array(to_host(s.x)), np.array(to_host(s.p))
        return Checkpoint(self.past, s.t, x, p, counter.start, counter.steps)

    def resume(self, run: Run, checkpoint: Checkpoint | None = None) -> None:
        """Play `run` from a checkpoint of it, or from its start.

        It goes on as if it had never stopped, bit for bit.

        Raises
        ------
        ValueError
            If the run does not pass through the checkpoint, or as on creation.
        """
        if checkpoint is None:
            self._restart_with(run)
            return
        if not checkpoint.leads_to(run):
            raise ValueError(
                f"the run does not pass through the checkpoint at t = {checkpoint.t:g}."
            )
        end = max(self._end, checkpoint.t) if run == self._run else checkpoint.t
        if restarts(self._run.start, run.start):
            self._place(run.start)
        self._return_to(checkpoint, run)
        self._end = end

    def _return_to(self, checkpoint: Checkpoint, run: Run) -> None:
        """Take the exact state and settings of a checkpoint of `run`."""
        last = checkpoint.past.changes[-1:]
        done = bisect.bisect_right(run.stages, last[0].t, key=_time) if last else 0
        stage = run.stages[done - 1] if done else Stage(0.0, run.start)
        precision = stage.scenario.precision
        state = State(
            checkpoint.t,
            self._to_device(checkpoint.x, precision),
            self._to_device(checkpoint.p, precision),
        )
        edits = checkpoint.past.token_edits
        self._set_tokens(tokens_after(self._started, edits, math.inf))
        law = self._law(stage, self._initial_tokens, self._tokens)
        self._bind(stage, law, state)
        counter = self._stepper.counter
        counter.start, counter.steps = checkpoint.coordinate, checkpoint.steps
        self._set_run(run, run.stages[done:])

    def restore(self, frame: Frame) -> None:
        """Go back to `frame`, an earlier frame of this run."""
        t = self._time_of_changes(frame.t, self._run)
        run = self._run.before(t).with_change(
            t, self._scenario, (frame.run or self._run).edits_at(t)
        )
        tokens = tokens_after(self._started, run.token_edits, t)
        here = (len(tokens), self._state.x.shape[-1])
        if frame.x.shape != here or not np.array_equal(frame.ids, tokens.ids):
            raise ValueError(
                f"the frame has tokens {frame.x.shape}, the run {here}: it belongs to "
                "another run."
            )
        stage = run.stage_at(t)
        if tokens is not self._tokens or stage.glides or self._stage.glides:
            self._set_tokens(tokens)
            law = self._law(stage, self._initial_tokens, tokens)
            start = self._to_device(frame.x)
            alone = State(frame.t, start, start[..., :0, :])
            self._bind(stage, law, law.at(frame.t).field.start(alone))
        x, p = self._to_device(frame.x), self._to_device(frame.p)
        graph, alone = self._field.graph, State(frame.t, x, x[..., :0, :])
        same = frame.carrier == self._field.carrier and (
            frame.carrier != "edges"
            or (
                graph is not None
                and frame.edges is not None
                and np.array_equal(frame.edges, graph.edges)
            )
        )
        self._set_state(State(frame.t, x, p) if same else self._field.start(alone))
        self._epoch += 1
        self._set_run(run, ())
        self._end = frame.t

    def _apply_changes(self, until: float) -> None:
        """Adopt the settings of the changes that are due at the current time.

        Those later than `until` wait, so that frames before them can still be read off
        the last step.
        """
        due = min(until, self.t) + self._stepper.tolerance
        while self._coming and self._coming[0].t <= due:
            before, stage = self.checkpoint(), self._coming[0]
            self._continue_with(stage, self._run.edits_at(stage.t))
            self._unchanged = before
            self._set_run(self._run, self._coming[1:])

    def _change_run(self, run: Run, scenario: Scenario, edits: TokenEdits) -> None:
        """Make what is now in force a change of `run`, which replaces later ones."""
        self._apply_changes(self.t)
        t = self._time_of_changes(self.t, self._past)
        changed = run.with_change(t, scenario, edits)
        self._change_to(changed.stage_at(t), changed.edits_at(t))
        self._epoch += self._end > self.t  # what came after is replaced
        self._end = self.t
        self._set_run(changed, ())

    def _time_of_changes(self, t: float, run: Run) -> float:
        """Return the time of the last change of `run` at `t` but for rounding, or t."""
        apart = self._stepper.tolerance
        past = run.before(math.nextafter(t + apart, math.inf)).changes
        return past[-1].t if past and past[-1].t >= t - apart else t

    def _change_to(self, stage: Stage, edits: TokenEdits) -> None:
        """Adopt `stage` and `edits`, as one change from the state before."""
        run, before = self._run, self.checkpoint()
        try:
            if self._unchanged is not None:
                self._return_to(before, run.with_whole(stage.scenario))
            glides = stage.glides != self._stage.glides
            if edits or glides or differences(self._scenario, stage.at(self.t)):
                self._continue_with(stage, edits)
                self._unchanged = before
        except Exception:
            self._return_to(before, run)
            self._apply_changes(self.t)
            raise

    def _set_run(self, run: Run, coming: tuple[Stage, ...]) -> None:
        self._run, self._coming = run, coming
        self._past = run.before(coming[0].t) if coming else run

    def _state_at(self, at: float | None) -> State:
        return self._state if at is None else self._stepper.interpolated(at)

    def _probe_of(self, state: State) -> Probe:
        law, groups = self._stepper.law.at(state.t), self._tokens.groups
        scenario, space = law.scenario, law.space.at(state.t)
        behaviour = scenario.dynamics.energy_behaviour(scenario.space)
        if self._stage.gliding(state.t):
            behaviour = "none"  # the energy itself changes with time
        return Probe(state, law.field, space, groups, behaviour, self._spectra)

    def _restart_with(self, run: Run) -> None:
        scenario, stage = run.start, Stage(0.0, run.start)
        self._place(scenario)
        x = self._initial_tokens
        law = self._law(stage, x, self._tokens)
        field = law.at(0.0).field
        state = field.start(State(0.0, x, x[..., :0, :]))
        self._set_law(stage, law, state)
        self._set_run(run, run.stages)
        self._epoch, self._end = self._epoch + 1, 0.0
        self._apply_changes(0.0)
        if field.attention is not None:
            seen = scenario.space.normalised_state(state)
            prepare(*field.attention.at(state.t).problems(seen.x))

    def _place(self, scenario: Scenario) -> None:
        self._started = TokenList.of(place(scenario))
        x = self._to_device(self._started.first, scenario.precision)
        BUFFER_POOL.clear()  # the number of tokens may have changed
        self._tokens, self._initial_tokens = self._started, x

    def _set_tokens(self, tokens: TokenList) -> None:
        if tokens is not self._tokens:
            BUFFER_POOL.clear()  # their number may have changed
            self._tokens = tokens
            self._initial_tokens = self._to_device(tokens.first)

    def _continue_with(self, stage: Stage, edits: TokenEdits) -> None:
        # Always bound to where tokens began and the same draws, so that an edit changes
        # neither the graph nor the random matrices of a run.
        old, s = self._scenario, self._state
        scenario = stage.at(s.t)
        x, tokens, first = s.x, self._tokens, self._initial_tokens
        if scenario.space != old.space:
            self._require_finite(s)
            x = self._to_device(projected(to_host(x), scenario.space.project_point))
        if edits:
            placed, tokens = edited(to_host(x), tokens, edits, scenario.space, s.t)
            x = self._to_device(placed)
            first = first if tokens is self._tokens else self._to_device(tokens.first)
        law = self._law(stage, first, tokens)
        field = law.at(s.t).field
        same = _same_momenta(field, self._field)
        state = State(s.t, x, x[..., :0, :])
        state = State(s.t, x, self._momenta(tokens)) if same else field.start(state)
        self._set_tokens(tokens)
        self._set_law(stage, law, state)

    def _momenta(self, tokens: TokenList) -> Array:
        """Return the momenta in force, for other tokens: zero for those added."""
        p = self._state.p
        if tokens is self._tokens or self._field.carrier != "tokens":
            return p
        return self._to_device(carried(to_host(p), self._tokens.ids, tokens.ids))

    @staticmethod
    def _law(stage: Stage, first: Array, tokens: TokenList) -> LawInTime:
        """Return the law of `stage`, bound to `tokens`, which began at `first`."""

        def bind(scenario: Scenario) -> Field:
            seed = Seed(scenario.seed)
            if tokens.changed:
                seed = Seed(scenario.seed, tokens.ids, tokens.started)
            return scenario.dynamics.bind(first, seed)

        return LawInTime(stage, bind)

    def _set_law(self, stage: Stage, law: LawInTime, state: State) -> None:
        here = law.at(state.t)
        if here.field.carrier == "tokens":  # the tangent spaces may have changed
            state = here.space.kick(State(state.t, state.x, 0 * state.p), state.p)
        self._bind(stage, law, state)

    def _bind(self, stage: Stage, law: LawInTime, state: State) -> None:
        self._stepper = Stepper(law, state, self._noise)
        self._stage, self._unchanged = stage, None

    def _set_state(self, state: State) -> None:
        self._unchanged = None
        self._stepper.restart(state)

    def _is_finite(self, state: State) -> bool:
        xp = self.backend.xp
        return bool(xp.all(xp.isfinite(state.x)))

    def _require_finite(self, state: State) -> None:
        """Raise an error if a coordinate of `state` is infinite or NaN."""
        s = self._scenario
        if self._is_finite(state):
            return
        raise FloatingPointError(
            f"token coordinates became infinite or NaN at t = {state.t:.6g}. Lower the "
            f"step h = {s.step:g}, choose a bounded space, or lower the weights."
        )

    def _to_device(self, host: AnyArray, precision: str = "") -> Array:
        xp = self.backend.xp
        kind = getattr(xp, precision) if precision else self._state.x.dtype
        return xp.asarray(np.array(host), dtype=kind)


def _same_momenta(new: Field, old: Field) -> bool:
    """Whether momenta belong to the same edges or tokens in `new` as in `old`."""
    same = new.carrier != "edges" or (
        new.graph is not None and new.graph.same_edges(old.graph)
    )
    return new.carrier == old.carrier and same


def _time(stage: Stage) -> float:
    return stage.t


def _as_run(run: Scenario | Run) -> Run:
    return run if isinstance(run, Run) else Run(fitted(run))


def _overflow_ignored() -> np.errstate:
    """Return a context that ignores overflow.

    Energies may be infinite off the sphere, and `Simulation.frame` raises an error of
    its own for coordinates that are.
    """
    return np.errstate(over="ignore", invalid="ignore")
