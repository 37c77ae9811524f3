"""The number of dimensions that tokens occupy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class EffectiveRank(Observable):
    """exp of the entropy of the singular values' squares: 1 at consensus  [1]_.

    References
    ----------
    .. [1] Roy, Vetterli, "The effective rank", EUSIPCO 2007, with squares.
    """

    kind: ClassVar[str] = "effective_rank"
    label: ClassVar[str] = "Effective rank"
    formula: ClassVar[str] = "exp(−Σ λ log λ), λ the eigenvalues of Σ xxᵀ / tr"

    def measure(self, probe: Probe) -> float:
        x = probe.host
        moment = x @ x.T if len(x) < x.shape[-1] else x.T @ x
        if not np.isfinite(moment).all():
            return float("nan")
        share = np.linalg.eigvalsh(moment)
        share = share[share > 0] / share[share > 0].sum()
        return float(np.exp(-(share * np.log(share)).sum()))
