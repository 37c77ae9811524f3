"""Three coordinate axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from sim.knobs import Knob
from sim.projections import Projection

if TYPE_CHECKING:
    import numpy as np

    from sim.frame import Frame

    Floats = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Axes(Projection):
    """Three coordinates of R^d, as they are."""

    kind: ClassVar[str] = "axes"
    title: ClassVar[str] = "Coordinate axes"
    first: Annotated[
        int, Knob("axis", 1, 4094, help="The first of the three coordinates shown.")
    ] = 1

    def eye(self) -> AxesEye:
        return AxesEye(self.first - 1)


@dataclass(frozen=True, slots=True)
class AxesEye:
    """Sees three coordinates, from the one at `first` on; starts over at the end."""

    first: int

    def see(self, frame: Frame) -> tuple[Floats, float]:
        d = frame.x.shape[1]
        axes = [(self.first + k) % d for k in range(3)]
        spread = frame.x.var(axis=0)
        share = float(spread[axes].sum() / spread.sum()) if spread.any() else 1.0
        return frame.x[:, axes], min(share, 1.0)
