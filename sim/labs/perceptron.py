"""Forward pass of a multilayer perceptron in numbers, and its activation functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from sim.labs import Lab
from sim.models.functions import gelu, relu, silu
from sim.plate import Bars, Curve, HeatMap, Panel, Plate
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import AnyArray

Table = tuple[tuple[float, ...], ...]
STEP = 1e-4  # of the difference quotient that is drawn as the derivative
REACH = 4.0  # of the curves, on both sides of 0


def sigmoid(x: AnyArray) -> AnyArray:
    """Return 1/(1 + e^{−x})."""
    return 0.5 * (1 + np.tanh(x / 2))


FUNCTIONS: dict[str, Callable[[AnyArray], AnyArray]] = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": relu,
    "gelu": gelu,
    "silu": silu,
}


@dataclass(frozen=True)
class ForwardPass(Lab):
    """y = W₂ᵀ g(W₁ᵀ x + b₁) + b₂: products, their sums, activations, output.

    A column of W₁ has the weights of a neuron.
    """

    kind: ClassVar[str] = "perceptron"
    number: ClassVar[int] = 17
    title: ClassVar[str] = "Multilayer perceptron by hand"
    inputs: Annotated[Table, Knob("x", -1e3, 1e3, name="Input x", help="One row.")] = (
        (1.0, 0.1),
    )
    hidden: Annotated[
        Table,
        Knob("W₁", -1e3, 1e3, help="A row for each input, a column for each neuron."),
    ] = ((0.1, 0.2, -1.0), (0.5, 0.8, 2.0))
    bias: Annotated[
        Table, Knob("b₁", -1e3, 1e3, help="One row: a number for each neuron.")
    ] = ((0.0, 0.0, 0.5),)
    output: Annotated[Table, Knob("W₂", -1e3, 1e3, help="A row for each neuron.")] = (
        (1.0, 0.0),
        (1.0, -1.0),
        (0.5, 2.0),
    )
    last: Annotated[
        Table, Knob("b₂", -1e3, 1e3, help="One row: a number for each output.")
    ] = ((0.0, 0.1),)
    activation: Annotated[
        Literal["sigmoid", "tanh", "relu", "gelu", "silu"],
        Knob("g", name="Activation", help="What is done with each neuron's sum."),
    ] = "sigmoid"

    def compute(self) -> Plate:
        x, w1, b1, w2, b2 = self._tables()
        products = x.T * w1
        sums = products.sum(0) + b1[0]
        active = FUNCTIONS[self.activation](sums)
        y = active @ w2 + b2[0]
        neuron = tuple(f"neuron {k + 1}" for k in range(len(sums)))
        rows = tuple(f"x{k + 1}" for k in range(x.size))
        t = np.linspace(-REACH, REACH, 161)
        slopes = {
            n: (g(t + STEP) - g(t - STEP)) / (2 * STEP) for n, g in FUNCTIONS.items()
        }
        return Plate(
            (
                Panel("Input x", (Bars("input", x[0], rows),)),
                Panel(
                    "Products xᵢ wᵢⱼ", (HeatMap("products", products, rows, neuron),)
                ),
                Panel("Sums W₁ᵀ x + b₁", (Bars("sums", sums, neuron),)),
                Panel(
                    f"Activations: {self.activation}", (Bars("active", active, neuron),)
                ),
                Panel("Output y", (Bars("output", y),)),
                Panel(
                    "Activation functions",
                    tuple(
                        Curve(n, t, g(t), dashed=n != self.activation)
                        for n, g in FUNCTIONS.items()
                    ),
                ),
                Panel(
                    "Their derivatives",
                    tuple(
                        Curve(f"{n}′", t, s, dashed=n != self.activation)
                        for n, s in slopes.items()
                    ),
                ),
            )
        )

    def _tables(self) -> tuple[AnyArray, ...]:
        tables = (self.inputs, self.hidden, self.bias, self.output, self.last)
        x, w1, b1, w2, b2 = (np.array(t) for t in tables)
        wanted = (1, len(w1)), (1, w1.shape[1]), w1.shape[1], (1, w2.shape[1])
        got = x.shape, b1.shape, len(w2), b2.shape
        if wanted != got:
            raise ValueError(
                f"inputs, bias, rows of output, last must have the sizes {wanted} for "
                f"these weights, got {got}. Change the tables that do not fit."
            )
        return x, w1, b1, w2, b2
