"""Clusters of von Mises–Fisher distributions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.initial import Initial, Start
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats


@dataclass(frozen=True)
class VonMisesFisher(Initial):
    """k random centres, and tokens of density ∝ e^{κ⟨x, centre⟩} around each  [1]_.

    The centres have a random stream of their own, and are the tokens' groups.

    References
    ----------
    .. [1] Wood, "Simulation of the von Mises Fisher distribution", Commun. Stat.
           Simul. Comput. 23 (1994).
    """

    kind: ClassVar[str] = "vmf"
    title: ClassVar[str] = "Von Mises–Fisher"
    centres: Annotated[int, Knob("k", 1, 64, live=False, help="Number of centres.")] = 5
    concentration: Annotated[
        float,
        Knob(
            "κ",
            0,
            10_000,
            scale="asinh",
            live=False,
            help="Concentration around the centre: 0 is uniform, large is tight.",
        ),
    ] = 50.0

    def place(self, n: int, d: int, rng: Generator) -> Start:
        middle, around = rng.spawn(2)
        c = _unit(middle.normal(size=(self.centres, d)))
        group = np.arange(n) * self.centres // n
        up = _heights(self.concentration, n, d, around)[:, None]
        side = around.normal(size=(n, d))
        side = _unit(side - (side * c[group]).sum(axis=1, keepdims=True) * c[group])
        x = up * c[group] + (1 - up * up).clip(0) ** 0.5 * side
        return Start(x, groups=tuple(f"centre {g + 1}" for g in group))


def _unit(x: Floats) -> Floats:
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def _heights(kappa: float, n: int, d: int, rng: Generator) -> Floats:
    """Draw n numbers ⟨x, centre⟩ by rejection from a beta envelope: (n,)."""
    m = d - 1
    b = m / (2 * kappa + (4 * kappa**2 + m**2) ** 0.5)
    top = (1 - b) / (1 + b)
    c = kappa * top + m * np.log1p(-top * top)
    out = np.empty(0)
    while len(out) < n:
        z = rng.beta(m / 2, m / 2, size=n)
        w = (1 - (1 + b) * z) / (1 - (1 - b) * z)
        fits = kappa * w + m * np.log1p(-top * w) - c >= np.log(rng.uniform(size=n))
        out = np.concatenate([out, w[fits]])
    return out[:n]
