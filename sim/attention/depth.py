"""How attention changes with depth: its settings, and the layer at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Annotated

from sim.instants import SAME_TIME
from sim.ramps import Ramp
from sim.ramps.none import NoRamp
from sim.settings.knobs import Knob, Settings


@dataclass(frozen=True)
class Depth(Settings):
    """Layers of attention, dropout, and a β that changes."""

    layers: Annotated[
        int,
        Knob(
            "layers",
            1,
            64,
            scale="log",
            help="Layers with matrices of their own, used in turn and repeated; 1 uses "
            "one layer at every depth.",
        ),
    ] = 1
    thickness: Annotated[
        float,
        Knob(
            "thickness",
            1e-3,
            1000,
            scale="log",
            help="Duration of a layer, for its matrices and for dropout; steps end "
            "where a layer does.  A thicker layer moves tokens for longer.",
        ),
    ] = 1.0
    dropout: Annotated[
        float,
        Knob(
            "dropout",
            0,
            0.9,
            help="Fraction q of attention weights that each layer sets to 0 at random; "
            "the rest are scaled by 1/(1 − q), which keeps the mean.",
        ),
    ] = 0.0
    ramp: Annotated[
        Ramp, Knob("β ramp", help="How β changes with depth, for laws that have one.")
    ] = field(default_factory=NoRamp)

    def inactive(self) -> frozenset[str]:
        alike = self.layers == 1 and not self.dropout
        return frozenset({"thickness"}) if alike else frozenset()

    @property
    def constant(self) -> bool:
        """Whether the law is the same at every depth."""
        return self.layers == 1 and not self.dropout and self.ramp.constant


def layer_at(t: float, thickness: float) -> int:
    """Return the number of the layer at the time t, from 0.

    A layer begins where its number times the thickness is t but for rounding.
    """
    depth = t / thickness
    near = round(depth)
    return near if abs(depth - near) <= SAME_TIME * abs(depth) else math.floor(depth)
