"""Multiples of the identity: the setting of most theorems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.settings.knobs import Knob
from sim.weights import Weights

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import AnyArray


@dataclass(frozen=True)
class Identity(Weights):
    """c · I in every head; as V, c > 0 attracts and c < 0 repels."""

    kind: ClassVar[str] = "identity"
    title: ClassVar[str] = "c · I"
    scale: Annotated[
        float, Knob("c", -4, 4, help="Scale of the identity; as V, below 0 repels.")
    ] = 1.0

    def draw(self, h: int, d: int, rng: Generator) -> AnyArray:
        return np.tile(self.scale * np.eye(d), (h, 1, 1))
