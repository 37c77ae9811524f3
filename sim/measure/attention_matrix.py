"""Parts of the attention matrix for display: a sample, whole rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import namespace, to_host
from sim.sums.row_tiles import TILE_ENTRIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import AnyArray, Floats, Ints
    from sim.measure.probe import Probe

MAX_TOKENS_BY_ROWS = 4096  # above, all rows for the sake of a column cost too much

MAX_ENTRIES = 400_000_000  # of a matrix that is returned whole: 3.2 GB


def attention_rows(probe: Probe, rows: Sequence[int]) -> AnyArray:
    """Return rows of the attention matrix, by their numbers: (h, k, n).

    Raises
    ------
    ValueError
        If the law has no attention among tokens, or they are too many.
    """
    if probe.attention is None:
        raise ValueError(
            "attention: the law has no attention among tokens. Choose one that has, "
            'such as {"dynamics": "softmax"}.'
        )
    n, heads = len(probe.host), probe.attention.head_count
    if heads * len(rows) * n > MAX_ENTRIES:
        raise ValueError(
            f"attention: {heads} × {len(rows):,} × {n:,} entries are more than "
            f"{MAX_ENTRIES:,}. Ask for some rows, as attention(ids=[0, 1])."
        )
    size = max(1, TILE_ENTRIES // (n * heads))
    xp, x = namespace(probe.normalised.x), probe.normalised.x
    parts = [
        to_host(probe.attention.attention_weights(x, xp.asarray(some)))
        for some in np.split(np.array(rows, int), range(size, len(rows), size))
    ]
    return np.concatenate(parts, axis=-2)


def even_sample(n: int, side: int) -> Ints:
    """Return at most `side` of the rows 0, …, n − 1, evenly: int (s,), s ≥ 1."""
    return np.unique(np.linspace(0, n - 1, min(n, side)).round().astype(int))


def sampled_matrix(probe: Probe, side: int) -> tuple[Ints | None, Floats | None]:
    """Return at most `side` evenly sampled tokens and the attention among them.

    Of shapes (s,) and (h, s, s), h = 1 where all heads agree; None for both where the
    law has no attention or `side` is 0.
    """
    n = len(probe.host)
    if not side or probe.attention is None:
        return None, None
    sample = even_sample(n, side)
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


def whole_columns(probe: Probe, rows: dict[int, int]) -> dict[int, Floats]:
    """Return whole columns of the attention matrix by token, each of shape (h, n).

    `rows` are the rows of x for each token.  Nothing where the law has no attention,
    or where a column takes the whole matrix and there are more than 4096 tokens.
    """
    attention = probe.attention
    if not rows or attention is None:
        return {}
    x, at = probe.normalised.x, np.array(list(rows.values()))
    found = None
    if attention.dropped is None:
        found = attention.columns_alone(x, namespace(x).asarray(at))
    if found is None and x.shape[-2] > MAX_TOKENS_BY_ROWS:
        return {}
    columns = _columns_of_rows(probe, at) if found is None else to_host(found)
    return {token: columns[..., k] for k, token in enumerate(rows)}


def _columns_of_rows(probe: Probe, at: Ints) -> Floats:
    """Return columns from whole rows, a few of those at a time: (h, n, r)."""
    x, attention = probe.normalised.x, probe.attention
    assert attention is not None
    n = x.shape[-2]
    size = max(1, TILE_ENTRIES // (n * attention.head_count))
    parts = [
        to_host(attention.attention_weights(x, namespace(x).asarray(some)))[..., at]
        for some in np.split(np.arange(n), range(size, n, size))
    ]
    return np.concatenate(parts, axis=-2)
