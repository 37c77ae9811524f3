"""Labs: small computations that show one idea of attention in numbers.

May import `sim.models`, `sim.plate` and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.plate import Plate


@dataclass(frozen=True)
class Lab(Plugin, abc.ABC, package=__name__):
    """Settings of a lab; what it shows is a function of them alone."""

    @abc.abstractmethod
    def compute(self) -> Plate:
        """Return what the lab shows.

        Raises
        ------
        ValueError
            If settings that are valid each do not fit together.
        """
