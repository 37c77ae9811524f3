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
    from sim.expressions.expression import Expression


class Rule(Protocol):
    """The allowed pairs, some rows of the matrix at a time."""

    def allow(self, rows: Array, columns: Array) -> Array | None:
        """Return allowed pairs: int (r,), int (n,) -> bool (r, n); None for all."""
        ...


@dataclass(frozen=True)
class Mask(Plugin, abc.ABC, package=__name__):
    """Settings of a mask, which is its own rule unless that depends on the tokens.

    Every token attends to at least one token.
    """

    numbered: ClassVar[bool] = True
    """Whether the mask depends on the order of tokens."""

    @abc.abstractmethod
    def allow(self, rows: Array, columns: Array) -> Array | None:
        """Return allowed pairs: int (r,), int (n,) -> bool (r, n); None for all."""

    def fixed_tokens(self) -> str:
        """Return why tokens cannot be added or removed in a run; empty if they can.

        Where they can, the order of the present tokens is that of the mask.
        """
        return ""

    @abc.abstractmethod
    def formula(self, i: str, j: str, path: str) -> Expression | None:
        """Return the condition that the token i attends to j; None if it always does.

        `path` is that of the mask among the settings.
        """

    def bind(self, like: Array) -> Rule:
        """Return the rule for tokens placed as `like`, the first ones: (..., n, d).

        Raises
        ------
        ValueError
            If it does not fit the tokens.
        """
        return self


MAX_MATRIX_TOKENS = 20_000  # the matrix then takes 400 MB


@dataclass(frozen=True, slots=True)
class Adjacency:
    """The allowed pairs as a matrix on the device.

    Attributes
    ----------
    joined : Array, bool, shape (n, n)
        Whether the token of the row attends to that of the column.
    """

    joined: Array

    @staticmethod
    def of(joined: AnyArray, like: Array) -> Adjacency:
        """Put `joined`, bool (n, n), beside `like`, with the diagonal allowed."""
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
    """Reject a matrix that does not fit in memory.

    Raises
    ------
    ValueError
        With the bound and what to do.
    """
    if n > MAX_MATRIX_TOKENS:
        raise ValueError(
            f"the mask {what} holds an n × n matrix, for n up to "
            f"{MAX_MATRIX_TOKENS:,}; got n = {n:,}. Use fewer tokens, or the mask "
            "window or block."
        )
