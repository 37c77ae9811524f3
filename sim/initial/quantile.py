"""Tokens at the quantiles of a density on the circle, without sampling noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.initial import Initial, Start
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator

MODE_NUMBERS = 2  # a and b
CHECKED_ANGLES = 4096  # at which the density must be positive
BISECTION_ROUNDS = 60  # to the last digit


@dataclass(frozen=True)
class Quantile(Initial):
    """Angles θᵢ with CDF(θᵢ) = (i + ½)/n for f = (1 + Σ aₖ cos kθ + bₖ sin kθ)/2π.

    Few tokens have the moments of f to many digits, so that they show the mean-field
    equation without sampling noise.  In d > 2 dimensions they lie in the plane of
    the first two axes.
    """

    kind: ClassVar[str] = "quantile"
    title: ClassVar[str] = "Quantiles of a density"
    modes: Annotated[
        tuple[tuple[float, ...], ...],
        Knob(
            "aₖ, bₖ",
            -2,
            2,
            live=False,
            help="Rows a, b of the modes k = 1, 2, … of the density, which must stay "
            "above 0.  Empty is uniform.",
        ),
    ] = ((0.2, 0.0), (0.0, 0.1))

    def place(self, n: int, d: int, rng: Generator) -> Start:
        a, b = self._coefficients()
        k = np.arange(1, len(a) + 1)
        goal = (np.arange(n) + 0.5) / n
        low, high = np.full(n, -np.pi), np.full(n, np.pi)
        for _ in range(BISECTION_ROUNDS):
            angle = (low + high) / 2
            a_part = np.sin(np.outer(angle, k)) @ (a / k)
            b_part = (np.cos(np.outer(angle, k)) - np.cos(k * np.pi)) @ (b / k)
            below = (angle + np.pi + a_part - b_part) / (2 * np.pi) < goal
            low, high = np.where(below, angle, low), np.where(below, high, angle)
        x = np.zeros((n, d))
        x[:, 0], x[:, 1] = np.cos(low), np.sin(low)
        return Start(x)

    def _coefficients(self) -> tuple[np.ndarray, np.ndarray]:
        rows = np.array(self.modes or [[0.0, 0.0]])
        if rows.shape[1] != MODE_NUMBERS:
            raise ValueError(
                "initial.modes (aₖ, bₖ) must be rows of 2 numbers, a and b, got rows "
                f"of {rows.shape[1]}. Write them as 0.2,0;0,0.1."
            )
        k = np.arange(1, len(rows) + 1)
        angle = 2 * np.pi * np.arange(CHECKED_ANGLES) / CHECKED_ANGLES
        even = np.cos(np.outer(angle, k)) @ rows[:, 0]
        density = 1 + even + np.sin(np.outer(angle, k)) @ rows[:, 1]
        if density.min() <= 0:
            raise ValueError(
                "initial.modes (aₖ, bₖ): the density must stay above 0, got "
                f"{density.min():.3g} at its minimum. Make the modes smaller."
            )
        return rows[:, 0], rows[:, 1]
