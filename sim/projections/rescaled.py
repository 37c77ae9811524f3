"""Tokens of the flat space without their common growth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.projections import Projection, share
from sim.seed import Seed
from sim.theory import heads_of

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.frame import Frame
    from sim.scenario import Scenario


SHOWN_COORDINATES = 3  # coordinates


@dataclass(frozen=True)
class Rescaled(Projection):
    """z = e^{−tV} x in the flat space: tokens settle on a polytope, or on planes  [1]_.

    The first three coordinates of it; x itself on other spaces, and under laws without
    one value matrix for all depths or with an MLP.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2305.05465.
    """

    kind: ClassVar[str] = "rescaled"
    title: ClassVar[str] = "Rescaled exp(−tV)x"
    in_low_dimensions: ClassVar[bool] = True

    def projector(self) -> RescaledProjector:
        return RescaledProjector()

    def caption(self) -> str:
        return "z = exp(−tV)x, three coordinates"


@dataclass(frozen=True, slots=True)
class RescaledProjector:
    """Shows e^{−tV}x, with the V of the frame's own scenario."""

    def project(self, frame: Frame) -> tuple[Floats, float]:
        z = rescaled(frame.scenario, frame.t, frame.x)
        n, d = z.shape
        seen = np.zeros((n, SHOWN_COORDINATES), z.dtype)
        seen[:, :d] = z[:, :SHOWN_COORDINATES]
        return seen, share(z, np.eye(d)[:, :SHOWN_COORDINATES])


def rescaled(scenario: Scenario, t: float, x: Floats) -> Floats:
    """Return e^{−tV}x for rows x, (n, d), of a run in the flat space; x elsewhere."""
    from scipy.linalg import expm

    heads = heads_of(scenario)
    if heads is None or not scenario.space.euclidean:
        return x
    if heads.depth.layers > 1 or not heads.mlp.trivial:
        return x
    value = heads.draw(x.shape[-1], Seed(scenario.seed))[2].mean(axis=0)
    return x @ expm(-t * value).T
