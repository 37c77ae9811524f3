"""Edge lists whose lines end in a dictionary of attributes, as networkx writes them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from sim.tables.cells import is_number, quoted_short
from sim.tables.dialect import BLANK, split
from sim.tables.edge_table import EdgeTable, Ends
from sim.tables.source import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINE = re.compile(r"([^{}]*?)[ \t,;|]*(\{.*\})\s*")
MAX_ATTRIBUTES = 10_000  # characters of a dictionary
PARSE_ERRORS = (ValueError, SyntaxError, TypeError, RecursionError, MemoryError)
ENDS = 2


def read_with_attributes(place: Path) -> EdgeTable | None:
    """Read such a list; None if it is none.

    Raises
    ------
    ValueError
        If a line is no edge, or only some edges have weights; says where.
    """
    lines = _lines(place)
    first = next(lines, None)
    match = None if first is None else LINE.fullmatch(first[1])
    if first is None or match is None or not match[1].strip():
        return None
    separator = _separator(first[1])
    ends = Ends(place.name)
    weights: list[float | None] = []
    for line, text in (first, *lines):
        match = LINE.fullmatch(text)
        cells = split(match[1], separator) if match else []
        if match is None or len(cells) != ENDS:
            raise ValueError(
                f"{place.name}: line {line}: an edge is two nodes and a dictionary, as "
                f"on the lines before, got {quoted_short(text)}. Fix or remove it."
            )
        ends.add(line, cells[0].strip(), cells[1].strip())
        weights.append(_weight(place.name, line, match[2]))
        if (weights[-1] is None) != (weights[0] is None):
            raise ValueError(
                f"{place.name}: line {line}: some edges have a weight, and others have "
                "none. Give all a weight, or none."
            )
    given = [w for w in weights if w is not None]
    said = "Weights from the attribute 'weight'." if given else "No weights."
    return ends.table(given or None, (said,))


def _lines(place: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers, without blank ones and comments above."""
    begun = False
    for block in blocks(place):
        for number, text in enumerate(block.texts, block.first):
            begun = begun or not text.lstrip().startswith("#")
            if text.strip() and begun:
                yield number, text


def _separator(line: str) -> str:
    match = LINE.fullmatch(line)
    ends = match[1] if match else line
    return next((s for s in ("\t", ",", ";", "|") if ends.count(s) == 1), BLANK)


def _weight(name: str, line: int, text: str) -> float | None:
    """Return the weight among some attributes; None if it is not there."""
    try:
        if len(text) > MAX_ATTRIBUTES:
            raise ValueError("it is too long")
        found = ast.literal_eval(text)
        weight: object = found.get("weight") if isinstance(found, dict) else ""
    except PARSE_ERRORS:
        raise ValueError(
            f"{name}: line {line}: {quoted_short(text)} is no dictionary of "
            "attributes, such as {'weight': 2.5}. Fix or remove it."
        ) from None
    if weight is None:
        return None
    if type(weight) in (int, float) and is_number(str(weight)):
        return float(str(weight))
    raise ValueError(
        f"{name}: line {line}: expected a weight, got {quoted_short(str(weight))}. Fix "
        "it, or leave it out."
    )
