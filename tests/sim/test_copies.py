"""A copy of a run is one of its own, and a start that fails changes nothing."""

import copy

import numpy as np
import pytest

import sim


def run_of(**changes) -> sim.Simulation:
    scenario = sim.edit(sim.Scenario(tokens=6, step=0.1), changes)
    return sim.Simulation(scenario, "numpy")


def test_a_copy_and_its_original_go_on_alone():
    run = run_of(integrator="maruyama", **{"integrator.temperature": 0.1})
    run.advance(0.3)
    twin, before = copy.copy(run), run.x
    twin.retune(sim.edit(twin.scenario, {"dynamics.beta": 30}))
    twin.edit_tokens(sim.TokenEdits(remove=(0,)))
    twin.advance(0.2)
    assert run.run.changes == () and run.past.changes == ()
    assert run.t == pytest.approx(0.3) and twin.t == pytest.approx(0.5)
    assert np.array_equal(run.x, before) and len(twin.x) == 5
    run.advance(0.2)
    again = run_of(integrator="maruyama", **{"integrator.temperature": 0.1})
    again.advance(0.3)
    again.advance(0.2)
    assert np.array_equal(run.x, again.x)  # noise and all, bit for bit


def test_a_copy_draws_its_own_noise():
    """The noise of the twin is that of its own tokens, after one is removed."""
    run = run_of(integrator="maruyama", **{"integrator.temperature": 0.1})
    run.advance(0.3)
    twin = copy.copy(run)
    for other in (run, twin):
        other.edit_tokens(sim.TokenEdits(remove=(0,)))
    run.edit_tokens(sim.TokenEdits(remove=(1,)))
    twin.advance(0.3)
    assert twin.x.shape == (5, 3) and np.isfinite(twin.x).all()


def test_a_start_that_fails_leaves_the_run_as_it_is():
    run = run_of()
    run.advance(0.3)
    before, ids = run.x, run.ids
    wrong = sim.edit(
        run.scenario,
        {
            "tokens": 9,
            "dynamics.heads.value": "explicit",
            "dynamics.heads.value.matrix": "1,0;0,1",
        },
    )
    with pytest.raises(ValueError, match="must be 3 × 3"):
        run.retune(wrong)
    assert np.array_equal(run.x, before) and np.array_equal(run.ids, ids)
    assert len(run.frame().ids) == 6
    run.advance(0.2)
    assert np.isfinite(run.x).all()
