"""Orthonormal tokens, randomly rotated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.initial import Initial, Start

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True)
class Orthonormal(Initial):
    """n ≤ d orthonormal tokens, uniform among such frames.

    Every pair follows the curve ρ(t) from ρ₀ = 0.
    """

    kind: ClassVar[str] = "orthonormal"
    title: ClassVar[str] = "Orthonormal"

    def place(self, n: int, d: int, rng: Generator) -> Start:
        if n > d:
            raise ValueError(
                f"orthonormal tokens need n ≤ d, got n = {n} and d = {d}. "
                f"Set d to {n} or more, or n to {d} or fewer."
            )
        q, r = np.linalg.qr(rng.normal(size=(d, n)))
        return Start((q * np.sign(np.diag(r))).T)
