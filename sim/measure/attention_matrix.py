"""Parts of the attention matrix for display: a sample of tokens, or whole rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import namespace, to_host
from sim.sums.row_tiles import TILE_ENTRIES

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints
    from sim.measure.probe import Probe


def sampled_matrix(probe: Probe, side: int) -> tuple[Ints | None, Floats | None]:
    """Return at most `side` evenly sampled tokens and the attention among them.

    Of shapes (s,) and (h, s, s), h = 1 where all heads agree; None for both where the
    law has no attention or `side` is 0.
    """
    n = len(probe.host)
    if not side or probe.attention is None:
        return None, None
    sample = np.unique(np.linspace(0, n - 1, min(n, side)).round().astype(int))
    x, attention = probe.normalised.x, probe.attention
    found = attention.weights_among(x, namespace(x).asarray(sample))
    if found is not None:
        return sample, to_host(found)
    size = max(
        1, TILE_ENTRIES // (n * attention.head_count)
    )  # whole rows, a few at a time
    parts = [
        to_host(attention.attention_weights(x, namespace(x).asarray(some)))[..., sample]
        for some in np.split(sample, range(size, len(sample), size))
    ]
    return sample, np.concatenate(parts, axis=-2)


def whole_rows(probe: Probe, rows: dict[int, int]) -> dict[int, Floats]:
    """Return whole rows of the attention matrix by token, each of shape (h, n).

    `rows` are the rows of x for each token; nothing where the law has no attention.
    """
    if not rows or probe.attention is None:
        return {}
    x, at = probe.normalised.x, list(rows.values())
    found = to_host(probe.attention.attention_weights(x, namespace(x).asarray(at)))
    return {token: found[:, k, :] for k, token in enumerate(rows)}
