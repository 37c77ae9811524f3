"""Sums and differences of words, with the embeddings of the shipped model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.plate import Bars, Curve, Panel, Plate, Points, Text
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray

SHORTEST = 3  # letters of a word that may be an answer
TERM = re.compile(r"\s*([+\-−]?)\s*([a-z]+)")


@dataclass(frozen=True)
class WordSums(Lab):
    """Which word is nearest, by its cosine, to a sum such as king − man + woman.

    The vectors are the input embeddings of the shipped encoder, each word with one;
    the words of the sum itself are no answers.
    """

    kind: ClassVar[str] = "word-sums"
    number: ClassVar[int] = 16
    title: ClassVar[str] = "Word arithmetic"
    expression: Annotated[
        str, Knob("sum", name="Sum", help="Words with + and − between them.")
    ] = "king - man + woman"
    answers: Annotated[
        int, Knob("k", 1, 30, name="Answers k", help="Nearest words that are shown.")
    ] = 8

    def terms(self) -> list[tuple[float, str]]:
        """Return the signs and the words."""
        text, at, out = self.expression.lower(), 0, list[tuple[float, str]]()
        while found := TERM.match(text, at):
            if out and not found[1]:
                break
            out.append((-1.0 if found[1] in ("-", "−") else 1.0, found[2]))
            at = found.end()
        if not out or text[at:].strip():
            raise ValueError(
                f"sum must be words with + or - between them, got {self.expression!r}. "
                "Write it as in: king - man + woman."
            )
        return out

    def nearest(self) -> list[tuple[str, float]]:
        """Return the nearest words and their cosines, the nearest first."""
        names, vectors = embeddings()
        terms = self.terms()
        place = _places(terms)
        goal = sum(sign * vectors[place[word]] for sign, word in terms)
        norms = np.linalg.norm(vectors, axis=1) * np.linalg.norm(goal)
        cosines = vectors @ goal / np.where(norms == 0, 1, norms)
        order = np.argsort(-cosines)
        found = (int(k) for k in order if names[k] not in place)
        return [
            (names[k], float(cosines[k]))
            for k, _ in zip(found, range(self.answers), strict=False)
        ]

    def compute(self) -> Plate:
        names, vectors = embeddings()
        terms, found = self.terms(), self.nearest()
        index = {name: k for k, name in enumerate(names)}
        words = list(dict.fromkeys([w for _, w in terms] + [w for w, _ in found[:3]]))
        x = np.array([vectors[index[w]] for w in words])
        goal = sum(sign * vectors[index[w]] for sign, w in terms)
        middle = x.mean(0)
        axes = np.linalg.svd(x - middle, full_matrices=False)[2][:2]
        flat, end = (x - middle) @ axes.T, (goal - middle) @ axes.T
        path = np.cumsum([s * vectors[index[w]] for s, w in terms], 0)
        way = (path - middle) @ axes.T
        heights = np.array([c for _, c in found])
        best, cosine = found[0]
        asked = self.expression.replace(" - ", " − ")
        said = f"{asked} is nearest to {best}, with cosine {cosine:.3f}."
        return Plate(
            (
                Panel(
                    "Nearest words, by cosine",
                    (
                        Bars("cosine", heights, tuple(w for w, _ in found)),
                        Text("nearest", said),
                    ),
                ),
                Panel(
                    "The words on their two main axes",
                    (
                        Curve("way", way[:, 0], way[:, 1], dashed=True),
                        Points("words", flat[:, 0], flat[:, 1], tuple(words)),
                        Points("sum", end[:1], end[1:], ("sum",)),
                    ),
                    equal=True,
                ),
            )
        )


@lru_cache(maxsize=1)
def embeddings() -> tuple[tuple[str, ...], AnyArray]:
    """Return the words of the shipped model, and their vectors: (n, 384)."""
    from sim.models.language_model import open_model  # here, since it loads slowly

    model = open_model()
    table = model.transformer.words
    count = table.shape[0]
    known = model.tokenizer.model.vocabulary
    words = {
        word: k
        for word, k in known.items()
        if k < count and len(word) >= SHORTEST and word.isascii() and word.isalpha()
    }
    return tuple(words), table.rows(list(words.values()), np.float64)


def _places(terms: list[tuple[float, str]]) -> dict[str, int]:
    names, _ = embeddings()
    index = {name: k for k, name in enumerate(names)}
    unknown = [w for _, w in terms if w not in index]
    if unknown:
        raise ValueError(
            f"the model has no single vector for {', '.join(unknown)}. Use common "
            "English words of three letters or more."
        )
    return {w: index[w] for _, w in terms}
