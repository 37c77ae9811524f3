"""Tokenisers of checkpoint folders: from a sentence to numbers of the vocabulary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.models.checkpoint import TOKENIZER, read_json
from sim.models.encoding import Encoding, Word
from sim.models.normalising import normaliser
from sim.models.pieces import ByteBPE, WordPiece, byte_bpe, word_piece

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Ends = tuple[tuple[int, ...], tuple[int, ...]]
NOTHING: Ends = ((), ())
MAX_CHARACTERS = 100_000  # of a sentence


@dataclass(frozen=True)
class Tokenizer:
    """What a tokenizer.json describes.

    Attributes
    ----------
    model : WordPiece or ByteBPE
        How words become pieces.
    prepared : callable
        How a text is cleaned.
    given : dict
        Special tokens that may be written in a text, by their text.
    before, after : tuple of int
        What the model adds at both ends of a sentence.
    """

    model: WordPiece | ByteBPE
    prepared: Callable[[str], str]
    given: dict[str, int]
    before: tuple[int, ...]
    after: tuple[int, ...]

    def encode(self, text: str) -> Encoding:
        """Return the tokens of a sentence.

        Raises
        ------
        ValueError
            If it has no words, or is too long.
        """
        if len(text) > MAX_CHARACTERS:
            raise ValueError(
                f"the sentence has {len(text):,} characters; at most "
                f"{MAX_CHARACTERS:,} are read. Type a shorter one."
            )
        if not text.strip():
            raise ValueError("the sentence is empty. Type some words.")
        ids, special = list(self.before), [True] * len(self.before)
        words: list[Word] = []
        for part in self._parts(text):
            if part in self.given:
                ids.append(self.given[part])
                special.append(True)
                continue
            for word in self.model.words(self.prepared(part)):
                found = self._ids(word)
                words.append(Word(word, tuple(range(len(ids), len(ids) + len(found)))))
                ids += found
                special += [False] * len(found)
        if len(ids) == len(self.before):
            raise ValueError("the sentence has no words that are read. Type others.")
        ids += self.after
        special += [True] * len(self.after)
        names = tuple(self.name(k) for k in ids)
        return Encoding(tuple(ids), names, tuple(words), tuple(special))

    def name(self, token: int) -> str:
        """Return the piece of a number of the vocabulary, as it is shown."""
        return self.model.shown(self._by_number.get(token, f"#{token}"))

    @cached_property
    def _by_number(self) -> dict[int, str]:
        known = self.model.vocabulary | self.given
        return {number: piece for piece, number in known.items()}

    def _ids(self, word: str) -> list[int]:
        vocabulary, pieces = self.model.vocabulary, self.model.pieces(word)
        for piece in pieces:
            if piece not in vocabulary:
                raise ValueError(
                    f"{TOKENIZER}: its vocabulary lacks the piece {piece!r} of "
                    f"{word!r}. Type another word, or copy the file again."
                )
        return [vocabulary[piece] for piece in pieces]

    def _parts(self, text: str) -> list[str]:
        """Cut a text around the special tokens that are written in it."""
        if not self.given:
            return [text]
        names = sorted(self.given, key=len, reverse=True)
        return re.split(f"({'|'.join(map(re.escape, names))})", text)


def read_tokenizer(folder: Path, begin: int | None = None) -> Tokenizer:
    """Return the tokeniser of a checkpoint folder.

    Parameters
    ----------
    folder : Path
        With a ``tokenizer.json``.
    begin : int, optional
        The token that sentences begin with where the file adds none.

    Raises
    ------
    ValueError
        If the file is damaged, or of a type that is not known.
    """
    data = read_json(folder / TOKENIZER)
    try:
        model = _model(data)
        given = {
            str(t["content"]): _whole(t["id"])
            for t in data.get("added_tokens") or ()
            if t.get("special")
        }
        numbers = _checked(model.vocabulary | given)
        before, after = _ends(data.get("post_processor"), numbers)
        prepared = normaliser(data.get("normalizer"))
        model.words(prepared("a"))  # finds patterns that are none
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise ValueError(
            f"{TOKENIZER}: it lacks {error}, or is damaged. Copy it again."
        ) from None
    if not before and not after and begin is not None:
        before = (begin,)
    return Tokenizer(model, prepared, given, before, after)


def _checked(numbers: Any) -> dict[str, int]:
    """Return the numbers of pieces.

    Raises
    ------
    TypeError
        If one is no whole number from 0.
    """
    return {piece: _whole(number) for piece, number in numbers.items()}


def _whole(number: Any) -> int:
    if type(number) is not int or number < 0:
        raise TypeError(f"a number of a piece, from 0, at {number!r}")
    return number


def _model(data: dict[str, Any]) -> WordPiece | ByteBPE:
    """Return how the tokeniser makes pieces."""
    model, plan = data["model"], data.get("pre_tokenizer") or {}
    kind = model.get("type") or ("BPE" if "merges" in model else "")
    if kind == "WordPiece" and plan.get("type") == "BertPreTokenizer":
        return word_piece(model)
    if kind == "BPE":
        return byte_bpe(model, plan)
    raise ValueError(
        f"{TOKENIZER}: the tokeniser {kind!r} is not known; known are WordPiece with "
        "the words of BERT, and byte-level BPE."
    )


def _ends(plan: Any, numbers: dict[str, int]) -> Ends:
    """Return what is added before and after one sentence."""
    if plan is None or (kind := plan["type"]) == "ByteLevel":
        return NOTHING
    if kind == "Sequence":
        found = [_ends(step, numbers) for step in plan["processors"]]
        return next((ends for ends in found if ends != NOTHING), NOTHING)
    if kind in ("BertProcessing", "RobertaProcessing"):
        return (_whole(plan["cls"][1]),), (_whole(plan["sep"][1]),)
    if kind != "TemplateProcessing":
        raise ValueError(
            f"{TOKENIZER}: the post-processor {kind!r} is not known; known are "
            "TemplateProcessing, BertProcessing, RobertaProcessing and ByteLevel."
        )
    before: list[int] = []
    after: list[int] = []
    at = before
    for part in plan["single"]:
        if "Sequence" in part:
            at = after
        else:
            at.append(numbers[part["SpecialToken"]["id"]])
    return tuple(before), tuple(after)
