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


MIN_LENGTH = 1e-12  # below, a vector has no direction
SAME_PLACE = 1e-6  # variance over mean square below which all tokens coincide


class FrameProjector(Protocol):
    """Projects the frames of one run in turn; may depend on the previous ones."""

    def project(self, frame: Frame) -> tuple[Floats, float]:
        """Return the tokens in R^3, (n, 3), and the share of the variance shown."""
        ...


@dataclass(frozen=True)
class Projection(Plugin, abc.ABC, package=__name__):
    """A projection of d > 3 dimensions; never changes what is computed."""

    in_low_dimensions: ClassVar[bool] = False
    """Whether it also applies to d ≤ 3 without layer norm."""

    of_directions: ClassVar[bool] = False
    """Whether tokens are shown by their directions, whatever their lengths."""

    @abc.abstractmethod
    def projector(self) -> FrameProjector:
        """Return a projector that has not seen a frame yet."""

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
