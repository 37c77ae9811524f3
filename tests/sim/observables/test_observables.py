"""What is measured is what it is called."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.runs import placed, sphere

import sim
from sim.measure.cosines import Cosines, legendre_coefficients
from sim.observables import Observable
from sim.scenario import edit


def measured(x, tmp_path, **changes):
    return sim.Simulation(placed(x, tmp_path, **changes), "numpy").measures()


def test_cosines_of_a_triangle(tmp_path):
    a = 2 * np.pi * np.arange(3) / 3
    found = measured(np.stack([np.cos(a), np.sin(a)], axis=1), tmp_path)
    assert found["min_cosine"] == pytest.approx(-0.5)
    assert found["max_cosine"] == pytest.approx(-0.5)
    powers = [found[f"power_{k}"] for k in (2, 3, 4)]
    assert np.allclose(powers, [0, 1, 0], atol=1e-15)
    assert found["order"] == pytest.approx(0, abs=1e-15)
    assert found["effective_rank"] == pytest.approx(2)
    assert found["radius"] == pytest.approx(1)
    assert found["radius_spread"] == pytest.approx(0)


def test_one_token_and_consensus(tmp_path):
    alone = measured(np.array([[1.0, 0.0, 0.0]]), tmp_path)
    assert np.isnan(alone["min_cosine"])
    same = measured(np.tile([[0.0, 0.6, 0.8]], (5, 1)), tmp_path)
    for kind in ("min_cosine", "max_cosine", "effective_rank", "power_2", "power_4"):
        assert same[kind] == pytest.approx(1)
    assert same["max_speed"] == pytest.approx(0, abs=1e-15)


def test_radii_in_the_flat_space(tmp_path):
    x = np.diag([1.0, 2.0, 3.0])
    found = measured(x, tmp_path, space="flat")
    assert found["radius"] == pytest.approx(2)
    assert found["radius_spread"] == pytest.approx(np.std([1, 2, 3]))
    assert found["max_cosine"] == pytest.approx(0)


@pytest.mark.parametrize("n", [2, 3, 64, 255, 256, 257, 600])
@pytest.mark.parametrize("kind", ["uniform", "close", "zero"])
def test_cosines_in_tiles_are_those_of_all_pairs(n, kind):
    rng = np.random.default_rng(n)
    x = rng.normal(size=(n, 3))
    if kind == "close":
        x = rng.normal(size=(4, 3))[rng.integers(0, 4, n)] + 0.03 * x
    if kind == "zero":
        x[0] = 0
    cosines = Cosines.of(x)
    y = cosines.directions
    pairs = (y @ y.T)[~np.eye(n, dtype=bool)]
    assert cosines.least == pytest.approx(pairs.min(), abs=1e-15)
    assert cosines.largest == pytest.approx(pairs.max(), abs=1e-15)
    assert cosines.aligned_share == np.mean(pairs > 0.999)


def legendre_of(degree, d, t):
    return np.polynomial.polynomial.polyval(t, legendre_coefficients(degree, d))


@pytest.mark.parametrize("d", [2, 3, 5])
def test_harmonics_of_different_degrees_do_not_mix(d):
    """∫ P_k P_l (1−t²)^{(d−3)/2} dt = 0 for k ≠ l."""
    angle = np.linspace(0, np.pi, 4001)[1:-1]
    t, weight = np.cos(angle), np.sin(angle) ** (d - 2)
    p = [legendre_of(k, d, t) for k in range(5)]
    gram = np.array([[(a * b * weight).mean() for b in p] for a in p])
    assert np.abs(gram - np.diag(np.diag(gram))).max() < 2e-3
    assert all(legendre_of(k, d, np.ones(1))[0] == pytest.approx(1) for k in range(5))


@pytest.mark.parametrize("d", [2, 3, 5, 64])
def test_power_is_the_mean_of_a_polynomial_of_all_cosines(d):
    """By the recursion at every pair, P_{k+1} ∝ (2k+d−2) t P_k − k P_{k−1}."""
    cosines = Cosines.of(np.random.default_rng(4).normal(size=(300, d)))
    gram = cosines.directions @ cosines.directions.T
    before, now = np.ones_like(gram), gram
    for k in (1, 2, 3):
        ahead = (2 * k + d - 2) * gram * now - k * before
        before, now = now, ahead / (k + d - 2)
        assert cosines.power(k + 1) == pytest.approx(now.mean(), abs=2e-14)


@pytest.mark.slow
@pytest.mark.parametrize("space", ["sphere", "flat"])
@pytest.mark.parametrize("law", ["softmax", "unnormalised"])
def test_divergence_is_that_of_a_token_without_mass(law, space, tmp_path):
    """Against finite differences of a field whose other tokens stand still."""
    rng = np.random.default_rng(0)
    x = sphere(rng, 7, 3)
    heads = {"dynamics.heads.count": 2}
    for part in ("value", "query", "key"):
        heads[f"dynamics.heads.{part}"] = "gaussian"
    mass = ((*(1.0,) * 7, 1e-12),)
    ghost = {
        "dynamics.heads.masses": "explicit",
        "dynamics.heads.masses.masses": mass,
    }
    base = {"dynamics": law, "space": space, "dynamics.beta": 1.5, **heads}
    found = measured(x, tmp_path, **base)["divergence"]
    rise, eps = 0.0, 1e-5
    for i in range(7):
        axes = np.linalg.svd(x[i : i + 1])[2]
        axes = axes[1:] if space == "sphere" else axes
        for e in axes:
            ends = []
            for sign in (1, -1):
                y = np.vstack([x, x[i] + sign * eps * e])
                if space == "sphere":
                    y[-1] /= np.linalg.norm(y[-1])
                run = sim.Simulation(placed(y, tmp_path, **base, **ghost), "numpy")

                ends.append(run.velocity()[-1] @ e)
            rise += (ends[0] - ends[1]) / (2 * eps)
    assert found == pytest.approx(rise / 7, abs=2e-7)


def test_gathering_tokens_have_a_negative_divergence():
    run = sim.Simulation(edit(sim.Scenario(tokens=64), {"initial": "cap"}), "numpy")
    assert run.measures()["divergence"] < 0
    away = edit(run.scenario, {"dynamics.heads.value.scale": -1.0})
    assert sim.Simulation(away, "numpy").measures()["divergence"] > 0


@pytest.mark.parametrize("kind", Observable.kinds())
def test_every_observable_says_what_it_is(kind):
    cls = Observable.kinds()[kind]
    assert cls.label
    assert cls.formula
    run = sim.Simulation(
        edit(sim.Scenario(tokens=6), {"precision": "float32"}), "numpy"
    )
    assert isinstance(run.measures()[kind], float)


WEIGHED = {"dynamics.heads.masses.masses": ((*range(1, 21),),)}


@pytest.mark.parametrize("law", ["softmax", "unnormalised"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"dynamics.heads.query": "gaussian", "dynamics.heads.value": "gaussian"},
        {"dynamics.heads.mask": "causal"},
        {"space": "flat", "dynamics.heads.masses": "explicit", **WEIGHED},
    ],
    ids=["plain", "turned", "masked", "masses"],
)
def test_the_power_is_how_fast_the_energy_changes(law, changes):
    """Against a fine central difference along the flow."""
    base = {"dynamics": law, "tokens": 20, "step": 1e-4, "dynamics.beta": 2.0}
    run = sim.Simulation(edit(sim.Scenario(), {**base, **changes}), "numpy")
    before = run.measures()["energy"]
    run.step()
    rate = run.measures()["energy_rate"]
    run.step()
    middle = (run.measures()["energy"] - before) / 2e-4
    assert rate == pytest.approx(middle, rel=1e-6, abs=1e-10)


@pytest.mark.slow
def test_what_is_shared_is_that_of_the_state_in_force():
    run = sim.Simulation(sim.Scenario(tokens=70), "numpy")
    for _ in range(3):
        run.step()
        fresh = sim.Simulation(run.scenario, "numpy")
        fresh.restore(run.frame())
        assert run.measures() == pytest.approx(fresh.measures(), rel=1e-13, nan_ok=True)
    run.retune(edit(run.scenario, {"dynamics.beta": 1.0}))
    fresh = sim.Simulation(run.scenario, "numpy")
    fresh.restore(run.frame())
    assert run.measures() == pytest.approx(fresh.measures(), rel=1e-13, nan_ok=True)


@pytest.mark.slow
def test_the_head_of_a_token_is_that_which_pulls_it_most_without_normalising():
    heads = {"count": 2, "query": "gaussian", "value": "gaussian"}
    changes = {f"dynamics.heads.{k}": v for k, v in heads.items()}
    run = sim.Simulation(
        edit(sim.Scenario(), {"dynamics": "unnormalised", **changes}), "numpy"
    )
    x, a = run.x, run.probe().attention
    weight = np.exp(a.beta * (a.query @ x.T).swapaxes(-1, -2) @ x.T - a.beta) / len(x)
    pulls = weight @ x @ a.value.swapaxes(-1, -2)
    along = pulls - (pulls * x).sum(-1, keepdims=True) * x
    found = np.linalg.norm(along, axis=-1).argmax(axis=0)
    np.testing.assert_array_equal(run.probe().head, found)
    share = weight / weight.sum(-1, keepdims=True) @ x @ a.value.swapaxes(-1, -2)
    share -= (share * x).sum(-1, keepdims=True) * x
    assert (np.linalg.norm(share, axis=-1).argmax(axis=0) != found).any()


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("n", [32, 400, 3000])
def test_f_hat_is_exact_below_and_after_negative_temperatures(n, precision):
    """Against the double sum; β below 0 leaves the range of float32."""
    run = sim.Simulation(
        edit(sim.Scenario(tokens=n), {"precision": precision}), "numpy"
    )
    tolerance = 1e-13 if precision == "float64" else 1e-4
    for beta in (9.0, -2.0, -40.0, -64.0, 9.0):
        run.retune(edit(run.scenario, {"dynamics.beta": beta}))
        run.step()
        x, found = run.x.astype(float), run.measures()
        wanted = np.exp(beta * (x @ x.T - 1)).mean()
        for value in (found["f_hat"], 2 * found["f"] / n**2, 1 / found["effective"]):
            assert value == pytest.approx(wanted, rel=tolerance)
        assert np.isfinite(found["energy_rate"])
