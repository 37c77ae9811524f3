"""The harmonics of a circle or sphere, as the kernels read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints


@dataclass(frozen=True, eq=False)
class HarmonicTable:
    """Harmonics, in the order of `sim.sums.harmonic.recurrence_kernel`.

    Attributes
    ----------
    degree : Array, shape (terms,)
        Of each harmonic.
    square : Array, shape (terms,)
        Makes Σ square · |harmonic|², over those of one degree, 1 at every token.
    b : Array, shape (terms,)
        The numbers of the recurrence.
    """

    degree: Ints
    square: Floats
    b: Floats

    @property
    def top(self) -> int:
        """How many degrees there are."""
        return int(self.degree[-1]) + 1

    def factors(self, parts: Floats) -> Floats:
        """Return by what moments are multiplied for weights of such parts: (terms, 1).

        The parts are those of `series`: (top,).
        """
        return (parts[self.degree] * self.square)[:, None]
