"""The one mutable object of the simulator: a state marching under a scenario."""

from __future__ import annotations

import dataclasses
import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import Array, Backend, load, namespace, to_host
from sim.attention.depth import just_before
from sim.cuda_graph import recorded
from sim.frame import Frame, FrameRequest
from sim.integrators import Flow
from sim.jit.buffer_pool import BUFFER_POOL
from sim.jit.rowwise import rowwise
from sim.measure.operators import Spectra
from sim.measure.probe import Probe
from sim.numerics.linear_flow import LinearFlow
from sim.observables import Observable
from sim.scenario import fitted, restarts
from sim.seed import Seed
from sim.state import State, Velocity
from sim.sums.choose import prepare

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from sim.array_types import AnyArray
    from sim.clocks import Clock
    from sim.field import Field
    from sim.initial import Start
    from sim.scenario import Scenario

TICK = 1e-9  # of a step: shorter remainders are rounding, not time
DENSE = 2  # order from which velocities at both ends make a smooth step


@dataclass(slots=True)
class _Dial:
    """Counts steps, so that 10⁵ additions of h do not drift."""

    clock: Clock
    start: float
    h: float
    steps: int = 0

    @property
    def reading(self) -> float:
        return self.start + self.steps * self.h

    @property
    def t(self) -> float:
        return self.clock.time(self.reading)

    @property
    def span(self) -> float:
        """How much time the next step takes."""
        return self.clock.span(self.reading, self.h)


