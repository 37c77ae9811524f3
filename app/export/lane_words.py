"""What is said of one lane in a picture of several: numbers, and the difference."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.annotations.caption_text import numbers
from app.annotations.number_format import angle, signed
from app.annotations.word_cosines import words_text
from app.export.curve_plot import DECIMALS
from sim.lanes import difference, word_cosines

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.frame import Frame

WIDEST_DIFFERENCE = "from the first: mean angle 100.0°, largest 100.0°"
"""Has room in every picture of a film, so that the size of letters stays the same."""


def whole_parts(text: str, width: Callable[[str], float], room: float) -> str:
    """Return as many parts of `text`, with commas between, as have room; the first."""
    parts = text.split(", ")
    while len(parts) > 1 and width(", ".join(parts)) > room:
        del parts[-1]
    return ", ".join(parts)


def lane_lines(lane: int, frame: Frame, first: Frame) -> list[str]:
    """Return what is said of a lane, counted from 0: numbers, and the difference.

    That is the angles to the tokens of the first lane, and in brackets F̂ less that of
    the first; of two sentences the cosines of words that both have.
    """
    found = difference(first, frame)
    texts: list[str] = []
    for name, value, _ in numbers(frame)[1:]:
        if name == "clusters":
            texts.append(f"{value} {name if value != '1' else 'cluster'}")
            continue
        known = name == "F̂" and lane > 0 and math.isfinite(found.f_hat)
        more = f" ({signed(found.f_hat, DECIMALS)})" if known else ""
        texts.append(f"{name} = {value}{more}")
    lines = [",  ".join(texts)]
    cosines = word_cosines(first, frame) if lane else None
    if cosines is not None:
        lines.append(words_text(cosines))
    elif lane and found.matched:
        out = f" ({found.left_out} left out)" if found.left_out else ""
        mean, most = angle(found.mean_angle), angle(found.largest_angle)
        lines.append(f"from the first: mean angle {mean}, largest {most}{out}")
    return lines
