"""Trained transformers: their own half layers as a law of motion."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from sim.arrays import dot, namespace, norm, to_host
from sim.attention.trained import SAME, TrainedAttention
from sim.dynamics import Dynamics
from sim.expressions.formula import Motion
from sim.expressions.symbols import Symbol
from sim.field import Field
from sim.models.edited_halves import edited_halves, last_states
from sim.models.half_layers import AttentionHalf
from sim.models.intervention_settings import InterventionSettings
from sim.models.interventions import states_moved
from sim.models.model_settings import (
    PATH,
    SHA256,
    checked_model,
    dimension_of,
    layers_of,
)
from sim.models.untrained import random_halves
from sim.settings.knobs import Knob
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.tokens import Tokens
    from sim.law import EnergyBehaviour, Symmetry
    from sim.models.half_layers import HalfLayer
    from sim.seed import Seed
    from sim.spaces import Space

PARTS = ("attention", "MLP")  # halves of a layer


@dataclass(frozen=True)
class Trained(Dynamics):
    """ẋᵢ = F_ℓ(x)ᵢ − xᵢ, ℓ = ⌊t⌋: a half layer of a transformer a unit of time  [1]_.

    F_ℓ is attention or the MLP of a layer, with its residual and its norm; a step
    h = 1 of Euler's method in the flat space is F_ℓ itself, bit for bit, and smaller
    steps read the model as a differential equation.  After the last layer tokens rest.
    Without a model the weights are random.

    References
    ----------
    .. [1] Vaswani et al., "Attention is all you need", arXiv:1706.03762.
    """

    kind: ClassVar[str] = "trained"
    title: ClassVar[str] = "Trained transformer"
    energy_name: ClassVar[str] = "Mean cosine"
    energy_help: ClassVar[str] = "(1/n²) Σ cos(xᵢ,xⱼ), 1 where all directions agree"
    curves: ClassVar[tuple[str, ...]] = ("energy", "effective_rank", "entropy")
    path: Annotated[str, PATH] = ""
    sha256: Annotated[str, SHA256] = ""
    start: Annotated[
        int,
        Knob(
            "ℓ₀",
            0,
            400,
            help="The half layer at t = 0: 0 is the attention of the first layer, 1 "
            "its MLP.",
            name="Begin ℓ₀",
        ),
    ] = 0
    layers: Annotated[
        int, Knob("L", 1, 64, help="Layers of the model with random weights.")
    ] = 2

    intervention: Annotated[
        InterventionSettings,
        Knob("Intervention", help="What is changed in the half layers."),
    ] = field(default_factory=InterventionSettings)

    def inactive(self) -> frozenset[str]:
        return frozenset({"layers"} if self.path else {"sha256"})

    def symmetries(self) -> frozenset[Symmetry]:
        # Positions are in the start, but a mask may order tokens.
        return frozenset() if self.path else frozenset({"order"})

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        return "none"

    def shape(self, n: int, d: int) -> tuple[int, int]:
        return n, dimension_of(self.path) if self.path else d

    def time_name(self, t: float) -> str:
        place = self.start + max(0, math.floor(t + SAME))
        layers = layers_of(self.path) if self.path else self.layers
        if place >= 2 * layers:
            return f"after layer {layers}"
        return f"layer {place // 2 + 1} {PARTS[place % 2]}"

    def formula(self, x: Tokens) -> Motion:
        note = r"F_\ell\ \mathrm{a\ half\ layer\ of\ the\ model}"
        letter = r"F_{\lfloor t\rfloor}(x)"
        return Motion(Symbol("half layer", letter, ("i",), note=note) - x("i"))

    def bind(self, like: Array, seed: Seed) -> Field:
        halves, notes = self._edited(self.halves(like, seed), like)
        attention = TrainedAttention.through(halves, self.start, like)

        def velocity(s: State) -> Velocity:
            return Velocity(attention.at(s.t).velocity(s.x), s.p)

        def whole_step(s: State) -> State:
            return State(s.t + 1, attention.at(s.t).map(s.x), s.p)

        parts = velocity, mean_cosine, attention
        return Field(*parts, whole_step=whole_step, notes=notes)

    def _edited(
        self, halves: tuple[HalfLayer, ...], like: Array
    ) -> tuple[tuple[HalfLayer, ...], tuple[str, ...]]:
        """Return half layers with the intervention, and how far it moves last states.

        Those of the pass of whole half layers from the tokens `like`.
        """
        edits = self.intervention.edits()
        if not edits:
            return halves, ()
        first = next(half for half in halves if isinstance(half, AttentionHalf))
        edits[0].check(len(halves) // 2, first.heads, counted_from=1)
        x = to_host(like)
        edited = edited_halves(halves, edits, x, self.start)
        if x.ndim > 2:  # noqa: PLR2004 - several runs at once
            return edited, ()
        before, after = (last_states(h, x, self.start) for h in (halves, edited))
        return edited, (f"{self.intervention.said()}: {states_moved(before, after)}",)

    def halves(self, like: Array, seed: Seed) -> tuple[HalfLayer, ...]:
        """Return the half layers of the model, in the float type of the tokens.

        Raises
        ------
        ValueError
            If the model does not fit the tokens, or has changed.
        """
        dtype = to_host(like[..., :0, :]).dtype
        if self.path:
            n, d = like.shape[-2:]
            halves = self._of_model(n, d, dtype)
        else:
            drawn = random_halves(like.shape[-1], self.layers, seed.rng("transformer"))
            halves = tuple(half.cast(dtype) for half in drawn)
        if self.start >= len(halves):
            raise ValueError(
                f"Trained.start (ℓ₀) must be below the {len(halves)} half layers of "
                f"the model, got {self.start}. Choose a smaller one."
            )
        return halves

    def _of_model(self, n: int, d: int, dtype: Any) -> tuple[HalfLayer, ...]:
        """Return the half layers of the model for n tokens of d numbers."""
        t = checked_model(self.path, self.sha256).transformer
        if d != t.dimension or n > t.positions:
            raise ValueError(
                f"the model takes up to {t.positions} tokens of {t.dimension} numbers, "
                f"got {n} of {d}. Choose another model, or start from a sentence."
            )
        return t.cast(dtype).halves


def mean_cosine(s: State) -> Array:
    """Return (1/n²) Σ ⟨uᵢ,uⱼ⟩ of the directions u = x/|x|: (..., n, d) -> (...)."""
    xp, size = namespace(s.x), norm(s.x)
    u = s.x / xp.where(size > 0, size, xp.ones_like(size))
    mean = xp.mean(u, axis=-2, keepdims=True)
    return dot(mean, mean)[..., 0, 0]
