"""Positional encoding by sines and cosines of many wavelengths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.plate import Curve, HeatMap, Panel, Plate, Points, Text
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray

MAX_CURVES = 4  # columns that are drawn as curves


@dataclass(frozen=True)
class SinePositions(Lab):
    """P(k, 2i) = sin(k ωᵢ), P(k, 2i + 1) = cos(k ωᵢ), with ωᵢ = n^(−2i/d).

    The product of two rows, ``Σ cos((k − l) ωᵢ)``, depends on their distance alone; a
    shift of the position turns every pair of columns by an angle.
    """

    kind: ClassVar[str] = "positions"
    number: ClassVar[int] = 7
    star: ClassVar[str] = "shift"
    title: ClassVar[str] = "Positional encoding"
    length: Annotated[
        int, Knob("L", 2, 500, scale="log", name="Positions L", help="Rows.")
    ] = 50
    pairs: Annotated[
        int,
        Knob(
            "d/2",
            1,
            256,
            scale="log",
            name="Pairs d/2",
            help="Pairs sin, cos in a row.",
        ),
    ] = 16
    base: Annotated[
        float,
        Knob(
            "n",
            1.1,
            1e6,
            scale="log",
            name="Base n",
            help="The longest wavelength is about 2π n.",
        ),
    ] = 10_000.0
    shift: Annotated[
        int, Knob("s", 0, 500, name="Position k", help="The position compared to all.")
    ] = 20

    def frequencies(self) -> AnyArray:
        """Return ωᵢ: (d/2,)."""
        return self.base ** (-np.arange(self.pairs) / self.pairs)

    def table(self) -> AnyArray:
        """Return P: (L, d)."""
        angle = np.arange(self.length)[:, None] * self.frequencies()
        return np.stack([np.sin(angle), np.cos(angle)], 2).reshape(self.length, -1)

    def compute(self) -> Plate:
        if self.shift >= self.length:
            raise ValueError(
                f"position k must be below {self.length}, the number of positions, got "
                f"{self.shift}. Lower it, or raise L."
            )
        table, k = self.table(), np.arange(float(self.length))
        pick = np.unique(np.linspace(0, self.pairs - 1, MAX_CURVES).astype(int))
        waves = 2 * np.pi / self.frequencies()
        near = int(np.argmin(np.abs(np.log(waves / self.length))))
        said = (
            f"Wavelengths from {waves[0]:.2f} to {waves[-1]:.0f} positions; every row "
            f"has the norm √(d/2) = {np.sqrt(self.pairs):.4g}."
        )
        return Plate(
            (
                Panel("P", (HeatMap("P", table),), "column j", "position k"),
                Panel(
                    "Some columns",
                    tuple(Curve(f"column {2 * i}", k, table[:, 2 * i]) for i in pick),
                    "position k",
                ),
                Panel(
                    f"Products of row {self.shift} with all rows",
                    (Curve("product", k, table @ table[self.shift]), Text("w", said)),
                    "position l",
                    "P(k) · P(l)",
                ),
                Panel(
                    f"Pair {near} turns",
                    (
                        Points(
                            "pair",
                            table[:, 2 * near + 1],
                            table[:, 2 * near],
                            tuple(str(i) if i % 10 == 0 else "" for i in range(len(k))),
                        ),
                    ),
                    "cos(k ω)",
                    "sin(k ω)",
                    equal=True,
                ),
            )
        )
