"""Cubic interpolation within a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
