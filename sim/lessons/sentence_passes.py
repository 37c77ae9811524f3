"""The forward passes of the sentences of a cue, and places in them.

Layers, heads, tokens and lanes are counted from 1, half layers from 0, the embedding.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dynamics.trained import Trained
from sim.initial.sentence import Sentence
from sim.models.intervention import check_place
from sim.models.law_beside_model import law_beside_model
from sim.models.model_settings import checked_model
from sim.models.senses import EXAMPLES, senses
from sim.settings.near_misses import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.array_types import AnyArray
    from sim.lanes import Comparison
    from sim.models.intervention import Intervention
    from sim.models.language_model import LanguageModel
    from sim.models.law_beside_model import LawBesideModel
    from sim.models.senses import Senses
    from sim.models.transformer import Pass

CACHED = 64  # forward passes


class SentencePasses:
    """The passes of the sentences of runs, each with its run's intervention."""

    def __init__(self, comparison: Comparison) -> None:
        self._starts = [run.start for run in comparison.runs]

    @cached_property
    def model(self) -> LanguageModel:
        """The model that reads the sentence of the first lane.

        Raises
        ------
        ValueError, OSError
            If the cue has no sentence, or the model cannot be read.
        """
        start = self.sentence(1)
        return checked_model(start.path, start.sha256)

    @property
    def law(self) -> LawBesideModel:
        """The cosines of the model's updates with the law, and with both nulls."""
        start = self.sentence(1)
        return _law_found(start.path, start.sha256, self.model.files.sha256)

    def senses(self, word: str) -> Senses:
        """Return the cosines of a word whose senses have examples."""
        known(word, EXAMPLES)
        start = self.sentence(1)
        weights = self.model.files.sha256
        return _senses_found(start.path, start.sha256, weights, word)

    def sentence(self, lane: int) -> Sentence:
        """Return the sentence of a lane.

        Raises
        ------
        ValueError
            If there is no such lane, or it has none.
        """
        count = len(self._starts)
        if lane not in range(1, count + 1):
            raise ValueError(f"lane {lane:g}: the cue has {count}. Count from 1.")
        found = self._starts[int(lane) - 1].initial
        if isinstance(found, Sentence):
            return found
        raise ValueError(
            "the cue has no sentence. Take the preset sentence, apple or bank."
        )

    def tokens_of(self, word: str, lane: int) -> tuple[int, ...]:
        """Return the tokens of a run that the first such word consists of, from 0.

        Raises
        ------
        ValueError
            If its sentence has no such word.
        """
        found = next((w for w in self.sentence(lane).words() if w.text == word), None)
        if found is None:
            raise ValueError(f"the sentence of lane {lane} has no word {word!r}.")
        return found.tokens

    def passed(self, lane: int, *more: Intervention, edited: bool = True) -> Pass:
        """Return the pass of a lane, with more interventions, or without its own."""
        start, law = self.sentence(lane), self._starts[int(lane) - 1].dynamics
        own = law.intervention.edits() if isinstance(law, Trained) and edited else ()
        weights = checked_model(start.path, start.sha256).files.sha256
        edits = (*own, *more)
        return _passed(start.path, start.sha256, start.text, edits, weights)

    def place(self, layer: int, head: int) -> tuple[int, int]:
        """Return a layer and a head, counted from 0.

        Raises
        ------
        ValueError
            If the model has not both.
        """
        t = self.model.transformer
        check_place("layer", layer - 1, t.layers, 1)
        check_place("head", head - 1, t.heads, 1)
        return int(layer) - 1, int(head) - 1


def at_half(values: AnyArray, half: float) -> float:
    """Return the value after a half layer, of those after all of them.

    Raises
    ------
    ValueError
        If there is no such half layer.
    """
    if half not in range(len(values)):
        raise ValueError(
            f"half layer {half:g}: the model has 0 to {len(values) - 1}, where 0 is "
            "the embedding."
        )
    return float(values[int(half)])


def known(name: str, names: Mapping[str, Any]) -> Any:
    """Return what a name means.

    Raises
    ------
    ValueError
        If it is none of `names`.
    """
    if name in names:
        return names[name]
    near = did_you_mean(str(name), names)
    raise ValueError(f"there is no {name!r}.{near} Known are {', '.join(names)}.")


@lru_cache(maxsize=CACHED)
def _passed(
    path: str, sha256: str, text: str, edits: tuple[Intervention, ...], _weights: str
) -> Pass:
    return checked_model(path, sha256).forward(text, np.float64, edits)


@lru_cache(maxsize=CACHED)
def _senses_found(path: str, sha256: str, _weights: str, word: str) -> Senses:
    return senses(checked_model(path, sha256), word, *EXAMPLES[word])


@lru_cache(maxsize=2)
def _law_found(path: str, sha256: str, _weights: str) -> LawBesideModel:
    return law_beside_model(checked_model(path, sha256))
