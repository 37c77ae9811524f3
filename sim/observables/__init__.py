"""Observables: each is a number measured along a run, with its label and formula.

May import `sim.measure`, the laws and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class Observable(Plugin, abc.ABC, package=__name__):
    """A number measured from a state.

    Attributes
    ----------
    label : str
        Short name for plots and captions.
    formula : str
        Its definition, with sign and normalisation, for the axis and the tooltip.
    is_count : bool
        Whether it is a count: drawn as steps, printed without decimals.
    partner : str
        Kind of the observable to compare with, on the same plot; or nothing.
    resolution : float
        Smaller values are rounding errors, as of a difference.
    """

    label: ClassVar[str]
    formula: ClassVar[str]
    is_count: ClassVar[bool] = False
    partner: ClassVar[str] = ""
    resolution: ClassVar[float] = 0.0

    @classmethod
    def legend_name(cls, law: Dynamics) -> str:
        """Return its name in a legend with its partner, under `law`."""
        return cls.label

    @classmethod
    def formula_in(cls, space: Space) -> str:
        """Return its definition in `space`."""
        return cls.formula

    @classmethod
    def threshold_in(cls, space: Space) -> str:
        """Return the threshold that a count depends on, to stand beside it."""
        return ""

    @abc.abstractmethod
    def measure(self, probe: Probe) -> float:
        """Return the number, or NaN where it has no meaning."""
