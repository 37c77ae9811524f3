"""The axes of a sweep: settings, and the values that each of them takes."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING, Any

from sim.scenario import edit
from sim.settings.knobs import get
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sim.scenario import Scenario

    Over = Mapping[str, str | Iterable[Any]]

MAX_RUNS = 100_000  # more take days, and fill a table that is too long to read
DIGITS = 12  # of the values of a range: 0.3, and not 0.30000000000000004
RANGE = "A:B:COUNT or A:B:COUNT:log"


def axes(texts: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Read ``PATH=VALUES`` texts; see `values`.

    Raises
    ------
    ValueError
        If one has another form, or two name the same setting.
    """
    out: dict[str, tuple[Any, ...]] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        path = path.strip()
        if not equals or not path:
            raise ValueError(
                f"--over needs PATH=VALUES, such as dynamics.beta=1:9:5; got {text!r}."
            )
        if path in out:
            raise ValueError(f"--over {path} is given twice. Give all values in one.")
        out[path] = values(value)
    return out


def values(text: str) -> tuple[Any, ...]:
    """Read ``A:B:COUNT``, ``A:B:COUNT:log``, or values with commas between.

    COUNT values at equal distances from A to B, or at equal factors.  Tables, which
    have commas of their own, are put between ``|`` instead.

    Raises
    ------
    ValueError
        If it has none of these forms.
    """
    parts = text.split(":")
    if len(parts) in (3, 4):
        return _range(text, parts)
    found = [v.strip() for v in text.split("|" if "|" in text else ",")]
    if not all(found):
        raise ValueError(
            f"values must be {RANGE}, or v1,v2,v3; got {text!r}, where one is empty."
        )
    return tuple(found)


def _range(text: str, parts: list[str]) -> tuple[float, ...]:
    log = len(parts) == 4  # noqa: PLR2004 - A:B:COUNT:log
    try:
        a, b, count = float(parts[0]), float(parts[1]), int(parts[2])
    except ValueError:
        count = 0
        a = b = math.nan
    if not (math.isfinite(a) and math.isfinite(b)) or (log and parts[3] != "log"):
        raise ValueError(f"a range must be {RANGE}, such as 0.1:9:12; got {text!r}.")
    if not 1 <= count <= MAX_RUNS:
        raise ValueError(
            f"COUNT must be in [1, {MAX_RUNS}], got {count} in {text!r}. Give the "
            "number of values."
        )
    if log and not (a > 0 and b > 0):
        raise ValueError(
            f"A and B of a logarithmic range must be above 0, got {text!r}. Leave "
            ":log out."
        )
    shares = [k / max(1, count - 1) for k in range(count)]
    found = (a * (b / a) ** u if log else a + (b - a) * u for u in shares)
    return tuple(float(f"{v:.{DIGITS}g}") for v in found)


def expanded(
    scenario: Scenario, over: Over, seeds: int | Iterable[int] = 1
) -> list[Scenario]:
    """Return `scenario` with every combination of settings, the last varying fastest.

    `seeds` varies fastest of all: how many, from the scenario's own on, or which.

    Raises
    ------
    KeyError, ValueError
        If a setting or value does not exist, two runs are equal, or there are too
        many.
    """
    read = {k: values(v) if isinstance(v, str) else tuple(v) for k, v in over.items()}
    if not isinstance(seeds, int) or seeds != 1:
        if "seed" in read:
            raise ValueError("seeds are swept over twice. Leave one of the two out.")
        read["seed"] = _seeds(scenario, seeds)
    count = math.prod(len(v) for v in read.values())
    if not 1 <= count <= MAX_RUNS:
        raise ValueError(
            f"a sweep must have 1 to {MAX_RUNS} runs, got {count}. Give fewer values "
            "or seeds, but at least one of each."
        )
    found = [edit(scenario, dict(zip(read, v, strict=True))) for v in _product(read)]
    if len(set(found)) < count:
        raise ValueError(
            f"only {len(set(found))} of the {count} runs differ: a value is given "
            "twice, or another setting overrides it. Leave out what has no effect."
        )
    return found


def _product(read: Mapping[str, Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    return product(*read.values())


def _seeds(scenario: Scenario, seeds: int | Iterable[int]) -> tuple[int, ...]:
    if not isinstance(seeds, int):
        return tuple(seeds)
    if not 1 <= seeds <= MAX_RUNS:
        raise ValueError(f"seeds must be in [1, {MAX_RUNS}], got {seeds}.")
    return tuple(range(scenario.seed, scenario.seed + seeds))


def shown(scenario: Scenario, path: str) -> Any:
    """Return the setting at `path` as a table cell: a number, a kind, or text."""
    value = get(scenario, path)
    if isinstance(value, Plugin):
        return value.kind
    if isinstance(value, tuple):
        return ";".join(",".join(f"{v:.{DIGITS}g}" for v in row) for row in value)
    return value
