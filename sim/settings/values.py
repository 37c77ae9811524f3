"""Values of settings, checked and parsed, and errors that say which setting it is."""

from __future__ import annotations

import contextlib
import math
import re
import reprlib
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

DECIMAL_COMMA = re.compile(r"(?!\d{1,3},\d{3}$)[+-]?\d*,\d+")
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 80  # characters
ON, OFF = ("on", "true", "yes", "1"), ("off", "false", "no", "0")


def short(value: Any) -> str:
    """Return a wrong value as a message quotes it, of however many parts it is."""
    return _SHORT.repr(value)


@dataclass(frozen=True, slots=True)
class Place:
    """Which setting a message speaks of.

    Attributes
    ----------
    path : str
        As far as it is known, such as ``"dynamics.beta"``.
    label : str
        Its symbol, such as ``"β"``; empty for none.
    """

    path: str
    label: str = ""

    def error(self, what: str) -> SettingError:
        """Return the error that the setting `what`."""
        return SettingError(self, what)

    def __str__(self) -> str:
        own = self.path.rpartition(".")[2]
        return (
            f"{self.path} ({self.label})" if self.label not in ("", own) else self.path
        )


class SettingError(ValueError):
    """A setting cannot have a value; the message begins with its path.

    Attributes
    ----------
    place : Place
        The setting.
    what : str
        What it must be, and what was got.
    """

    def __init__(self, place: Place, what: str) -> None:
        self.place, self.what = place, what
        super().__init__(f"{place} {what}")

    def below(self, head: str) -> SettingError:
        """Return the error with `head` before the path."""
        return SettingError(
            Place(f"{head}.{self.place.path}", self.place.label), self.what
        )


class UnknownSettingError(KeyError):
    """There is no such setting; the message is shown as it is, without quotes."""

    def __str__(self) -> str:
        return str(self.args[0])


@contextlib.contextmanager
def named_below(head: str) -> Generator[None]:
    """Put `head`, if it is not empty, before the path of errors of settings."""
    try:
        yield
    except SettingError as error:
        raise (error.below(head) if head else error) from None


def checked_number(
    where: Place, kind: type, bounds: tuple[float, float], value: Any
) -> Any:
    """Return a number as `kind`, int or float, within inclusive bounds.

    Raises
    ------
    SettingError
        If it is none, or lies outside.
    """
    whole = kind is int
    if isinstance(value, bool) or not isinstance(value, Real):
        what = "a whole number" if whole else "a number"
        raise where.error(f"must be {what}, got {short(value)}.")
    value = value if isinstance(value, int) else float(value)
    if whole and value != value // 1:
        raise where.error(f"must be a whole number, got {short(value)}.")
    if not bounds[0] <= value <= bounds[1] or not math.isfinite(value):
        raise where.error(f"must be in {_text(bounds)}, got {short(value)}.")
    return kind(value)


def _text(bounds: tuple[float, float]) -> str:
    """Write the bounds without rounding: 2147483647, not 2.14748e+09."""
    lo, hi = (f"{v:.10g}" for v in bounds)
    return f"[{lo}, {hi}]"


def checked_list(
    where: Place, bounds: tuple[float, float], value: Any
) -> tuple[int, ...]:
    """Return whole numbers within inclusive bounds; raise an error if they are not."""
    if isinstance(value, list | tuple):
        if all(type(v) is int and bounds[0] <= v <= bounds[1] for v in value):
            return tuple(value)
    raise where.error(
        f"must be a list of whole numbers in {_text(bounds)}, got {short(value)}."
    )


def checked_table(
    where: Place, bounds: tuple[float, float], value: Any
) -> tuple[tuple[float, ...], ...]:
    """Return rows of numbers, all of one length and within inclusive bounds.

    Raises
    ------
    SettingError
        If they are not.
    """
    try:
        if isinstance(value, str) or any(isinstance(row, str) for row in value):
            raise TypeError
        rows = tuple(tuple(float(v) for v in row) for row in value)
    except (TypeError, ValueError, OverflowError):
        raise where.error(
            f"must be rows of numbers, such as 1,0;0,1, got {short(value)}."
        ) from None
    if len({len(row) for row in rows}) > 1:
        lengths = short([len(row) for row in rows])[1:-1]
        raise where.error(f"must have rows of the same length, got {lengths}.")
    for v in (v for row in rows for v in row):
        if not math.isfinite(v) or not bounds[0] <= v <= bounds[1]:
            raise where.error(f"must have entries in {_text(bounds)}, got {v!r}.")
    return rows


def parsed_switch(where: Place, text: str) -> bool:
    """Return whether `text` is on, true, yes or 1; raise an error for other words."""
    if text.lower() not in ON + OFF:
        raise where.error(f"must be on or off, got {short(text)}.")
    return text.lower() in ON


def parsed_number(where: Place, text: str) -> float:
    """Return the number that `text` writes; an int where it is one."""
    try:
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    except ValueError:
        raise where.error(
            f"must be a number, got {short(text)}.{_pointed(text)}"
        ) from None


def _pointed(text: str) -> str:
    """Return how a number with a decimal comma is written, as a sentence."""
    return f" Write {text.replace(',', '.')}." if DECIMAL_COMMA.fullmatch(text) else ""


def parsed_table(text: str) -> list[list[str]]:
    """Return the entries of ``1,0;0,1``, row by row."""
    rows = text.split(";") if text else []
    return [row.replace(",", " ").split() for row in rows]


def parsed_list(text: str) -> list[int | str]:
    """Return the entries of ``1,2,3``; text where one is no whole number."""
    return [int(v) if v.isdecimal() else v for v in text.replace(",", " ").split()]
