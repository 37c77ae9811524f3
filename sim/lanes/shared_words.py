"""Words that two sentences have in common, and how near their states are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.initial.sentence import Sentence

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.frame import Frame


def word_cosines(a: Frame, b: Frame) -> dict[str, float] | None:
    """Return the cosine of each word's states in two frames, the longest word first.

    A word of several pieces is the mean of their states; of a word that is there twice
    the first is taken, and of words that lost tokens none.  None unless both start from
    sentences that differ, in states of one dimension.
    """
    one, two = a.scenario.initial, b.scenario.initial
    if not (isinstance(one, Sentence) and isinstance(two, Sentence)):
        return None
    if one.text == two.text or a.x.shape[1] != b.x.shape[1]:
        return None
    first, second = _states(a, one), _states(b, two)
    both = sorted((w for w in first if w in second), key=_longest_first)
    return {word: _cosine(first[word], second[word]) for word in both}


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word


def _states(frame: Frame, start: Sentence) -> dict[str, AnyArray]:
    """Return the states of the words of a frame: (d,) each."""
    rows = frame.rows_of(tuple(range(start.token_count)))
    out: dict[str, AnyArray] = {}
    for word in start.words():
        text = word.text.strip().lower()
        places = [rows[k] for k in word.tokens if k in rows]
        if len(places) == len(word.tokens) and any(c.isalnum() for c in text):
            out.setdefault(text, frame.x[places].astype(float).mean(axis=0))
    return out


def _cosine(x: AnyArray, y: AnyArray) -> float:
    size = float(np.linalg.norm(x) * np.linalg.norm(y))
    return float(x @ y) / size if size else float("nan")
