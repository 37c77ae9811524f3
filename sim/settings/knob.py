"""How one setting is named, bounded and shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Scale = Literal["linear", "log", "asinh"]

MIN_WORD = 3  # letters: shorter labels are symbols, such as k, and stay as they are


@dataclass(frozen=True, slots=True)
class Knob:
    """How one setting is named, bounded and shown.

    The type of the field determines the control: ``int`` and ``float`` are sliders,
    ``bool`` a switch, ``Literal`` a menu, ``str`` a line of text, a tuple of tuples of
    floats a table, a tuple of ints a list.

    Attributes
    ----------
    label : str
        Short name, as in the papers: ``"β"``, ``"d"``.
    lo, hi : float
        Inclusive bounds of a number, for validation and for the slider.
    scale : {"linear", "log", "asinh"}
        What equal slider travel means: equal steps, equal factors, or equal factors
        on both sides of zero.
    live : bool
        Whether a running simulation takes the change at once.  If False the change
        restarts from the initial condition.
    unit : str
        Shown after the number, such as ``" s"``.
    help : str
        What the quantity means and what increasing it does: the tooltip, the line of
        ``orrery list`` and the reference page.
    name : str
        What the setting is called on screen, where the label is only a symbol.
    soft : (float, float), optional
        Useful range of a slider that is narrower than `lo` and `hi`; what lies beyond
        is typed.
    """

    label: str
    lo: float = -math.inf
    hi: float = math.inf
    scale: Scale = "linear"
    live: bool = True
    unit: str = ""
    help: str = ""
    name: str = ""
    soft: tuple[float, float] | None = None

    @property
    def caption(self) -> str:
        """The name on screen; a label that is a lower-case word gets a capital."""
        word = len(self.label) >= MIN_WORD and self.label.isascii()
        capital = word and self.label.islower()
        return self.name or (self.label.capitalize() if capital else self.label)
