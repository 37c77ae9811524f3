"""How sums were computed, told once and again where it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.frame import Frame


class Ledger:
    """Keeps account of the methods of sums of the frames of a run, in their order.

    Attributes
    ----------
    lines : list of str
        Each method, its error and why it was taken; from the second on with the time.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._last = ""

    def note(self, frame: Frame) -> str:
        """Return how the sums of `frame` were computed; nothing if that is not new."""
        method, why = frame.method
        if method == self._last:
            return ""
        self._last, said = method, f"{method}; {why}"
        start = f" from t = {frame.t:g}" if self.lines else ""
        self.lines.append(f"sums{start}: {said}")
        return f"sums: {said}"
