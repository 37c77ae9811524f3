"""A law of motion bound to tokens on a device: its velocity, energy and measures."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import namespace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.array_types import Floats, Ints
    from sim.arrays import Array
    from sim.attention.base import Attention
    from sim.graphs import Graph
    from sim.law import Carrier
    from sim.state import Split, State, Velocity

    Measure = Callable[[State], Array]


def tokens_alone(s: State) -> State:
    """Return `s`: the start of a law without momenta."""
    return s


@dataclass(frozen=True, slots=True)
class Field:
    """A law of motion bound to a number of tokens, a dimension and a device.

    Attributes
    ----------
    velocity : State -> Velocity
        The ambient velocity; only the space projects it.
    energy : State -> Array, shape (...)
        The functional that the law increases, decreases or conserves where it states
        so; elsewhere a related one.
    attention : Attention, optional
        The attention, for laws that have it; ``at(t)`` is that in force at t.
    graph : Graph, optional
        The graph whose edges carry momenta, for laws that have one.
    start : State -> State
        Completes a state of tokens alone, such as with edge momenta.
    carrier : {"", "edges", "tokens"}
        What momenta belong to: nothing, edges, or tokens, where they are tangent.
    linear : bool
        Whether in R^d the velocity is linear, and the same for every feature.
    split : Split, optional
        The velocity in two parts, where ẋ depends on p alone.
    edge_weight : State -> Array, shape (..., m, 1), optional
        How strong the edges of the graph are.
    measures : mapping of str to (State -> Array)
        Further measures of the law, by kind of observable.  Shape (...), except
        ``"modes"``, (..., k, 2): frequencies and energies.
    hidden_attention : Attention, optional
        Attention to what is no token: it changes in time like any other, and has no
        matrix among the tokens to show.
    velocity_and_jacobian : State -> (Array, Array), optional
        The ambient velocity, (..., n, d), and its derivative by the place of a token
        without mass among the others, (..., n, d, d), as in the continuity equation.
    divergence : (State, bool) -> Array, shape (..., n, 1), or None, optional
        The divergence of the velocity at every token, on the unit sphere or else in
        R^d, where there is a closed form.
    whole_step : State -> State, optional
        The state a unit of time later by a map of the law, of which x + ẋ is only the
        rounded value.
    notes : tuple of str
        What a person should know about it.
    power : State, Velocity -> Array, shape (...), optional
        The rate of the energy along a velocity, where that is known and as cheap as the
        energy.
    """

    velocity: Callable[[State], Velocity]
    energy: Callable[[State], Array]
    attention: Attention | None = None
    graph: Graph | None = None
    start: Callable[[State], State] = tokens_alone
    carrier: Carrier = ""
    linear: bool = False
    split: Split | None = None
    edge_weight: Measure | None = None
    measures: Mapping[str, Measure] = field(default_factory=dict[str, "Measure"])
    hidden_attention: Attention | None = None
    velocity_and_jacobian: Callable[[State], tuple[Array, Array]] | None = None
    divergence: Callable[[State, bool], Array | None] | None = None
    power: Callable[[State, Velocity], Array] | None = None
    whole_step: Callable[[State], State] | None = None
    notes: tuple[str, ...] = ()

    def begin(self, alone: State, momenta: Floats | None) -> State:
        """Complete a state of tokens alone, with `momenta`, (m, d), if they are given.

        A law without momenta leaves them out.

        Raises
        ------
        ValueError
            If the law has others.
        """
        state = self.start(alone)
        if momenta is None or not self.carrier:
            return state
        if momenta.shape != state.p.shape:
            raise ValueError(
                f"the momenta at the start have shape {momenta.shape}, but the law has "
                f"{len(state.p)} {self.carrier} in {state.p.shape[-1]} dimensions. "
                "Give one for each, or choose another start."
            )
        p = namespace(state.x).asarray(momenta, dtype=state.x.dtype)
        return replace(state, p=p)

    def carries_as(self, other: Field) -> bool:
        """Whether momenta belong to the same edges or tokens as those of `other`."""
        same = self.carrier != "edges" or (
            self.graph is not None and self.graph.same_edges(other.graph)
        )
        return self.carrier == other.carrier and same

    def carries(self, carrier: Carrier, edges: Ints | None) -> bool:
        """Whether momenta belong to this `carrier`, on edges to these, int (m, 2)."""
        same = carrier != "edges" or (
            self.graph is not None
            and edges is not None
            and np.array_equal(edges, self.graph.edges)
        )
        return self.carrier == carrier and same

    def next_jump(self, t: float) -> float:
        """Return the first time after t at which the velocity jumps; ∞ if none."""
        attention = self._changing
        return math.inf if attention is None else attention.next_jump(t)

    def next_kink(self, t: float) -> float:
        """Return the first time after t at which its slope in time does; ∞ if none."""
        attention = self._changing
        return math.inf if attention is None else attention.next_kink(t)

    @property
    def _changing(self) -> Attention | None:
        """The attention, which alone changes a law in time."""
        return self.hidden_attention if self.attention is None else self.attention
