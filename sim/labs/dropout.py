"""Dropout of weights, and why what is left is divided by 1 − p."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.plate import Bars, Curve, Panel, Plate, Text
from sim.seed import Seed
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray

BINS = 25  # of the histogram of outputs


@dataclass(frozen=True)
class DropoutMean(Lab):
    """y = Σ wⱼ εⱼ xⱼ/(1 − p), where εⱼ is 1 with probability 1 − p, else 0.

    The mean of y is ``Σ wⱼ xⱼ`` whatever p is; its variance is
    ``p/(1 − p) Σ wⱼ² xⱼ²``.
    """

    kind: ClassVar[str] = "dropout"
    number: ClassVar[int] = 12
    title: ClassVar[str] = "Dropout is unbiased"
    probability: Annotated[
        float, Knob("p", 0, 0.95, help="Probability that an input is dropped.")
    ] = 0.3
    width: Annotated[
        int, Knob("n", 1, 200, scale="log", name="Inputs n", help="Terms of the sum.")
    ] = 20
    draws: Annotated[
        int, Knob("draws", 10, 20_000, scale="log", help="Passes with other masks.")
    ] = 2000
    scaled: Annotated[
        bool, Knob("scaled", name="Divide by 1 − p", help="Off: the mean is too small.")
    ] = True
    seed: Annotated[int, Knob("seed", 0, 2**31 - 1, help="Of weights and masks.")] = 0

    def terms(self) -> AnyArray:
        """Return wⱼ xⱼ: (n,)."""
        rng = Seed(self.seed).rng("terms")
        return rng.normal(0.5, 1.0, self.width) / np.sqrt(self.width)

    def outputs(self) -> AnyArray:
        """Return y for every mask: (draws,)."""
        rng = Seed(self.seed).rng("masks")
        kept = rng.random((self.draws, self.width)) >= self.probability
        return kept @ self.terms() / (1 - self.probability if self.scaled else 1.0)

    def compute(self) -> Plate:
        terms, y = self.terms(), self.outputs()
        p, whole = self.probability, float(terms.sum())
        count = np.arange(1.0, self.draws + 1)
        running = np.cumsum(y) / count
        share = 1.0 if self.scaled else 1 - p
        variance = share**2 * p / (1 - p) * float((terms**2).sum())
        error = np.sqrt(variance / count)
        heights, edges = np.histogram(y, BINS)
        middles = (edges[1:] + edges[:-1]) / 2
        labels = tuple(f"{m:.1f}".replace("-", "−") for m in middles)
        mask = Seed(self.seed).rng("masks").random(self.width) >= p
        said = (
            f"Without dropout y = {whole:.4f}; the mean of {self.draws} passes is "
            f"{running[-1]:.4f}, with a standard error of {error[-1]:.4f}. Variance "
            f"{y.var():.4f}, in theory {variance:.4f}."
        )
        return Plate(
            (
                Panel(
                    "Mean over passes",
                    (
                        Curve("mean", count, running),
                        Curve("without dropout", count, np.full_like(count, whole)),
                        Curve(
                            "expected",
                            count,
                            np.full_like(count, share * whole),
                            dashed=True,
                        ),
                        Curve(
                            "one error above", count, share * whole + error, faint=True
                        ),
                        Curve(
                            "one error below", count, share * whole - error, faint=True
                        ),
                    ),
                    "passes",
                    "mean of y",
                    log_x=True,
                ),
                Panel(
                    "Outputs of all passes",
                    (Bars("passes", heights.astype(float), labels), Text("said", said)),
                    "y",
                    "passes",
                ),
                Panel("Terms wⱼ xⱼ", (Bars("terms", terms),), "input j"),
                Panel(
                    "The first mask ε", (Bars("mask", mask.astype(float)),), "input j"
                ),
            )
        )
