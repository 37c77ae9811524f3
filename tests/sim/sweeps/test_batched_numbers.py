"""Runs that differ in numbers of their law are made at once, and keep every bit."""

import numpy as np
import pytest
from helpers.random_sweeps import close

import sim
from sim.dynamics import Dynamics
from sim.jit.llvm import missing
from sim.sweeps.jobs import jobs_of, results_of
from sim.sweeps.plan import planned
from sim.sweeps.single_run import result_of

pytestmark = pytest.mark.skipif(missing() is not None, reason="needs llvmlite")
BASE = sim.Scenario(tokens=6, dimension=3, step=0.05, duration=0.4)
BETA = {"dynamics.beta": (0.0, 0.7, 9.0)}
SMALL = {"dynamics.beta": (0.0, 0.5, 1.5)}
POSITIVE = {"dynamics.beta": (0.0, 1.5, 40.0)}
MIXED = {"dynamics.beta": (-2.0, 1.5, 40.0)}
MASSES = {
    "dynamics.heads.masses": "explicit",
    "dynamics.heads.masses.masses": "1,2,3,4,5,6",
}
PARTS = {
    "plain": ({}, MIXED),
    "float32": ({"precision": "float32"}, BETA),
    "causal": ({"dynamics.heads.mask": "causal", "dynamics.heads.count": 2}, MIXED),
    "scaled": ({"dynamics.heads.scaled": True, "space": "flat"}, BETA),
    "rotary": ({"dynamics.heads.positions": "rotary", "dimension": 4}, BETA),
    "unnormalised": ({"dynamics": "unnormalised"} | MASSES, MIXED),
    "papers": ({"dynamics": "unnormalised", "dynamics.shifted": False}, SMALL),
    "sinkhorn": ({"dynamics": "sinkhorn", "dynamics.rounds": 5}, MIXED),
    "cross": ({"dynamics": "cross", "dynamics.size": 5, "space": "pre_ln"}, BETA),
    "spin": ({"dynamics": "spin"}, {**POSITIVE, "dynamics.phi": (0.0, 30.0, 90.0)}),
    "inertial": (
        {"dynamics": "inertial", "precision": "float32"},
        {**POSITIVE, "dynamics.gamma": (0.0, 0.5)},
    ),
    "leapfrog": (
        {"dynamics": "inertial", "integrator": "leapfrog"},
        {**POSITIVE, "dynamics.gamma": (0.0, 0.5)},
    ),
}
KINDS = ["f_hat", "mean_cosine", "clusters", "energy", "time_to_mean_cosine"]


def made(plan, runs, workers=1):
    found = {}
    for job in jobs_of(plan, runs, workers):
        found |= zip(job.numbers, results_of(job.data), strict=True)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", PARTS)
def test_numbers_of_runs_at_once_are_those_of_each(name):
    changes, over = PARTS[name]
    options = {"seeds": 2, "at": [0.0, 0.22, 0.4], "measures": KINDS}
    plan = planned(sim.edit(BASE, changes), over, **options)
    every = range(len(plan.tasks))
    (job,) = jobs_of(plan, every, 1)
    assert set(job.data["numbers"]) == {path.partition(".")[2] for path in over}
    together = made(plan, every)
    by_law = [made(plan, [k, k + 1]) for k in every[::2]]
    # NaN is no equal of NaN.
    assert repr(together) == repr({k: r for some in by_law for k, r in some.items()})
    wanted = [result_of({**task, "batched": False}) for task in plan.tasks]
    rel = 2e-4 if "float32" in changes.values() else 1e-10
    close([together[k] for k in every], wanted, rel)


def test_a_law_that_does_not_fit_ends_its_own_runs_alone():
    s = sim.edit(BASE, {"dynamics": "unnormalised", "dynamics.shifted": False})
    over = {"dynamics.beta": (1.0, 90.0)}
    plan = planned(s, over, seeds=2, measures=["f_hat"])
    found = made(plan, range(4))
    assert [bool(found[k]["error"]) for k in range(4)] == [False, False, True, True]
    assert "must be on" in found[2]["error"]
    assert found == made(plan, range(2)) | made(plan, range(2, 4))
    assert found[2] == result_of(plan.tasks[2])


@pytest.mark.parametrize("own", [(1.0,), (1.0, 2.0)])
def test_runs_beside_one_that_has_run_away_keep_their_own_numbers(own):
    changes = {"dynamics": "unnormalised", "space": "flat", "precision": "float32"}
    s = sim.edit(BASE, {**changes, "tokens": 28, "step": 0.02, "duration": 0.2})
    over = {"dynamics.beta": (200.0, *own)}
    plan = planned(s, over, at=[0.0, 0.1, 0.2], measures=["f_hat", "clusters"])
    wanted = [result_of({**task, "batched": False}) for task in plan.tasks]
    assert "infinite or NaN" in wanted[0]["error"]
    found = made(plan, range(len(plan.tasks)))
    close([found[k] for k in found], wanted, 2e-4)


def test_jobs_of_many_numbers_are_shared_by_workers_and_can_be_split():
    over = {"tokens": (4, 6), "dynamics.beta": np.linspace(0.5, 4, 3)}
    plan = planned(BASE, over, seeds=4, measures=["f_hat"])
    jobs = jobs_of(plan, range(24), 2)
    assert [len(job.numbers) for job in jobs] == [6, 6, 6, 6]
    alone = [one for job in jobs for one in job.split()]
    found = {one.numbers[0]: results_of(one.data)[0] for one in alone[::5]}
    together = made(plan, range(24))
    assert found == {k: together[k] for k in found}


def test_every_number_in_which_runs_may_differ_is_one():
    for kind, law in Dynamics.kinds().items():
        for name in law.numbers_of_runs:
            assert law.batched and isinstance(getattr(law(), name), float), kind
