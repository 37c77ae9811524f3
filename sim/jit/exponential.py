"""e^{-s} on vectors, by a polynomial and the bits of a floating-point number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.jit.vector import Emitter, Vector

MIN_LOG2 = {"float32": -100, "float64": -800}
"""Weights below this power of 2 become it, so that none is subnormal."""

# 2^(1-u) + (u - 1) / 2 for u in [1, 2], to 7.5e-8 of the power, and 2^u for |u| ≤ 1/2,
# to 3.2e-18: Chebyshev fits.
FLOAT32_COEFFICIENTS = (
    1.4987214893291643,
    -0.8807741866536709,
    0.47053090965970164,
    -0.1014220521353771,
    0.01388255306815691,
    -0.0009387883,
)
FLOAT64_COEFFICIENTS = (
    1.0,
    0.6931471805599453,
    0.24022650695910158,
    0.055504108664821625,
    0.009618129107587256,
    0.001333355814640647,
    0.00015403530463724353,
    1.5252733841556773e-05,
    1.3215432535912375e-06,
    1.0178057087733941e-07,
    7.074194297288521e-09,
    4.4558179083360645e-10,
)


def score_unit(kind: str) -> float:
    """Return what one natural unit of ``shift - score`` is to the kernels of `kind`.

    In float32 it is 2²³ log₂e, so that cutting to an integer leaves exponent and
    mantissa in place; in float64 it is −log₂e.
    """
    bits = 1 / math.log(2)
    return bits * 2.0**23 if kind == "float32" else -bits


def exponential(code: Emitter, scaled: Vector, *, may_underflow: bool) -> Vector:
    """Return e^(score − shift) of a number in `score_unit`s.

    Where it `may_underflow`, it is at least 2 to the power `MIN_LOG2`.
    """
    return (_float32 if code.single else _float64)(
        code, scaled, may_underflow=may_underflow
    )


def _float32(code: Emitter, scaled: Vector, *, may_underflow: bool) -> Vector:
    # Cut to an integer, the number has the power's exponent in its upper bits and
    # the rest as a mantissa, u, in its lower ones.  To subtract both at once, the
    # polynomial has (u - 1) / 2 in it: between 0.95 and 1, that changes the mantissa.
    if may_underflow:
        scaled = scaled.minimum(code.constant(-MIN_LOG2["float32"] * 2.0**23))
    cut = scaled.to_integers()
    u = (cut & 0x7FFFFF | 0x3F800000).as_floats()
    power = _polynomial(code, FLOAT32_COEFFICIENTS, u)
    return (power.as_integers() - cut).as_floats()


def _float64(code: Emitter, scaled: Vector, *, may_underflow: bool) -> Vector:
    # Adding 1.5·2^52 rounds to an integer, left in the lowest bits of the sum.
    if may_underflow:
        scaled = scaled.maximum(code.constant(float(MIN_LOG2["float64"])))
    magic = code.constant(1.5 * 2.0**52)
    rounded = scaled + magic
    power = _polynomial(code, FLOAT64_COEFFICIENTS, scaled - (rounded - magic))
    return (power.as_integers() + (rounded.as_integers() << 52)).as_floats()


def _polynomial(code: Emitter, coefficients: tuple[float, ...], u: Vector) -> Vector:
    total = code.constant(coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total = total.multiply_add(u, code.constant(c))
    return total


def reference(scaled: Floats, kind: str) -> Floats:
    """Return what `exponential` does, by NumPy in float64.

    The kernel differs by less than 3.5e-7 of the power in float32, 9e-16 in float64.
    """
    return np.exp(-scaled.astype(float) / score_unit(kind))
