"""Values of settings in words, as titles of lanes have them."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

from sim.weights.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Sequence

DIGITS = 7  # significant figures of a setting, as in the settings panel
MAX_LENGTH = 24  # characters of a value in text
MAX_WORDS = 60  # characters of a sentence
MULTIPLES = {1.0: "I", -1.0: "−I", 0.0: "0"}


def number_text(value: float, digits: int = DIGITS) -> str:
    """Return a number with a true minus and at most so many significant figures."""
    text = str(value) if isinstance(value, int) else f"{value:.{digits}g}"
    return ("∞" if value == math.inf else text).replace("-", "−")


def multiple_text(label: str, value: Identity) -> str:
    """Return a matrix that is a multiple of the identity: "V = −I" or "V = 2 I"."""
    text = MULTIPLES.get(value.scale) or f"{number_text(value.scale)} I"
    return f"{label} = {text}"


def are_multiples(parts: Sequence[Any]) -> bool:
    """Whether all of these are multiples of the identity."""
    return all(isinstance(part, Identity) for part in parts)


def quoted(text: str) -> str:
    """Return words of a person, such as a sentence: they need no name."""
    return f"“{textwrap.shorten(text, MAX_WORDS, placeholder=' …')}”"


def short(text: str) -> str:
    """Return the end of a text that is long, such as a path."""
    return text if len(text) <= MAX_LENGTH else f"…{text[1 - MAX_LENGTH :]}"
