"""Causal attention under five value matrices, and what must be seen of each."""

import numpy as np
import pytest
from helpers.paths import SCENARIOS
from scipy.linalg import expm

import sim
from sim.measure.clusters import components
from sim.theory.uniform import energy

ATLAS = ("causal", "causal-axis", "causal-circle", "causal-turning", "causal-spread")


def atlas(name, **changes):
    return sim.Simulation(
        sim.edit(sim.open_scenario(SCENARIOS / f"{name}.json"), changes), "numpy"
    )


def value(run):
    """Return V as it is drawn: (d, d)."""
    d = run.scenario.dimension
    return run.scenario.dynamics.heads.value.draw(1, d, np.random.default_rng(0))[0]


def alone(run, t):
    """Return e^{tV}x/|e^{tV}x| of the first token x, which attends to itself only."""
    y = expm(t * value(run)) @ run.x[0]
    return y / np.linalg.norm(y)


@pytest.mark.slow
@pytest.mark.parametrize("name", ATLAS)
def test_the_first_token_moves_alone(name):
    run = atlas(name, step=0.05)
    wanted = alone(run, 10.0)
    run.reach(10.0)
    assert np.abs(run.x[0] - wanted).max() < 1e-7


@pytest.mark.slow
def test_the_identity_leads_all_to_the_first_token():
    run = atlas("causal", step=0.1)
    first = run.x[0]
    run.reach(60.0)
    assert np.abs(run.x[0] - first).max() < 1e-14
    assert np.abs(run.x - first).max() < 1e-5


def test_a_leading_axis_takes_all_to_one_of_its_ends():
    run = atlas("causal-axis")
    leading = np.linalg.eigh(value(run))[1][:, -1]
    run.reach(20.0)
    ends = run.x @ leading
    assert np.abs(np.abs(ends) - 1).max() < 1e-9
    assert set(np.sign(ends)) == {-1, 1}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_repelled_axis_leaves_a_circle(seed):
    run = atlas("causal-circle", seed=seed)
    first = run.x[0, :2] / np.linalg.norm(run.x[0, :2])
    run.reach(30.0)
    assert np.abs(run.x[:, 2]).max() < 1e-9
    assert np.abs(run.x[0, :2] - first).max() < 1e-9
    assert components(run.x).max() >= 1  # not in one place


@pytest.mark.slow
def test_a_complex_pair_turns_all_tokens_in_its_plane():
    run = atlas("causal-turning")
    pair = max(np.linalg.eigvals(value(run)), key=lambda v: (v.real, v.imag))
    assert pair == pytest.approx(1 + 0.5j, abs=1e-14)
    run.reach(40.0)
    before = run.x
    assert components(before).max() + 1 == 3
    assert np.abs(before[:, 2]).max() < 1e-9
    run.advance(np.pi / pair.imag)  # half a turn
    assert np.abs(run.x + before).max() < 5e-3  # groups still close in, slowly
    run.advance(np.pi / pair.imag)
    assert np.abs(run.x[0] - before[0]).max() < 1e-6
    assert np.abs(run.x - before).max() < 5e-3


@pytest.mark.slow
def test_repulsion_spreads_a_bunch_over_the_globe():
    run = atlas("causal-spread")
    beta, first = run.scenario.dynamics.beta, run.x[0]
    assert run.measures()["order"] > 0.95
    assert run.measures()["clusters"] < 32
    for t in (30.0, 45.0, 60.0):
        run.reach(t)
        found = run.measures()
        assert found["clusters"] == 32
        assert found["order"] < 0.1
        assert energy(beta, 3) < found["f_hat"] < 1.15 * energy(beta, 3)
    assert np.abs(run.x[0] - first).max() < 1e-14
