"""Labs: small computations that show one idea of attention in numbers.

May import `sim.models`, `sim.plate` and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.settings.knobs import knobs
from sim.settings.plugins import Plugin
from sim.settings.values import Place

if TYPE_CHECKING:
    from sim.plate import Plate


@dataclass(frozen=True)
class Lab(Plugin, abc.ABC, package=__name__):
    """Settings of a lab; what it shows is a function of them alone.

    Attributes
    ----------
    number : int
        Its place among the labs, which are read in this order.
    star : str
        The setting that arrow keys change in a presentation; the first single one if
        empty.
    """

    number: ClassVar[int] = 0
    star: ClassVar[str] = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, knob in knobs(type(self)).items():
            value = getattr(self, name)
            if isinstance(value, tuple) and not (value and all(value)):
                raise Place(name, knob.label).error(
                    "must hold numbers, got an empty table. Type one at least."
                )

    @abc.abstractmethod
    def compute(self) -> Plate:
        """Return what the lab shows.

        Raises
        ------
        ValueError
            If settings that are valid each do not fit together.
        """


def in_order() -> list[type[Lab]]:
    """Return every lab, in the order in which they are read."""
    return sorted(Lab.kinds().values(), key=_number)


def _number(lab: type[Lab]) -> int:
    return lab.number