class Simulation:
    """Marches a scenario; not safe to share between threads.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    backend : str, module or Backend
        ``"auto"``, ``"numpy"`` or ``"cupy"``.

    Raises
    ------
    ValueError
        If the scenario does not fit together: a file that is missing or broken, a
        matrix of a wrong shape, tokens that cannot be normalised.
    RuntimeError
        If the backend was asked for by name and cannot be used.
    """

    def __init__(
        self, scenario: Scenario, backend: str | ModuleType | Backend = "auto"
    ) -> None:
        self.backend = load(backend)
        self._epoch, self._spectra = -1, Spectra()
        self._start(fitted(scenario))

    @property
    def scenario(self) -> Scenario:
        """The scenario in force."""
        return self._scenario

    @property
    def t(self) -> float:
        """The time."""
        return self._state.t

    @property
    def reading(self) -> float:
        """What the scenario's clock shows: the time, unless it races."""
        return self._scenario.clock.reading(self._state.t)

    @property
    def x(self) -> AnyArray:
        """A copy of the tokens on the host: (n, d)."""
        return to_host(self._state.x)

    @property
    def p(self) -> AnyArray:
        """A copy of the momenta on the host: (m, d); m = 0 for laws of first order."""
        return to_host(self._state.p)

    @property
    def names(self) -> tuple[str, ...]:
        """The tokens' names, or nothing."""
        return self._begin.names

    @property
    def groups(self) -> tuple[str, ...]:
        """The tokens' groups, or nothing."""
        return self._begin.groups

    @property
    def method(self) -> tuple[str, str]:
        """How sums over tokens are computed, and why, with the bound on their error."""
        name, why = self.probe().method
        return name, "; ".join(filter(None, (why, self.launches)))

    def velocity(self) -> AnyArray:
        """Return the velocity of the tokens along the space: (n, d)."""
        return to_host(self.flow(self._state).x)

    def flow(self, state: State) -> Velocity:
        """Return the tangent velocity at `state`: the only place that projects."""
        for known, velocity in (self._known, self._before):
            if state is known:
                return velocity
        v = self._ground.project_velocity(state, self._ambient(state))
        if state is self._state:
            self._known = (state, v)
        return v

    def _ambient(self, state: State) -> Velocity:
        if self._field.jumps and state.t >= self._until:
            state = dataclasses.replace(state, t=just_before(self._until))
        return self._field.velocity(self._scenario.space.normalised_state(state))

    def _noise(self, state: State) -> Array:
        shape = state.x.shape[-2:]
        drawn = Seed(self._scenario.seed).rng_at("noise", state.t).normal(size=shape)
        xp = namespace(state.x)
        return xp.asarray(drawn, dtype=state.x.dtype) + 0 * state.x

    def step(self) -> None:
        """Advance by one time step of the scenario."""
        if self._dial.h != self._scenario.step:
            self._dial = self._wound(self.t)
        new = self._stepped(self._dial.span)
        self._dial.steps += 1
        self._go(dataclasses.replace(new, t=self._dial.t))

    def advance(self, duration: float) -> None:
        """Advance by `duration`: whole steps, and one shorter step for the rest."""
        end = self.t + duration
        while end - self.t >= self._dial.span * (1 - TICK):
            self.step()
        if end - self.t > self._dial.span * TICK:
            self._go(dataclasses.replace(self._stepped(end - self.t), t=end))
            self._dial = self._wound(end)

    def reach(self, t: float) -> None:
        """Step until the time is at least `t`; a frame at `t` can then be asked for."""
        while self.t < t - TICK * self._dial.span:
            self.step()

    def probe(self) -> Probe:
        """Return a probe of the state in force, which measures it lazily."""
        return self._probe(self._state)

    def step_error(self) -> float:
        """Return the largest distance between one step ahead and two half steps."""
        h = self._dial.span
        whole, half = self._stepped(h), self._stepped(h / 2)
        end = self._stepped(h / 2, half)
        return max(
            float(self.backend.xp.max(self.backend.xp.abs(a - b)))
            for a, b in ((whole.x, end.x), (whole.p, end.p))
            if a.size  # there may be no momenta
        )

    def measures(self) -> dict[str, float]:
        """Return every observable of the state in force, by kind."""
        probe = self.probe()
        with _quiet():
            return {k: c().measure(probe) for k, c in Observable.kinds().items()}

    def frame(
        self,
        at: float | None = None,
        request: FrameRequest | None = None,
        *,
        wish: FrameRequest | None = None,
    ) -> Frame:
        """Copy what is to be shown to host memory, once.

        Parameters
        ----------
        at : float, optional
            A time within the last step, for smooth pictures: the state there is read
            off the step's interpolating cubic.  The present by default.
        request : FrameRequest, optional
            What to measure; all observables and nothing else by default.
        wish : FrameRequest, optional
            The name of `request` in 0.1, deprecated.

        Raises
        ------
        FloatingPointError
            If tokens have run away to infinity; says what to do.
        """
        if wish is not None:
            text = "frame(wish=…) is now frame(request=…); the old name goes in 0.3."
            warnings.warn(text, DeprecationWarning, stacklevel=2)
            request = wish
        state = self._state if at is None else self._between(at)
        self._check(state)
        probe = self._probe(state)
        with _quiet():
            return Frame.of(
                probe,
                scenario=self._scenario,
                begin=self._begin,
                epoch=self._epoch,
                request=request or FrameRequest(),
            )

    def retune(self, scenario: Scenario) -> None:
        """Adopt `scenario`, keeping the tokens where they are if that makes sense.

        Tokens that have run away to infinity begin again.

        Raises
        ------
        ValueError
            As on creation; the run in force is then unharmed.
        """
        scenario = fitted(scenario)
        if restarts(self._scenario, scenario) or not self._finite(self._state):
            self._start(scenario)
        elif scenario != self._scenario:
            self._turn(scenario)

    def reset(self) -> None:
        """Go back to the same start."""
        self._start(self._scenario)

    def restore(self, frame: Frame) -> None:
        """Go back to `frame`, an earlier frame of this run."""
        if frame.x.shape != self._state.x.shape:
            raise ValueError(
                f"the frame has tokens {frame.x.shape}, the run "
                f"{self._state.x.shape}: it is of another run."
            )
        x, p = self._device(frame.x), self._device(frame.p)
        graph, alone = self._field.graph, State(frame.t, x, x[..., :0, :])
        same = frame.carrier == self._field.carrier and (
            frame.carrier != "edges"
            or (
                graph is not None
                and frame.edges is not None
                and np.array_equal(frame.edges, graph.edges)
            )
        )
        self._enter(State(frame.t, x, p) if same else self._field.start(alone))
        self._epoch += 1

    def _probe(self, state: State) -> Probe:
        law = self._scenario.dynamics.energy_behaviour(self._scenario.space)
        groups = self._begin.groups
        return Probe(state, self._field, self._ground, groups, law, self._spectra)

    def _start(self, scenario: Scenario) -> None:
        BUFFER_POOL.clear()  # there may be fewer tokens now
        begin = place(scenario)
        x = self._device(begin.x, scenario.precision)
        field = scenario.dynamics.bind(x, Seed(scenario.seed))
        state = field.start(State(0.0, x, x[..., :0, :]))
        self._begin, self._first = begin, x
        self._adopt(scenario, field, state)
        self._epoch += 1
        if field.attention is not None:
            seen = scenario.space.normalised_state(state)
            prepare(*field.attention.at(state.t).problems(seen.x))

    def _turn(self, scenario: Scenario) -> None:
        # Always bound to the first tokens and the same draws, so that turning a live
        # knob changes neither the graph nor the random matrices under a running flow.
        field = scenario.dynamics.bind(self._first, Seed(scenario.seed))
        old, s = self._scenario, self._state
        x = s.x
        if scenario.space != old.space:
            x = self._device(landed(to_host(x), scenario.space.project_point))
        alone = State(s.t, x, s.x[..., :0, :])
        same = _carries(field, self._field)
        state = State(s.t, x, s.p) if same else field.start(alone)
        self._adopt(scenario, field, state)

    def _adopt(self, scenario: Scenario, field: Field, state: State) -> None:
        space, tied = scenario.space, field.carrier == "tokens"
        self._scenario, self._field = scenario, field
        self._ground = space.tangent_bundle() if tied else space
        if tied:  # the tangent planes may be others
            state = self._ground.kick(State(state.t, state.x, 0 * state.p), state.p)
        self._flow = Flow(
            self._ambient,
            self.flow,
            LinearFlow(field.velocity, state)
            if field.linear and space.euclidean
            else None,
            field.split if tied or space.euclidean else None,
            self._noise,
        )
        self._enter(state)
        self._tape, self.launches = recorded(scenario, field, state, self._launched)

    def _enter(self, state: State) -> None:
        self._state = self._last = state
        self._known: tuple[State | None, Any] = (None, None)
        self._before: tuple[State | None, Any] = (None, None)
        self._closing: tuple[State | None, Any] = (None, None)
        self._until = math.inf
        self._dial = self._wound(state.t)

    def _wound(self, t: float) -> _Dial:
        s = self._scenario
        return _Dial(s.clock, s.clock.reading(t), s.step)

    def _go(self, state: State) -> None:
        self._last, self._state, self._before = self._state, state, self._known

    def _stepped(self, h: float, start: State | None = None) -> State:
        s = start or self._state
        if self._tape is not None and self._tape.h == h:
            return self._tape(s)
        return self._launched(s, h)

    def _launched(self, s: State, h: float) -> State:
        integrator = self._scenario.integrator
        self._until = s.t + h  # a layer that ends there is seen up to its end
        try:
            with _quiet():
                return integrator.step(self._flow, self._ground, s, h)
        finally:
            self._until = math.inf

    def _arrived(self) -> Velocity:
        """Return the velocity at the end of the last step, in that step's own layer."""
        if not self._field.jumps:
            return self.flow(self._state)
        if self._closing[0] is not self._state:
            early = dataclasses.replace(self._state, t=just_before(self._state.t))
            self._closing = (self._state, self.flow(early))
        return self._closing[1]

    def _finite(self, state: State) -> bool:
        xp = self.backend.xp
        return bool(xp.all(xp.isfinite(state.x)))

    def _check(self, state: State) -> None:
        """Refuse a state that is no longer made of finite numbers."""
        s = self._scenario
        if self._finite(state):
            return
        raise FloatingPointError(
            f"tokens are no finite numbers any more at t = {state.t:.6g}. Lower the "
            f"step h = {s.step:g}, choose a bounded space, or lower the weights."
        )

    def _between(self, at: float) -> State:
        a, b = self._last, self._state
        h = b.t - a.t
        if h <= 0 or at >= b.t:
            return b
        u = max(0.0, (at - a.t) / h)
        if self._scenario.integrator.order >= DENSE:
            va, vb, parts = self.flow(a), self._arrived(), (u, 1 - u, u * (1 - u), h)
            x = hermite(a.x, b.x, va.x, vb.x, *parts)
            p = hermite(a.p, b.p, va.p, vb.p, *parts)
        else:
            x, p = a.x + u * (b.x - a.x), a.p + u * (b.p - a.p)
        return self._ground.return_to_space(State(at, x, p))

    def _device(self, host: AnyArray, precision: str = "") -> Array:
        xp = self.backend.xp
        kind = getattr(xp, precision) if precision else self._state.x.dtype
        return xp.asarray(np.array(host), dtype=kind)


