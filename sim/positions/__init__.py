"""Positional encodings, added to the tokens at the start or seen by the scores alone.

May import `sim.arrays` and what is below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.settings.knobs import Knob
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.arrays import Array
    from sim.expressions.expression import Expression


BASE = Knob(
    "base",
    1,
    1e6,
    scale="log",
    help="How much slower each pair of coordinates rotates from token to token than "
    "the previous pair: by base^{2/d}.  Without effect where there is only one pair.",
)


class PositionCode:
    """Positions bound to a number of tokens, a dimension and a device."""

    def encode_tokens(self, x: Array) -> Array:
        """Encode tokens before Q and K are applied: (..., n, d) -> (..., n, d)."""
        return x

    def encode_projected(self, y: Array) -> Array:
        """Encode queries or keys: (..., n, e) -> (..., n, e)."""
        return y


@dataclass(frozen=True)
class Positions(Plugin, package=__name__):
    """A code of a token's position i = 0, 1, …, for scores or for tokens."""

    def bind(self, rows: int, d: int, width: int, like: Array) -> PositionCode | None:
        """Return the code of `rows` tokens of R^d beside `like`; None for none.

        `width` is the number of coordinates of queries and keys.
        """
        return None

    def encoded(self, x: Floats) -> Floats:
        """Return tokens with their positions: (n, d) -> (n, d), on the host."""
        n, d = x.shape
        code = self.bind(n, d, d, x)
        return x if code is None else code.encode_projected(code.encode_tokens(x))

    @property
    def trivial(self) -> bool:
        """Whether tokens and scores carry no position."""
        return True

    def token_formula(self, x: Expression, i: str, path: str) -> Expression:
        """Return what Q and K are applied to, for the token `x` of index `i`.

        `path` is that of the positions among the settings.
        """
        return x

    def projected_formula(self, y: Expression, i: str, path: str) -> Expression:
        """Return the query or key of index `i`, where `y` is it without position."""
        return y


def frequencies(width: int, base: float) -> Floats:
    """Return base^{−2k/w} for each pair k of w coordinates: (⌈w/2⌉,).

    Of an odd number the last one has only half a pair.
    """
    return base ** (-np.arange(0, width, 2) / width)
