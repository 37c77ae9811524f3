"""Rotations: consensus that keeps moving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.settings.knobs import Knob
from sim.weights import Weights

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import AnyArray


@dataclass(frozen=True)
class Rotation(Weights):
    """c · R(α): rotates the planes (1, 2), (3, 4), … by α; an odd last axis is fixed.

    As V, consensus moves at angular speed c sin α and contracts at rate c cos α.
    """

    kind: ClassVar[str] = "rotation"
    title: ClassVar[str] = "Rotation c · R(α)"
    angle: Annotated[
        float,
        Knob(
            "α",
            -180,
            180,
            unit="°",
            help="Angle of the rotation.  As V: 0 attracts, 90° only rotates, 180° "
            "repels in the rotated planes.",
        ),
    ] = 30.0
    scale: Annotated[
        float, Knob("c", -4, 4, help="Scale of the rotation; larger moves faster.")
    ] = 1.0

    def draw(self, h: int, d: int, rng: Generator) -> AnyArray:
        c, s = np.cos(np.radians(self.angle)), np.sin(np.radians(self.angle))
        r = np.eye(d)
        for i in range(0, d - 1, 2):
            r[i : i + 2, i : i + 2] = [[c, -s], [s, c]]
        return np.tile(self.scale * r, (h, 1, 1))
