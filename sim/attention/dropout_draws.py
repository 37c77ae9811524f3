"""The random numbers of dropout, which belong to pairs of tokens by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.seed import Seed


def uniform(
    seed: Seed, layer: float, shape: tuple[int, int, int], keys: int | None
) -> Floats:
    """Return numbers between 0 and 1 for every head and pair of a layer: (h, n, m).

    Those of a pair do not depend on which other tokens were added or removed: the
    tokens of the start share one stream, and each added one has a stream for its pairs
    with the tokens before it.  `keys` is m where tokens attend to others, as in
    `Dropout`.
    """
    whole = seed.rng_at("dropout", layer)
    if seed.ids is None:
        return whole.random(shape)
    h, n, m = shape
    at_start = (h, seed.started, seed.started if keys is None else keys)
    first = whole.random(at_start)
    old = seed.ids[seed.ids < seed.started]
    k = len(old)
    out = np.empty(shape)
    out[:, :k, : k if keys is None else m] = (
        first[:, old][:, :, old] if keys is None else first[:, old]
    )
    for row in range(k, n):
        own = seed.rng_at(f"dropout {seed.ids[row]}", layer)
        if keys is None:
            pairs = own.random((2, h, int(seed.ids[row]) + 1))[..., seed.ids[: row + 1]]
            out[:, row, : row + 1], out[:, : row + 1, row] = pairs
        else:
            out[:, row] = own.random((h, m))
    return out
