"""How well typed letters fit a text: as words, as parts of words, or letter by letter.

No Qt.
"""

from __future__ import annotations

from dataclasses import dataclass

# Scores of a typed word: the higher, the better it fits.
ALL, WHOLE, START, INSIDE, LETTERS, BESIDE = 20, 120, 100, 70, 40, 20
GAP_COST = 4  # of a letter that is passed over between two that fit
LATE_COST = 0.2  # of a letter before the place that fits
MIN_SPREAD = 2  # letters: a single one has to be in the text as it is


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a text fits, and which of its letters were typed.

    Attributes
    ----------
    score : float
        The higher, the better.
    letters : frozenset of int
        Places in the text.
    """

    score: float
    letters: frozenset[int] = frozenset()


def fit(typed: str, text: str, beside: str = "") -> Fit | None:
    """Return how `text` fits what is typed; None if a typed word does not.

    Parameters
    ----------
    typed : str
        Words, in any order, which may be shortened.
    text : str
        What is shown.
    beside : str
        What is found as well, but only by whole parts of it.
    """
    score, letters = 0.0, frozenset[int]()
    plain, more = text.casefold(), beside.casefold()
    if len(plain) != len(text):  # letters that become two have no places of their own
        plain = text.lower() if len(text.lower()) == len(text) else text
    for word in typed.casefold().split():
        found = _word(word, plain)
        if found is None:
            if word not in more:
                return None
            found = Fit(BESIDE)
        score, letters = score + found.score, letters | found.letters
    score += ALL * (typed.strip().casefold() == plain)
    return Fit(score - LATE_COST * len(text) / 10, letters)


def _word(word: str, text: str) -> Fit | None:
    starts = [k for k in range(len(text)) if text.startswith(word, k)]
    for k in starts:
        if k == 0 or not text[k - 1].isalnum():
            ended = k + len(word) == len(text) or not text[k + len(word)].isalnum()
            return Fit((WHOLE if ended else START) - LATE_COST * k, _run(k, word))
    if starts:
        return Fit(INSIDE - LATE_COST * starts[0], _run(starts[0], word))
    return _letters(word, text) if len(word) >= MIN_SPREAD else None


def _run(start: int, word: str) -> frozenset[int]:
    return frozenset(range(start, start + len(word)))


def _letters(word: str, text: str) -> Fit | None:
    """Return the fit of letters in their order, the first of them at a word's start."""
    best: Fit | None = None
    for start in range(len(text)):
        if text[start] == word[0] and (start == 0 or not text[start - 1].isalnum()):
            places = _places(word, text, start)
            if places is None:
                continue
            gaps = places[-1] - places[0] + 1 - len(word)
            score = LETTERS - GAP_COST * min(gaps, 8) - LATE_COST * start
            if best is None or score > best.score:
                best = Fit(score, frozenset(places))
    return best


def _places(word: str, text: str, start: int) -> list[int] | None:
    places = [start]
    for letter in word[1:]:
        after = text.find(letter, places[-1] + 1)
        if after < 0:
            return None
        places.append(after)
    return places
