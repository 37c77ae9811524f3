"""The functions that transformers consist of, for NumPy arrays of any float type."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import AnyArray


@dataclass(frozen=True, slots=True)
class Norm:
    """LayerNorm or, without a mean, RMSNorm: gain · (x − m)/√(⟨(x − m)²⟩ + ε) + bias.

    Attributes
    ----------
    gain : array, shape (d,)
        The weight.
    bias : array, shape (d,), or None
        What is added last.
    eps : float
        ε.
    centred : bool
        Whether the mean m of each row is subtracted; else m = 0.
    """

    gain: AnyArray
    bias: AnyArray | None
    eps: float
    centred: bool = True

    def __call__(self, x: AnyArray) -> AnyArray:
        """Normalise each row: (..., d) -> (..., d)."""
        if self.centred:
            x = x - x.mean(-1, keepdims=True)
        square = np.vecdot(x, x)[..., None] / x.dtype.type(x.shape[-1])
        x = x / np.sqrt(square + x.dtype.type(self.eps)) * self.gain
        return x if self.bias is None else x + self.bias

    def cast(self, dtype: Any) -> Norm:
        """Return it with numbers of `dtype`."""
        bias = None if self.bias is None else np.asarray(self.bias, dtype)
        return Norm(np.asarray(self.gain, dtype), bias, self.eps, self.centred)


def softmax(s: AnyArray) -> AnyArray:
    """Return the softmax of each row: (..., n) -> (..., n)."""
    e = np.exp(s - s.max(-1, keepdims=True))
    e /= e.sum(-1, keepdims=True)
    return e


def causal(n: int, dtype: Any) -> AnyArray:
    """Return what is added to scores where no token attends to later ones: (n, n)."""
    return np.where(np.tri(n, dtype=bool), dtype(0), dtype(-np.inf))


def gelu(x: AnyArray) -> AnyArray:
    """Return x Φ(x), Φ the normal distribution."""
    from scipy.special import erf  # here, since it loads slowly

    y = erf(x * x.dtype.type(math.sqrt(0.5)))
    y += 1
    y *= x
    y *= x.dtype.type(0.5)
    return y


def gelu_tanh(x: AnyArray) -> AnyArray:
    """Return the approximation of `gelu` by a hyperbolic tangent."""
    root = x.dtype.type(math.sqrt(2 / math.pi))
    return x * (1 + np.tanh(root * (x + x.dtype.type(0.044715) * x * x * x))) / 2


def relu(x: AnyArray) -> AnyArray:
    """Return x where it is above 0, else 0."""
    return np.maximum(x, 0)


def silu(x: AnyArray) -> AnyArray:
    """Return x/(1 + e^{−x})."""
    with np.errstate(over="ignore"):  # e^{−x} = ∞ gives 0, as it must
        return x / (1 + np.exp(-x))


ACTIVATIONS: dict[str, Callable[[AnyArray], AnyArray]] = {
    "gelu": gelu,
    "gelu_new": gelu_tanh,
    "gelu_pytorch_tanh": gelu_tanh,
    "relu": relu,
    "silu": silu,
    "swish": silu,
}


def activation(name: Any) -> Callable[[AnyArray], AnyArray]:
    """Return the activation of a configuration.

    Raises
    ------
    ValueError
        If it is unknown.
    """
    if not isinstance(name, str) or name not in ACTIVATIONS:
        have = ", ".join(ACTIVATIONS)
        raise ValueError(
            f"config.json: the activation {name!r} is not known; known are {have}."
        )
    return ACTIVATIONS[name]


@dataclass(frozen=True, slots=True)
class RotaryAngles:
    """Rotation of the pairs (xₖ, xₖ₊ₑ⸝₂) of a head by the angle i·θₖ at position i.

    Attributes
    ----------
    angles : float64, shape (positions, e/2)
        i·θₖ.
    """

    angles: AnyArray

    def __call__(self, x: AnyArray) -> AnyArray:
        """Rotate queries or keys: (..., n, e) -> (..., n, e)."""
        angle = self.angles[: x.shape[-2]]
        c, s = (f(angle).astype(x.dtype) for f in (np.cos, np.sin))
        a, b = np.split(x, 2, axis=-1)
        return np.concatenate([a * c - b * s, b * c + a * s], axis=-1)
