"""Diagonal matrices: axes that attract, rest and repel."""

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
class Diagonal(Weights):
    """diag(λ₁, …, λ_d), one row of λ for every head, or one row a head."""

    kind: ClassVar[str] = "diagonal"
    title: ClassVar[str] = "Diagonal"
    entries: Annotated[
        tuple[tuple[float, ...], ...],
        Knob(
            "λ",
            -100,
            100,
            help="The d diagonal entries; one row for all heads, or one row a head.  "
            "Empty is the identity.",
        ),
    ] = ()

    def draw(self, h: int, d: int, rng: Generator) -> AnyArray:
        rows = np.array(self.entries or [[1.0] * d])
        if rows.shape not in ((1, d), (h, d)):
            raise ValueError(
                f"the diagonal entries λ must be 1 row or {h} rows (heads) of d = {d} "
                f"numbers, got {rows.shape[0]} of {rows.shape[1]}. "
                "Give one number an axis, or change d."
            )
        return np.broadcast_to(rows[:, :, None] * np.eye(d), (h, d, d)).copy()
