"""Tokens in an open hemisphere, where one cluster is certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.initial import Initial, Start
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True)
class Cap(Initial):
    """A cap around the first axis: (1, σg) with g Gaussian, normalised."""

    kind: ClassVar[str] = "cap"
    title: ClassVar[str] = "Cap"
    spread: Annotated[
        float,
        Knob(
            "σ",
            0.001,
            10,
            scale="log",
            live=False,
            help="Spread around the axis: small is a tight cluster, 10 nearly fills "
            "the open hemisphere.",
        ),
    ] = 0.5

    def place(self, n: int, d: int, rng: Generator) -> Start:
        x = self.spread * rng.normal(size=(n, d))
        x[:, 0] = 1
        return Start(x)
