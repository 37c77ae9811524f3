"""What a director has decided of one frame: read by all who draw or write about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.scene.geometry import Scales
from app.scene.projector import Projected

if TYPE_CHECKING:
    from app.scene.colouring import Legend
    from sim.array_types import Ints, Single
    from sim.frame import Frame


EDGELESS = Scales()
NOTHING = Projected(np.zeros((0, 3), np.float32), True)


@dataclass(frozen=True, slots=True)
class SceneInfo:
    """The tokens of a frame as they appear; m of n are in the picture.

    Attributes
    ----------
    frame : Frame, optional
        Of which this is; None before the first.
    chosen : tuple of int
        Tokens that are marked.
    numbers : int, shape (n,)
        Colour number of each token: its group, head or cluster, -1 for none.
    company : int, shape (n,)
        Number of its cluster as the eye sees it, -1 for a lone token.
    colours : float32, shape (n, 4)
        sRGB and alpha, as worn in the picture.
    seen : Seen
        Where tokens are seen, and how that came about: (m, 3).
    drawn : int
        How many tokens are in the picture, m.
    among : int, shape (m,), optional
        Which they are, ascending; None for all.
    legend : Legend, optional
        What the colours mean, None where they explain themselves.
    scales : Scales
        What the colour and the width of edges mean.
    reason : str
        Why tokens are not coloured as asked for; empty if they are.
    """

    frame: Frame | None
    chosen: tuple[int, ...]
    numbers: Ints
    cluster_ids: Ints
    colours: Single
    seen: Projected
    drawn: int
    among: Ints | None = None
    legend: Legend | None = None
    scales: Scales = EDGELESS
    reason: str = ""

    @property
    def points(self) -> Single:
        """Where tokens are seen: (m, 3)."""
        return self.seen.points

    @property
    def share(self) -> float | None:
        """Share of the variance that is shown, None where all is."""
        return self.seen.share


_NONE = np.zeros(0, np.int64)
NO_SCENE = SceneInfo(None, (), _NONE, _NONE, np.zeros((0, 4), np.float32), NOTHING, 0)
