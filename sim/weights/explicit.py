"""Matrices given as numbers."""

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
class GivenMatrices(Weights):
    """A table of numbers: one d × d matrix for every head, or h of them stacked."""

    kind: ClassVar[str] = "explicit"
    title: ClassVar[str] = "Explicit matrix"
    matrix: Annotated[
        tuple[tuple[float, ...], ...],
        Knob(
            "M",
            -1000,
            1000,
            help="Rows of the matrix; with several heads, one matrix for all or one "
            "for each, stacked.  Empty is the identity.",
        ),
    ] = ()

    def draw(self, h: int, d: int, rng: Generator) -> AnyArray:
        m = np.array(self.matrix) if self.matrix else np.eye(d)
        if m.shape not in ((d, d), (h * d, d)):
            stacked = f", or {h * d} × {d} ({h} heads, stacked)" if h > 1 else ""
            raise ValueError(
                f"the explicit matrix M must be {d} × {d} (d = {d}){stacked}, got "
                f"{m.shape[0]} × {m.shape[1]}. Give d rows of d numbers, or change d."
            )
        return np.broadcast_to(m.reshape(-1, d, d), (h, d, d)).copy()
