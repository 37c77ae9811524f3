"""nGPT: everything on the sphere, attention's output too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from sim.settings.knobs import Knob
from sim.spaces import Unit, direction
from sim.state import State, Velocity


@dataclass(frozen=True)
class NGPT(Unit):
    """ẋ = α Pₓ(A/|A|) on the sphere: speed α however weak attention is  [1]_.

    References
    ----------
    .. [1] Karagodin et al., "Normalization in attention dynamics", arXiv:2510.22026.
    """

    kind: ClassVar[str] = "ngpt"
    title: ClassVar[str] = "nGPT"
    still: ClassVar[bool] = True
    rate: Annotated[
        float, Knob("α", 0.001, 100, scale="log", help="Speed of tokens at full pull.")
    ] = 1.0

    def project(self, s: State, v: Velocity) -> Velocity:
        return Velocity(self.rate * self.tangent(s.x, direction(v.x)), v.p)
