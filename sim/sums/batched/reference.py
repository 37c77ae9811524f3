"""The formula of the batched kernel in plain NumPy, for tests and for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats


def batch(
    *,
    scale: Floats,
    queries: Floats,
    keys: Floats,
    values: Floats | None = None,
    bias: Floats | None = None,
    allowed: Floats | None = None,
    top: Floats,
    mass: Floats,
    mean: Floats,
    start: int,
    stop: int,
    query_share: int,
    key_share: int,
    value_share: int,
) -> None:
    """Write the sums of the runs [start, stop), as `batch_kernel` does.

    In float64; results differ by the rounding of the kernel's own type.
    """
    for k in range(start, stop):
        q = scale.astype(float) * queries[k // query_share]
        b = keys[k // key_share].astype(float)
        y = b if values is None else values[k // value_share].astype(float)
        scores = q @ b.T + (0.0 if bias is None else bias)
        top[k] = scores.max(axis=1)
        w = np.exp(scores - scores.max(axis=1, keepdims=True))
        w = w if allowed is None else w * allowed
        mass[k], mean[k] = w.sum(axis=1), w @ y / w.sum(axis=1, keepdims=True)
