"""Random sweeps: what is made at once is what is made one by one."""

import math

import numpy as np
import pytest

import sim
from sim.dynamics import Dynamics
from sim.sweeps import jobs
from sim.sweeps.jobs import jobs_of, results_of
from sim.sweeps.plan import planned
from sim.sweeps.single_run import result_of

MEASURES = ["energy", "f_hat", "mean_cosine", "max_speed", "order"]
BOUND = {"float64": 1e-8, "float32": 2e-3}
"""Largest difference, of a number's size or 1, after a few steps."""
INTEGRATORS = ("euler", "rk4", "leapfrog")
SPACES = ("sphere", "sphere", "flat", "pre_ln", "centred")


def drawn(rng):
    """Return a small scenario whose runs may be made at once, and some seeds."""
    laws = sorted(k for k, law in Dynamics.kinds().items() if law.batched)
    law = str(rng.choice(laws))
    n = int(rng.integers(2, 40))
    changes = {
        "dynamics": law,
        "tokens": n,
        "dimension": 3 if law == "spin" else int(rng.integers(2, 7)),
        "integrator": str(rng.choice(INTEGRATORS)),
        "space": str(rng.choice(SPACES)),
        "precision": str(rng.choice(["float64", "float64", "float32"])),
        "step": 0.02,
        "duration": 0.2,
    }
    scenario = sim.edit(sim.Scenario(), changes)
    own = {}
    if scenario.dynamics.inverse_temperature is not None:
        least = 0.0 if scenario.dynamics.attention_heads is None else -3.0
        own["dynamics.beta"] = float(rng.uniform(least, 12))
    if scenario.dynamics.attention_heads is not None:
        own["dynamics.heads.count"] = int(rng.integers(1, 4))
        own["dynamics.heads.value"] = str(rng.choice(["identity", "rotation"]))
        if law not in ("cross", "sinkhorn"):
            masks = ["full", "causal", "others"] if n > 2 else ["full"]
            own["dynamics.heads.mask"] = str(rng.choice(masks))
    if law == "cross":
        own["dynamics.size"] = int(rng.integers(1, 12))
    first = int(rng.integers(0, 1000))
    return sim.edit(scenario, {**own, "seed": first}), int(rng.integers(2, 12))


def wrong(scenario, count, rng):
    """Return what is wrong with `count` runs of `scenario`, in lines."""
    options = {"seeds": count, "at": [0.0, 0.13, 0.2], "measures": MEASURES}
    free = sorted(scenario.dynamics.numbers_of_runs)
    over = {f"dynamics.{name}": rng.uniform(0, 9, 2) for name in free}
    plan = planned(scenario, over, **options)
    if any(plan.alone):
        return [f"made one by one: {plan.alone[0]}"]
    made = grouped(plan, len(plan.tasks))
    found = []
    for size in {1, 2, int(rng.integers(1, len(plan.tasks) + 1))}:
        if repr(grouped(plan, size)) != repr(made):
            found.append(f"other bits by {size} at once")
    for k, (one, task) in enumerate(zip(made, plan.tasks, strict=True)):
        found += [f"run {k}: {line}" for line in apart(one, result_of(task), scenario)]
    return found


def grouped(plan, size):
    """Return the results of all runs of a plan, so many at once."""
    found, most = [], jobs.MAX_RUNS_AT_ONCE
    jobs.MAX_RUNS_AT_ONCE = size
    try:
        for job in jobs_of(plan, range(len(plan.tasks)), 1):
            found += results_of(job.data)
    finally:
        jobs.MAX_RUNS_AT_ONCE = most
    return found


def apart(one, other, scenario):
    """Return where two results differ by more than the bound."""
    if one["error"] != other["error"] or len(one["rows"]) != len(other["rows"]):
        return [f"{one['error']!r}, {other['error']!r}"]
    bound, found = BOUND[scenario.precision], []
    for row, right in zip(one["rows"], other["rows"], strict=True):
        for kind, value in row.items():
            same = math.isnan(value) and math.isnan(right[kind])
            size = max(1.0, abs(right[kind]))
            if not same and not np.abs(value - right[kind]) <= bound * size:
                found.append(f"t = {row['t']}: {kind} {value} or {right[kind]}")
    return found


def close(made, wanted, rel):
    """Check that results agree but for rounding."""
    assert [m["error"] for m in made] == [w["error"] for w in wanted]
    for one, other in zip(made, wanted, strict=True):
        assert len(one["rows"]) == len(other["rows"])
        for row, right in zip(one["rows"], other["rows"], strict=True):
            assert [*row] == [*right]
            assert row == pytest.approx(right, rel=rel, abs=rel, nan_ok=True)
