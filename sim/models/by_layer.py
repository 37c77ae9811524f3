"""Tables of a sentence by half layer: cosines of its tokens, and their ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.models.measures import (
    PATHS,
    effective_rank,
    mean_cosine,
    pair_cosines,
    rank_residual,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import AnyArray
    from sim.models.interventions import Intervention
    from sim.models.language_model import LanguageModel

SHARES = (0.1, 0.9)  # of pairs, below which the spread of cosines ends


@dataclass(frozen=True, slots=True)
class LayerCosines:
    """Cosines of pairs i < j of tokens after every half layer, each (2L + 1,).

    NaN where there are fewer than two tokens.

    Attributes
    ----------
    all_tokens : array
        The mean over all tokens, with those that the model adds, such as [CLS].
    words : array
        The mean over the tokens of the sentence alone.
    low, high : array
        A tenth of the pairs of `words` is below the one, a tenth above the other.
    """

    all_tokens: AnyArray
    words: AnyArray
    low: AnyArray
    high: AnyArray


def cosines_by_layer(states: AnyArray, special: Sequence[bool]) -> LayerCosines:
    """Return cosines by half layer of states (2L + 1, n, d).

    `special` tells which tokens the model added, such as [CLS].
    """
    words = states[:, ~np.asarray(special, bool)]
    m = words.shape[1]
    if m > 1:
        pairs = pair_cosines(words)[:, *np.triu_indices(m, 1)]
        low, high = np.quantile(pairs, SHARES, axis=-1)
        mean = mean_cosine(words)
    else:
        low = high = mean = np.full(len(states), np.nan)
    return LayerCosines(mean_cosine(states), mean, low, high)


@dataclass(frozen=True, slots=True)
class LayerRanks:
    """Effective rank and rank residual of all tokens by half layer, each (2L + 1,)."""

    effective_rank: AnyArray
    residual: AnyArray


def ranks_by_layer(
    model: LanguageModel,
    text: str,
    edits: Sequence[Intervention] = (),
    report: Callable[[float], None] | None = None,
) -> dict[str, LayerRanks]:
    """Return ranks of a sentence in the model, and with parts of it taken away.

    By the names of `PATHS`; with `edits` they are on top of these interventions.

    Parameters
    ----------
    report : function, optional
        Called with the share that is done.
    """
    found: dict[str, LayerRanks] = {}
    for k, (name, path) in enumerate(PATHS.items()):
        states = model.forward(text, np.float64, (*edits, *path)).states
        found[name] = LayerRanks(effective_rank(states), rank_residual(states))
        if report is not None:
            report((k + 1) / len(PATHS))
    return found
