"""What a law of motion promises: its energy, its symmetries, its structure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EnergyBehaviour = Literal["ascends", "descends", "conserves", "none"]
"""What a flow does to the energy of its law; "none" where nothing is known."""

Carrier = Literal["", "edges", "tokens"]
"""What momenta belong to."""

Structure = Literal["quadratic", "symplectic", "split", "linear"]
"""What an integrator may keep: a quadratic first integral; the symplectic form; the
same for a velocity that splits; linear flows, which it solves."""

Symmetry = Literal["turn", "mirror", "order"]
"""What may be done to all tokens alike so that the velocities follow."""

RowWeights = Literal["", "softmax", "exponential", "linear"]
"""How scores become the weights of a row: by softmax, by their exponential, or as they
are; "" for laws with other weights, or with none among tokens."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of a law: a value of a setting, its name, and what it does."""

    value: float
    name: str
    help: str


@dataclass(frozen=True, slots=True)
class Limits:
    """A setting between a motion that conserves energy and one that dissipates it.

    Attributes
    ----------
    setting : str
        The field of the law.
    conservative, dissipative : Limit
        Its two limits.
    """

    setting: str
    conservative: Limit
    dissipative: Limit

    def at(self, value: float) -> Limit | None:
        """Return the limit that is at `value`, if one is."""
        both = (self.conservative, self.dissipative)
        return next((limit for limit in both if limit.value == value), None)
