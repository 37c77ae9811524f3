"""Many dimensions and long contexts: borders that one equation draws."""

import math

import numpy as np
import pytest
from helpers.paths import SCENARIOS
from helpers.runs import placed, sphere
from scipy.integrate import quad
from scipy.optimize import brentq

import sim
from sim.measure.clusters import SAME_CLUSTER_COSINE

N, RHO = 1000, 0.3


def preset(name, **changes):
    changes = {k.replace("__", "."): v for k, v in changes.items()}
    s = sim.edit(sim.open_scenario(SCENARIOS / f"{name}.json"), changes)
    return sim.Simulation(s, "numpy")


def measured(run, kind):
    request = sim.FrameRequest(frozenset({kind}), clusters=False)
    return run.frame(request=request).measures[kind]


# Random tokens of many dimensions.


def meeting(n, beta):
    """Return when orthogonal tokens reach the cosine 0.999: ∫ dρ/ρ'."""

    def slowness(rho):
        ahead = 2 * (1 - rho) * (1 + (n - 1) * rho)
        return (math.exp(beta * (1 - rho)) + n - 1) / ahead

    return quad(slowness, 0, SAME_CLUSTER_COSINE, limit=200)[0]


def crossed(run):
    """Return when half of the pairs are aligned, between two steps."""
    before = 0.0
    while (now := measured(run, "aligned")) < 0.5:
        before = now
        run.step()
        assert run.t < 60
    return run.t - run.scenario.step * (now - 0.5) / (now - before)


@pytest.mark.slow
def test_the_time_of_meeting_is_that_of_orthogonal_tokens():
    assert meeting(32, 6.0) == pytest.approx(15.995, abs=1e-3)
    for beta in (0.5, 2.0, 4.0):
        found = [
            crossed(preset("phase-diagram", seed=seed, dynamics__beta=beta))
            / meeting(32, beta)
            for seed in range(3)
        ]
        assert found == pytest.approx([1, 1, 1], abs=0.06)
        assert np.mean(found) == pytest.approx(1, abs=0.03)


@pytest.mark.slow
def test_the_border_in_beta_is_that_of_orthogonal_tokens():
    t = 10.0
    border = brentq(lambda beta: meeting(32, beta) - t, 1, 9)
    assert border == pytest.approx(5.110, abs=1e-3)
    for seed in range(2):
        shares = []
        for factor in (0.9, 1.15):
            beta = factor * border
            run = preset("phase-diagram", seed=seed, dynamics__beta=beta)
            run.reach(t)
            shares.append(measured(run, "aligned"))
        assert shares[0] > 0.99
        assert shares[1] < 0.01


@pytest.mark.slow
def test_the_phase_diagram_shows_what_its_note_says():
    run = preset("phase-diagram")
    assert crossed(run) == pytest.approx(15, abs=0.5)
    assert crossed(preset("phase-diagram", dynamics__beta=4.0)) < 7.3
    run.reach(30.0)
    assert measured(run, "clusters") == 1
    cold = preset("phase-diagram", dynamics__beta=9.0)
    cold.reach(30.0)
    assert measured(cold, "aligned") == 0


def test_aligned_pairs_are_counted(tmp_path):
    angles = np.radians([0, 2, 90, 92, 94.0])  # 0.999 is 2.56°
    x = np.column_stack([np.cos(angles), np.sin(angles)])
    run = sim.Simulation(placed(x, tmp_path), "numpy")
    assert run.measures()["aligned"] == pytest.approx(3 / 10)
    one = sim.Simulation(sim.edit(sim.Scenario(), {"tokens": 1}), "numpy")
    assert math.isnan(one.measures()["aligned"])


# Long contexts: one layer of attention.


def output(n, rho, beta):
    """Return the cosine of two outputs of attention, inputs at the cosine rho."""
    a = 1 / (1 + (n - 1) * math.exp(-beta * (1 - rho)))
    b = (1 - a) / (n - 1)
    own = a * a + 2 * a * b * (n - 1) * rho
    own += b * b * ((n - 1) + (n - 1) * (n - 2) * rho)
    shared = a * a * rho + 2 * a * b * (1 + (n - 2) * rho)
    shared += b * b * ((n - 2) * (1 + (n - 1) * rho) + rho)
    return shared / own


@pytest.mark.slow
@pytest.mark.parametrize("gamma", [0.0, 0.7, 1.2, 1 / (1 - RHO), 1.7, 2.5])
def test_one_layer_of_a_long_context_is_the_exact_formula(gamma):
    beta = gamma * math.log(N)
    run = preset("long-context", tokens=N, dimension=N, dynamics__beta=beta)
    assert measured(run, "output_cosine") == pytest.approx(
        output(N, RHO, beta), abs=1e-10
    )


def test_the_border_of_long_contexts():
    critical = 1 / (1 - RHO)
    assert output(N, RHO, critical * math.log(N)) == pytest.approx(0.63222, abs=5e-6)
    limit = 4 * RHO / (1 + 3 * RHO)
    assert output(10**6, RHO, critical * math.log(1e6)) == pytest.approx(
        limit, abs=1e-5
    )
    assert output(10**9, RHO, 0.7 * critical * math.log(1e9)) > 0.99
    assert output(10**9, RHO, 1.3 * critical * math.log(1e9)) < RHO + 0.01


def test_output_cosines_of_tokens_anywhere(tmp_path):
    x = sphere(np.random.default_rng(2), 6, 3)
    changes = {"dynamics.beta": 1.5, "dynamics.heads.value": "rotation"}
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    p = np.exp(1.5 * x @ x.T)
    y = p @ x  # V turns all outputs alike, and the lengths do not matter
    y /= np.linalg.norm(y, axis=1, keepdims=True)
    wanted = (y @ y.T)[~np.eye(6, dtype=bool)].mean()
    assert run.measures()["output_cosine"] == pytest.approx(wanted, abs=1e-14)
    waves = sim.edit(run.scenario, {"dynamics": "bracket", "space": "flat"})
    assert math.isnan(sim.Simulation(waves, "numpy").measures()["output_cosine"])
