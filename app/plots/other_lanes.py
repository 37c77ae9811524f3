"""The curves of the lanes beside the one that is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.plots.curve_points import sampled_curve
from app.plots.run_marks import breaks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import Floats
    from sim.frame import Frame
    from sim.schedule import Run


class OtherLanes:
    """Finds the curves of all lanes but one; remembers where those break."""

    def __init__(self) -> None:
        self._breaks: dict[int, tuple[Run, tuple[float, ...]]] = {}

    def curves(
        self, kind: str, frames: Sequence[Frame], place: int
    ) -> dict[int, tuple[Floats, Floats]]:
        """Return the curves of all lanes but the one at `place`, by lane."""
        found = (
            (lane, sampled_curve(kind, frame, self._breaks_of(lane, frame.record.run)))
            for lane, frame in enumerate(frames)
            if lane != place and frame.record is not None
        )
        return {lane: curve for lane, curve in found if curve is not None}

    def _breaks_of(self, lane: int, run: Run) -> tuple[float, ...]:
        known = self._breaks.get(lane)
        if known is None or known[0] is not run:
            self._breaks[lane] = known = (run, breaks_of(run))
        return known[1]
