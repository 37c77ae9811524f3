"""The values of expressions over the sentences of a cue, in the model that reads them.

They are those that the panels of a trained model show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.lessons.sentence_passes import SentencePasses, at_half, known
from sim.models.by_layer import cosines_by_layer
from sim.models.head_spectra import head_spectra
from sim.models.intervention import check_place
from sim.models.interventions import moved
from sim.models.law_beside_model import value_traces
from sim.models.measures import (
    PATHS,
    attention_entropy,
    effective_rank,
    rank_residual,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import AnyArray

MATRICES = {"D": "score", "V·O": "value"}
COSINES = {"cosine": "law", "to mean": "to_mean", "permuted": "permuted"}
SENSES = ("across", "first", "second", "beyond")


class SentenceValues(SentencePasses):
    """Gives what the panels of a trained model show, by functions of a cue."""

    def value(self, name: str, args: tuple[Any, ...]) -> float:
        """Return the value of a function; see `FUNCTIONS`.

        Raises
        ------
        ValueError, OSError
            If a cue has no sentence, the model has no such head or half layer, or it
            cannot be read.
        """
        method: Callable[..., float] = getattr(self, name)
        return method(*args)

    def final_moved(self, lane: int = 1) -> float:
        """Return how far the intervention moved the last states, of their length."""
        return moved(self.passed(lane, edited=False), self.passed(lane)).mean

    def head_weight(
        self, layer: int, head: int, i: int, j: int, lane: int = 1
    ) -> float:
        """Return the weight that token i gives to token j in a head."""
        weights = self.passed(lane).attention[self.place(layer, head)]
        for token in (i, j):
            check_place("token", token - 1, len(weights), 1)
        return float(weights[int(i) - 1, int(j) - 1])

    def head_entropy(self, layer: int, head: int, lane: int = 1) -> float:
        """Return the mean entropy of a head's rows, in nats."""
        weights = self.passed(lane).attention[self.place(layer, head)]
        return float(attention_entropy(weights))

    def head_pull(self, layer: int, head: int) -> float:
        """Return tr(V·O)/(|V·O|√e) of a head."""
        return head_spectra(self.model.transformer, *self.place(layer, head)).pull

    def head_eigenvalue(self, matrix: str, layer: int, head: int, k: int) -> float:
        """Return the real part of eigenvalue k, the largest first."""
        found = head_spectra(self.model.transformer, *self.place(layer, head))
        values: AnyArray = getattr(found, known(matrix, MATRICES)).real
        check_place("eigenvalue", k - 1, len(values), 1)
        return float(values[int(k) - 1])

    def layer_cosine(self, half: float, lane: int = 1) -> float:
        """Return the mean cosine of pairs of the sentence's own tokens."""
        special = self.model.encode(self.sentence(lane).text).special
        found = cosines_by_layer(self.passed(lane).states, special)
        return at_half(found.words, half)

    def layer_rank(self, half: float, path: str = "model", lane: int = 1) -> float:
        """Return the effective rank, with parts of the model taken away."""
        return at_half(effective_rank(self._states(path, lane)), half)

    def layer_residual(self, half: float, path: str = "model", lane: int = 1) -> float:
        """Return the rank residual, with parts of the model taken away."""
        return at_half(rank_residual(self._states(path, lane)), half)

    def _states(self, path: str, lane: int) -> AnyArray:
        return self.passed(lane, *known(path, PATHS)).states

    def sense(self, what: str, word: str, half: float) -> float:
        """Return a word's mean cosine across or in senses, or what they part beyond."""
        found = self.senses(word)
        cosines = found.across.mean(0), found.first.mean(0), found.second.mean(0)
        parts = zip(SENSES, (*cosines, found.beyond_controls), strict=True)
        return at_half(known(what, dict(parts)), half)

    def law_beside(self, what: str, layer: int, head: int) -> float:
        """Return a cosine of a head; with head 0 of the attention as a whole."""
        cosines: AnyArray = getattr(self.law, known(what, COSINES))
        place = self.place(layer, head or 1)
        return float(cosines[place] if head else cosines[place[0], -1])

    def law_heads(self) -> float:
        """Return how many heads beat both nulls."""
        return float(self.law.beats_both[:, :-1].sum())

    def law_trace(self) -> float:
        """Return r of heads' cosines with the traces of their V·O."""
        return self.law.correlation(value_traces(self.model.transformer))


ARGUMENTS = {
    "final_moved": "lane",
    "head_eigenvalue": '"D" or "V·O", layer, head, number',
    "head_entropy": "layer, head, lane",
    "head_pull": "layer, head",
    "head_weight": "layer, head, token, token, lane",
    "law_beside": '"cosine", "to mean" or "permuted", layer, head',
    "law_heads": "",
    "law_trace": "",
    "layer_cosine": "half layer, lane",
    "layer_rank": 'half layer, "without skip", lane',
    "layer_residual": 'half layer, "without skip", lane',
    "sense": '"across", "first", "second" or "beyond", word, half layer',
}
FUNCTIONS = {name: f"{name}({arguments})" for name, arguments in ARGUMENTS.items()}
"""How each function is used: a method of `SentenceValues`."""
