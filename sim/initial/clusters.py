"""Tokens in clusters around random centres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.initial import Initial, Start
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True)
class Clusters(Initial):
    """k random centres with an equal share of tokens each; the centres are groups.

    The centres have a random stream of their own: they do not depend on n or σ.
    """

    kind: ClassVar[str] = "clusters"
    title: ClassVar[str] = "Clusters"
    centres: Annotated[int, Knob("k", 1, 64, live=False, help="Number of centres.")] = 5
    spread: Annotated[
        float,
        Knob(
            "σ",
            0.001,
            2,
            scale="log",
            live=False,
            help="Typical distance of a token from its centre.",
        ),
    ] = 0.2

    def place(self, n: int, d: int, rng: Generator) -> Start:
        middle, around = rng.spawn(2)
        c = middle.normal(size=(self.centres, d))
        c /= np.linalg.norm(c, axis=1, keepdims=True)
        group = np.arange(n) * self.centres // n
        x = c[group] + self.spread / d**0.5 * around.normal(size=(n, d))
        return Start(x, groups=tuple(f"centre {g + 1}" for g in group))
