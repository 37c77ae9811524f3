"""Antisymmetric random matrices: pure rotation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.settings.knobs import Knob
from sim.weights import Weights

if TYPE_CHECKING:
    import numpy as np

    from sim.array_types import AnyArray


@dataclass(frozen=True)
class Antisymmetric(Weights):
    """(G − Gᵀ)/2 with G Gaussian of variance σ²/d: imaginary eigenvalues.

    As V, consensus neither attracts nor repels, but rotates; as QᵀK, a token's score
    for itself is 0.
    """

    kind: ClassVar[str] = "antisymmetric"
    title: ClassVar[str] = "Antisymmetric"
    sigma: Annotated[
        float, Knob("σ", 0, 4, help="Spread of the entries; larger rotates faster.")
    ] = 1.0

    def draw(self, h: int, d: int, rng: np.random.Generator) -> AnyArray:
        g = rng.normal(scale=self.sigma / d**0.5, size=(h, d, d))
        return (g - g.transpose(0, 2, 1)) / 2
