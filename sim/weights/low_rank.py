"""Matrices of low rank: heads that use a few directions only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.settings.knobs import Knob
from sim.weights import Weights

if TYPE_CHECKING:
    import numpy as np

    from sim.array_types import AnyArray


@dataclass(frozen=True)
class LowRank(Weights):
    """σ A B with A: (d, r), B: (r, d) Gaussian of variances 1/r and 1/d.

    A rank above d counts as d.  Entries have the variance of the Gaussian kind.
    """

    kind: ClassVar[str] = "low_rank"
    title: ClassVar[str] = "Low rank"
    rank: Annotated[
        int,
        Knob(
            "r",
            1,
            64,
            help="Rank: the number of directions that the matrix maps to other than 0.",
        ),
    ] = 1
    sigma: Annotated[
        float, Knob("σ", 0, 4, help="Spread of the entries; larger moves faster.")
    ] = 1.0

    def draw(self, h: int, d: int, rng: np.random.Generator) -> AnyArray:
        r = min(self.rank, d)
        a, b = rng.normal(size=(h, 2, d, r)).transpose(1, 0, 2, 3)
        return self.sigma * (r * d) ** -0.5 * (a @ b.transpose(0, 2, 1))
