"""Three coordinate axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.projections import Projection, share
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.frame import Frame


@dataclass(frozen=True)
class Axes(Projection):
    """Three coordinates of R^d, unchanged."""

    kind: ClassVar[str] = "axes"
    title: ClassVar[str] = "Coordinate axes"
    first: Annotated[
        int, Knob("axis", 1, 4094, help="The first of the three coordinates shown.")
    ] = 1

    def projector(self, frame: Frame) -> AxesProjector:
        return AxesProjector(frame, self.first - 1)

    def caption(self) -> str:
        return f"three coordinates, from number {self.first} on"


@dataclass(frozen=True, slots=True)
class AxesProjector:
    """Shows three coordinates from `first` on, cyclically."""

    frame: Frame
    first: int
    in_time: bool = False

    @property
    def _axes(self) -> list[int]:
        d = self.frame.x.shape[1]
        return [(self.first + k) % d for k in range(3)]

    def points(self, x: Floats, t: float) -> Floats:
        return x[..., self._axes]

    def share(self) -> float:
        x = self.frame.x
        return share(x, np.eye(x.shape[1])[:, self._axes])
