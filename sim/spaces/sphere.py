"""The unit sphere: layer normalisation without centring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.spaces import UnitSphere


@dataclass(frozen=True)
class Sphere(UnitSphere):
    """S^{d-1}: every token has length 1, as in RMSNorm with unit gain: Post-LN."""

    kind: ClassVar[str] = "sphere"
    title: ClassVar[str] = "Sphere (RMSNorm)"
    short_title: ClassVar[str] = "sphere"
    autonomous: ClassVar[bool] = True
