"""Principal axes that follow the tokens without flicker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.projections import Projection

if TYPE_CHECKING:
    from sim.frame import Frame

    Floats = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Pca(Projection):
    """The three principal axes of the tokens, turned as little as possible."""

    kind: ClassVar[str] = "pca"
    title: ClassVar[str] = "Principal axes"

    def eye(self) -> PcaEye:
        return PcaEye()


class PcaEye:
    """Follows the principal subspace from frame to frame."""

    def see(self, frame: Frame) -> tuple[Floats, float]:
        x = frame.x - frame.x.mean(axis=0)
        _, s, axes = np.linalg.svd(x, full_matrices=False)
        share = float((s[:3] ** 2).sum() / max((s**2).sum(), 1e-30))
        return frame.x @ axes[:3].T, share
