"""Attention without layer norm, and with norms before it: oracles J1, M and O."""

from __future__ import annotations

import numpy as np
import pytest
from runs import placed, reference, sphere, table
from scipy.linalg import expm
from scipy.spatial import ConvexHull

import sim
from sim.integrators.adaptive import Adaptive
from sim.projections.rescaled import Rescaled, rescaled
from sim.scenario import edit
from sim.theory.equiangular import Equiangular

TIGHT = Adaptive(rtol=1e-12, atol=1e-13)
FLAT = {"space": "flat", "dynamics.beta": 1.0, "integrator": TIGHT, "step": 0.5}


def of_value(matrix):
    part = "dynamics.heads.value"
    return {part: "explicit", f"{part}.matrix": table(np.asarray(matrix))}


@pytest.mark.parametrize("name", ["polytope_d2", "hyperplanes_d3"])
def test_rescaled_runs_are_those_of_another_code(name, tmp_path):
    known = reference(f"rd_rescaled_{name}")
    changes = {**FLAT, **of_value(known["V"])}
    for part in ("query", "key"):
        changes[f"dynamics.heads.{part}"] = "explicit"
        changes[f"dynamics.heads.{part}.matrix"] = table(known["A"])
    run = sim.Simulation(placed(known["x0"], tmp_path, **changes), "numpy")
    for t, x, z in zip(
        known["t"], known["x_continuous"], known["z_continuous"], strict=True
    ):
        run.advance(float(t) - run.t)
        assert np.abs(run.x - x).max() < 1e-9 * max(1, np.abs(x).max())
        assert np.abs(rescaled(run.scenario, run.t, run.x) - z).max() < 1e-9


def test_the_rescaled_eye_sees_two_dimensions_and_many(tmp_path):
    for d in (2, 3, 7):
        x = np.random.default_rng(0).normal(size=(9, d))
        run = sim.Simulation(placed(x, tmp_path, **FLAT), "numpy")
        seen, part = Rescaled().eye().see(run.frame())
        assert np.array_equal(seen[:, : min(d, 3)], x[:, :3])
        assert 0 < part <= 1


@pytest.mark.parametrize("c", [1.0, -1.0])
def test_two_opposite_tokens(c, tmp_path):
    """y = x² obeys y' = ±2y tanh y."""
    x = np.array([[0.7, 0.0], [-0.7, 0.0]])
    changes = {**FLAT, "dynamics.heads.value.scale": c}
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    # ∫ dy/(2y tanh y) has no closed form: the velocity is compared along the way.
    for _ in range(6):
        y = run.x[0, 0] ** 2
        rate = 2 * run.x[0, 0] * run.velocity()[0, 0]
        assert rate == pytest.approx(c * 2 * y * np.tanh(y), rel=1e-12)
        run.step()


def test_three_tokens_on_a_line(tmp_path):
    x = np.array([[-0.5, 0.0], [0.0, 0.0], [0.5, 0.0]])
    run = sim.Simulation(placed(x, tmp_path, **FLAT), "numpy")
    u = 0.5
    rate = u * 2 * np.sinh(u * u) / (1 + 2 * np.cosh(u * u))
    assert run.velocity()[2, 0] == pytest.approx(rate, rel=1e-13)
    assert run.velocity()[1, 0] == 0


def test_the_convex_hull_shrinks_and_attention_becomes_boolean(tmp_path):
    x = np.random.default_rng(2).uniform(-1, 1, size=(30, 2))
    run = sim.Simulation(placed(x, tmp_path, **FLAT), "numpy")
    areas = []
    for _ in range(24):
        areas.append(ConvexHull(rescaled(run.scenario, run.t, run.x)).volume)
        run.step()
    assert np.diff(areas).max() < 1e-9
    matrix = run.frame(wish=sim.Wish(frozenset(), matrix=30)).matrix
    assert np.minimum(matrix, 1 - matrix).max() < 1e-3


