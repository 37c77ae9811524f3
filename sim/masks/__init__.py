"""Who may attend to whom."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from sim.settings.plugins import Plugin

if TYPE_CHECKING:
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

    def bound(self, like: Array) -> Rule:
        """Return the rule for tokens placed as `like`, the first ones: (..., n, d).

        Raises
        ------
        ValueError
            If it does not fit them.
        """
        return self
