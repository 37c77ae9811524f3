"""What was probably meant by a word that is not known."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_SIMILARITY = 0.7  # of difflib: a letter or two of a short word


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the word of `known` that is most like `word`; empty if none is."""
    by_lower = {k.lower(): k for k in known}
    found = difflib.get_close_matches(word.lower(), by_lower, 1, LEAST_SIMILARITY)
    return by_lower[found[0]] if found else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that proposes a word of `known`, after a space, or nothing."""
    near = nearest(word, known)
    return f" Did you mean {near!r}?" if near else ""
