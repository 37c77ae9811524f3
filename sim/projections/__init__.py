"""Projections: how R^d is shown in R^3.

May import frames and scenarios, and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy as np

from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.frame import Frame


TINY = 1e-12
SAME = 1e-6  # of the mean square: below, all tokens are at one place


class Eye(Protocol):
    """Sees the frames of one run one after the other; may remember the last."""

    def see(self, frame: Frame) -> tuple[Floats, float]:
        """Return where tokens are seen, (n, 3), and the share of variance shown."""
        ...


@dataclass(frozen=True)
class Projection(Plugin, abc.ABC, package=__name__):
    """A way to look at d > 3 dimensions; never changes what is computed."""

    everywhere: ClassVar[bool] = False
    """Whether it is used for d ≤ 3 without layer norm, too."""

    @abc.abstractmethod
    def eye(self) -> Eye:
        """Return an eye that has seen nothing yet."""

    def surface(self) -> bool:
        """Whether tokens of length 1 are seen on the globe, not inside it."""
        return False

    @abc.abstractmethod
    def caption(self) -> str:
        """Say what the tokens are seen through, as ``three principal axes``."""


def share(x: Floats, map_: Floats) -> float:
    """Return the share of the variance of `x` in the columns' span of `map_`.

    Parameters
    ----------
    x : shape (n, d)
        Tokens.
    map_ : shape (d, 3)
        Directions, of any length and at any angle.
    """
    span, size, _ = np.linalg.svd(map_, full_matrices=False)
    whole = _variance(x)
    if whole < SAME * float(np.vdot(x, x)) / len(x):
        return 1.0
    return min(1.0, _variance(x @ span[:, size > TINY * size[0]]) / whole)


def _variance(x: Floats) -> float:
    """Return E|x|² − |E x|², without a copy of `x`."""
    mean = x.mean(axis=0)
    return float(np.vdot(x, x)) / len(x) - float(np.vdot(mean, mean))


def onto_globe(y: Floats) -> Floats:
    """Return the rows of `y` at length 1; a row of zeros goes to the pole."""
    length = np.linalg.norm(y, axis=-1, keepdims=True)
    pole = np.array([0.0, 0.0, 1.0], y.dtype)
    return np.where(length > TINY, y / np.maximum(length, TINY), pole)
