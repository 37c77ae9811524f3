"""The Gram matrix of the tokens at length 1: the cosine of every pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.measure.attention_matrix import even_sample

if TYPE_CHECKING:
    from sim.array_types import AnyArray, Floats, Ints
    from sim.measure.probe import Probe

MAX_GRAM_SIDE = 288  # above, an even sample represents all, as of attention


@dataclass(frozen=True, slots=True)
class Gram:
    """The cosines of at most 288 tokens, in the order of their rows.

    Attributes
    ----------
    sample : int, shape (s,)
        The tokens of rows and columns, as rows of x.
    values : float64, shape (s, s)
        ⟨xᵢ,xⱼ⟩/(|xᵢ||xⱼ|), in [−1, 1]; NaN where a token has length 0 or is not finite.
    """

    sample: Ints
    values: Floats

    @staticmethod
    def of(x: AnyArray, side: int = MAX_GRAM_SIDE) -> Gram:
        """Return the cosines of the rows of `x`, or of `side` of them: (n, d).

        In float64 whatever the type of `x`; rows are scaled by their largest entry
        first, so that no length overflows or underflows.
        """
        sample = even_sample(len(x), side)
        y = np.asarray(x)[sample].astype(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            y = y / np.abs(y).max(axis=-1, keepdims=True)
            y /= np.linalg.norm(y, axis=-1, keepdims=True)
            return Gram(sample, np.clip(y @ y.T, -1.0, 1.0))


def gram(probe: Probe) -> Gram:
    """Return the Gram matrix of the tokens of a probed state."""
    return Gram.of(probe.host)
