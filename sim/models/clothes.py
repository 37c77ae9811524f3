"""Small drawn pictures of clothes: the data of the variational autoencoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.seed import Seed

if TYPE_CHECKING:
    from sim.array_types import AnyArray

KINDS = ("shirt", "trousers", "gown", "bag", "shoe")
SIDE = 12  # pixels
SOFT = 0.07  # width of an edge, in sides


def pictures(count: int, seed: int) -> tuple[AnyArray, AnyArray]:
    """Return pictures in [0, 1] and their kinds: (count, 144), (count,).

    Each has a width and a length of its own.
    """
    rng = Seed(seed).rng("clothes")
    kinds = np.arange(count) % len(KINDS)
    sizes = rng.uniform(0.0, 1.0, (count, 2))
    drawn = [_draw(KINDS[k], *size) for k, size in zip(kinds, sizes, strict=True)]
    return np.array(drawn).reshape(count, SIDE * SIDE), kinds


def _draw(kind: str, wide: float, long: float) -> AnyArray:
    """Return a picture of one kind; both sizes are in [0, 1]."""
    at = (np.arange(SIDE) + 0.5) / SIDE
    x, y = at[None, :] - 0.5, at[:, None]
    half, low = 0.14 + 0.1 * wide, 0.6 + 0.35 * long
    if kind == "shirt":
        sleeves = _box(x, y, half + 0.08 + 0.14 * long, 0.12, 0.34)
        return np.maximum(_box(x, y, half, 0.12, 0.88), sleeves)
    if kind == "trousers":
        gap = _box(x, y, 0.04 + 0.04 * wide, 0.35, 1.2)
        return _box(x, y, half + 0.08, 0.08, low) * (1 - gap)
    if kind == "gown":
        flare = 0.08 + (0.16 + 0.22 * wide) * np.clip((y - 0.1) / 0.8, 0, 1)
        return _soft(flare - np.abs(x)) * _soft(y - 0.1) * _soft(low - y)
    if kind == "bag":
        ring = np.hypot(x / (0.16 + 0.08 * wide), (y - 0.42) / (0.12 + 0.16 * long)) - 1
        handle = np.exp(-((ring / 0.28) ** 2)) * _soft(0.45 - y)
        return np.maximum(_box(x, y, half + 0.14, 0.42, 0.86), handle)
    leg = _soft(0.1 + 0.08 * wide - np.abs(x + 0.2)) * _soft(y - 0.5 + 0.35 * long)
    sole = _soft(0.4 - np.abs(x)) * _soft(y - 0.62 + 0.05 * wide)
    return np.maximum(leg, sole) * _soft(0.86 - y)


def _box(x: AnyArray, y: AnyArray, half: float, top: float, bottom: float) -> AnyArray:
    return _soft(half - np.abs(x)) * _soft(y - top) * _soft(bottom - y)


def _soft(inside: AnyArray) -> AnyArray:
    """Return 1 inside, 0 outside, with a soft edge; `inside` is the distance to it."""
    return 0.5 * (1 + np.tanh(inside / SOFT))
