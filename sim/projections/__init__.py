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
    from collections.abc import Sequence

    from sim.array_types import Floats
    from sim.frame import Frame


MIN_LENGTH = 1e-12  # below, a vector has no direction
SAME_PLACE = 1e-6  # variance over mean square below which all tokens coincide


class FrameProjector(Protocol):
    """Projects as one frame of a run is shown: it, and where its tokens were before."""

    @property
    def in_time(self) -> bool:
        """Whether the projection itself depends on time."""
        ...

    def points(self, x: Floats, t: float) -> Floats:
        """Return tokens at the time `t`, (..., n, d), in R^3: (..., n, 3)."""
        ...

    def share(self) -> float:
        """Return the share of the frame's variance that is shown."""
        ...


@dataclass(frozen=True)
class Projection(Plugin, abc.ABC, package=__name__):
    """A projection of d > 3 dimensions; never changes what is computed."""

    in_low_dimensions: ClassVar[bool] = False
    """Whether it also applies to d ≤ 3 without layer norm."""

    of_directions: ClassVar[bool] = False
    """Whether tokens are shown by their directions, whatever their lengths."""

    @abc.abstractmethod
    def projector(self, frame: Frame) -> FrameProjector:
        """Return what projects as `frame` is shown; maps are those of its trace."""

    def surface(self) -> bool:
        """Whether tokens of length 1 are shown on the globe, not inside it."""
        return False

    @abc.abstractmethod
    def caption(self) -> str:
        """Return a short description, such as ``three principal axes``."""


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
    if whole < SAME_PLACE * float(np.vdot(x, x)) / len(x):
        return 1.0
    return min(1.0, _variance(x @ span[:, size > MIN_LENGTH * size[0]]) / whole)


def _variance(x: Floats) -> float:
    """Return E|x|² − |E x|², without a copy of `x`."""
    mean = x.mean(axis=0)
    return float(np.vdot(x, x)) / len(x) - float(np.vdot(mean, mean))


def onto_globe(y: Floats) -> Floats:
    """Return rows at length 1, (n, 3) -> (n, 3); a row of zeros goes to the pole."""
    length = np.linalg.norm(y, axis=-1, keepdims=True)
    pole = np.array([0.0, 0.0, 1.0], y.dtype)
    return np.where(length > MIN_LENGTH, y / np.maximum(length, MIN_LENGTH), pole)


@dataclass(frozen=True, slots=True)
class LinearProjector:
    """Applies one linear map, (d, 3): tokens of length 1 are shown on the globe or in.

    Tokens of length 1 are taken from the origin, so that one place in R^d stays one
    place on the screen; others from their mean.
    """

    frame: Frame
    map_: Floats
    on_globe: bool
    in_time: bool = False

    def points(self, x: Floats, t: float) -> Floats:
        if not self.frame.scenario.space.bounded:
            return (x - x.mean(axis=-2, keepdims=True)) @ self.map_
        return onto_globe(x @ self.map_) if self.on_globe else x @ self.map_

    def points_of_each(self, x: Sequence[Floats]) -> Floats:
        """Return m arrays of tokens, (n, d) each, in R^3: (m, n, 3)."""
        bounded = self.frame.scenario.space.bounded
        each = [one if bounded else one - one.mean(axis=0) for one in x]
        seen = np.stack([one @ self.map_ for one in each])
        return onto_globe(seen) if bounded and self.on_globe else seen

    def alike(self, other: LinearProjector) -> bool:
        """Whether the same tokens have the same points: maps are the same object."""
        same = self.map_ is other.map_ and self.on_globe == other.on_globe
        ours, theirs = self.frame.scenario.space, other.frame.scenario.space
        return same and ours.bounded == theirs.bounded

    def share(self) -> float:
        return share(self.frame.x, self.map_)