def test_tokens_settle_on_three_hyperplanes(tmp_path):
    x = np.random.default_rng(5).uniform(-2, 2, size=(25, 3))
    changes = {**FLAT, **of_value(np.diag([1.0, -0.5, 0.2]))}
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    run.advance(10.0)
    first = np.sort(rescaled(run.scenario, run.t, run.x)[:, 0])
    gaps = np.diff(first)
    assert (gaps > 0.05).sum() <= 2
    assert np.ptp(first[first > 0]) < 0.02


def test_repelled_tokens_die_out_algebraically(tmp_path):
    x = np.array([[1.0, 0.3], [-1.0, -0.3]])
    loose = {"integrator": Adaptive(rtol=1e-8, atol=1e-12), "step": 2.0}
    changes = {**FLAT, **loose, "dynamics.heads.value.scale": -1.0}
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    run.advance(400.0)
    length = np.linalg.norm(run.x[0])
    assert length * (2 * run.t) ** 0.5 == pytest.approx(1, abs=5e-3)


def test_sinkhorn_attention_moves_the_mean_as_one_token(tmp_path):
    rng = np.random.default_rng(3)
    x, v = rng.normal(size=(7, 3)), 0.3 * rng.normal(size=(3, 3))
    changes = {"dynamics": "sinkhorn", "dynamics.rounds": 120, **FLAT, **of_value(v)}
    changes["dynamics.heads.value.matrix"] = table(v)
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    run.advance(1.0)
    assert np.abs(run.x.mean(axis=0) - expm(v) @ x.mean(axis=0)).max() < 1e-11


def test_a_lone_token_turns_with_the_exponential(tmp_path):
    rng = np.random.default_rng(7)
    x, v = sphere(rng, 1, 4), rng.normal(size=(4, 4))
    changes = {"integrator": TIGHT, "step": 0.5, **of_value(v)}
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    run.advance(2.0)
    end = expm(2 * v) @ x[0]
    assert np.abs(run.x[0] - end / np.linalg.norm(end)).max() < 1e-11


def test_pre_ln_without_temperature_keeps_differences():
    changes = {"space": "pre_ln", "dynamics.beta": 0.0, "tokens": 9}
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    start = run.x
    run.advance(3.0)
    assert np.abs((run.x - run.x[0]) - (start - start[0])).max() < 1e-13


RACE = {"tokens": 6, "dimension": 6, "initial": "equiangular", "initial.cosine": 0.1}


@pytest.mark.parametrize("space", ["pre_ln", "peri_ln", "mix_ln"])
def test_norms_before_attention_end_algebraically(space):
    """M: 1 − ρ ~ t⁻²."""
    s = edit(sim.Scenario(), {**RACE, "dynamics.beta": 2.0, "space": space})
    curve = Equiangular().curve(s, sim.Simulation(s, "numpy").x)
    gaps = [1 - curve(t, np.empty(0)) for t in (300.0, 3000.0)]
    assert np.log10(gaps[1] / gaps[0]) == pytest.approx(-2, abs=0.01)


@pytest.mark.parametrize(
    ("space", "rate"), [("sphere", 2.0), ("ngpt", 2.0), ("ln_scaling", 4.0)]
)
def test_norms_after_attention_end_exponentially(space, rate):
    """M: e^{−2t}, e^{−2αt} and e^{−4√t}."""
    s = edit(sim.Scenario(), {**RACE, "dynamics.beta": 2.0, "space": space})
    curve = Equiangular().curve(s, sim.Simulation(s, "numpy").x)
    times = (25.0, 36.0) if space == "ln_scaling" else (6.0, 8.0)
    gaps = [1 - curve(t, np.empty(0)) for t in times]
    depth = [t**0.5 if space == "ln_scaling" else t for t in times]
    found = -np.log(gaps[1] / gaps[0]) / (depth[1] - depth[0])
    assert found == pytest.approx(rate, rel=0.03)
