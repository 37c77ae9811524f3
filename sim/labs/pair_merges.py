"""Byte-pair encoding: which pair of pieces is merged next, and what words become."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.plate import Bars, Panel, Plate, Text
from sim.settings.knobs import Knob

Pieces = tuple[str, ...]
MAX_PAIRS = 12  # whose counts are shown


@dataclass(frozen=True)
class PairMerges(Lab):
    """The most frequent pair of neighbouring pieces becomes one piece, again and again.

    A pair counts as often as the words do in which it stands; of several that are as
    frequent the one that was met first is merged.
    """

    kind: ClassVar[str] = "pair-merges"
    number: ClassVar[int] = 15
    title: ClassVar[str] = "Byte-pair merges"
    corpus: Annotated[
        str, Knob("corpus", help="Words, each with how often it occurs.")
    ] = "hug 10 pug 5 pun 12 bun 4 hugs 5"
    merges: Annotated[
        int, Knob("merges", 0, 1000, help="Merges that are made.", soft=(0, 10))
    ] = 3
    word: Annotated[
        str, Knob("word", help="A word that is cut into pieces by the merges.")
    ] = "hugbun"

    def counts(self) -> dict[Pieces, int]:
        """Return the words as letters, and how often each occurs."""
        found = self.corpus.split()
        numbers = found[1::2]
        if not found or len(found) % 2 or not all(n.isdecimal() for n in numbers):
            raise ValueError(
                "corpus must be words, each followed by a whole number, got "
                f"{self.corpus!r}. Write it as in: hug 10 pug 5."
            )
        pairs = zip(found[::2], numbers, strict=True)
        return {tuple(word): int(n) for word, n in pairs}

    def learn(self) -> tuple[list[tuple[str, str]], dict[Pieces, int]]:
        """Return the pairs in the order of their merges, and the words in pieces."""
        words, learned = self.counts(), list[tuple[str, str]]()
        for _ in range(self.merges):
            pairs = pair_counts(words)
            if not pairs:
                break
            learned.append(max(pairs, key=pairs.__getitem__))
            merged = Counter[Pieces]()
            for pieces, n in words.items():
                merged[merge(pieces, learned[-1])] += n
            words = dict(merged)
        return learned, words

    def pieces(self, learned: list[tuple[str, str]]) -> Pieces:
        """Return the chosen word in pieces."""
        out = tuple(self.word)
        for pair in learned:
            out = merge(out, pair)
        return out

    def compute(self) -> Plate:
        learned, words = self.learn()
        letters = dict.fromkeys(sorted(c for w in self.counts() for c in w))
        vocabulary = [*letters, *(a + b for a, b in learned)]
        pairs = pair_counts(words)
        most = sorted(pairs, key=pairs.__getitem__, reverse=True)[:MAX_PAIRS]
        steps = [f"{k}   {a} + {b} → {a + b}" for k, (a, b) in enumerate(learned, 1)]
        lines = [f"{' '.join(p)}   × {n}" for p, n in words.items()]
        heights = np.array([float(pairs[p]) for p in most])
        names = tuple(f"{a} {b}" for a, b in most)
        cut = " ".join(self.pieces(learned))
        return Plate(
            (
                _texts("Merges", steps or ["none yet"]),
                _texts("The corpus in pieces", lines),
                Panel("Pairs that stand in it now", (Bars("pairs", heights, names),)),
                _texts("Vocabulary", [" ".join(vocabulary), f"{self.word} → {cut}"]),
            )
        )


def pair_counts(words: dict[Pieces, int]) -> dict[tuple[str, str], int]:
    """Return how often each pair of neighbours occurs."""
    out = Counter[tuple[str, str]]()
    for pieces, n in words.items():
        for pair in itertools.pairwise(pieces):
            out[pair] += n
    return dict(out)


def merge(pieces: Pieces, pair: tuple[str, str]) -> Pieces:
    """Return `pieces` with every occurrence of `pair` as one piece, from the left."""
    out, k = list[str](), 0
    while k < len(pieces):
        both = pieces[k : k + 2] == pair
        out.append("".join(pieces[k : k + 1 + both]))
        k += 1 + both
    return tuple(out)


def _texts(title: str, lines: list[str]) -> Panel:
    return Panel(title, tuple(Text(f"{title} {k}", x) for k, x in enumerate(lines, 1)))
