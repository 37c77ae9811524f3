"""How words become pieces of a vocabulary: WordPiece, and byte-level BPE."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sim.models.normalising import GPT2_WORDS, bert_words, pattern_words

PAIR = 2  # parts that a merge joins


@dataclass(frozen=True)
class WordPiece:
    """The longest pieces from the left; a word without any is unknown  [1]_.

    References
    ----------
    .. [1] Wu et al., "Google's neural machine translation system", arXiv:1609.08144.
    """

    vocabulary: dict[str, int]
    unknown: str
    mark: str
    longest: int

    def words(self, text: str) -> list[str]:
        """Cut a text into words."""
        return bert_words(text)

    def pieces(self, word: str) -> list[str]:
        """Return the pieces of a word."""
        if len(word) > self.longest:
            return [self.unknown]
        found: list[str] = []
        start = 0
        while start < len(word):
            mark = self.mark if start else ""
            ends = range(len(word), start, -1)
            end = next((e for e in ends if mark + word[start:e] in self.vocabulary), 0)
            if not end:
                return [self.unknown]
            found.append(mark + word[start:end])
            start = end
        return found

    def shown(self, piece: str) -> str:
        """Return a piece as it is shown."""
        return piece


@dataclass(frozen=True)
class ByteBPE:
    """Bytes of UTF-8 as characters, whose most frequent pairs were merged  [1]_.

    Attributes
    ----------
    vocabulary, ranks : dict
        The number of each piece; the place of each merge in their order.
    patterns : tuple of str
        How texts are cut into words, one after the other.
    spaced : bool
        Whether a text begins with a space.
    whole : bool
        Whether words of the vocabulary are pieces without merges.

    References
    ----------
    .. [1] Radford et al., "Language models are unsupervised multitask learners", 2019.
    """

    vocabulary: dict[str, int]
    ranks: dict[tuple[str, str], int]
    patterns: tuple[str, ...]
    spaced: bool
    whole: bool

    def words(self, text: str) -> list[str]:
        """Cut a text into words, spaces before them included."""
        if self.spaced and text and not text.startswith(" "):
            text = f" {text}"
        words = [text] if text else []
        for pattern in self.patterns:
            words = [w for part in words for w in pattern_words(part, pattern)]
        return words

    def pieces(self, word: str) -> list[str]:
        """Return the pieces of a word: the merge of the lowest rank, again and again.

        Bytes that the vocabulary lacks are left out.
        """
        written = "".join(byte_letters()[b] for b in word.encode())
        if self.whole and written in self.vocabulary:
            return [written]
        parts, worst = list(written), len(self.ranks)
        while len(parts) > 1:
            pairs = list(pairwise(parts))
            best = min(pairs, key=lambda pair: self.ranks.get(pair, worst))
            if best not in self.ranks:
                break
            parts = _merged(parts, best)
        return [part for part in parts if part in self.vocabulary]

    def shown(self, piece: str) -> str:
        """Return a piece as it is shown: its text, without the space before it."""
        values = byte_values()
        if not all(c in values for c in piece):
            return piece
        text = bytes(values[c] for c in piece).decode("utf-8", "replace")
        return text.strip() or repr(text)[1:-1]


def _merged(parts: list[str], pair: tuple[str, str]) -> list[str]:
    """Join every such pair from the left."""
    out: list[str] = []
    k = 0
    while k < len(parts):
        two = tuple(parts[k : k + PAIR]) == pair
        out.append(pair[0] + pair[1] if two else parts[k])
        k += PAIR if two else 1
    return out


@lru_cache(maxsize=1)
def byte_letters() -> tuple[str, ...]:
    """Return the character that stands for each byte: itself where it can be seen."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [b for b in range(256) if b not in seen]
    letters = {b: chr(b) for b in seen}
    letters |= {b: chr(256 + k) for k, b in enumerate(hidden)}
    return tuple(letters[b] for b in range(256))


@lru_cache(maxsize=1)
def byte_values() -> dict[str, int]:
    """Return the byte that each such character stands for."""
    return {letter: b for b, letter in enumerate(byte_letters())}


def word_piece(model: dict[str, Any]) -> WordPiece:
    """Return the WordPiece of a tokeniser's file.

    Raises
    ------
    TypeError
        If a part of it has another type.
    """
    unknown = model.get("unk_token", "[UNK]")
    mark = model.get("continuing_subword_prefix", "##")
    longest = model.get("max_input_chars_per_word", 100)
    for name, value in (("unk_token", unknown), ("continuing_subword_prefix", mark)):
        if not isinstance(value, str):
            raise TypeError(f"a text as {name}")
    if type(longest) is not int:
        raise TypeError("a whole number as max_input_chars_per_word")
    return WordPiece(model["vocab"], unknown, mark, longest)


def byte_bpe(model: dict[str, Any], plan: dict[str, Any]) -> ByteBPE:
    """Return the byte-level BPE of a tokeniser's file, given how it cuts words.

    Raises
    ------
    ValueError
        If its words are cut in a way that is not known.
    """
    merges = [
        tuple(m) if isinstance(m, list) else tuple(m.split(" ", 1))
        for m in model["merges"]
    ]
    ranks = {(m[0], m[1]): k for k, m in enumerate(merges) if len(m) == PAIR}
    steps = plan.get("pretokenizers", ()) if plan.get("type") == "Sequence" else (plan,)
    patterns: list[str] = []
    spaced = level = False
    for step in steps:
        if step.get("type") == "ByteLevel":
            level, spaced = True, step.get("add_prefix_space", True)
            patterns += [GPT2_WORDS] if step.get("use_regex", True) else []
        elif step.get("type") == "Split" and "Regex" in step.get("pattern", {}):
            patterns.append(step["pattern"]["Regex"])
        else:
            raise _unknown(step.get("type"))
    if not level or model.get("byte_fallback"):
        raise _unknown(plan.get("type"))
    whole = bool(model.get("ignore_merges"))
    return ByteBPE(model["vocab"], ranks, tuple(patterns), spaced, whole)


def _unknown(kind: Any) -> ValueError:
    return ValueError(
        f"tokenizer.json: BPE with the pre-tokenizer {kind!r} is not known; known is "
        "byte-level BPE (ByteLevel, or Split by a pattern before it)."
    )
