"""The axes of a sweep: settings, and the values that each of them takes."""

from __future__ import annotations

import math
from copy import copy
from dataclasses import fields
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

from sim.scenario import edit
from sim.settings.knobs import get
from sim.settings.plugins import Plugin
from sim.settings.value_lists import DIGITS, MAX_VALUES, values, values_by_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sim.scenario import Scenario

    Over = Mapping[str, str | Iterable[Any]]

MAX_RUNS = MAX_VALUES


def axes(texts: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Read the ``PATH=VALUES`` texts of ``--over``.

    Raises
    ------
    ValueError
        If one has another form, or two name the same setting.
    """
    return values_by_path(texts, "--over")


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
    read: dict[str, Sequence[Any]] = {
        k: values(v) if isinstance(v, str) else tuple(v) for k, v in over.items()
    }
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
    last = read.pop("seed") if [*read][-1:] == ["seed"] else None
    found = [edit(scenario, dict(zip(read, v, strict=True))) for v in _product(read)]
    differ = len(set(found))
    if last is not None:
        differ *= len(set(last))
        found = [s for one in found for s in seeded(one, last)]
    if differ < count:
        raise ValueError(
            f"only {differ} of the {count} runs differ: a value is given "
            "twice, or another setting overrides it. Leave out what has no effect."
        )
    return found


def seeded(scenario: Scenario, seeds: Sequence[Any]) -> list[Scenario]:
    """Return `scenario` with each of some seeds, the other settings shared.

    Raises
    ------
    SettingError
        If one of them is no seed.
    """
    if not isinstance(seeds, range):
        return [edit(scenario, {"seed": seed}) for seed in seeds]
    first, _ = (edit(scenario, {"seed": seed}) for seed in (seeds[0], seeds[-1]))
    # What lies between is as valid; the checks of a record take longer than its run.
    others = [copy(first) for _ in seeds[1:]]
    for one, seed in zip(others, seeds[1:], strict=True):
        object.__setattr__(one, "seed", seed)
    return [first, *others]


def alike(one: Scenario, other: Scenario) -> bool:
    """Whether two runs are known to differ by their seed alone: they share the rest."""
    return all(getattr(one, k) is getattr(other, k) for k in _shared(type(one)))


@cache
def _shared(cls: type[Scenario]) -> tuple[str, ...]:
    """Return the names of all settings but the seed."""
    return tuple(field.name for field in fields(cls) if field.name != "seed")


def _product(read: Mapping[str, Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    return product(*read.values())


def _seeds(scenario: Scenario, seeds: int | Iterable[int]) -> Sequence[int]:
    if not isinstance(seeds, int):
        return tuple(seeds)
    if not 1 <= seeds <= MAX_RUNS:
        raise ValueError(f"seeds must be in [1, {MAX_RUNS}], got {seeds}.")
    return range(scenario.seed, scenario.seed + seeds)


def shown(scenario: Scenario, path: str) -> Any:
    """Return the setting at `path` as a table cell: a number, a kind, or text."""
    value = get(scenario, path)
    if isinstance(value, Plugin):
        return value.kind
    if isinstance(value, tuple):
        return ";".join(",".join(f"{v:.{DIGITS}g}" for v in row) for row in value)
    return value
