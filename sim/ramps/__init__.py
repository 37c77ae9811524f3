"""Ramps: how β changes with depth.

May import `sim.settings` only.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass

from sim.settings.knobs import Knob
from sim.settings.plugins import Plugin

START = Knob(
    "start",
    0,
    1e6,
    scale="asinh",
    help="Time at which the ramp begins.",
    name="Ramp start",
)
LENGTH = Knob(
    "length",
    0.01,
    1e6,
    scale="log",
    help="Time that the ramp takes; longer changes β more slowly.",
    name="Ramp length",
)


@dataclass(frozen=True)
class Ramp(Plugin, abc.ABC, package=__name__):
    """β(t) = β · r(t), with r = 1 until the ramp begins."""

    @abc.abstractmethod
    def factor(self, t: float) -> float:
        """Return r(t)."""

    @property
    def constant(self) -> bool:
        """Whether β never changes."""
        return False


def share(t: float, start: float, length: float) -> float:
    """Return the share of the ramp that is complete at the time t, in [0, 1]."""
    return min(1.0, max(0.0, (t - start) / length))
