"""LN-scaling: deeper layers have smaller weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.spaces import UnitSphere
from sim.state import State, Velocity


@dataclass(frozen=True)
class LNScaling(UnitSphere):
    """ẋ = PₓA/√(t + 1) on the sphere: slower with depth  [1]_.

    References
    ----------
    .. [1] Karagodin et al., "Normalization in attention dynamics", arXiv:2510.22026.
    """

    kind: ClassVar[str] = "ln_scaling"
    title: ClassVar[str] = "LN-scaling"

    def project_velocity(self, s: State, v: Velocity) -> Velocity:
        return Velocity(self.project_tangent(s.x, v.x) * (s.t + 1) ** -0.5, v.p)
