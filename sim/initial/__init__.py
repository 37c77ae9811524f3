"""Initial conditions: where tokens start.

May import `sim.io`, `sim.arrays` and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    import numpy as np

    from sim.array_types import Floats


@dataclass(frozen=True, slots=True)
class Start:
    """Tokens at time zero.

    Attributes
    ----------
    x : float64, shape (n, d), on the host
        Tokens; the space normalises them.
    names : tuple of str
        A name for each token, or nothing.
    groups : tuple of str
        A given group for each token, or nothing.
    momenta : float64, shape (n, d) or (m, d), optional
        Of tokens or of edges, for laws that have them; those of the law if None.
    """

    x: Floats
    names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    momenta: Floats | None = None


@dataclass(frozen=True)
class Initial(Plugin, abc.ABC, package=__name__):
    """An arrangement of tokens at time zero."""

    @abc.abstractmethod
    def place(self, n: int, d: int, rng: np.random.Generator) -> Start:
        """Return n tokens of R^d, no row of them zero.

        Raises
        ------
        ValueError
            If the arrangement does not exist for n tokens in d dimensions.
        """

    def shape(self, n: int, d: int) -> tuple[int, int]:
        """Return the (n, d) that the arrangement prescribes, else those given."""
        return n, d
