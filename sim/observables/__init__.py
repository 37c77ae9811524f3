"""What is measured along the way: a curve, a column and a caption each."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.plugins import Plugin

if TYPE_CHECKING:
    from sim.observables.probe import Probe


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
    """

    label: ClassVar[str]
    formula: ClassVar[str]
    whole: ClassVar[bool] = False

    @abc.abstractmethod
    def measure(self, probe: Probe) -> float:
        """Return the number, or NaN where it has no meaning."""
