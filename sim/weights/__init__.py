"""Weights: where the matrices Q, K and V come from.

May import `sim.io`, `sim.arrays` and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.settings.knobs import Knob
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    import numpy as np

    from sim.array_types import AnyArray

QUERY = Knob("Q", name="Query Q", help="The query matrix Q.")
KEY = Knob("K", name="Key K", help="The key matrix K.")
VALUE = Knob(
    "V",
    name="Value V",
    help="The value matrix V: what attention moves tokens by.  V = +I attracts, "
    "V = −I repels.",
)


@dataclass(frozen=True)
class Weights(Plugin, abc.ABC, package=__name__):
    """A recipe for one stack of head matrices."""

    @abc.abstractmethod
    def draw(self, h: int, d: int, rng: np.random.Generator) -> AnyArray:
        """Return h matrices in float64 on the host, shape (h, e, d); V needs e = d.

        Always on the host, so that a seed means the same on every device.

        Raises
        ------
        ValueError
            If the recipe does not fit h heads in d dimensions.
        """

    def draw_values(self, h: int, d: int, rng: np.random.Generator) -> AnyArray:
        """Return h matrices V, which map tokens to velocities, shape (h, d, d).

        Raises
        ------
        ValueError
            As `draw`, or if they are not d × d.
        """
        v = self.draw(h, d, rng)
        if v.shape[1] != d:
            raise ValueError(f"V must be {d} × {d}, got {v.shape[1]} × {v.shape[2]}.")
        return v
