"""Interpolation within a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.jit.buffer_pool import BUFFER_POOL
from sim.jit.rowwise import rowwise

if TYPE_CHECKING:
    from sim.arrays import Array


@rowwise
def hermite(
    a: Array, b: Array, va: Array, vb: Array, u: float, w: float, uw: float, h: float
) -> Array:
    """Return Hermite's cubic at the fraction `u` of a step `h` from `a` to `b`.

    With slopes `va` and `vb` at its ends, (..., d), w = 1 − u, and the product of both.
    """
    chord = b - a
    return a + u * chord + uw * (w * (h * va - chord) - u * (h * vb - chord))


def on_chord(a: Array, b: Array, u: float) -> Array:
    """Return a + u(b − a): the fraction `u` of the way, (..., d)."""
    if type(a) is not np.ndarray:
        return a + u * (b - a)
    # Tokens may be many: fresh memory would take longer than the arithmetic.
    out = np.subtract(b, a, out=BUFFER_POOL.empty(a.shape, a.dtype))
    out *= u
    out += a
    return out
