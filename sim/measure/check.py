"""One number that can be checked, and the most that it may be."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One number that is to stay within a bound.

    Attributes
    ----------
    name : str
        What is checked, such as ``"length"``.
    value, bound : float
        What was found and the most that it may be; NaN where it has no meaning.
    note : str
        What the number is, or what to do if it is too large.
    """

    name: str
    value: float
    bound: float
    note: str

    @property
    def holds(self) -> bool:
        """Whether the number is within its bound, or has no meaning here."""
        return math.isnan(self.value) or self.value <= self.bound
