"""What was probably meant by a word that is not known."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_SIMILARITY = 0.7  # of difflib: a letter or two of a short word


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the word of `known` that is most like `word`; empty if none is."""
    by_lower, lower = {k.lower(): k for k in known}, word.lower()
    if len(word) > 2 * max(map(len, by_lower), default=0):
        return ""  # too long to be like any: most of it would have to be left out
    found = difflib.get_close_matches(lower, by_lower, 1, LEAST_SIMILARITY)
    found += [near for near in _swapped(lower) if near in by_lower]
    return by_lower[found[0]] if found else ""


def _swapped(word: str) -> list[str]:
    """Return the words with two neighbouring letters of `word` in the other order."""
    pairs = range(len(word) - 1)
    return [word[:k] + word[k + 1] + word[k] + word[k + 2 :] for k in pairs]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that proposes a word of `known`, after a space, or nothing."""
    near = nearest(word, known)
    return f" Did you mean {near!r}?" if near else ""
