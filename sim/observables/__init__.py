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


@dataclass(frozen=True)
class Observable(Plugin, abc.ABC, package=__name__):
    """A number read off a state.

    Attributes
    ----------
    label : str
        Short name for plots and captions.
    formula : str
        What it is, with sign and normalisation, for the axis and the tooltip.
    whole : bool
        Whether it counts something: drawn as steps, printed without decimals.
    partner : str
        The kind of the observable to be compared with, on the same plot; or nothing.
    finest : float
        Values below are rounding, as of a difference.
    """

    label: ClassVar[str]
    formula: ClassVar[str]
    whole: ClassVar[bool] = False
    partner: ClassVar[str] = ""
    finest: ClassVar[float] = 0.0

    @classmethod
    def said(cls, law: Dynamics) -> str:
        """Return what its line is called, on one plot with another, under `law`."""
        return cls.label

    @abc.abstractmethod
    def measure(self, probe: Probe) -> float:
        """Return the number, or NaN where it has no meaning."""
