"""An encoder and a decoder that translate word by word, with weights by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.models.functions import causal, softmax
from sim.plate import Bars, HeatMap, Panel, Plate, Text
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray

DICTIONARY = {
    "the": "le",
    "cat": "chat",
    "dog": "chien",
    "sees": "voit",
    "eats": "mange",
    "a": "un",
    "fish": "poisson",
    "bird": "oiseau",
    ".": ".",
}
SOURCE, TARGET = tuple(DICTIONARY), tuple(DICTIONARY.values())
PAIRS, BASE = 8, 30.0  # sines and cosines of positions, and their base
CONTEXT = 0.3  # share of what the encoder adds from other words
END = len(SOURCE) - 1  # the full stop, after which nothing is written


@dataclass(frozen=True)
class Decoder(Lab):
    """logits = D c − r w: c is read from the encoder, w from what is written already.

    Words are unit vectors, positions sines and cosines.  The encoder mixes words by
    self-attention; the decoder reads them by cross-attention from its own position,
    and what it has written by masked self-attention.  The weights are not trained.
    """

    kind: ClassVar[str] = "decoder"
    number: ClassVar[int] = 14
    star: ClassVar[str] = "written"
    title: ClassVar[str] = "Encoder, decoder, next token"
    text: Annotated[str, Knob("text", help=f"Words out of: {' '.join(SOURCE)}.")] = (
        "the cat eats a fish ."
    )
    written: Annotated[
        int, Knob("written", 0, 30, help="Words of the answer that are there already.")
    ] = 2
    beta: Annotated[
        float,
        Knob("β", 0, 20, help="Sharpness of cross-attention; a low one mixes words."),
    ] = 3.0
    gain: Annotated[
        float, Knob("gain", 0, 50, help="Size of the logits of what is read.")
    ] = 6.0
    repeat: Annotated[
        float, Knob("r", 0, 20, help="How much a word that is written is avoided.")
    ] = 1.0
    temperature: Annotated[
        float, Knob("T", 0.01, 100, scale="log", help="Of the next token.")
    ] = 1.0

    def words(self) -> list[int]:
        """Return the source as places in the vocabulary."""
        found = self.text.lower().split()
        unknown = [w for w in found if w not in DICTIONARY]
        if unknown or not found:
            raise ValueError(
                f"text must consist of the words {' '.join(SOURCE)}, got "
                f"{' '.join(unknown) or 'none'}. Leave that out."
            )
        return [SOURCE.index(w) for w in found]

    def encode(self, words: list[int]) -> tuple[AnyArray, AnyArray]:
        """Return the encoder's self-attention (m, m), and its words (m, 9)."""
        x, place = np.eye(len(SOURCE))[words], positions(len(words))
        weights = softmax(place @ place.T)
        return weights, (1 - CONTEXT) * x + CONTEXT * weights @ x

    def logits(self, words: list[int], answer: list[int]) -> tuple[AnyArray, ...]:
        """Return logits after each written word, with the two attentions behind them.

        Logits (t + 1, 9), cross-attention (t + 1, m), self-attention (t + 1, t + 1);
        row 0 is the beginning, before any word.
        """
        _, read = self.encode(words)
        t = len(answer) + 1
        place = positions(max(t, len(words)))
        cross = softmax(self.beta * place[:t] @ place[: len(words)].T)
        said = np.vstack([np.zeros(len(TARGET)), np.eye(len(TARGET))[answer]])
        own = softmax(place[:t] @ place[:t].T + causal(t, np.float64))
        return self.gain * cross @ read - self.repeat * own @ said, cross, own

    def answer(self) -> list[int]:
        """Return what is written, the likeliest word each time, up to the full stop."""
        words, out = self.words(), list[int]()
        while len(out) < len(words) and END not in out:
            out.append(int(np.argmax(self.logits(words, out)[0][-1])))
        return out

    def compute(self) -> Plate:
        words, whole = self.words(), self.answer()
        answer = whole[: self.written]
        logits, cross, own = self.logits(words, answer)
        chance = softmax(logits[-1] / self.temperature)
        source = tuple(SOURCE[w] for w in words)
        target = ("start", *(TARGET[w] for w in answer))
        said = (
            f"Written: {' '.join(target[1:]) or 'nothing'}. Next: "
            f"{TARGET[int(np.argmax(chance))]}, with probability {chance.max():.2f}. "
            f"To the end: {' '.join(TARGET[w] for w in whole)}"
        )
        own = np.where(np.tri(len(own), dtype=bool), own, -np.inf)
        return Plate(
            (
                _map("Encoder: self-attention", self.encode(words)[0], source, source),
                _map("Decoder: masked self-attention", own, target, target),
                _map("Decoder: cross-attention", cross, target, source),
                _map("Logits", logits, target, TARGET),
                Panel(
                    f"Next token: softmax(logits / {self.temperature:g})",
                    (Bars("next token", chance, TARGET), Text("answer", said)),
                ),
            )
        )


def positions(count: int) -> AnyArray:
    """Return sines and cosines of positions: (count, 2 PAIRS)."""
    angle = np.arange(count)[:, None] * BASE ** (-np.arange(PAIRS) / PAIRS)
    return np.hstack([np.sin(angle), np.cos(angle)])


def _map(
    title: str, values: AnyArray, rows: tuple[str, ...], columns: tuple[str, ...]
) -> Panel:
    return Panel(title, (HeatMap(title, values, rows, columns),))
