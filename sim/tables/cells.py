"""Cells of a text table: which are numbers, which are missing, which are words."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUS = "\N{MINUS SIGN}"
NUMBERS = {
    ".": re.compile(rf"[+\-{MINUS}]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+\-]?[0-9]+)?"),
    ",": re.compile(rf"[+\-{MINUS}]?([0-9]+(,[0-9]+)?|,[0-9]+)([eE][+\-]?[0-9]+)?"),
}
"""What a number is, by its decimal mark."""
WHOLE = re.compile(r"[+\-]?[0-9]{1,40}(\.0*)?")
SCIENTIFIC = re.compile(r"[+\-]?[0-9]{1,40}(\.[0-9]{0,40})?[eE][+\-][0-9]{1,2}")
"""Numbers as numpy.savetxt writes them, and R from 1e+05 on."""
DIGITS = re.compile(r"[0-9]+")
NUMBER_LIKE = re.compile(
    rf"[+\-{MINUS}–$€£('=\"<>≤≥≈~±]*\s*\d[\d.,'’\s_]*([eEdDf][+\-]?\d+)?"
    rf"(\s*(±|\+/?-)\s*\d[\d.,]*|\s*[×·*x]\s*10[\^*{{(]*[+\-{MINUS}]?\d+|/\d+"
    r"|([+\-]\d[\d.,]*([eE][+\-]?\d+)?)?[ijIJ])?[)}%‰\"*†‡+\-]*"
)
"""Cells of digits that are perhaps numbers to a person.

Such are 1.234,56 and 12 %, 0.5***, <0.01, 2.5±0.1, 3/4, 2×10^-3 and 1+2i.
"""
DATE = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?(\d{4}|\d{2})")
MEASURE = re.compile(
    rf"[+\-{MINUS}]?[0-9]+([.,]?)[0-9]*\s*([a-zA-Zµμ°Ω€$£%‰²³/·^]{{1,12}}|°.*)"
)
"""A number and its unit, such as 1.75 kg."""
HEX = re.compile(r"[+\-]?0[xX][0-9a-fA-F]+")
CODE = re.compile(r"[+\-]?0[0-9]+")
"""A whole number as no one writes it, such as the postal code 01067."""
NOT_FINITE = frozenset(("nan", "inf", "-inf", "+inf", "infinity", "-nan"))
MISSING = NOT_FINITE | frozenset(
    ("", "na", "n/a", "#n/a", "null", "none", "nil", "missing", "-", "--", "?", ".")
)
"""Cells that stand for a number that is not there, in lower case."""
LIST = re.compile(r"\[[^\[\]]*\]|\([^()]*\)")
LIST_LIKE = re.compile(r"[a-zA-Z_.\s]*[\[({]+([^\[\](){}]*)[\])}]")
FALSE_TRUE = frozenset(
    (
        *("false", "true", "falsch", "wahr", "faux", "vrai", "falso", "verdadero"),
        *("no", "yes", "nein", "ja", "non", "oui"),
    )
)
"""Cells that say whether something is so, in lower case."""


def is_number(cell: str, decimal: str = ".") -> bool:
    """Whether a cell is a number with this decimal mark."""
    return NUMBERS[decimal].fullmatch(cell.strip()) is not None


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a number that is not there."""
    return cell.strip().lower() in MISSING


def is_list(cell: str) -> bool:
    """Whether a cell is a list of numbers in brackets."""
    text = cell.strip()
    if LIST.fullmatch(text) is None:
        return False
    entries = list_cells(text)
    if text[0] == "(" and len(entries) == 1:  # a number in brackets, below zero
        return False
    return not entries or (
        bool(entries[-1]) and any(is_number(e) or is_missing(e) for e in entries)
    )


def is_list_like(cell: str) -> bool:
    """Whether a cell holds numbers in brackets in some other way of writing."""
    match = LIST_LIKE.match(cell.strip())
    entries = re.split(r"[,;\s]+", match[1].strip()) if match else []
    return len(entries) > 1 and is_number(entries[0]) and is_number(entries[-1])


def is_torn(row: Sequence[str]) -> bool:
    """Whether a row was separated inside a list in brackets."""
    return any(cell.count(a) != cell.count(b) for cell in row for a, b in ("[]", "()"))


def is_number_like(cell: str) -> bool:
    """Whether a cell looks like a number in some other way of writing, and no date."""
    text = cell.strip()
    return NUMBER_LIKE.fullmatch(text) is not None and not DATE.fullmatch(text)


def are_booleans(cells: Sequence[str]) -> bool:
    """Whether cells say yes or no, and nothing else."""
    found = {cell.strip().lower() for cell in cells if cell.strip()}
    return bool(found) and found <= FALSE_TRUE


def measures(cells: Sequence[str]) -> list[str]:
    """Return the cells that are numbers with units, or hexadecimal.

    Words that begin with a digit, such as 1st and 2nd, are none: a unit is the same
    in all cells, or its number has decimals.
    """
    found = [(cell, MEASURE.fullmatch(cell.strip())) for cell in cells]
    units = {match[2] for _, match in found if match}
    decimals = any(match and match[1] for _, match in found)
    alike = decimals or (len(units) == 1 and len(found) > 1)
    return [
        cell
        for cell, match in found
        if (match and alike) or HEX.fullmatch(cell.strip())
    ]


def value(cell: str, decimal: str = ".") -> float:
    """Return the number in a cell; NaN if it is none, or not finite."""
    text = cell.strip()
    if not NUMBERS[decimal].fullmatch(text):
        return math.nan
    found = float(text.replace(decimal, ".").replace(MINUS, "-"))
    return found if math.isfinite(found) else math.nan


def whole(cell: str) -> int | None:
    """Return the whole number in a cell, such as 3, 3.0 or 3.0e+00; else None."""
    text = cell.strip()
    if WHOLE.fullmatch(text):
        return int(text.partition(".")[0])
    if SCIENTIFIC.fullmatch(text):
        number = Decimal(text)
        return int(number) if number == number.to_integral_value() else None
    return None


def is_whole(cell: str) -> bool:
    """Whether a cell is a whole number."""
    return whole(cell) is not None


def list_cells(cell: str) -> list[str]:
    """Return the entries of a list, separated by commas or blanks."""
    inner = cell.strip()[1:-1].strip()
    if "," in inner:
        return [part.strip() for part in inner.split(",")]
    if ";" in inner:
        return [part.strip() for part in inner.split(";")]
    return inner.split()


def quoted_short(cell: str) -> str:
    """Return a cell for a message: at most forty characters of it, in quotes."""
    most = 40
    return repr(cell if len(cell) <= most else f"{cell[:most]}…")
