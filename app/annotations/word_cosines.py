"""How near words are in two sentences, in a line; no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.annotations.number_format import fixed

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LISTED, DECIMALS = 4, 2  # words; of their cosines


def words_text(cosines: Mapping[str, float]) -> str:
    """Return the cosines of words that two sentences share, such as "apple 0.62"."""
    if not cosines:
        return "The sentences have no word in common"
    listed = [
        f"{word} {fixed(value, DECIMALS)}"
        for word, value in [*cosines.items()][:MAX_LISTED]
    ]
    more = "   …" if len(cosines) > MAX_LISTED else ""
    return f"Cosine in both:  {'   '.join(listed)}{more}"
