"""The settings that all attention laws share: matrices, mask, masses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import numpy as np

from sim.attention.depth import Depth
from sim.masks import Mask
from sim.masks.full import Full
from sim.masses import Masses
from sim.masses.equal import Equal
from sim.mlps import Mlp
from sim.mlps.none import NoMlp
from sim.positions import Positions
from sim.positions.none import NoPositions
from sim.settings.knobs import Knob, Settings
from sim.weights import KEY, QUERY, VALUE, Weights
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.law import Symmetry
    from sim.seed import Seed
    from sim.spaces import Space


BETA = Knob(
    "β",
    -64,
    100_000,
    scale="asinh",
    help="Inverse temperature: how sharply a token prefers the tokens it is aligned "
    "with.  0 averages all, large values pick the nearest, below 0 the farthest.",
    soft=(-16, 256),
)


@dataclass(frozen=True)
class Heads(Settings):
    """Settings of multi-head attention: matrices, mask, masses, MLP and depth."""

    count: Annotated[
        int,
        Knob("heads", 1, 16, help="Attention heads; their velocities are averaged."),
    ] = 1
    value: Annotated[Weights, VALUE] = field(default_factory=Identity)
    query: Annotated[Weights, QUERY] = field(default_factory=Identity)
    key: Annotated[Weights, KEY] = field(default_factory=Identity)
    scaled: Annotated[
        bool,
        Knob(
            "1/√dₖ",
            help="Divide scores by the square root of the number of rows of K, as "
            "transformers do: β then means β/√dₖ everywhere.",
            name="Scaled 1/√dₖ",
        ),
    ] = False
    mask: Annotated[Mask, Knob("Mask", help="Which tokens a token may attend to.")] = (
        field(default_factory=Full)
    )
    masses: Annotated[
        Masses, Knob("Masses", help="How much each token counts for the others.")
    ] = field(default_factory=Equal)
    positions: Annotated[
        Positions,
        Knob("Score PE", help="Positional encoding within the scores, in every layer."),
    ] = field(default_factory=NoPositions)
    mlp: Annotated[
        Mlp,
        Knob(
            "MLP",
            help="A perceptron W₂σ(W₁x + b₁) + b₂ that moves tokens too: inside "
            "every head, or beside attention as in trained transformers.",
        ),
    ] = field(default_factory=NoMlp)
    depth: Depth = field(default_factory=Depth)

    def draw(self, d: int, seed: Seed) -> tuple[Floats, Floats, Floats]:
        """Return Q, K: (h, e, d) and V: (h, d, d), in float64 on the host.

        With more than one layer of its own there are h of each for every layer, those
        of the first layer first.
        """
        count = self.count * self.depth.layers
        q = self.query.draw(count, d, seed.rng("query"))
        k = self.key.draw(count, d, seed.rng("key"))
        v = self.value.draw_values(count, d, seed.rng("value"))
        if q.shape[1] != k.shape[1]:
            raise ValueError(
                "Q and K must map to one dimension: Q has shape "
                f"{q.shape[1]} × {d}, K {k.shape[1]} × {d}."
            )
        return q, k, v

    def fixed_tokens(self) -> str:
        """Return why tokens cannot be added or removed in a run; empty if they can."""
        return self.mask.fixed_tokens() or self.masses.fixed_tokens()

    def plain(self) -> bool:
        """Return whether Q = K = I without a mask, and attention is bare."""
        symmetric = self.query == self.key == Identity() and isinstance(self.mask, Full)
        return symmetric and self.bare()

    def bare(self) -> bool:
        """Return whether there is no MLP, no position code and no change with depth."""
        return self.mlp.trivial and self.depth.constant and self.positions.trivial

    def symmetries(self) -> frozenset[Symmetry]:
        """Return the symmetries of the velocity; see `Dynamics.symmetries`."""
        matrices = (self.value, self.query, self.key)
        round_ = all(isinstance(m, Identity) for m in matrices) and self.mlp.trivial
        counted = self.mask.numbered or not isinstance(self.masses, Equal)
        placed = not self.positions.trivial
        turns: set[Symmetry] = {"turn", "mirror"} if round_ and not placed else set()
        free = not (counted or placed or self.depth.dropout)
        orders: set[Symmetry] = {"order"} if free else set()
        return frozenset(turns | orders)

    def attraction_sign(self, space: Space) -> int:
        """Return c's sign where Q = K = I and V = c·I without a mask, else 0.

        Then attention ascends (c > 0) or descends an energy, on a space where tokens
        follow the velocity.  Where lengths are free only c > 0 counts: repelled tokens
        soon reach 0, and have no direction there.
        """
        if not self.plain() or not isinstance(self.value, Identity):
            return 0
        sign = int(np.sign(self.value.scale)) if space.follows_field else 0
        return sign if space.bounded else max(sign, 0)
