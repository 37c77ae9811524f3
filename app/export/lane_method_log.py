"""How the sums of several lanes were computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.recorders import MethodLog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.frame import Frame


class LaneMethodLog:
    """Logs how the sums of each lane were computed.

    Attributes
    ----------
    lines : list of str
        As of `MethodLog`; of several lanes each line says which.
    """

    def __init__(self, lanes: int) -> None:
        self._logs = [MethodLog() for _ in range(lanes)]
        self.lines: list[str] = []

    def note(self, frames: Sequence[Frame]) -> None:
        """Take note of the frames of one moment, one of each lane."""
        for k, (log, frame) in enumerate(zip(self._logs, frames, strict=True), 1):
            known = len(log.lines)
            log.note(frame)
            where = f"sums of lane {k}" if len(self._logs) > 1 else "sums"
            self.lines += [
                where + line.removeprefix("sums") for line in log.lines[known:]
            ]
