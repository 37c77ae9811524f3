"""Which runs of a sweep are made at once, as one array, and which one by one."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import load
from sim.jit.llvm import missing
from sim.sums.methods.batched import too_large

if TYPE_CHECKING:
    from sim.attention.heads import Heads
    from sim.scenario import Scenario

DRAWS = "query", "key", "value"


def why_alone(scenario: Scenario, backend: str = "auto", *, theory: bool) -> str:
    """Return why runs that differ from `scenario` by their seed are made one by one.

    Empty where they are made at once: that depends on the settings alone, not on how
    many such runs there are.
    """
    return _why_alone(dataclasses.replace(scenario, seed=0), backend, theory)


@cache
def _why_alone(scenario: Scenario, backend: str, theory: bool) -> str:
    law, integrator = scenario.dynamics, scenario.integrator
    if theory:
        return "theory is asked of each run by itself"
    if why := missing():
        return why
    if load(backend).xp is not np:
        return "batched sums work on NumPy's arrays"
    if not law.batched:
        return f"the law {law.kind} is tied to a graph or to weights of each run"
    if not integrator.fixed_operations:
        return f"the method {integrator.kind} has steps or draws of each run's own"
    heads = law.attention_heads
    why = "" if heads is None else _own_of_a_run(heads, scenario)
    return why or _size(scenario, heads)


def _own_of_a_run(heads: Heads, scenario: Scenario) -> str:
    """Say what attention has that differs from run to run."""
    if not heads.depth.constant:
        return "layers change with depth"
    if not heads.mlp.trivial:
        return "the weights of the MLP are drawn in each run"
    if why := heads.mask.fixed_tokens():
        return why
    for name in DRAWS:
        recipe, size = getattr(heads, name), (heads.count, scenario.dimension)
        try:
            one, other = (recipe.draw(*size, np.random.default_rng(k)) for k in (1, 2))
        except (ValueError, OSError):
            return "its matrices do not fit"  # as the run will say
        if not np.array_equal(one, other):
            return f"the matrices dynamics.heads.{name} are drawn in each run"
    return ""


def _size(scenario: Scenario, heads: Heads | None) -> str:
    n, d = scenario.tokens, scenario.dimension
    width = d
    if heads is not None:
        width = heads.key.draw(1, d, np.random.default_rng(0)).shape[1]
    why = too_large(n, scenario.dynamics.keys_of(n), width + 1, d)  # with a mass
    return "" if why is None else f"a batch {why}"
