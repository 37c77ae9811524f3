"""Curves that theory draws: right where they apply, and silent where they do not."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.runs import placed, sphere

import sim
from sim.integrators.adaptive import Adaptive
from sim.scenario import edit
from sim.theory import Theory, applicable
from sim.theory.growth import critical_noise, fastest, rate
from sim.theory.optimal import least
from sim.theory.uniform import energy

TIGHT = Adaptive(rtol=1e-12, atol=1e-14)


def compared(scenario, kind, end, step=0.25):
    """Return the largest difference of theory and run until `end`."""
    run = sim.Simulation(edit(scenario, {"integrator": TIGHT, "step": step}), "numpy")
    theory = Theory.member(kind)()
    assert not theory.why_not(run.scenario, run.x)
    curve = theory.curve(run.scenario, run.x)
    worst = 0.0
    while run.t < end - 1e-9:
        run.step()
        found = run.measures()[theory.predicts]
        worst = max(worst, abs(found - curve(run.t, run.x)))
    return worst


HEADS = "dynamics.heads"
CAUSAL = {f"{HEADS}.mask": "causal"}
SCHEMES = ("sphere", "pre_ln", "peri_ln", "ngpt", "ln_scaling", "mix_ln")


@pytest.mark.slow
@pytest.mark.parametrize("space", SCHEMES)
@pytest.mark.parametrize("law", ["softmax", "unnormalised", "linear"])
def test_equiangular_tokens_under_every_scheme(space, law):
    """M: the ODE of (ρ, r) and the tokens agree."""
    changes = {
        "tokens": 6,
        "dimension": 6,
        "initial": "equiangular",
        "initial.cosine": 0.1,
        "space": space,
        "dynamics": law,
    }
    if law != "linear":
        changes["dynamics.beta"] = 2.0
    if space == "mix_ln":
        changes["space.switch"] = 1.0
    assert compared(edit(sim.Scenario(), changes), "equiangular", 4.0) < 1e-10


@pytest.mark.slow
@pytest.mark.parametrize(("beta", "scale"), [(-1.0, 1.0), (3.0, -0.5), (0.0, 1.0)])
def test_equiangular_tokens_of_any_sign(beta, scale):
    changes = {
        "tokens": 5,
        "dimension": 7,
        "initial": "orthonormal",
        "dynamics.beta": beta,
        "dynamics.heads.value.scale": scale,
        "dynamics.heads.scaled": True,
    }
    assert compared(edit(sim.Scenario(), changes), "equiangular", 3.0) < 1e-10


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"dynamics": "linear", "dynamics.heads.scaled": True},
        {"dynamics": "unnormalised", "dynamics.shifted": False, "dynamics.beta": 1.5},
    ],
)
def test_equiangular_tokens_on_other_clocks(changes):
    """Scores divided by √d without a β, and the papers' time."""
    start = {"tokens": 5, "dimension": 7, "initial": "orthonormal"}
    assert compared(edit(sim.Scenario(), {**start, **changes}), "equiangular", 3) < 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("d", [2, 3, 5])
def test_kuramoto_is_one_map_of_the_ball(d):
    changes = {"tokens": 20, "dimension": d, "dynamics.beta": 0.0}
    assert compared(edit(sim.Scenario(), changes), "kuramoto", 6.0) < 1e-10


def test_uniform_energy_is_a_lower_bound_and_that_of_many_tokens():
    for d, beta in ((2, 4.0), (3, 4.0), (3, 100.0), (8, 9.0)):
        x = sphere(np.random.default_rng(0), 3000, d)
        found = np.exp(beta * (x[:1500] @ x[1500:].T - 1)).mean()
        assert energy(beta, d) == pytest.approx(found, rel=0.15)
    assert energy(1.0, 3) == pytest.approx(np.sinh(1) / np.e)
    assert energy(0.0, 3) == 1
    assert energy(9.0, 1024) == pytest.approx(np.exp(-9 + 81 / 2048), rel=1e-3)
    run = sim.Simulation(sim.Scenario(tokens=50), "numpy")
    assert run.measures()["f_hat"] > energy(4.0, 3)


