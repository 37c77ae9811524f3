"""Words of a sentence among the tokens of a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.initial.sentence import Sentence

if TYPE_CHECKING:
    from sim.frame import Frame


def special_tokens(frame: Frame) -> tuple[int, ...]:
    """Return the ids of the tokens that a model adds to its sentence, such as [CLS]."""
    start = _start(frame)
    return () if start is None else start.special_tokens()


def tokens_of_word(frame: Frame, token: int) -> tuple[int, ...]:
    """Return the ids of the pieces of the word that a token is of: it comes last."""
    start = _start(frame)
    words = () if start is None else start.words()
    found = next((w.tokens for w in words if token in w.tokens), (token,))
    there = frame.rows_of(found)
    return (*(i for i in found if i != token and i in there), token)


def _start(frame: Frame) -> Sentence | None:
    initial = frame.scenario.initial
    return initial if isinstance(initial, Sentence) else None
