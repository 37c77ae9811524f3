"""Where a text is broken into lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def in_lines(text: str, width: Callable[[str], float], room: float) -> list[str]:
    """Return a text in lines no wider than `room`, if its words are not.

    `width` returns that of a text, in the unit of `room`.  Spaces that do not break
    keep words together.
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if lines[-1] and width(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
