"""Softmax at several temperatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.models.functions import softmax
from sim.plate import Bars, Curve, Panel, Plate
from sim.settings.knobs import Knob


@dataclass(frozen=True)
class Temperature(Lab):
    """softmax(s / T): the weights and their entropy as the temperature changes.

    The entropy is ``H = −Σ αᵢ log αᵢ``, in nats; the mean score is ``Σ αᵢ sᵢ``.
    """

    kind: ClassVar[str] = "temperature"
    number: ClassVar[int] = 4
    title: ClassVar[str] = "Softmax and temperature"
    scores: Annotated[
        tuple[tuple[float, ...], ...],
        Knob("s", -1e3, 1e3, name="Scores s", help="Scores, one row."),
    ] = ((-1.71, 0.60, -1.01, -0.61, 2.73),)
    temperature: Annotated[
        float,
        Knob(
            "T",
            1e-3,
            1e3,
            scale="log",
            help="Temperature 1/β.  A low one takes the best, a high one all alike.",
        ),
    ] = 1.0
    samples: Annotated[
        int, Knob("samples", 2, 10_000, scale="log", help="Samples of every curve.")
    ] = 101

    def compute(self) -> Plate:
        scores = np.array(self.scores)
        if len(scores) != 1:
            raise ValueError(
                f"scores must be one row, got {len(scores)}. Give numbers with commas."
            )
        t = np.geomspace(0.01, 100, self.samples)
        weights = softmax(scores / t[:, None])
        logs = np.log(np.where(weights > 0, weights, 1))
        return Plate(
            (
                Panel(
                    f"Weights at T = {self.temperature:g}",
                    (Bars("weights", softmax(scores / self.temperature)[0]),),
                    "score",
                ),
                Panel(
                    "Weights by temperature",
                    tuple(
                        Curve(f"weight {i + 1}", t, column)
                        for i, column in enumerate(weights.T)
                    ),
                    "T",
                    "weight",
                    log_x=True,
                ),
                Panel(
                    "Entropy H",
                    (Curve("entropy", t, -(weights * logs).sum(1)),),
                    "T",
                    "H (nats)",
                    log_x=True,
                ),
                Panel(
                    "Mean score Σ αᵢ sᵢ",
                    (Curve("mean score", t, weights @ scores[0]),),
                    "T",
                    "score",
                    log_x=True,
                ),
            )
        )
