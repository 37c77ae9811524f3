"""Masses: the weight of each token in sums over tokens.

May import `sim.io`, `sim.arrays` and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.expressions.symbols import Symbol
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.array_types import Floats


@dataclass(frozen=True)
class Masses(Plugin, abc.ABC, package=__name__):
    """The weights mⱼ of the measure μ = Σ mⱼ δ(xⱼ) that attention averages over."""

    @abc.abstractmethod
    def shares(self, n: int) -> Floats | None:
        """Return n positive masses of sum 1, (n,), on the host; None if all are equal.

        Raises
        ------
        ValueError
            If they do not fit n tokens.
        """

    def fixed_tokens(self) -> str:
        """Return why tokens cannot be added or removed in a run; empty if they can."""
        return "there is one given mass for each token"

    def formula(self, j: str, path: str) -> Symbol | None:
        """Return mⱼ; None where all are equal.  `path` is that of the masses."""
        return Symbol("m", "m", (j,), path, self)


def normalised(m: Floats, n: int, where: str) -> Floats:
    """Return the masses, (n,), divided by their sum.

    Raises
    ------
    ValueError
        If they are not n positive numbers.
    """
    if m.shape != (n,):
        raise ValueError(
            f"{where}: there must be one mass per token, n = {n}, got {m.size}. "
            "Give n numbers, or change n."
        )
    if not (m > 0).all():
        raise ValueError(
            f"{where}: masses must be above 0, got {m.min():g}. Leave the token out."
        )
    return m / m.sum()
