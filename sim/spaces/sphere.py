"""The unit sphere: layer normalisation without centring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.spaces import Unit


@dataclass(frozen=True)
class Sphere(Unit):
    """S^{d-1}: every token has length 1, as in RMSNorm with unit gain: Post-LN."""

    kind: ClassVar[str] = "sphere"
    title: ClassVar[str] = "Sphere (RMSNorm)"
    still: ClassVar[bool] = True
