"""Tokens that fill a cube: a start for the flat space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.initial import Initial, Start
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True)
class Cube(Initial):
    """Independent and uniform in [−a, a]^d; on a sphere, normalised."""

    kind: ClassVar[str] = "cube"
    title: ClassVar[str] = "Cube"
    side: Annotated[
        float,
        Knob("a", 0.01, 100, scale="log", live=False, help="Half the side."),
    ] = 1.0

    def place(self, n: int, d: int, rng: Generator) -> Start:
        return Start(rng.uniform(-self.side, self.side, size=(n, d)))
