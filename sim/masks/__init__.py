"""Masks: which tokens may attend to which.

May import `sim.io`, `sim.arrays` and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy as np

from sim.arrays import namespace
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.arrays import Array


class Rule(Protocol):
    """Says who attends to whom, some rows of the matrix at a time."""

    def allow(self, rows: Array, columns: Array) -> Array | None:
        """Say which pairs attend: int (r,), int (n,) -> bool (r, n); None for all."""
        ...


@dataclass(frozen=True)
class Mask(Plugin, abc.ABC, package=__name__):
    """Settings of a rule for pairs of tokens, and the rule itself if it needs no more.

    Every token attends to one token at least.
    """

    numbered: ClassVar[bool] = True
    """Whether it matters which number a token has."""

    @abc.abstractmethod
    def allow(self, rows: Array, columns: Array) -> Array | None:
        """Say which pairs attend: int (r,), int (n,) -> bool (r, n); None for all."""

    def bind(self, like: Array) -> Rule:
        """Return the rule for tokens placed as `like`, the first ones: (..., n, d).

        Raises
        ------
        ValueError
            If it does not fit them.
        """
        return self


MOST = 20_000  # tokens: above, the matrix takes more memory than a laptop should give


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Whom each token attends to, as a matrix on the device.

    Attributes
    ----------
    joined : Array, bool, shape (n, n)
        Rows attend.
    """

    joined: Array

    @staticmethod
    def of(joined: AnyArray, like: Array) -> Adjacency:
        """Put `joined`, bool (n, n), beside `like`, with every token seeing itself."""
        whole = joined | np.eye(len(joined), dtype=bool)
        return Adjacency(namespace(like).asarray(whole))

    def allow(self, rows: Array, columns: Array) -> Array | None:
        """Say which pairs attend: int (r,), int (n,) -> bool (r, n)."""
        xp = namespace(self.joined)
        picked = xp.take(self.joined, rows, axis=0)
        if columns.shape[0] == self.joined.shape[0]:
            return picked
        return xp.take(picked, columns, axis=1)


def check_size(n: int, what: str) -> None:
    """Refuse a matrix that does not fit in memory.

    Raises
    ------
    ValueError
        With the bound and what to do.
    """
    if n > MOST:
        raise ValueError(
            f"the mask {what} holds an n × n matrix, for n up to {MOST:,}; got "
            f"n = {n:,}. Use fewer tokens, or the mask window or block."
        )
