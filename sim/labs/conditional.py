"""A field that depends on measurements, by cross-attention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.models.functions import softmax
from sim.plate import Curve, HeatMap, Panel, Plate, Points
from sim.settings.knobs import Knob

CONDITIONS = 12  # rows of the heat map: phases from 0 to 2π, without the end


@dataclass(frozen=True)
class Conditional(Lab):
    """Cross-attention from a place x to measurements (sᵢ, uᵢ): f(x; u) = Σ αᵢ(x) uᵢ.

    The query is ``(x, 1)``, the key ``β (2sᵢ, −sᵢ²)``; their product is
    ``−β (x − sᵢ)²`` but for a term that all keys share, which softmax removes.  The
    measurements are ``sin(2π f s + φ)``.
    """

    kind: ClassVar[str] = "conditional"
    number: ClassVar[int] = 3
    star: ClassVar[str] = "phase"
    title: ClassVar[str] = "Conditional field by cross-attention"
    sensors: Annotated[
        int,
        Knob(
            "n",
            2,
            1000,
            scale="log",
            name="Sensors n",
            help="Measurements, at equal distances.",
        ),
    ] = 12
    beta: Annotated[
        float,
        Knob("β", 1e-3, 1e5, scale="log", help="Sharpness; a large one makes steps."),
    ] = 300.0
    frequency: Annotated[
        float,
        Knob(
            "f", 0, 20, name="Periods f", help="Periods of what is measured in [0, 1]."
        ),
    ] = 1.0
    phase: Annotated[
        float,
        Knob(
            "φ", -10, 10, name="Phase φ", help="Phase of what is measured, in radians."
        ),
    ] = 0.0
    samples: Annotated[
        int, Knob("samples", 2, 2000, scale="log", help="Places x in [0, 1].")
    ] = 101

    def compute(self) -> Plate:
        s, x = np.linspace(0, 1, self.sensors), np.linspace(0, 1, self.samples)
        queries = np.stack([x, np.ones_like(x)], 1)
        keys = self.beta * np.stack([2 * s, -(s**2)], 1)
        weights = softmax(queries @ keys.T)
        phases = 2 * np.pi * np.arange(CONDITIONS)[:, None] / CONDITIONS
        measured = np.sin(2 * np.pi * self.frequency * s + self.phase)
        others = np.sin(2 * np.pi * self.frequency * s + phases)
        return Plate(
            (
                Panel(
                    "The field f(x; u) and its measurements",
                    (
                        Curve("field", x, weights @ measured),
                        Points("measurements", s, measured),
                    ),
                    "x",
                    "u",
                ),
                Panel(
                    "Weights α of every place",
                    (HeatMap("weights", weights),),
                    "measurement",
                    "place x",
                ),
                Panel(
                    "The field as what is measured changes",
                    (HeatMap("field by phase", others @ weights.T),),
                    "place x",
                    "phase φ",
                ),
            )
        )
