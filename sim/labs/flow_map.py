"""A residual net as a flow map: layers are steps of Euler's method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.plate import Curve, Panel, Plate, Points, Text
from sim.seed import Seed
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray

GRID = 6  # points of the start along each side
ACCURACY = 1e-9  # of the flow that nets are compared with
MOST_LAYERS = 256  # of the nets whose error is shown


@dataclass(frozen=True)
class FlowMap(Lab):
    """x ← x + h tanh(W x + b), h = T/L: a step of Euler's method for ẋ = tanh(W x + b).

    With many layers the net is the flow map x(0) ↦ x(T), which keeps points apart;
    the error falls as 1/L.
    """

    kind: ClassVar[str] = "flow-map"
    number: ClassVar[int] = 11
    title: ClassVar[str] = "ResNet as a flow map"
    layers: Annotated[
        int, Knob("L", 1, 256, scale="log", name="Layers L", help="Steps of the net.")
    ] = 8
    duration: Annotated[
        float, Knob("T", 0.01, 20, name="Duration T", help="Time that layers share.")
    ] = 1.5
    rotation: Annotated[
        float,
        Knob("ω", -5, 5, help="The part of W that turns: W = −c I + ω J."),
    ] = 2.0
    contraction: Annotated[
        float, Knob("c", -2, 2, help="The part of W that pulls to a point.")
    ] = 0.3
    offset: Annotated[float, Knob("b", -5, 5, help="Both entries of b.")] = 0.5

    def field(self, x: AnyArray) -> AnyArray:
        """Return tanh(W x + b): (..., 2) -> (..., 2)."""
        w = np.array(
            [[-self.contraction, -self.rotation], [self.rotation, -self.contraction]]
        )
        return np.tanh(x @ w.T + self.offset)

    def net(self, x: AnyArray, layers: int) -> AnyArray:
        """Return the points after every layer: (n, 2) -> (layers + 1, n, 2)."""
        out = [x]
        for _ in range(layers):
            out.append(out[-1] + self.duration / layers * self.field(out[-1]))
        return np.stack(out)

    def flow(self, x: AnyArray) -> AnyArray:
        """Return x(T): (n, 2) -> (n, 2)."""
        from scipy.integrate import solve_ivp  # here, since it loads slowly

        def velocity(_t: float, y: AnyArray) -> AnyArray:
            return self.field(y.reshape(-1, 2)).ravel()

        solved = solve_ivp(
            velocity,
            (0, self.duration),
            x.ravel(),
            "DOP853",
            rtol=ACCURACY,
            atol=ACCURACY,
        )
        return solved.y[:, -1].reshape(-1, 2)

    def compute(self) -> Plate:
        side = np.linspace(-1, 1, GRID)
        x = np.stack(np.meshgrid(side, side), 2).reshape(-1, 2)
        exact, paths = self.flow(x), self.net(x, self.layers)
        counts = [2**k for k in range(MOST_LAYERS.bit_length())]
        errors = np.array([np.abs(self.net(x, n)[-1] - exact).max() for n in counts])
        mine = np.abs(paths[-1] - exact).max()
        some = Seed(0).rng("paths").permutation(len(x))[:12]
        said = f"With {self.layers} layers the net is at most {mine:.2g} from the flow."
        return Plate(
            (
                Panel(
                    "Where the net takes points",
                    (
                        *(
                            Curve(f"path {k + 1}", *_columns(paths[:, i]), faint=True)
                            for k, i in enumerate(some)
                        ),
                        Points("input", *_columns(x)),
                        Points("net", *_columns(paths[-1])),
                        Points("flow", *_columns(exact)),
                    ),
                    "x₁",
                    "x₂",
                    equal=True,
                ),
                Panel(
                    "Error by layers: log₁₀ |net − flow|",
                    (
                        Curve("error", np.array(counts, float), np.log10(errors)),
                        Curve(
                            "slope −1",
                            np.array(counts, float),
                            np.log10(errors[-1] * counts[-1] / np.array(counts)),
                            dashed=True,
                        ),
                        Text("error in words", said),
                    ),
                    "layers L",
                    log_x=True,
                ),
            )
        )


def _columns(points: AnyArray) -> tuple[AnyArray, AnyArray]:
    return points[:, 0], points[:, 1]
