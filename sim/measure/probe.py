"""Lazy measures of one state; what several observables need is computed once."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import mean_of, namespace, norm, to_host
from sim.attention.interaction import interaction
from sim.attention.softmax import SoftmaxAttention
from sim.jit.buffer_pool import BUFFER_POOL
from sim.measure.clusters import components
from sim.measure.cosines import Cosines, Histogram
from sim.measure.operators import Operators, OperatorsCache

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.arrays import Array
    from sim.attention.base import Attention
    from sim.field import Field
    from sim.law import EnergyBehaviour
    from sim.spaces import Space
    from sim.state import State, Velocity

MAX_HISTOGRAM_TOKENS = 512  # above, an even sample


@dataclass(frozen=True)
class Probe:
    """Measures one state under one field, lazily."""

    state: State
    field: Field
    space: Space
    groups: tuple[str, ...] = ()
    behaviour: EnergyBehaviour = "none"
    spectra: OperatorsCache = dataclasses.field(default_factory=OperatorsCache)

    @cached_property
    def attention(self) -> Attention | None:
        """The attention in force at the state's depth, if the law has one."""
        attention = self.field.attention
        return None if attention is None else attention.at(self.state.t)

    @cached_property
    def method(self) -> tuple[str, str]:
        """The method that sums over tokens, and why, with the bound on its error."""
        if self.attention is None:
            return "direct", "this law has no sums over all tokens"
        return self.attention.method(self.normalised.x)

    @property
    def beta(self) -> float:
        """β of the attention in force, NaN without one."""
        a = self.attention
        return a.beta if a is not None and a.has_beta else float("nan")

    @cached_property
    def normalised(self) -> State:
        """The input of the law: directions only, after a pre-norm."""
        return self.space.normalised_state(self.state)

    @cached_property
    def host(self) -> AnyArray:
        """Tokens on the host: (n, d)."""
        x = self.state.x
        if type(x) is not np.ndarray:
            return to_host(x)
        out = BUFFER_POOL.empty(x.shape, x.dtype)
        np.copyto(out, x)
        return out

    @cached_property
    def lengths(self) -> AnyArray:
        """The length of each token: (n,)."""
        return norm(self.host)[:, 0]

    @cached_property
    def f_hat(self) -> float:
        """F̂ of the tokens, NaN without a β; see `interaction`."""
        return float(f_hats(self.normalised.x, self.attention))

    @cached_property
    def velocity(self) -> Velocity:
        """The velocity along the space."""
        return self.space.project_velocity(
            self.state, self.field.velocity(self.normalised)
        )

    @cached_property
    def energy(self) -> float:
        """The law's own energy."""
        return float(self.field.energy(self.normalised))

    @cached_property
    def energy_rate(self) -> float:
        """dE/dt along the flow: v along the gradient, else by a central difference."""
        s, space, v = self.state, self.space, self.velocity
        if self.field.power is not None and self.normalised is s:
            return float(self.field.power(s, v))
        speed = max(_largest(v.x), _largest(v.p))
        if not speed:
            return 0.0
        size = max(_largest(s.x), _largest(s.p))
        h = size / speed * float(namespace(s.x).finfo(s.x.dtype).eps) ** (1 / 3)
        after, before = (
            float(self.field.energy(space.normalised_state(moved)))
            for moved in (space.retract(s, h, v), space.retract(s, -h, v))
        )
        return (after - before) / (2 * h)

    def law_measure(self, kind: str) -> float:
        """Return the law's own measure of this kind, NaN if it has none."""
        measure = self.field.measures.get(kind)
        return float("nan") if measure is None else float(measure(self.state))

    @cached_property
    def labels(self) -> AnyArray:
        """Cluster of each token: int (n,), numbered by first member."""
        return components(to_host(self.normalised.x))

    @property
    def cluster_count(self) -> int:
        """Number of clusters."""
        return int(self.labels.max(initial=-1)) + 1

    @cached_property
    def mean(self) -> Array:
        """The mean Σ mᵢxᵢ of the tokens as the law sees them: (d,)."""
        return self.mean_of(self.normalised.x)

    @cached_property
    def plain_mean(self) -> Array:
        """The mean of the tokens as the law sees them, whatever their masses: (d,)."""
        return mean_of(self.normalised.x)

    def mean_of(self, rows: Array) -> Array:
        """Return the mean of a number of each token, by mass: (..., n, e) -> (..., e).

        k equal tokens count as one of mass k/n.
        """
        shares = None if self.attention is None else self.attention.shares
        return mean_of(rows if shares is None else rows * shares * rows.shape[-2])

    @cached_property
    def cosines(self) -> Cosines:
        """Cosines of all pairs, or of those of an even sample."""
        return Cosines.of(to_host(self.normalised.x))

    @property
    def operators(self) -> Operators | None:
        """Spectra of D and V, if the law has them and they are not too large."""
        return None if self.attention is None else self.spectra.of(self.attention)

    @property
    def histogram(self) -> Histogram:
        """A histogram of the cosines of pairs of tokens, or of an even sample."""
        return Cosines.of(to_host(self.normalised.x), MAX_HISTOGRAM_TOKENS).histogram()

    @cached_property
    def speed(self) -> AnyArray:
        """Speed of each token along the space: (n,)."""
        return to_host(norm(self.velocity.x))[..., 0]

    @cached_property
    def head(self) -> AnyArray | None:
        """The head that moves each token most along the space: int (n,)."""
        if self.attention is None:
            return None
        x, a = self.normalised.x, self.attention
        pulls = a.head_updates(a.attention_output(x))
        along = self.space.project_tangent(x[..., None, :, :], pulls)
        return to_host(namespace(x).argmax(norm(along)[..., 0], axis=-2))

    @cached_property
    def entropies(self) -> AnyArray | None:
        """Mean entropy of the rows of each head's attention, by mass: (h,), in nats."""
        if self.attention is None:
            return None
        found = self.attention.entropy(self.normalised.x)
        if found is None:
            return None
        return to_host(self.mean_of(found)[..., 0])

    @cached_property
    def entropy(self) -> float:
        """Mean entropy of the rows of the attention matrix, in nats."""
        found = self.entropies
        return float("nan") if found is None else float(found.mean())


def f_hats(x: Array, attention: Attention | None) -> Array:
    """Return F̂ of one run or more, NaN without a β: (..., n, d) -> (...)."""
    if attention is None or not attention.has_beta:
        return np.full(x.shape[:-2], np.nan)
    if isinstance(attention, SoftmaxAttention):
        return attention.interaction(x)
    return interaction(x, attention.inverse_temperature, attention.log_mass)


def _largest(a: Array) -> float:
    """Return the largest |entry| of `a`, 0 if it has none."""
    xp = namespace(a)
    return float(xp.max(xp.abs(a))) if a.shape[-2] else 0.0
