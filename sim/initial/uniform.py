"""Independent uniform tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.initial import Initial, Start

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Uniform(Initial):
    """Independent and uniform on the sphere, by normalising a Gaussian."""

    kind: ClassVar[str] = "uniform"
    title: ClassVar[str] = "Uniform"

    def place(self, n: int, d: int, rng: np.random.Generator) -> Start:
        x = rng.normal(size=(n, d))
        return Start(x / (x * x).sum(axis=1, keepdims=True) ** 0.5)
