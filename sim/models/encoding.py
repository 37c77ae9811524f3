"""A sentence as the tokens of a model: numbers, names, words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence, and the tokens that it consists of.

    Attributes
    ----------
    text : str
        The word as it is read, such as in lower case.
    tokens : tuple of int
        Their places in the sentence, from 0.
    """

    text: str
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Encoding:
    """A sentence as tokens.

    Attributes
    ----------
    ids : tuple of int
        Numbers in the vocabulary.
    names : tuple of str
        The pieces as they are shown.
    words : tuple of Word
        Words in their order, without special tokens.
    special : tuple of bool
        Which tokens the model adds, such as [CLS].
    """

    ids: tuple[int, ...]
    names: tuple[str, ...]
    words: tuple[Word, ...]
    special: tuple[bool, ...]

    def in_pieces(self) -> tuple[str, ...]:
        """Return the words that are no tokens of the vocabulary, each with its pieces.

        Such as ``"reeds = reed + ##s"``.
        """
        return tuple(
            f"{word.text} = {' + '.join(self.names[k] for k in word.tokens)}"
            for word in self.words
            if len(word.tokens) > 1
        )

    def find(self, text: str) -> Word:
        """Return the first word that reads as `text`.

        Raises
        ------
        ValueError
            If there is none; lists those that there are.
        """
        for word in self.words:
            if word.text.strip().lower() == text.strip().lower():
                return word
        have = ", ".join(dict.fromkeys(word.text.strip() for word in self.words))
        raise ValueError(f"the sentence has no word {text!r}; it has {have}.")
