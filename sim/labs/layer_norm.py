"""Layer norm, by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.plate import Bars, HeatMap, Panel, Plate, Text
from sim.settings.knobs import Knob

Table = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class LayerNorm(Lab):
    """γ (x − μ)/√(σ² + ε) + β in steps, with the mean and variance of every token.

    Without gain and bias the result lies on the sphere of radius √d, and its
    coordinates sum to 0.  RMS norm leaves out the mean: x/√(⟨x²⟩ + ε).
    """

    kind: ClassVar[str] = "layer-norm"
    number: ClassVar[int] = 9
    star: ClassVar[str] = "centred"
    title: ClassVar[str] = "Layer norm by hand"
    tokens: Annotated[
        Table, Knob("x", -1e6, 1e6, name="Tokens x", help="A token in each row.")
    ] = ((1.0, 2.0, 3.0, 6.0), (10.0, 20.0, 30.0, 60.0), (-1.0, 0.0, 4.0, 1.0))
    gain: Annotated[
        Table, Knob("γ", -1e3, 1e3, name="Gain γ", help="One row, or one number.")
    ] = ((1.0,),)
    bias: Annotated[
        Table, Knob("β", -1e3, 1e3, name="Bias β", help="One row, or one number.")
    ] = ((0.0,),)
    eps: Annotated[
        float,
        Knob("ε", 0, 10, scale="asinh", help="Keeps a constant token from 0/0."),
    ] = 1e-5
    centred: Annotated[
        bool, Knob("centred", name="Subtract the mean", help="Off: RMS norm.")
    ] = True

    def compute(self) -> Plate:
        x, gain, bias = (np.array(t) for t in (self.tokens, self.gain, self.bias))
        d = x.shape[1]
        if len(gain) != 1 or len(bias) != 1 or {gain.size, bias.size} - {1, d}:
            raise ValueError(
                f"gain and bias must be one number or one row of {d}, the columns of "
                f"tokens, got {gain.shape} and {bias.shape}. Change one of them."
            )
        mean = x.mean(1, keepdims=True) if self.centred else np.zeros((len(x), 1))
        centred = x - mean
        variance = (centred**2).mean(1, keepdims=True)
        if self.eps == 0 and not variance.all():
            raise ValueError(
                "a token has no variance, and eps is 0. Raise eps, or change the token."
            )
        normed = centred / np.sqrt(variance + self.eps)
        out = gain * normed + bias
        norms = np.linalg.norm(normed, axis=1)
        said = (
            f"The largest norm of a normalised token is {norms.max():.4f}, and "
            f"√d is {np.sqrt(d):.4f}."
        )
        return Plate(
            (
                _map("Tokens x", x),
                Panel("Mean μ", (Bars("mean", mean[:, 0]),), "token"),
                _map("x − μ", centred),
                Panel("Variance σ²", (Bars("variance", variance[:, 0]),), "token"),
                _map("(x − μ) / √(σ² + ε)", normed),
                Panel(
                    "γ (…) + β",
                    (HeatMap("output", out), Text("norms", said)),
                    "column",
                    "token",
                ),
            )
        )


def _map(title: str, values: np.ndarray) -> Panel:
    return Panel(title, (HeatMap(title, values),), "column", "token")
