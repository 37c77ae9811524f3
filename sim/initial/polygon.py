"""A slightly perturbed regular polygon, from which the fastest mode grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.initial import Initial, Start
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True)
class Polygon(Initial):
    """The regular n-gon, an equilibrium, with its angles perturbed by εg, g Gaussian.

    In d > 2 dimensions it lies in the plane of the first two axes, and stays there.
    """

    kind: ClassVar[str] = "polygon"
    title: ClassVar[str] = "Polygon"
    noise: Annotated[
        float,
        Knob(
            "ε",
            0,
            1,
            scale="asinh",
            live=False,
            help="Perturbation of the angles, in radians; 0 keeps the polygon at rest.",
        ),
    ] = 1e-3

    def place(self, n: int, d: int, rng: Generator) -> Start:
        angle = 2 * np.pi * np.arange(n) / n + self.noise * rng.normal(size=n)
        x = np.zeros((n, d))
        x[:, 0], x[:, 1] = np.cos(angle), np.sin(angle)
        return Start(x)
