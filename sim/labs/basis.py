"""Attention weights as basis functions, beside hat functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.models.functions import softmax
from sim.plate import Curve, Panel, Plate, Points, Text
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray


@dataclass(frozen=True)
class Basis(Lab):
    """Weights softmax(−β (x − kᵢ)²) and hats of linear interpolation, both fitted.

    Both families are non-negative and sum to 1 everywhere.  The data are
    ``sin(2π f x)`` at equal distances in [0, 1]; the values at the nodes are those of
    least squares.
    """

    kind: ClassVar[str] = "basis"
    number: ClassVar[int] = 2
    star: ClassVar[str] = "beta"
    title: ClassVar[str] = "Attention as basis functions"
    nodes: Annotated[
        int,
        Knob(
            "n",
            2,
            100,
            name="Keys n",
            help="Keys, at equal distances; also nodes of hats.",
        ),
    ] = 8
    beta: Annotated[
        float,
        Knob(
            "β",
            1e-3,
            1e5,
            scale="log",
            help="Sharpness.  A large one makes every weight a step.",
        ),
    ] = 100.0
    frequency: Annotated[
        float, Knob("f", 0, 20, name="Periods f", help="Periods of the data in [0, 1].")
    ] = 1.0
    data: Annotated[int, Knob("data", 2, 10_000, scale="log", help="Data points.")] = 41
    samples: Annotated[
        int, Knob("samples", 2, 10_000, scale="log", help="Samples of every curve.")
    ] = 201

    def weights(self, x: AnyArray) -> AnyArray:
        """Return the attention weights of the queries x: (m,) -> (m, n)."""
        return softmax(-self.beta * (x[:, None] - self._keys()) ** 2)

    def hats(self, x: AnyArray) -> AnyArray:
        """Return the hat functions at x: (m,) -> (m, n)."""
        apart = np.abs(x[:, None] - self._keys()) * (self.nodes - 1)
        return np.maximum(0.0, 1.0 - apart)

    def compute(self) -> Plate:
        x, at = np.linspace(0, 1, self.samples), np.linspace(0, 1, self.data)
        y = np.sin(2 * np.pi * self.frequency * at)
        panels = []
        for name, basis in (("attention", self.weights), ("hat", self.hats)):
            shown, there = basis(x), basis(at)
            fit = np.linalg.lstsq(there, y, rcond=None)[0]
            error = np.sqrt(np.mean((there @ fit - y) ** 2))
            said = f"Root mean square error of the {name} fit: {error:.3g}."
            panels += [
                Panel(
                    f"The {name} basis, which sums to 1",
                    (
                        *(
                            Curve(f"{name} {i + 1}", x, c, faint=True)
                            for i, c in enumerate(shown.T)
                        ),
                        Curve(f"{name} sum", x, shown.sum(1)),
                    ),
                    "x",
                    "weight",
                ),
                Panel(
                    f"Fit with the {name} basis",
                    (
                        Points(f"data of the {name} fit", at, y),
                        Curve(f"{name} fit", x, shown @ fit),
                        Text(f"{name} error", said),
                    ),
                    "x",
                    "y",
                ),
            ]
        return Plate(tuple(panels))

    def _keys(self) -> AnyArray:
        return np.linspace(0, 1, self.nodes)
