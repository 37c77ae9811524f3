"""Euler's method with noise: tokens at a temperature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.expressions.expression import TWO
from sim.expressions.functions import sqrt
from sim.expressions.symbols import Symbol
from sim.integrators import Flow, Integrator
from sim.settings.knobs import Knob
from sim.state import State

if TYPE_CHECKING:
    from sim.expressions.expression import Expression
    from sim.spaces import Space


@dataclass(frozen=True)
class Maruyama(Integrator):
    """x ← N(x + h f(x) + √(2h/κ) Pₓξ), ξ standard normal: dX = f dt + √(2/κ) dW  [1]_.

    A token without attention forgets its direction at the rate (d − 1)/κ.  As a
    solver of the differential equation, without noise, it is Euler's method.

    References
    ----------
    .. [1] Rigollet, "The mean-field dynamics of transformers", arXiv:2512.01868, §7.
    """

    kind: ClassVar[str] = "maruyama"
    title: ClassVar[str] = "Euler–Maruyama (noise)"
    beyond_equation: ClassVar[str] = "noise"
    short_title: ClassVar[str] = "Maruyama"
    order: ClassVar[int] = 1
    temperature: Annotated[
        float,
        Knob(
            "1/κ",
            0,
            10,
            scale="asinh",
            help="Temperature, the strength of the noise. Above a critical value no "
            "cluster forms.",
        ),
    ] = 0.02

    @property
    def random(self) -> bool:
        return self.temperature > 0

    def step(self, flow: Flow, space: Space, s: State, h: float) -> State:
        kick = (2 * h * self.temperature) ** 0.5 * space.project_tangent(
            s.x, flow.noise(s)
        )
        v = flow.tangent(s)
        return space.retract(State(s.t, s.x + kick, s.p), h, v)

    def noise_formula(self, projected: Expression) -> Expression | None:
        if not self.random:
            return None
        heat = Symbol(
            "temperature",
            r"\kappa^{-1}",
            (),
            "integrator.temperature",
            self.temperature,
        )
        return sqrt(TWO * heat) * projected
