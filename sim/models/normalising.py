"""How tokenisers prepare a text: they clean it, and cut it into words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS = ("NFC", "NFD", "NFKC", "NFKD")
IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
"""Blocks of characters that are words of their own."""
ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
GPT2_WORDS = (
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
)
"""The words of byte-level tokenisers that give no pattern of their own."""
PROPERTY = re.compile(r"\\p\{([LN])\}")
SPACES = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space of Unicode; Python's has four control characters besides."""


def normaliser(plan: Any) -> Callable[[str], str]:
    """Return the function that a tokeniser's file describes.

    Raises
    ------
    ValueError
        If its type is unknown.
    """
    if plan is None:
        return str
    kind = plan.get("type")
    if kind == "Sequence":
        steps = [normaliser(step) for step in plan.get("normalizers", ())]
        return lambda text: _in_turn(steps, text)
    if kind == "BertNormalizer":
        return lambda text: _bert(text, plan)
    if kind == "Lowercase":
        return _lowered
    if kind == "StripAccents":
        return _without_marks
    if kind in FORMS:
        return lambda text: unicodedata.normalize(kind, text)
    raise ValueError(
        f"tokenizer.json: the normalizer {kind!r} is not known; known are "
        f"BertNormalizer, Lowercase, StripAccents, {', '.join(FORMS)} and Sequence."
    )


def _in_turn(steps: list[Callable[[str], str]], text: str) -> str:
    for step in steps:
        text = step(text)
    return text


def _bert(text: str, plan: dict[str, Any]) -> str:
    """Clean, pad ideographs, strip accents and lower the case, as `plan` says."""
    lower = plan.get("lowercase", True)
    if plan.get("clean_text", True):
        text = "".join(" " if c.isspace() else c for c in text if not _is_control(c))
    if plan.get("handle_chinese_chars", True):
        text = "".join(f" {c} " if _is_ideograph(c) else c for c in text)
    strip = plan.get("strip_accents")
    if lower if strip is None else strip:
        text = _without_marks(unicodedata.normalize("NFD", text))
    return _lowered(text) if lower else text


def _lowered(text: str) -> str:
    """Lower the case of each character on its own: Σ is σ also at a word's end."""
    return "".join(c.lower() for c in text)


def _is_control(c: str) -> bool:
    if c in "\t\n\r":
        return False
    return c == "\ufffd" or unicodedata.category(c).startswith("C")


def _is_ideograph(c: str) -> bool:
    return any(a <= ord(c) <= b for a, b in IDEOGRAPHS)


def _without_marks(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) != "Mn")


def bert_words(text: str) -> list[str]:
    """Cut a text at white space, and around every character of punctuation."""
    words: list[str] = []
    open_word = False
    for c in text:
        if c.isspace():
            open_word = False
        elif _is_punctuation(c):
            words.append(c)
            open_word = False
        elif open_word:
            words[-1] += c
        else:
            words.append(c)
            open_word = True
    return words


def _is_punctuation(c: str) -> bool:
    return c in ASCII_PUNCTUATION or unicodedata.category(c).startswith("P")


def pattern_words(text: str, pattern: str) -> list[str]:
    """Cut a text into the matches of a pattern, and what lies between them.

    Python's `re` has no classes of letters and numbers in all alphabets; they are
    written out for the characters of `text`.

    Raises
    ------
    ValueError
        If the pattern cannot be used.
    """
    letters, numbers = (
        "".join(sorted({c for c in text if unicodedata.category(c)[0] == kind}))
        for kind in "LN"
    )
    try:
        found = _compiled(pattern, letters, numbers)
    except re.error as error:
        raise ValueError(
            f"tokenizer.json: its pattern of words cannot be used ({error})."
        ) from None
    words, end = [], 0
    for match in found.finditer(text):
        words += [text[end : match.start()], match.group()]
        end = match.end()
    return [word for word in [*words, text[end:]] if word]


@lru_cache(maxsize=8)
def _compiled(pattern: str, letters: str, numbers: str) -> re.Pattern[str]:
    classes = {"L": "a" + re.escape(letters), "N": "0" + re.escape(numbers)}
    out, depth = [], 0
    position = 0
    while position < len(pattern):
        found = PROPERTY.match(pattern, position)
        if found:
            inside = classes[found.group(1)]
            out.append(inside if depth else f"[{inside}]")
            position = found.end()
            continue
        step = 2 if pattern[position] == "\\" else 1
        part = pattern[position : position + step]
        depth += {"[": 1, "]": -1}.get(part, 0)
        if part == r"\s":
            part = SPACES if depth else f"[{SPACES}]"
        elif part == r"\S" and not depth:
            part = f"[^{SPACES}]"
        out.append(part)
        position += step
    return re.compile("".join(out))
