"""Symmetric random matrices, for which scores have an energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.settings.knobs import Knob
from sim.weights import Weights

if TYPE_CHECKING:
    import numpy as np

    from sim.array_types import AnyArray


@dataclass(frozen=True)
class Symmetric(Weights):
    """(G + Gᵀ)/2 with G Gaussian of variance σ²/d: real eigenvalues, about ±√2 σ."""

    kind: ClassVar[str] = "symmetric"
    title: ClassVar[str] = "Symmetric"
    sigma: Annotated[
        float, Knob("σ", 0, 4, help="Spread of the entries; larger moves faster.")
    ] = 1.0

    def draw(self, h: int, d: int, rng: np.random.Generator) -> AnyArray:
        g = rng.normal(scale=self.sigma / d**0.5, size=(h, d, d))
        return (g + g.transpose(0, 2, 1)) / 2
