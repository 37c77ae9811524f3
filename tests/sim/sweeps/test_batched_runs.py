"""Runs that are made at once are those that are made one by one."""

import json
import os
from functools import partial

import numpy as np
import pytest
from helpers.random_sweeps import close, wrong
from helpers.random_sweeps import drawn as drawn_sweep
from helpers.sampling import drawn
from hypothesis import given
from hypothesis import strategies as st

import sim
from app.__main__ import main
from sim.jit.llvm import missing
from sim.measure.cluster_counts import cluster_counts
from sim.measure.clusters import components
from sim.sweeps import in_process, jobs
from sim.sweeps.jobs import jobs_of, results_of
from sim.sweeps.library_threads import LIBRARIES, limit, limited
from sim.sweeps.plan import planned
from sim.sweeps.single_run import result_of

pytestmark = pytest.mark.skipif(missing() is not None, reason="needs llvmlite")
BASE = sim.Scenario(tokens=7, dimension=3, step=0.05, duration=1.0)
TIMES = ["time_to_one_cluster", "time_to_mean_cosine"]
KINDS = [
    "energy",
    "energy_rate",
    "max_speed",
    "f_hat",
    "clusters",
    "mean_cosine",
    "order",
    *TIMES,
]
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
    "cross": {"dynamics": "cross", "dynamics.size": 5, "dynamics.heads.count": 2},
    "cross, masses": {
        "dynamics": "cross",
        "dynamics.size": 3,
        "dynamics.heads.masses": "explicit",
        "dynamics.heads.masses.masses": "1,2,3",
    },
    "sinkhorn": {"dynamics": "sinkhorn", "dynamics.heads.value": "rotation"},
    "hardmax": {"dynamics": "hardmax", "dynamics.heads.mask": "others"},
    "linear": {"dynamics": "linear", "dynamics.heads.mask": "causal"},
    "inertial": {"dynamics": "inertial", "integrator": "leapfrog"},
    "runaway": {"dynamics": "linear", "space": "flat", "duration": 9.0},
    "spin": {"dynamics": "spin", "dynamics.phi": 30.0},
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


@pytest.mark.slow
@pytest.mark.parametrize("name", PARTS)
def test_runs_at_once_are_those_one_by_one(name):
    s = sim.edit(BASE, PARTS[name])
    options = {"at": [0.0, 0.33, 1.0], "measures": KINDS}
    rel = 2e-4 if name == "float32" else 1e-10
    close(together(s, [3, 9, 4], **options), alone(s, [3, 9, 4], **options), rel)


@pytest.mark.slow
def test_a_random_sweep_at_once_is_the_one_made_one_by_one():
    rng = np.random.default_rng([22, 8])
    assert wrong(*drawn_sweep(rng), rng) == []


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
    assert jobs_of(plan, [1, 3, 7], 1)[0].numbers == (1, 3, 7)
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
        ({"dynamics": "cross", "dynamics.size": 300}, "at most 256 tokens"),
        ({"dynamics": "grand"}, "graph"),
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


def test_numbers_of_all_runs_at_once_are_those_of_each(seeds=range(9)):
    s = sim.edit(BASE, {"dynamics.beta": 1.0, "tokens": 12, "dimension": 2})
    options = {"at": [0.0, 1.0, 3.0], "measures": ["clusters", "f_hat", "mean_cosine"]}
    made, wanted = together(s, [*seeds], **options), alone(s, [*seeds], **options)
    close(made, wanted, 1e-10)
    counts = {row["clusters"] for m in made for row in m["rows"]}
    assert len(counts) > 4  # of many and of few


@pytest.mark.parametrize("n", [1, 2, 9, 97])
def test_counts_of_clusters_are_those_of_components(n):
    rng = np.random.default_rng(n)
    x = rng.normal(size=(40, n, 2)) * rng.uniform(0.01, 0.5, size=(40, 1, 1))
    x[0], x[1] = 0.0, np.nan
    wanted = [len({*components(one).tolist()}) for one in x]
    assert cluster_counts(x).tolist() == wanted
    assert cluster_counts(x[7:8]).tolist() == wanted[7:8]


def test_a_small_sweep_is_made_here(monkeypatch):
    over, options = {"dynamics.beta": (1.0, 4.0)}, {"seeds": 3, "measures": ["f_hat"]}
    plan = planned(BASE, over, **options)
    some = jobs_of(plan, range(6), 1)
    assert not in_process.small(some, 64)  # libraries may have many threads
    for name in LIBRARIES:
        monkeypatch.setenv(name, "1")
    monkeypatch.setattr(in_process, "threads", partial(int, 2))
    assert in_process.small(some, 2) and not in_process.small(some, 1)
    one = planned(BASE, over, batched=False, **options)
    assert not in_process.small(jobs_of(one, range(6), 1), 2)
    rows = sim.sweep(BASE, over, workers=2, **options)
    monkeypatch.setattr(in_process, "MOST_WORK", 1)
    assert not in_process.small(some, 2)  # worth the start of processes
    made = [r for job in some for r in results_of(job.data)]
    assert [row["f_hat"] for row in rows] == [m["rows"][0]["f_hat"] for m in made]


def test_libraries_that_are_loaded_keep_their_threads(monkeypatch):
    monkeypatch.setenv(LIBRARIES[0], "7")
    limit(1)
    assert os.environ[LIBRARIES[0]] == "7" and not limited()
