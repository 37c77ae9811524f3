"""The points of trails: where tokens were, in bounded memory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.trace import TrailPoint
from sim.trace_steps import PLACES

if TYPE_CHECKING:
    from sim.array_types import Ints
    from sim.measure.probe import Probe
    from sim.scenario import Scenario

MAX_TRAILS = 4_000  # tokens: above, trails would hide the beads
TRAIL_PIECES = 4_000  # of all trails
MIN_POINTS, MAX_POINTS = 4, 40  # of one trail, about
MAX_BYTES = 64 * 2**20  # of points that are kept beyond the trails on show


def trail_stride(trail: float, n: int, step: float) -> int:
    """Return the places between two points of the trails of n tokens.

    A power of two, so that the points of one length of trail serve another, too.
    """
    points = min(max(TRAIL_PIECES // max(n, 1), MIN_POINTS), MAX_POINTS)
    places = trail / points / step * PLACES
    return 2 ** max(0, round(math.log2(max(places, 1.0))))


class TrailPoints:
    """Points of trails at even places of a run's clock, in any order.

    Parameters
    ----------
    start : Scenario
        The start of the run.
    """

    def __init__(self, start: Scenario) -> None:
        self._n, self._step = start.tokens, start.step
        self._strides: dict[float, int] = {}
        self._points: dict[int, TrailPoint] = {}
        self._size = 0

    @property
    def lengths(self) -> frozenset[float]:
        """The lengths of the trails on show, in coordinates of the clock."""
        return frozenset(self._strides)

    @property
    def stride(self) -> int:
        """The places between two points; 0 while there are no trails."""
        return min(self._strides.values(), default=0)

    def show(self, lengths: frozenset[float]) -> None:
        """Keep points for trails of these lengths."""
        if self._n <= MAX_TRAILS:
            self._strides = {
                length: trail_stride(length, self._n, self._step)
                for length in lengths
                if length > 0
            }

    def __contains__(self, place: int) -> bool:
        return place in self._points

    def add(self, place: int, coordinate: float, probe: Probe, tokens: Ints) -> None:
        """Keep where `tokens`, ids of shape (n,), are at a place."""
        x = np.array(probe.host, np.float32)
        point = TrailPoint(place, coordinate, probe.state.t, x, tokens)
        self._points[place] = point
        self._size += point.nbytes
        if self._size > MAX_BYTES:
            self._forget(place)

    def cut(self, end: float) -> None:
        """Forget the points from the place `end` on."""
        self._points = {k: p for k, p in self._points.items() if k < end}
        self._size = sum(p.nbytes for p in self._points.values())

    def needed(self, now: float, rounding: float) -> list[int]:
        """Return the places of the points of trails that end at the place `now`."""
        out = set[int]()
        for length, stride in self._strides.items():
            last = math.floor((now + rounding) / stride)
            first = math.floor((now - self._places(length)) / stride)
            out.update(k * stride for k in range(max(first, 0), last + 1))
        return sorted(out)

    def at(self, places: list[int]) -> tuple[TrailPoint, ...]:
        """Return the points that are known of these places."""
        return tuple(self._points[k] for k in places if k in self._points)

    def _places(self, length: float) -> float:
        return length / self._step * PLACES

    def _forget(self, place: int) -> None:
        """Drop the half of the points that is farthest from a place, off its trails."""
        room = 2 * self._places(max(self._strides)) + max(self._strides.values())
        far = sorted(self._points, key=lambda k: abs(k - place), reverse=True)
        for k in far[: len(far) // 2]:
            if abs(k - place) > room:
                self._size -= self._points.pop(k).nbytes
