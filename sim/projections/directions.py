"""Directions of tokens of any length, on the globe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.projections import MIN_LENGTH, Projection, onto_globe, share
from sim.projections.pca import PcaProjector
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

    def projector(self) -> DirectionProjector:
        return DirectionProjector(self.centre)

    def surface(self) -> bool:
        return True

    def caption(self) -> str:
        return "directions from the mean" if self.centre else "directions"


class DirectionProjector:
    """Follows the principal axes of directions from frame to frame."""

    def __init__(self, centre: bool) -> None:
        self._centre, self._axes = centre, PcaProjector()

    def project(self, frame: Frame) -> tuple[Floats, float]:
        """Return the tokens in R^3, (n, 3), and the share of the variance shown."""
        x = frame.x
        if self._centre and len(x) > 1:
            x = x - x.mean(axis=0)
        size = np.linalg.norm(x, axis=-1, keepdims=True)
        u = x / np.maximum(size, MIN_LENGTH).astype(x.dtype)
        axes = self._axes.turn(u)
        return onto_globe(u @ axes), share(u, axes)
