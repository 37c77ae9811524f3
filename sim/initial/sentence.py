"""The tokens of a sentence, as a trained transformer has them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.initial import Initial, Start
from sim.models.language_model import SHIPPED
from sim.models.model_settings import PATH, SHA256, checked_model
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.models.encoding import Encoding, Word


@dataclass(frozen=True)
class Sentence(Initial):
    """Rows are the pieces of a text: their states after some half layers of a model."""

    kind: ClassVar[str] = "sentence"
    title: ClassVar[str] = "Sentence"
    path: Annotated[str, PATH] = SHIPPED
    sha256: Annotated[str, SHA256] = ""
    text: Annotated[str, Knob("text", live=False, help="The sentence.")] = (
        "The boat drifted to the bank of the river."
    )
    half: Annotated[
        int,
        Knob(
            "ℓ",
            0,
            400,
            live=False,
            help="Half layers that tokens have passed: 0 starts from the embedding.",
            name="Half layers",
        ),
    ] = 0
    special: Annotated[
        bool,
        Knob(
            "[CLS], [SEP]",
            live=False,
            help="Keep the tokens that the model adds to a sentence.  A trained law "
            "needs them to move as the model does.",
        ),
    ] = True

    def encoding(self) -> Encoding:
        """Return the tokens of the sentence."""
        return checked_model(self.path, self.sha256).encode(self.text)

    @property
    def token_count(self) -> int:
        """Tokens of the sentence that are in the run."""
        return len(self._kept(_known(self.path, self.sha256, self.text)))

    def words(self) -> tuple[Word, ...]:
        """Return the words of the sentence, with the tokens of the run, from 0."""
        encoding = _known(self.path, self.sha256, self.text)
        place = {k: row for row, k in enumerate(self._kept(encoding))}
        return tuple(
            replace(word, tokens=tuple(place[k] for k in word.tokens))
            for word in encoding.words
        )

    def special_tokens(self) -> tuple[int, ...]:
        """Return the tokens of the run that the model adds, from 0, such as [CLS]."""
        encoding = _known(self.path, self.sha256, self.text)
        kept = self._kept(encoding)
        return tuple(row for row, k in enumerate(kept) if encoding.special[k])

    def shape(self, n: int, d: int) -> tuple[int, int]:
        model = checked_model(self.path, self.sha256)
        return len(self._kept(self.encoding())), model.transformer.dimension

    def place(self, n: int, d: int, rng: np.random.Generator) -> Start:
        transformer = checked_model(self.path, self.sha256).transformer
        encoding = self.encoding()
        if self.half > len(transformer.halves):
            raise ValueError(
                f"Sentence.half (ℓ) must be at most {len(transformer.halves)}, the "
                f"half layers of the model, got {self.half}."
            )
        cast = transformer.cast(np.float64)
        x = cast.embed(encoding.ids, np.float64)
        for half in cast.halves[: self.half]:
            x = half.apply(x)
        kept = self._kept(encoding)
        return Start(x[kept], tuple(encoding.names[k] for k in kept))

    def _kept(self, encoding: Encoding) -> list[int]:
        return [
            k for k, added in enumerate(encoding.special) if self.special or not added
        ]


@lru_cache(maxsize=32)
def _known(path: str, sha256: str, text: str) -> Encoding:
    """Return the tokens of a sentence of a run, which frames ask for again and again.

    The files of the model are not looked at each time.
    """
    return checked_model(path, sha256).encode(text)
