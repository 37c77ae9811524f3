"""What a transformer does to every token on its own, beside attention."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.seed import Seed


class Block(abc.ABC):
    """A perceptron in its place: among the heads, or beside them."""

    @abc.abstractmethod
    def heads(self, u: Array) -> Array:
        """Return what each head moves tokens by, given V_h y_h: (..., h, n, d)."""

    @abc.abstractmethod
    def beside(self, x: Array) -> Array | float:
        """Return what moves tokens besides: (..., n, d) -> (..., n, d), or 0."""

    @abc.abstractmethod
    def chain(self, a: Array, u: Array, x: Array) -> Array:
        """Return the derivative of each head's and of what is besides.

        Given a, (..., h, n, d, d), that of u = V_h y_h by the place of the query:
        (..., h, n, d, d), whose mean over heads is that of the velocity.
        """


@dataclass(frozen=True)
class Mlp(Plugin, abc.ABC, package=__name__):
    """Settings of the block."""

    @abc.abstractmethod
    def bind(
        self, layers: int, heads: int, like: Array, seed: Seed
    ) -> tuple[Block | None, ...]:
        """Return the block of every layer beside `like`, (..., n, d); None for none.

        Raises
        ------
        ValueError
            If the weights do not fit each other, or the tokens.
        """

    @property
    def trivial(self) -> bool:
        """Whether tokens move as without it."""
        return False

    def formula(self, collected: str) -> str:
        """Return P_x applied to V times `collected`, with the block, in LaTeX."""
        return rf"P_{{x_i}}\,V\,{collected}"
