"""Clocks: how simulated time depends on the coordinate of steps.

May import `sim.settings` only.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.array_types import Floats


@dataclass(frozen=True)
class Clock(Plugin, abc.ABC, package=__name__):
    """A change of variable: a coordinate s, in which steps are equal, and time t.

    Both maps are increasing and map 0 to 0.
    """

    @abc.abstractmethod
    def time(self, coordinate: float) -> float:
        """Return t at the coordinate s."""

    @abc.abstractmethod
    def coordinate(self, t: float) -> float:
        """Return the coordinate s at the time t."""

    def coordinates(self, t: Floats) -> Floats:
        """Return the coordinates at times: (k,) to (k,)."""
        return np.array([self.coordinate(one) for one in t.tolist()], float)

    def span(self, coordinate: float, h: float) -> float:
        """Return how much time a step of h takes from the coordinate s."""
        return self.time(coordinate + h) - self.time(coordinate)
