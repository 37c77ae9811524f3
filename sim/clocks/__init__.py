"""Clocks: how simulated time passes with the time of display.

May import `sim.settings` only.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass

from sim.settings.plugins import Plugin


@dataclass(frozen=True)
class Clock(Plugin, abc.ABC, package=__name__):
    """A dial whose reading s goes at a steady rate, and the time t that it stands for.

    Steps are equally long on the dial.  Both maps grow, and leave 0 alone.
    """

    @abc.abstractmethod
    def time(self, reading: float) -> float:
        """Return t when the dial shows `reading`."""

    @abc.abstractmethod
    def reading(self, t: float) -> float:
        """Return what the dial shows at the time `t`."""

    def span(self, reading: float, h: float) -> float:
        """Return how much time passes while the dial goes on by `h`."""
        return self.time(reading + h) - self.time(reading)
