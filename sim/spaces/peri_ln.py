"""Peri-LN: a norm before attention and another after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.spaces import Radial, direction
from sim.state import State, Velocity


@dataclass(frozen=True)
class PeriLN(Radial):
    """ẋ = A(θ)/|A(θ)| with x = rθ: every token travels at speed 1  [1]_.

    References
    ----------
    .. [1] Karagodin et al., "Normalization in attention dynamics", arXiv:2510.22026.
    """

    kind: ClassVar[str] = "peri_ln"
    title: ClassVar[str] = "Peri-LN"

    def project(self, s: State, v: Velocity) -> Velocity:
        return Velocity(direction(v.x), v.p)
