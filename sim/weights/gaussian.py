"""Random matrices: a transformer before training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.settings.knobs import Knob
from sim.weights import Weights

if TYPE_CHECKING:
    import numpy as np

    from sim.array_types import AnyArray


@dataclass(frozen=True)
class Gaussian(Weights):
    """Independent N(0, σ²/d) entries, a different matrix in every head."""

    kind: ClassVar[str] = "gaussian"
    title: ClassVar[str] = "Gaussian"
    sigma: Annotated[
        float, Knob("σ", 0, 4, help="Spread of the entries; larger moves faster.")
    ] = 1.0

    def draw(self, h: int, d: int, rng: np.random.Generator) -> AnyArray:
        return rng.normal(scale=self.sigma / d**0.5, size=(h, d, d))
