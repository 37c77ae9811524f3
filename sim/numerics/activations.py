"""Activation functions σ and σ' of MLPs, on any array library."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from sim.arrays import namespace, ndtr

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array

Activation = Literal["relu", "gelu", "tanh", "linear"]


def relu(z: Array) -> Array:
    """Return max(z, 0), entry by entry."""
    return namespace(z).maximum(z, 0 * z)


def relu_slope(z: Array) -> Array:
    """Return 1 where z > 0, else 0."""
    return namespace(z).astype(z > 0, z.dtype)


def gelu(z: Array) -> Array:
    """Return z Φ(z), Φ the normal distribution, without the tanh approximation."""
    return z * ndtr(z)


def gelu_slope(z: Array) -> Array:
    """Return Φ(z) + z φ(z)."""
    density = namespace(z).exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return ndtr(z) + z * density


def tanh(z: Array) -> Array:
    """Return tanh z."""
    return namespace(z).tanh(z)


def tanh_slope(z: Array) -> Array:
    """Return 1 − tanh² z."""
    return 1 - namespace(z).tanh(z) ** 2


def linear(z: Array) -> Array:
    """Return z: an MLP of two matrices without a nonlinearity."""
    return z


def linear_slope(z: Array) -> Array:
    """Return 1."""
    return 0 * z + 1


BENDS: dict[Activation, Callable[[Array], Array]] = {
    "relu": relu,
    "gelu": gelu,
    "tanh": tanh,
    "linear": linear,
}
SLOPES: dict[Activation, Callable[[Array], Array]] = {
    "relu": relu_slope,
    "gelu": gelu_slope,
    "tanh": tanh_slope,
    "linear": linear_slope,
}
