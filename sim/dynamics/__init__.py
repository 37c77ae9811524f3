"""Laws of motion, and what those with heads and those on graphs share.

May import attention and the calculus on graphs, and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import namespace
from sim.law import Limits, RowWeights
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.arrays import Array
    from sim.attention.heads import Heads
    from sim.expressions.formula import Motion
    from sim.expressions.tokens import Tokens
    from sim.exterior_calculus.metric import Metric
    from sim.field import Field
    from sim.graphs import Graph, Topology
    from sim.law import EnergyBehaviour, Structure, Symmetry
    from sim.seed import Seed
    from sim.spaces import Space

UNUSED_WEIGHTS = "The law does not use the weights of the graph."
ANY: frozenset[Structure] = frozenset()


@dataclass(frozen=True)
class Dynamics(Plugin, abc.ABC, package=__name__):
    """Settings of a law of motion."""

    energy_name: ClassVar[str] = "F̂(μ)"
    """Name of the law's energy on the plot."""

    energy_help: ClassVar[str] = "F̂ = (1/n²) Σ exp(β(⟨xᵢ,xⱼ⟩ − 1))"
    """The energy's formula, with its normalisation."""

    limits: ClassVar[Limits | None] = None
    """The setting between conserving the energy and dissipating it, if there is one."""

    curves: ClassVar[tuple[str, ...]] = ("energy", "clusters", "order")
    """Kinds of the observables that show most of what the law does."""

    row_weights: ClassVar[RowWeights] = ""
    """How scores become weights, for attention among tokens row by row."""

    self_attending: ClassVar[bool] = True
    """Whether heads, where there are any, attend among the tokens themselves."""

    batched: ClassVar[bool] = False
    """Whether its field moves many runs at once, (runs, n, d): see `bind_runs`."""

    numbers_of_runs: ClassVar[frozenset[str]] = frozenset()
    """Settings in which runs that are moved at once may differ; see `bind_runs`."""

    sum_over_modes: ClassVar[bool] = False
    """Whether the energy is the sum of the energies of the graph's modes."""

    token_letter: ClassVar[str] = "x"
    """The letter of tokens in the law's formula."""

    @property
    def attention_heads(self) -> Heads | None:
        """The matrices, mask and masses of attention, if the law has them."""
        return None

    @property
    def topology(self) -> Topology | None:
        """The settings of the graph that the law lives on, if it does."""
        return None

    @property
    def inverse_temperature(self) -> float | None:
        """β as it is set, if the law has one for scores between tokens."""
        return None

    @abc.abstractmethod
    def bind(self, like: Array, seed: Seed) -> Field:
        """Return the vector field for tokens shaped and placed as `like`: (..., n, d).

        Raises
        ------
        ValueError
            If the settings do not fit the tokens, such as a matrix of a wrong shape.
        """

    def bind_runs(
        self, like: Array, seeds: Sequence[Seed], laws: Sequence[Dynamics]
    ) -> Field:
        """Return the field of some runs, each with its seed: (runs, n, d).

        Each run has its own of the `laws`, which differ in `numbers_of_runs` alone.
        One field serves all where nothing is drawn and no number differs; a law that
        has either says here how they stand beside each other.  Its velocity, start and
        split are those of all runs; measures that need a number in which they differ
        are NaN.
        """
        return self.bind(like, seeds[0])

    def keys_of(self, n: int) -> int:
        """Return how many keys each of n tokens attends to."""
        return n

    @abc.abstractmethod
    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        """Return what the flow on `space` does to the energy, which tests check."""

    def required_invariants(self, space: Space) -> frozenset[Structure]:
        """Return the structures of which an integrator must preserve one.

        Only then does the energy do what `energy_behaviour` says at any small step,
        for ever.  Empty if every integrator serves when its steps are small.
        """
        return ANY

    def symmetries(self) -> frozenset[Symmetry]:
        """Return the transformations of all tokens that commute with the flow.

        Momenta of edges are rotated and reflected with the tokens.
        """
        return frozenset({"turn", "mirror", "order"})

    def energy_rate_formula(self) -> str:
        """Return the law's formula for dE/dt in a line; empty if it has none."""
        return ""

    def shape(self, n: int, d: int) -> tuple[int, int]:
        """Return the (n, d) that the law prescribes, else those given."""
        return n, d

    def fixed_tokens(self) -> str:
        """Return why tokens cannot be added or removed in a run; empty if they can."""
        return ""

    def time_name(self, t: float) -> str:
        """Return what the time t is called, such as "layer 3 MLP"; mostly empty."""
        return ""

    @abc.abstractmethod
    def formula(self, x: Tokens) -> Motion:
        """Return the velocity that the law gives the tokens `x` in R^d, as a tree."""


def of_each(laws: Sequence[Dynamics], name: str) -> float | list[float]:
    """Return a number that is a setting of laws: one if it is common, else a list."""
    found: list[float] = [getattr(law, name) for law in laws]
    return found if any(number != found[0] for number in found) else found[0]


def beside(number: float | list[float], like: Array) -> float | Array:
    """Return a number, or those of the runs of a batch in the type of `like`.

    They are of shape (runs, 1, 1), to stand beside tokens (runs, n, d).
    """
    if not isinstance(number, list):
        return number
    return namespace(like).asarray(number, dtype=like.dtype)[:, None, None]


class AttentionLaw(Dynamics, abc.ABC):
    """A law of tokens that attend through heads, which are its setting `heads`."""

    if TYPE_CHECKING:  # each member has it in its own place among its settings
        heads: Heads

    @property
    def attention_heads(self) -> Heads:
        return self.heads

    def symmetries(self) -> frozenset[Symmetry]:
        return self.heads.symmetries()

    def fixed_tokens(self) -> str:
        return self.heads.fixed_tokens()


class GraphLaw(Dynamics, abc.ABC):
    """A law of tokens on the nodes of a graph, which is its setting `graph`."""

    if TYPE_CHECKING:
        graph: Topology

    @property
    def topology(self) -> Topology:
        return self.graph

    @property
    def weighs_edges(self) -> bool:
        """Whether weights that the graph has of its own change the motion."""
        return True

    def weight_notes(self, graph: Graph) -> tuple[str, ...]:
        """Return a remark if `graph` has weights that the law does not use."""
        unused = graph.weight is not None and not self.weighs_edges
        return (UNUSED_WEIGHTS,) if unused else ()

    def shape(self, n: int, d: int) -> tuple[int, int]:
        return self.graph.nodes(n), d

    def fixed_tokens(self) -> str:
        return "the graph joins the tokens of the start"


class PhaseSpaceLaw(GraphLaw, abc.ABC):
    """A law of tokens q on nodes and momenta p on edges, with a setting `metric`."""

    energy_name: ClassVar[str] = "Energy E(q, p)"
    energy_help: ClassVar[str] = "E = ½ Σ aᵢ|qᵢ|² + ½ Σ wₑ|pₑ|²"
    curves: ClassVar[tuple[str, ...]] = ("energy", "energy_rate", "dirichlet")
    token_letter: ClassVar[str] = "q"
    faces: ClassVar[bool] = False
    """Whether it needs the triangles of the graph."""

    if TYPE_CHECKING:
        metric: Metric

    def inactive(self) -> frozenset[str]:
        return self.metric.inactive_settings(self.graph, faces=self.faces)

    def symmetries(self) -> frozenset[Symmetry]:
        return self.metric.symmetries(self.graph, faces=self.faces)
