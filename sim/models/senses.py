"""Senses of a word: how near its states are across two senses, and within each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from sim.models.measures import unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.array_types import AnyArray
    from sim.models.language_model import LanguageModel

APPLE = (
    ("He ate a ripe apple from the tree.", "She peeled a sweet apple and baked a pie."),
    (
        "The apple computer firm sold shares.",
        "Apple launched a new phone and its stock rose.",
    ),
)
BANK = (
    (
        "She sat on the bank of the river and fished.",
        "Along the river the grassy bank was steep.",
    ),
    (
        "He deposited the money in the bank.",
        "The loan from the bank charged interest on the money.",
    ),
)
EXAMPLES = {"apple": APPLE, "bank": BANK}
"""Two sentences of each of two senses, so that every sense has its control."""
EXAMPLE_OF = {
    text: word
    for word, parts in EXAMPLES.items()
    for sentences in parts
    for text in sentences
}
"""The word whose senses a sentence is an example of."""
MIN_SENTENCES = 2  # of a sense, for a pair within it


@dataclass(frozen=True, slots=True)
class Senses:
    """Cosines of a word's states, after every half layer.

    Attributes
    ----------
    across : shape (a·b, 2L + 1)
        Each sentence of the first sense with each of the second.
    first, second : shape (pairs, 2L + 1)
        Controls: two sentences of one sense.
    """

    across: AnyArray
    first: AnyArray
    second: AnyArray

    @property
    def beyond_controls(self) -> AnyArray:
        """By how much senses part more than sentences of one sense do: (2L + 1,).

        The least mean of a control, less the mean across; above 0 where senses differ.
        """
        controls = np.minimum(self.first.mean(0), self.second.mean(0))
        return controls - self.across.mean(0)


def word_states(model: LanguageModel, text: str, word: str) -> AnyArray:
    """Return the states of a word of a sentence: (2L + 1, d).

    The first such word; a word of several pieces is the mean of their states.

    Raises
    ------
    ValueError
        If the sentence has no such word.
    """
    tokens = list(model.encode(text).find(word).tokens)
    return model.states(text, np.float64)[:, tokens].mean(1)


def senses(
    model: LanguageModel, word: str, first: Sequence[str], second: Sequence[str]
) -> Senses:
    """Return cosines of `word` across two senses and within each.

    Raises
    ------
    ValueError
        If a sentence has no such word, or a sense fewer than two sentences: without a
        control the cosine says nothing of senses.
    """
    if min(len(first), len(second)) < MIN_SENTENCES:
        raise ValueError(
            f"each sense needs {MIN_SENTENCES} sentences or more, got {len(first)} and "
            f"{len(second)}: without a control a cosine says nothing of senses."
        )
    one, two = ([unit(word_states(model, t, word)) for t in s] for s in (first, second))
    return Senses(
        _cosines(product(one, two)),
        _cosines(combinations(one, 2)),
        _cosines(combinations(two, 2)),
    )


def _cosines(pairs: Iterable[tuple[AnyArray, AnyArray]]) -> AnyArray:
    return np.array([(a * b).sum(-1) for a, b in pairs])