def _carries(new: Field, old: Field) -> bool:
    """Whether momenta of `old` mean the same in `new`."""
    same = new.carrier != "edges" or (
        new.graph is not None and new.graph.same_edges(old.graph)
    )
    return new.carrier == old.carrier and same


@rowwise
def hermite(
    a: Array, b: Array, va: Array, vb: Array, u: float, w: float, uw: float, h: float
) -> Array:
    """Return Hermite's cubic at the fraction `u` of a step `h` from `a` to `b`.

    With slopes `va` and `vb` at its ends, (..., d), w = 1 − u, and the product of both.
    """
    chord = b - a
    return a + u * chord + uw * (w * (h * va - chord) - u * (h * vb - chord))


def _quiet() -> np.errstate:
    """Let numbers overflow unheard.

    Energies may be infinite off the sphere, and tokens that run away are told of in
    words; see `Simulation.frame`.
    """
    return np.errstate(over="ignore", invalid="ignore")


def place(scenario: Scenario) -> Start:
    """Return the tokens of `scenario` at time zero, on the host.

    They are put on the space in float64, whatever the precision of the run.

    Raises
    ------
    ValueError
        If a token cannot be normalised.
    """
    n, d = scenario.tokens, scenario.dimension
    begin = scenario.initial.place(n, d, Seed(scenario.seed).rng("initial"))
    x = scenario.encoding.encoded(np.asarray(begin.x, dtype=np.float64))
    return dataclasses.replace(begin, x=landed(x, scenario.space.initial_point))


def landed(x: AnyArray, land: Callable[[Array], Array]) -> AnyArray:
    """Return ``land(x)``, the tokens x put on a space: (n, d), on the host.

    Raises
    ------
    ValueError
        If a token cannot be put there, such as zero on the sphere.
    """
    with np.errstate(all="ignore"):  # what goes wrong is said below
        out = land(x)
    bad = np.flatnonzero(~np.isfinite(out).all(axis=-1))
    if len(bad):
        raise ValueError(
            f"token {bad[0] + 1} cannot be put on the space: its length, after "
            "centring, is zero or not finite. Remove it, or choose the flat space."
        )
    return out
