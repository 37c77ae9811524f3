"""Values against time in bounded memory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats

CAPACITY = 8192  # points kept: several for each pixel of a wide screen
GROUP = 4  # consecutive points, of which two are kept


class Trace:
    """Points in the order of time, thinned evenly when full, with extremes kept.

    A NaN among the values is a break: the curve is not joined across it.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._t, self._y = np.empty(capacity), np.empty(capacity)
        self.clear()

    def clear(self) -> None:
        """Forget all points."""
        self._count, self._stride = 0, 1
        self._forget_held()
        self.last: tuple[float, float] | None = None

    def push(self, t: float, y: float) -> None:
        """Add the value `y` at time `t`; NaN breaks the curve."""
        if math.isnan(y):
            self.break_at(t)
            return
        self.last = (t, y)
        if self._stride == 1:
            self._append(t, y)
            return
        self._low = min(self._low, (y, t))
        self._high = max(self._high, (y, t))
        self._held += 1
        if self._held >= 2 * self._stride:
            self._append_held()

    def break_at(self, t: float) -> None:
        """Break the curve at time `t`."""
        self._append_held()
        if self._count and not math.isnan(self._y[self._count - 1]):
            self._append(t, math.nan)

    def truncate(self, t: float) -> None:
        """Forget the points from time `t` on."""
        self._append_held()
        self._count = int(np.searchsorted(self._t[: self._count], t, "left"))
        known = np.flatnonzero(np.isfinite(self._y[: self._count]))
        self.last = None
        if len(known):
            self.last = (float(self._t[known[-1]]), float(self._y[known[-1]]))

    def points(self, most: int = CAPACITY) -> tuple[Floats, Floats]:
        """Return times and values, thinned to at most `most` points and the last."""
        t, y = self._t[: self._count], self._y[: self._count]
        while len(t) > most:
            t, y = thinned(t, y)
        held = (
            sorted({(t, y) for y, t in (self._low, self._high)}) if self._held else []
        )
        if self._held and self.last is not None and held[-1] != self.last:
            held.append(self.last)
        if not held:
            return t, y
        return np.append(t, [p[0] for p in held]), np.append(y, [p[1] for p in held])

    def _append(self, t: float, y: float) -> None:
        if self._count == len(self._t):
            kept = thinned(self._t, self._y)
            self._count = len(kept[0])
            self._t[: self._count], self._y[: self._count] = kept
            self._stride *= 2
        self._t[self._count], self._y[self._count] = t, y
        self._count += 1

    def _append_held(self) -> None:
        """Append the lowest and the highest of the values held back."""
        held, pair = self._held, {self._low, self._high}
        self._forget_held()
        if held:
            for t, y in sorted((t, y) for y, t in pair):
                self._append(t, y)

    def _forget_held(self) -> None:
        self._held = 0
        self._low, self._high = (math.inf, 0.0), (-math.inf, 0.0)


def thinned(t: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return half as many points: of four the lowest and the highest, in time order.

    A break counts as the lowest, so that it is kept; the last one to three points stay.
    """
    whole = len(t) // GROUP * GROUP
    depth = np.where(np.isnan(y[:whole]), -np.inf, y[:whole]).reshape(-1, GROUP)
    low = np.argmin(depth, axis=1)
    high = GROUP - 1 - np.argmax(depth[:, ::-1], axis=1)
    pick = np.sort(np.stack([low, high], -1), axis=1)
    pick = (pick + np.arange(0, whole, GROUP)[:, None]).reshape(-1)
    pick = np.append(pick, np.arange(whole, len(t)))
    return t[pick], y[pick]
