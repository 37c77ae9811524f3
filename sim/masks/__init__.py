"""Who may attend to whom."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.plugins import Plugin

if TYPE_CHECKING:
    from sim.arrays import Array


@dataclass(frozen=True)
class Mask(Plugin, abc.ABC, package=__name__):
    """A rule for pairs of tokens, asked for some rows of the matrix at a time."""

    @abc.abstractmethod
    def allow(self, rows: Array, columns: Array) -> Array | None:
        """Say which pairs attend: int (r,), int (n,) -> bool (r, n); None for all."""