def test_rates_are_those_of_the_notes():
    softmax = [rate(k, 4.0, 3) for k in (1, 2, 3, 4)]
    known = (0.3753356, 0.6554950, 0.6132761, 0.3962613)
    assert np.allclose(softmax, known, atol=5e-8)
    assert rate(1, 1e-9, 3) == pytest.approx(2 / 3)
    assert max(rate(k, 256.0, 3) for k in range(60)) == pytest.approx(0.7344, abs=2e-3)
    crossings = (1.044457, 3.165434, 6.211298, 10.228483, 15.236277, 21.240452)
    for k, beta in enumerate(crossings, 1):
        assert rate(k, beta, 2) == pytest.approx(rate(k + 1, beta, 2), rel=1e-6)
        assert fastest(beta - 0.01, 2) == k
        assert fastest(beta + 0.01, 2) == k + 1
    assert critical_noise(1e-9, 2) == pytest.approx(2)
    assert critical_noise(1.0, 3) == pytest.approx(np.e)


def test_the_polygon_breaks_into_as_many_clusters_as_said():
    changes = {"tokens": 200, "dimension": 2, "initial": "polygon", "step": 0.1}
    for beta, k in ((5.0, 3), (9.0, 4)):
        s = edit(sim.Scenario(), {**changes, "dynamics.beta": beta})
        run = sim.Simulation(s, "numpy")
        assert applicable(s, run.x)["growth"](0.0, run.x) == k


def test_least_energies_are_those_of_the_notes():
    known = {(4, 3): 2.028967700, (6, 3): 3.220794055, (12, 3): 9.381108763}
    known[3, 3] = 1.507436257
    for (n, d), f in known.items():
        assert least(n, d, 4.0) * n * n / 2 == pytest.approx(f, abs=1e-8)


def test_plateaus_are_the_shares_of_clusters(tmp_path):
    angles = np.repeat([0.0, 2.0, 4.0], [1, 2, 3])
    x = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    run = sim.Simulation(placed(x, tmp_path, **{"dynamics.beta": 16.0}), "numpy")
    level = applicable(run.scenario, run.x)["plateau"](0.0, run.x)
    assert level == pytest.approx(14 / 36)
    assert run.measures()["f_hat"] == pytest.approx(level, rel=1e-3)


def test_the_lowest_token_of_a_hemisphere_never_falls():
    changes = {"tokens": 12, "initial": "cap", "initial.spread": 2.0, "step": 0.05}
    for part in ("query", "key"):
        changes[f"dynamics.heads.{part}"] = "gaussian"
    changes["dynamics.heads.mask"] = "causal"
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    curve = applicable(run.scenario, run.x)["hemisphere"]
    heights = []
    for _ in range(60):
        heights.append(curve(run.t, run.x))
        run.step()
    assert heights[0] > 0
    assert np.diff(heights).min() > -1e-12


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("equiangular", {}, "needs equal angles"),
        ("equiangular", {"dynamics": "hardmax"}, "needs self-attention, got hardmax"),
        ("equiangular", {"dynamics.heads.mask": "causal"}, "without a mask"),
        ("equiangular", {"integrator": "maruyama"}, "got noise"),
        ("kuramoto", {}, "needs β = 0, got 4"),
        ("kuramoto", {"space": "flat", "dynamics.beta": 0.0}, "needs the sphere"),
        ("uniform", {"dynamics": "linear"}, "needs a law with β, got linear"),
        ("optimal", {}, "c < 0 and β > 0"),
        ("optimal", {"dynamics.heads.value.scale": -1.0}, "needs a known optimal code"),
        ("growth", {}, "needs a regular polygon"),
        ("plateau", {"dynamics.beta": 1.0}, "needs β ≥ 4, got 1"),
        ("plateau", {f"{HEADS}.masses": "explicit"}, "needs equal masses"),
        ("centres", {}, "needs causal softmax"),
        ("centres", {**CAUSAL, f"{HEADS}.mlp": "additive"}, "without an MLP"),
        ("centres", {**CAUSAL, f"{HEADS}.depth.dropout": 0.5}, "without dropout"),
        ("centres", {**CAUSAL, f"{HEADS}.positions": "rotary"}, "without positions"),
        ("hemisphere", {}, "do not start in a hemisphere"),
        ("hemisphere", {"dynamics.heads.value": "rotation"}, "needs V = c·I"),
    ],
)
def test_theories_say_why_they_do_not_apply(kind, changes, words):
    run = sim.Simulation(edit(sim.Scenario(tokens=40), changes), "numpy")
    theory = Theory.member(kind)()
    assert words in theory.why_not(run.scenario, run.x)
    assert kind not in applicable(run.scenario, run.x)


@pytest.mark.parametrize("kind", Theory.kinds())
def test_every_theory_answers_for_every_law(kind):
    from sim.dynamics import Dynamics

    x = sphere(np.random.default_rng(0), 8, 3)
    for law in Dynamics.kinds().values():
        s = sim.Scenario(tokens=8, dynamics=law())
        assert isinstance(Theory.member(kind)().why_not(s, x), str)
