"""What is measured along a sentence's way through a model, state by state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.models.interventions import Intervention

if TYPE_CHECKING:
    from sim.array_types import AnyArray

PATHS: dict[str, tuple[Intervention, ...]] = {
    "model": (),
    "without skip": (Intervention("off", part="skip"),),
    "without MLP": (Intervention("off", part="mlp"),),
    "attention alone": (
        Intervention("off", part="skip"),
        Intervention("identity", part="mlp"),
    ),
}
"""The model, and what is taken away to see what keeps tokens apart  [1]_.

References
----------
.. [1] Dong, Cordonnier, Loukas, "Attention is not all you need: pure attention loses
       rank doubly exponentially with depth", arXiv:2103.03404.
"""


def unit(x: AnyArray) -> AnyArray:
    """Return each row at length 1, in float64; rows of zeros stay: (..., d)."""
    x = np.asarray(x, np.float64)
    size = np.linalg.norm(x, axis=-1, keepdims=True)
    return x / np.where(size > 0, size, 1)


def pair_cosines(states: AnyArray) -> AnyArray:
    """Return cosines of all pairs of tokens: (..., n, d) -> (..., n, n)."""
    u = unit(states)
    return u @ u.swapaxes(-1, -2)


def mean_cosine(states: AnyArray) -> AnyArray:
    """Return the mean cosine of pairs i < j: (..., n, d) -> (...); NaN for one token.

    Leave rows out of `states` to leave tokens out, such as [CLS].
    """
    n = states.shape[-2]
    if n == 1:
        return np.full(states.shape[:-2], np.nan)
    return pair_cosines(states)[..., *np.triu_indices(n, 1)].mean(-1)


def attention_entropy(attention: AnyArray) -> AnyArray:
    """Return the mean over rows of −Σⱼ p log p, in nats: (..., n, n) -> (...)."""
    p = np.asarray(attention, np.float64)
    return -(p * np.log(np.where(p > 0, p, 1))).sum(-1).mean(-1)


def effective_rank(states: AnyArray) -> AnyArray:
    """Return exp of the entropy of the squared singular values' shares  [1]_.

    Shapes (..., n, d) -> (...): 1 where all tokens are multiples of one vector.

    References
    ----------
    .. [1] Roy, Vetterli, "The effective rank", EUSIPCO 2007, with squares.
    """
    size = np.linalg.svd(np.asarray(states, np.float64), compute_uv=False) ** 2
    share = size / size.sum(-1, keepdims=True)
    terms = share * np.log(np.where(share > 0, share, 1))
    return np.exp(-terms.sum(-1))


def rank_residual(states: AnyArray) -> AnyArray:
    """Return |X − 1x̄ᵀ|/|X|, x̄ the mean token, in the Frobenius norm  [1]_.

    Shapes (..., n, d) -> (...): 0 where all tokens are equal.

    References
    ----------
    .. [1] Dong, Cordonnier, Loukas, arXiv:2103.03404, with another norm.
    """
    x = np.asarray(states, np.float64)
    rest = x - x.mean(-2, keepdims=True)
    return np.linalg.norm(rest, axis=(-2, -1)) / np.linalg.norm(x, axis=(-2, -1))
