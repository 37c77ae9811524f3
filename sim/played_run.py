"""A run that is played, as it is now: everything that can be read off it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Self

import numpy as np

from sim.arrays import to_host
from sim.deprecation import warn_renamed
from sim.measure.attention_matrix import attention_rows
from sim.observables import Observable
from sim.settings.values import short
from sim.state import State
from sim.tokens.present import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.array_types import AnyArray, Ints
    from sim.bound_state import BoundState
    from sim.changing_run import ChangingRun
    from sim.measure.probe import Probe
    from sim.scenario import Scenario
    from sim.schedule import Run
    from sim.state import Velocity
    from sim.stepper import Stepper


class PlayedRun:
    """What a run is and was, and measures of its state; nothing here moves it."""

    _played: ChangingRun

    @property
    def run(self) -> Run:
        """The start and every change: those that were made, and those to come."""
        return self._played.run

    @property
    def past(self) -> Run:
        """The start and the changes that were made so far."""
        return self._played.past

    @property
    def scenario(self) -> Scenario:
        """The scenario in force."""
        return self._bound.scenario

    @property
    def t(self) -> float:
        """The time."""
        return self._bound.t

    @property
    def step_start(self) -> float:
        """The earliest time that `frame` can be called at without a seek."""
        return self._stepper.step_start

    @property
    def end(self) -> float:
        """The latest time that this run has reached."""
        return self._played.end

    @property
    def coordinate(self) -> float:
        """The coordinate of the scenario's clock: the time if the clock is steady."""
        return self.scenario.clock.coordinate(self.t)

    @property
    def reading(self) -> float:
        """The name of `coordinate` in 0.1, deprecated."""
        warn_renamed("Simulation.reading", "Simulation.coordinate")
        return self.coordinate

    @property
    def x(self) -> AnyArray:
        """A copy of the tokens on the host: (n, d)."""
        return to_host(self._bound.state.x)

    @property
    def p(self) -> AnyArray:
        """A copy of the momenta on the host: (m, d); m = 0 for laws of first order."""
        return to_host(self._bound.state.p)

    @property
    def state(self) -> State:
        """Time, tokens and momenta, copied to the host."""
        return State(self.t, np.array(self.x), np.array(self.p))

    @property
    def _bound(self) -> BoundState:
        return self._played.bound

    @property
    def _stepper(self) -> Stepper:
        return self._bound.stepper

    @property
    def launch_mode(self) -> str:
        """How kernels are launched on a card, and why; empty without one."""
        return self._stepper.launch_mode

    @property
    def names(self) -> tuple[str, ...]:
        """The tokens' names, or nothing."""
        return self._bound.tokens.names

    @property
    def groups(self) -> tuple[str, ...]:
        """The tokens' groups, or nothing."""
        return self._bound.tokens.groups

    @property
    def ids(self) -> Ints:
        """The number of each token, by which it is known through the run: (n,)."""
        return self._bound.tokens.ids

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
        return to_host(self.flow(self._bound.state).x)

    def flow(self, state: State) -> Velocity:
        """Return the tangent velocity at `state`; it is projected only here."""
        return self._stepper.velocity(state)

    def probe(self, at: float | None = None) -> Probe:
        """Return a probe, which measures lazily, of the state now, or as of `frame`."""
        return self._bound.probe(self._state_at(at))

    def __copy__(self) -> Self:
        """Return a copy that keeps the last step, for probes of it as this goes on."""
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        new._played = copy.copy(self._played)
        return new

    def step_error(self) -> float:
        """Return the largest difference between one step and two half steps."""
        return self._stepper.error()

    def measures(self) -> dict[str, float]:
        """Return every observable of the current state, by kind."""
        probe = self.probe()
        with overflow_ignored():
            return {k: c().measure(probe) for k, c in Observable.kinds().items()}

    def measure(self, *kinds: str) -> dict[str, float]:
        """Return some observables of the current state, by kind; no other is computed.

        Parameters
        ----------
        *kinds : str
            Such as ``"f_hat", "clusters"``.

        Raises
        ------
        ValueError
            If there is no such observable; lists those that there are.
        TypeError
            If a list is given.
        """
        _require_texts(kinds)
        found = {kind: Observable.member(kind, "measure")() for kind in kinds}
        probe = self.probe()
        with overflow_ignored():
            return {kind: o.measure(probe) for kind, o in found.items()}

    def attention(self, ids: Iterable[int] | None = None) -> AnyArray:
        """Return the attention matrix of the current state: (h, n, n).

        Rows attend, and h = 1 where all heads agree.

        Parameters
        ----------
        ids : iterable of int, optional
            Tokens whose rows are returned, by id: (h, k, n); all by default.

        Raises
        ------
        ValueError
            If the law has no attention, there is no such token, or the matrix has more
            than 400 million entries.
        """
        if ids is None:
            return attention_rows(self.probe(), range(len(self.ids)))
        wanted = list(ids)
        found = rows_of(self.ids, wanted)
        if missing := [k for k in wanted if k not in found]:
            raise ValueError(
                f"attention: there is no token {missing[0]} now. Tokens are in run.ids."
            )
        return attention_rows(self.probe(), [found[k] for k in wanted])

    def _state_at(self, at: float | None) -> State:
        return self._bound.state if at is None else self._stepper.interpolated(at)


def overflow_ignored() -> np.errstate:
    """Return a context that ignores overflow.

    Energies may be infinite off the sphere, and `Simulation.frame` raises an error of
    its own for coordinates that are.
    """
    return np.errstate(over="ignore", invalid="ignore")


def _require_texts(given: Iterable[object]) -> None:
    """Refuse a list in place of observables."""
    if wrong := [kind for kind in given if not isinstance(kind, str)]:
        raise TypeError(
            'observables are given one by one, as measure("f_hat", "clusters"), got '
            f"{short(wrong[0])}."
        )
