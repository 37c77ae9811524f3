"""A transformer with random weights: what training is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.models.functions import Norm, gelu
from sim.models.half_layers import Affine, AttentionHalf, HalfLayer, MlpHalf

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import AnyArray

WIDENING = 4  # of an MLP: its numbers inside, over d
EPS = 1e-5


def random_halves(
    d: int, layers: int, rng: np.random.Generator
) -> tuple[HalfLayer, ...]:
    """Return the half layers of a model with one head and Gaussian weights.

    Entries have the variance 1/rows; a norm without mean is before each update, and
    there are no biases.
    """

    def affine(into: int, out: int) -> Affine:
        return Affine(rng.normal(scale=into**-0.5, size=(into, out)))

    norm = Norm(np.ones(d), None, EPS, centred=False)
    halves: list[HalfLayer] = []
    for _ in range(layers):
        q, k, v, out = (affine(d, d) for _ in range(4))
        halves.append(AttentionHalf(norm, True, q, k, v, out, 1, False))
        up, down = affine(d, WIDENING * d), affine(WIDENING * d, d)
        halves.append(MlpHalf(norm, True, up, down, gelu))
    return tuple(halves)


def on_host(function: Callable[[AnyArray], AnyArray], x: Any) -> Any:
    """Return ``function(x)`` for an array of any library, by way of the host."""
    from sim.arrays import namespace, to_host

    if isinstance(x, np.ndarray):
        return function(x)
    return namespace(x).asarray(function(to_host(x)))
