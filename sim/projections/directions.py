"""Directions of tokens of any length, on the globe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.projections import Projection, onto_globe, share
from sim.projections.pca import (
    CENTRED_DIRECTIONS,
    DIRECTIONS,
    axes_of,
    directions,
)
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.frame import Frame


@dataclass(frozen=True)
class Directions(Projection):
    """x/|x| in three principal axes, on the globe, whatever the lengths."""

    kind: ClassVar[str] = "directions"
    title: ClassVar[str] = "Directions"
    of_directions: ClassVar[bool] = True
    centre: Annotated[
        bool,
        Knob(
            "From the mean",
            help="Subtract the tokens' mean first: what all have in common, such as a "
            "few large coordinates, would else be most of the picture.",
        ),
    ] = True

    def projector(self, frame: Frame) -> DirectionProjector:
        return DirectionProjector(frame, self.centre)

    def surface(self) -> bool:
        return True

    def caption(self) -> str:
        return "directions from the mean" if self.centre else "directions"


@dataclass(frozen=True, slots=True)
class DirectionProjector:
    """Shows directions in the principal axes that follow them along the run."""

    frame: Frame
    centre: bool
    in_time: bool = False

    @property
    def _axes(self) -> Floats:
        return axes_of(self.frame, CENTRED_DIRECTIONS if self.centre else DIRECTIONS)

    def points(self, x: Floats, t: float) -> Floats:
        return onto_globe(self._directions(x) @ self._axes)

    def share(self) -> float:
        return share(self._directions(self.frame.x), self._axes)

    def _directions(self, x: Floats) -> Floats:
        if self.centre and x.shape[-2] > 1:
            x = x - x.mean(axis=-2, keepdims=True)
        return directions(x)
