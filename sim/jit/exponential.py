"""e^{-s} on vectors, by a polynomial and the bits of a floating-point number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.jit.vector import Emitter, Vector

FLOOR = 100  # log₂ of the smallest weight told from 0, so that none is subnormal

# 2^(1-u) + (u - 1) / 2 for u in [1, 2], to 7.5e-8 of the power, and 2^u for |u| ≤ 1/2,
# to 3.2e-18: Chebyshev fits.
SHORT = (
    1.4987214893291643,
    -0.8807741866536709,
    0.47053090965970164,
    -0.1014220521353771,
    0.01388255306815691,
    -0.0009387883,
)
LONG = (
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


def units(kind: str) -> float:
    """Return what one natural unit of ``shift - score`` is to the kernels of `kind`.

    In float32 it is a power of two in units of the last bit but 23, so that cutting to
    an integer leaves exponent and mantissa in place; in float64 minus a power of two.
    """
    bits = 1 / math.log(2)
    return bits * 2.0**23 if kind == "float32" else -bits


def exponential(code: Emitter, scaled: Vector, *, deep: bool) -> Vector:
    """Return e^(score − shift) of a number in `units`.

    If `deep`, what would be less than 2^-`FLOOR` becomes that, and counts for nothing.
    """
    return (_short if code.single else _long)(code, scaled, deep=deep)


def _short(code: Emitter, scaled: Vector, *, deep: bool) -> Vector:
    # Cut to an integer, the number has the power's exponent in its upper bits and
    # the rest as a mantissa, u, in its lower ones.  To subtract both at once, the
    # polynomial has (u - 1) / 2 in it: between 0.95 and 1, that changes the mantissa.
    if deep:
        scaled = scaled.least(code.number(FLOOR * 2.0**23))
    cut = scaled.cut()
    u = (cut & 0x7FFFFF | 0x3F800000).numbers()
    power = _polynomial(code, SHORT, u)
    return (power.bits() - cut).numbers()


def _long(code: Emitter, scaled: Vector, *, deep: bool) -> Vector:
    # Adding 1.5·2^52 rounds to an integer, left in the lowest bits of the sum.
    if deep:
        scaled = scaled.greatest(code.number(-8.0 * FLOOR))
    magic = code.number(1.5 * 2.0**52)
    rounded = scaled + magic
    power = _polynomial(code, LONG, scaled - (rounded - magic))
    return (power.bits() + (rounded.bits() << 52)).numbers()


def _polynomial(code: Emitter, coefficients: tuple[float, ...], u: Vector) -> Vector:
    total = code.number(coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total = total.times_plus(u, code.number(c))
    return total
