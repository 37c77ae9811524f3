"""Tokens of the flat space without their common growth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.projections import Projection, share
from sim.seed import Seed
from sim.theory import heads_of

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.frame import Frame
    from sim.scenario import Scenario


SHOWN_COORDINATES = 3
KEPT_TIMES = 128  # whose factors are kept: those of the points of a trail


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

    def projector(self, frame: Frame) -> RescaledProjector:
        return RescaledProjector(frame)

    def caption(self) -> str:
        return "z = exp(−tV)x, three coordinates"


@dataclass(frozen=True, slots=True)
class RescaledProjector:
    """Shows e^{−tV}x, with the V of the frame's own scenario."""

    frame: Frame
    in_time: bool = True

    def points(self, x: Floats, t: float) -> Floats:
        z = rescaled(self.frame.scenario, t, x)
        seen = np.zeros((len(z), SHOWN_COORDINATES), z.dtype)
        seen[:, : z.shape[1]] = z[:, :SHOWN_COORDINATES]
        return seen

    def share(self) -> float:
        z = rescaled(self.frame.scenario, self.frame.t, self.frame.x)
        return share(z, np.eye(z.shape[1])[:, :SHOWN_COORDINATES])


def rescaled(scenario: Scenario, t: float, x: Floats) -> Floats:
    """Return e^{−tV}x for rows x, (n, d), of a run in the flat space; x elsewhere."""
    inverse = _inverse_growth(scenario, t, x.shape[-1])
    return x if inverse is None else x @ inverse.T


@lru_cache(maxsize=KEPT_TIMES)
def _inverse_growth(scenario: Scenario, t: float, d: int) -> Floats | None:
    """Return e^{−tV}, (d, d), for a run in the flat space; None elsewhere."""
    from scipy.linalg import expm

    heads = heads_of(scenario)
    if heads is None or not scenario.space.euclidean:
        return None
    if heads.depth.layers > 1 or not heads.mlp.trivial:
        return None
    value = heads.draw(d, Seed(scenario.seed))[2].mean(axis=0)
    return expm(-t * value)
