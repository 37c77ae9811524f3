"""What methods cost: a model with measured constants, the same on every machine.

The choice of a method must be a function of the scenario alone, so that a recorded run
equals the one in the window to the last bit; so the constants are measured once, by
``tests/benchmarks/bench_sums.py --calibrate``, and shipped.
"""

from __future__ import annotations

import json
from functools import cache
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.sums import Problem

FILE = Path(__file__).with_name("costs.json")


@cache
def constants() -> dict[str, dict[str, float]]:
    """Return the constants of each method and type, in nanoseconds.

    ``call`` a run and head, ``pair`` a weight, ``column`` a pair and dimension.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def cost_of(method: str, problem: Problem, share: float = 1.0) -> float:
    """Return the seconds of `problem`, where the `share` of pairs is weighed."""
    known = constants()[f"{method} {problem.kind}"]
    _, _, width, depth = problem.shape
    a_pair = share * (known["pair"] + known["column"] * width) + known["column"] * depth
    calls = prod(problem.leading) if "each" in known else 1
    return 1e-9 * (known["call"] * calls + problem.pairs * a_pair)
