"""The divergence of the velocity: whether tokens gather or scatter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import dot, namespace, transpose
from sim.observables import Observable

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space

SURFACES = {"sphere": "the sphere", "flat": "flat space"}
LAWS = ("softmax", "unnormalised")
MAX_DIMENSION = 16  # above, the derivatives take too much memory


@dataclass(frozen=True)
class Divergence(Observable):
    """Mean of div X[μ] over the tokens, by mass: below 0 they gather, above 0 scatter.

    −div X is the rate at which log μ grows along the flow, by ∂μ + div(μX) = 0; its
    derivatives move a token without mass among the others.  On the sphere and in the
    flat space, for softmax and unnormalised attention, in up to 16 dimensions.
    """

    kind: ClassVar[str] = "divergence"
    label: ClassVar[str] = "Divergence"
    formula: ClassVar[str] = "∫ div X[μ] dμ = Σᵢ mᵢ div X[μ](xᵢ); gather < 0 < scatter"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        if space.kind not in SURFACES:
            return f"only on {' and in '.join(SURFACES.values())}"
        if law.attention_heads is None or law.kind not in LAWS:
            return "only for softmax and unnormalised attention"
        return f"only up to d = {MAX_DIMENSION} here"

    def measure(self, probe: Probe) -> float:
        x, d = probe.state.x, probe.state.x.shape[-1]
        derivative = probe.field.velocity_and_jacobian
        surface = probe.space.kind
        known = probe.field.divergence
        if known is not None and surface in SURFACES:
            rows = known(probe.state, surface == "sphere")
            if rows is not None:
                return float(probe.mean_of(rows)[..., 0])
        if derivative is None or surface not in SURFACES or d > MAX_DIMENSION:
            return math.nan
        field, jacobian = derivative(probe.state)
        xp = namespace(x)
        trace = xp.sum(jacobian * xp.eye(d, dtype=x.dtype), axis=(-2, -1))
        if surface == "sphere":
            across = (x[..., None, :] @ transpose(jacobian))[..., 0, :]
            trace = trace - (dot(across, x) + (d - 1) * dot(field, x))[..., 0]
        return float(probe.mean_of(trace[..., None])[..., 0])
