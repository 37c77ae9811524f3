"""Lanes for every combination of values of several settings."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING, Any

from sim.lanes.comparison import Comparison, check_count
from sim.schedule import Run
from sim.settings.value_lists import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.scenario import Scenario


def compare(run: Run | Scenario, over: Mapping[str, str | Iterable[Any]]) -> Comparison:
    """Return lanes of `run`, one for every combination of settings; up to four.

    Parameters
    ----------
    run : Run or Scenario
        What is compared; its changes in time stay those of every lane.
    over : mapping of str to values
        For each path, such as ``"dynamics.beta"``, the values: ``[1, 9]``, or text as
        for ``--compare``, ``"1,9"`` or ``"1:9:3"``.  The last setting varies fastest.

    Raises
    ------
    KeyError, ValueError
        If a setting or value is unknown, lanes are equal, or there are more than four.
    """
    read = {k: values(v) if isinstance(v, str) else tuple(v) for k, v in over.items()}
    count = math.prod(len(v) for v in read.values())
    check_count(count)
    base = run if isinstance(run, Run) else Run(run)
    lanes = [dict(zip(read, each, strict=True)) for each in product(*read.values())]
    comparison = Comparison.of(base, lanes)
    different = [
        a for k, a in enumerate(comparison.runs) if a not in comparison.runs[:k]
    ]
    if len(different) < count:
        raise ValueError(
            f"only {len(different)} of the {count} lanes differ: a value is given "
            "twice, or another setting overrides it. Leave out what has no effect."
        )
    return comparison
