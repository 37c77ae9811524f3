"""Convolution over a line beside convolution over a graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from sim.labs import Lab
from sim.plate import Bars, HeatMap, Panel, Plate, Text
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray


@dataclass(frozen=True)
class TwoConvolutions(Lab):
    """y(t) = Σ θₖ x(t + k) along a line; y(i) = θ Σ x(j) over the neighbours j of i.

    The first has T − k + 1 results for a filter of k numbers, the second one for each
    node.  On a ring, where every node is its own neighbour, the second is the first
    with a filter of equal numbers.
    """

    kind: ClassVar[str] = "convolution"
    number: ClassVar[int] = 13
    title: ClassVar[str] = "Convolution and graph convolution"
    signal: Annotated[
        tuple[tuple[float, ...], ...],
        Knob("x", -1e6, 1e6, name="Signal x", help="One row: a value for every node."),
    ] = ((0.0, 0.0, 1.0, 3.0, 2.0, 0.0, 0.0, -1.0, -1.0, 0.0),)
    weights: Annotated[
        tuple[tuple[float, ...], ...],
        Knob(
            "θ", -1e3, 1e3, name="Filter θ", help="One row, no longer than the signal."
        ),
    ] = ((0.25, 0.5, 0.25),)
    graph: Annotated[
        Literal["ring", "path", "star", "complete"],
        Knob("graph", help="What the neighbours of a node are."),
    ] = "ring"
    mean: Annotated[
        bool, Knob("mean", name="Mean of neighbours", help="Off: their sum.")
    ] = True

    def neighbours(self) -> AnyArray:
        """Return 1 where j is i or a neighbour of i, else 0: (T, T)."""
        n = len(self.signal[0])
        near = np.eye(n)
        if self.graph in ("ring", "path"):
            near += np.eye(n, k=1) + np.eye(n, k=-1)
        if self.graph == "ring":
            near[0, -1] = near[-1, 0] = 1
        if self.graph == "star":
            near[0] = near[:, 0] = 1
        return np.ones((n, n)) if self.graph == "complete" else np.minimum(near, 1)

    def toeplitz(self) -> AnyArray:
        """Return the matrix of the convolution: (T − k + 1, T)."""
        n, theta = len(self.signal[0]), self.weights[0]
        return np.stack(
            [np.eye(n)[t : t + len(theta)].T @ theta for t in range(n - len(theta) + 1)]
        )

    def compute(self) -> Plate:
        x, theta = np.array(self.signal), np.array(self.weights)
        if len(x) != 1 or len(theta) != 1 or theta.size > x.size:
            raise ValueError(
                "signal and filter must be one row each, the filter no longer, got "
                f"{x.shape} and {theta.shape}. Change one of them."
            )
        near = self.neighbours()
        if self.mean:
            near = near / near.sum(1, keepdims=True)
        along = self.toeplitz() @ x[0]
        over = near @ x[0]
        said = (
            f"The convolution has {len(along)} results for {x.size} numbers, the graph "
            f"convolution {len(over)}; their sum pool is {over.sum():.4g}."
        )
        return Plate(
            (
                Panel("Signal x", (Bars("signal", x[0]),), "node"),
                Panel("Convolution", (Bars("convolution", along),), "place"),
                Panel(
                    f"Graph convolution on a {self.graph} graph",
                    (Bars("graph convolution", over), Text("sizes", said)),
                    "node",
                ),
                Panel("Filter θ", (Bars("filter", theta[0]),), "k"),
                _matrix("Matrix of the convolution", self.toeplitz()),
                _matrix("Matrix of the graph convolution", near),
            )
        )


def _matrix(title: str, values: AnyArray) -> Panel:
    return Panel(title, (HeatMap(title, values),), "node", "result")
