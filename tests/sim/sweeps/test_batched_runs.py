"""Runs that are made at once are those that are made one by one."""

import json

import numpy as np
import pytest
from helpers.sampling import drawn
from hypothesis import given
from hypothesis import strategies as st

import sim
from app.__main__ import main
from sim.jit.llvm import missing
from sim.sweeps import jobs
from sim.sweeps.jobs import jobs_of, results_of
from sim.sweeps.plan import planned
from sim.sweeps.single_run import result_of

pytestmark = pytest.mark.skipif(missing() is not None, reason="needs llvmlite")
BASE = sim.Scenario(tokens=7, dimension=3, step=0.05, duration=1.0)
TIMES = ["time_to_one_cluster", "time_to_mean_cosine"]
KINDS = ["f_hat", "clusters", "mean_cosine", "order", *TIMES]
PARTS = {
    "plain": {},
    "euler": {"integrator": "euler"},
    "circle": {"dimension": 2, "dynamics.beta": 20.0},
    "float32": {"precision": "float32"},
    "unnormalised": {"dynamics": "unnormalised"},
    "causal": {"dynamics.heads.mask": "causal"},
    "window": {"dynamics.heads.mask": "window"},
    "heads": {"dynamics.heads.count": 3, "dynamics.heads.value": "rotation"},
    "masses": {
        "dynamics.heads.masses": "explicit",
        "dynamics.heads.masses.masses": "1,2,3,4,5,6,7",
    },
    "flat": {"space": "flat", "dynamics.heads.value.scale": -1.0},
    "pre": {"space": "pre_ln"},
    "scaled": {"dynamics.heads.scaled": True, "dynamics.beta": -3.0},
}

MLP = {"dynamics.heads.mlp.first": "gaussian"}


def together(scenario, seeds, **options):
    plan = planned(scenario, {}, seeds=seeds, **options)
    assert set(plan.alone) == {""}, plan.alone
    (job,) = jobs_of(plan, range(len(seeds)), 1)
    return results_of(job.data)


def alone(scenario, seeds, **options):
    plan = planned(scenario, {}, seeds=seeds, batched=False, **options)
    return [result_of(task) for task in plan.tasks]


def close(made, wanted, rel):
    assert [m["error"] for m in made] == [w["error"] for w in wanted]
    for one, other in zip(made, wanted, strict=True):
        assert len(one["rows"]) == len(other["rows"])
        for row, right in zip(one["rows"], other["rows"], strict=True):
            assert [*row] == [*right]
            assert row == pytest.approx(right, rel=rel, abs=rel, nan_ok=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", PARTS)
def test_runs_at_once_are_those_one_by_one(name):
    s = sim.edit(BASE, PARTS[name])
    options = {"at": [0.0, 0.33, 1.0], "measures": KINDS}
    rel = 2e-4 if name == "float32" else 1e-10
    close(together(s, [3, 9, 4], **options), alone(s, [3, 9, 4], **options), rel)


@given(
    n=st.integers(2, 40),
    d=st.sampled_from([2, 3, 8]),
    beta=st.floats(-4, 30),
    seed=st.integers(0, 99),
)
@drawn(6)
@pytest.mark.slow
def test_any_size_and_temperature(n, d, beta, seed):
    s = sim.edit(BASE, {"tokens": n, "dimension": d, "dynamics.beta": beta})
    options = {"at": [0.5], "measures": ["f_hat", "mean_cosine"]}
    close(
        together(s, [seed, 7 + seed], **options),
        alone(s, [seed, 7 + seed], **options),
        1e-9,
    )


@pytest.mark.slow
def test_first_passages_of_runs_at_once(seeds=range(6)):
    s = sim.edit(BASE, {"dynamics.beta": 1.0, "integrator": "euler"})
    options = {"at": [2.0, 9.0], "measures": TIMES}
    made = together(s, [*seeds], **options)
    assert made == alone(s, [*seeds], **options)
    assert np.isfinite([m["rows"][-1][TIMES[0]] for m in made]).any()


def test_neighbours_and_processes_change_no_bit(monkeypatch):
    plan = planned(BASE, {"dynamics.beta": (1.0, 4.0)}, seeds=5, measures=["f_hat"])
    assert jobs_of(plan, [1, 3, 7], 1)[0].numbers == (1, 3)
    found = []
    for workers, most in ((1, 1024), (2, 1024), (3, 2), (1, 1)):
        monkeypatch.setattr(jobs, "MAX_RUNS_AT_ONCE", most)
        made = {}
        for job in jobs_of(plan, range(10), workers):
            made |= zip(job.numbers, results_of(job.data), strict=True)
        found.append([made[k] for k in range(10)])
    assert all(some == found[0] for some in found)


def test_a_run_that_runs_away_ends_alone():
    s = sim.edit(BASE, {"space": "flat", "integrator": "euler", "duration": 2000.0})
    s = sim.edit(s, {"dynamics.heads.value.scale": 4.0, "tokens": 2, "step": 2.0})
    options = {"at": [2.0, 2000.0], "measures": ["order"]}
    made, wanted = together(s, [1, 2], **options), alone(s, [1, 2], **options)
    assert [len(m["rows"]) for m in made] == [len(w["rows"]) for w in wanted] == [1, 1]
    assert all("infinite or NaN" in m["error"] for m in made)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"dynamics.heads.mlp": "composed", **MLP}, "MLP"),
        ({"dynamics.heads.value": "gaussian"}, "drawn in each run"),
        ({"dynamics.heads.mask": "neighbours"}, "nearest"),
        ({"dynamics.heads.depth.layers": 3}, "depth"),
        ({"integrator": "maruyama"}, "steps or draws"),
        ({"dynamics": "hardmax"}, "sums over tokens"),
        ({"tokens": 300}, "at most 256 tokens"),
    ],
)
def test_what_is_made_one_by_one_says_why(changes, why):
    plan = planned(sim.edit(BASE, changes), {}, seeds=2)
    assert all(why in text for text in plan.alone), plan.alone


def test_the_plan_is_printed(capsys):
    flags = ["--set", "tokens=4", "--over", "integrator=euler,maruyama", "--seeds", "3"]
    assert main(["sweep", *flags, "--plan"]) == 0
    first, at_once, by_itself = capsys.readouterr().out.splitlines()
    assert first == "6 runs" and at_once.startswith("3 are made with others")
    assert by_itself.startswith("3 are made one by one: the method maruyama")
    assert main(["sweep", *flags, "--plan", "--one-by-one"]) == 0
    assert json.dumps(capsys.readouterr().out).count("one by one") == 1
