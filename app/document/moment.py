"""Where in a run a document is looked at: saved with it, and shown again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.lanes import MAX_LANES

MAX_TIME = 1e7  # as long as a run can be
MAX_TOKENS = 1000  # that are saved as chosen
MAX_CURVES = 16
KEYS = ("t", "tokens", "page", "curves", "lane")
MAX_NAME = 100  # characters of the kind of a page or curve


@dataclass(frozen=True)
class Moment:
    """A time of a run, and what is looked at there.

    Attributes
    ----------
    t : float
        The time, 0 or later.
    tokens : tuple of int
        The chosen tokens, counted from 0.
    page : str
        The kind of the page below the curves; empty leaves it as it is.
    curves : tuple of str
        The kinds of the curves on show; none leaves them as they are.
    lane : int
        The lane that is edited, counted from 0.
    """

    t: float = 0.0
    tokens: tuple[int, ...] = ()
    page: str = ""
    curves: tuple[str, ...] = ()
    lane: int = 0

    def plain(self) -> dict[str, Any]:
        """Return what differs from the default, as plain data."""
        found = {
            "t": self.t,
            "tokens": list(self.tokens[:MAX_TOKENS]),
            "page": self.page,
            "curves": list(self.curves),
            "lane": self.lane,
        }
        return {name: value for name, value in found.items() if value}

    @staticmethod
    def from_plain(data: Any) -> Moment:
        """Return the moment that `plain` wrote.

        Raises
        ------
        ValueError
            If it is none; says what is expected.
        """
        if not isinstance(data, dict):
            raise ValueError(f"moment: expected a group, got {_short(data)}.")
        if unknown := data.keys() - KEYS:
            raise ValueError(
                f"moment: no setting {_short(min(unknown))}; there are "
                f"{', '.join(KEYS)}."
            )
        return Moment(
            _time(data.get("t", 0.0)),
            _tokens(data.get("tokens", [])),
            _name(data.get("page", ""), "page"),
            _curves(data.get("curves", [])),
            _lane(data.get("lane", 0)),
        )


def _time(value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and 0 <= value <= MAX_TIME:
        return float(value)
    raise ValueError(
        f"moment.t: expected a time in [0, {MAX_TIME:g}], got {_short(value)}."
    )


def _tokens(value: Any) -> tuple[int, ...]:
    fits = isinstance(value, list) and len(value) <= MAX_TOKENS
    if not fits or any(type(i) is not int or i < 0 for i in value):
        raise ValueError(
            f"moment.tokens: expected up to {MAX_TOKENS} numbers of tokens, counted "
            f"from 0, got {_short(value)}."
        )
    return tuple(value)


def _lane(value: Any) -> int:
    if type(value) is int and 0 <= value < MAX_LANES:
        return value
    raise ValueError(
        f"moment.lane: expected a lane in 0 … {MAX_LANES - 1}, got {_short(value)}."
    )


def _curves(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_CURVES:
        raise ValueError(
            f"moment.curves: expected a list of up to {MAX_CURVES} kinds of "
            f"observables, got {_short(value)}."
        )
    return tuple(_name(kind, "curves") for kind in value)


def _name(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_NAME:
        raise ValueError(f"moment.{where}: expected a kind, got {_short(value)}.")
    return value


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # an integer of too many digits
        text = "a number of many digits"
    return text if len(text) <= MAX_NAME else f"{text[:MAX_NAME]}…"
