"""Evenly spread tokens, nearly uniform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.initial import Initial, Start

if TYPE_CHECKING:
    from numpy.random import Generator

GLOBE_DIMENSION = 3
GOLDEN_ANGLE = np.pi * (3 - 5**0.5)  # between one token and the next


@dataclass(frozen=True)
class Fibonacci(Initial):
    """The Fibonacci lattice of the globe, from the north pole to the south pole.

    In d > 3 dimensions it lies in the space of the first three axes, and stays there.
    """

    kind: ClassVar[str] = "fibonacci"
    title: ClassVar[str] = "Fibonacci lattice"

    def place(self, n: int, d: int, rng: Generator) -> Start:
        if d < GLOBE_DIMENSION:
            raise ValueError(
                f"the Fibonacci lattice needs d ≥ 3, got d = {d}. Set d to 3, or "
                "choose the polygon."
            )
        i = np.arange(n)
        z = 1 - (2 * i + 1) / n
        across = (1 - z * z) ** 0.5
        x = np.zeros((n, d))
        x[:, 0], x[:, 1] = (
            across * np.cos(GOLDEN_ANGLE * i),
            across * np.sin(GOLDEN_ANGLE * i),
        )
        x[:, 2] = z
        return Start(x)
