"""What a law of motion promises: its energy, its symmetries, its structure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Law = Literal["ascends", "descends", "conserves", "none"]
Carrier = Literal["", "edges", "tokens"]

Structure = Literal["quadratic", "symplectic", "split", "linear"]
"""What an integrator may keep: a quadratic first integral; the symplectic form; the
same for a velocity that splits; linear flows, which it solves."""

Symmetry = Literal["turn", "mirror", "order"]
"""What may be done to all tokens alike so that the velocities follow."""

RowWeights = Literal["", "softmax", "exponential", "linear"]
"""How scores become the weights of a row: by softmax, by their exponential, or as they
are; "" for laws with other weights, or with none among tokens."""


@dataclass(frozen=True, slots=True)
class End:
    """One end: the value of the setting, what the motion is called there, and why."""

    value: float
    name: str
    help: str


@dataclass(frozen=True, slots=True)
class Ends:
    """A setting that leads from a motion that conserves to one that dissipates.

    Attributes
    ----------
    setting : str
        The field of the law that is turned.
    conserving, dissipating : End
        Its two ends.
    """

    setting: str
    conserving: End
    dissipating: End

    def at(self, value: float) -> End | None:
        """Return the end that is at `value`, if one is."""
        both = (self.conserving, self.dissipating)
        return next((end for end in both if end.value == value), None)
