"""D, I: how attention changes its energies, and where repulsion ends."""

import json

import numpy as np
import pytest
from helpers.oracles import held, missed
from helpers.runs import DATA, bare, law, placed, sphere, table, velocity

from sim import Scenario, Simulation, edit
from sim.attention.interaction import interaction
from sim.integrators import Integrator
from sim.integrators.adaptive import Adaptive
from sim.spaces.sphere import Sphere
from sim.theory.optimal import least

ATTENTION = ("softmax", "unnormalised")
KNOWN = json.loads((DATA / "theory_values.json").read_text())
TIGHT = Adaptive(rtol=1e-13, atol=1e-15)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def slope_along(height, x, v, eps=1e-5):
    """Return the derivative of `height` from the tokens x along the velocity v."""
    rise = height(Sphere().project_point(x + eps * v)) - height(
        Sphere().project_point(x - eps * v)
    )
    return rise / (2 * eps)


def power(kind, x, v, beta):
    """Return dF/dt by the formula: SA β Σ Sᵢ|vᵢ|², USA (in our time) β n Σ|vᵢ|²."""
    near = np.exp(beta * (x @ x.T - 1)).sum(axis=1)
    weight = near if kind == "softmax" else len(x)
    return beta * (weight * (v * v).sum(axis=1)).sum()


@pytest.mark.parametrize("c", [1.0, -1.0])
@pytest.mark.parametrize("kind", ATTENTION)
def test_energy_balance(kind, c, rng):
    x, beta = sphere(rng, 20, 3), 3.0
    v = velocity(law(kind, beta=beta, heads__value__scale=c), x)

    def big_f(y):
        return float(interaction(y, beta)) * len(x) ** 2 / 2

    error = missed(slope_along(big_f, x, v), c * power(kind, x, v, beta))
    held("D", "dF/dt = ±β Σ Sᵢvᵢ², relative", error, 1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ATTENTION)
def test_integral_balance(kind, rng, tmp_path):
    """F(T) − F(0) = ∫ dF/dt, by Gauss's rule on eight pieces."""
    x, beta, piece = sphere(rng, 12, 3), 2.0, 0.25
    changes = {"dynamics": law(kind, beta=beta), "integrator": TIGHT, "step": 1.0}
    run = Simulation(placed(x, tmp_path, **changes), "numpy")
    nodes, weights = np.polynomial.legendre.leggauss(10)
    start, total = run.measures()["f"], 0.0
    for k in range(8):
        for node, weight in zip(nodes, weights, strict=True):
            run.advance((k + (node + 1) / 2) * piece - run.t)
            total += weight * piece / 2 * power(kind, run.x, run.velocity(), beta)
    run.advance(2.0 - run.t)
    error = abs(run.measures()["f"] - start - total)
    held("D", "F(T) − F(0) = ∫ dF/dt", error, 1e-11)


@pytest.mark.parametrize("c", [1.0, -1.0])
@pytest.mark.parametrize("kind", ATTENTION)
def test_energy_of_a_symmetric_score(kind, c, rng):
    """With V = ±D, D symmetric, E_D = (1/2βn²) Σ e^{βxᵀDx} rises, or falls."""
    x, beta, n = sphere(rng, 15, 3), 1.5, 15
    d = rng.normal(size=(3, 3))
    d = d + d.T
    given = {"heads__key": "explicit", "heads__key__matrix": table(d)}
    given |= {"heads__value": "explicit", "heads__value__matrix": table(c * d)}
    v = velocity(law(kind, beta=beta, **given), x)
    kernel = np.exp(beta * x @ d @ x.T)

    def e_d(y):
        return np.exp(beta * y @ d @ y.T).sum() / (2 * beta * n * n)

    # In our time dE_D/dt of USA is e^β times that of the paper's.
    mass = kernel.mean(axis=1) if kind == "softmax" else np.exp(beta)
    wanted = c * (mass * (v * v).sum(axis=1)).mean()
    error = missed(slope_along(e_d, x, v, 3e-6), wanted)
    held("D", "dE_D/dt where V = ±D, D = Dᵀ, relative", error, 1e-8)


def test_the_mean_of_log_z_is_not_an_energy():
    """Along a run of SA it may fall while F rises."""
    places = (6.0537, 4.2855, 1.6277, 0.6165, 2.5070)
    angle, beta = np.repeat(places, (2, 21, 2, 2, 2)), 2.36627
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    v = velocity(law(beta=beta), x)

    def log_z(y):
        return np.log(np.exp(beta * y @ y.T).sum(axis=1)).mean()

    slope = slope_along(log_z, x, v)
    held("D", "mean log Zᵢ falls at 8.1·10⁻⁴ while F rises", abs(slope + 8.1e-4), 5e-6)
    assert power("softmax", x, v, beta) > 0


def test_a_probe_climbs_log_sum_exp_of_frozen_keys():
    s = edit(Scenario(tokens=6), {"dynamics": "cross"})
    run = Simulation(s, "numpy")
    wanted = (run.velocity() ** 2).sum(axis=1).mean()
    error = missed(run.measures()["energy_rate"], wanted)
    held("D", "dLSE/dt = v² of cross-attention, relative", error, 1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("beta", [-2.0, 0.5, 4.0])
@pytest.mark.parametrize("c", [1.0, -1.0])
def test_both_signs_of_the_papers_energy(c, beta):
    """E_β rises with V = +I for every sign of β; −E_β is its negative."""
    changes = {"dynamics.beta": beta, "dynamics.heads.value.scale": c, "tokens": 20}
    run, energies = Simulation(edit(Scenario(), changes), "numpy"), []
    for _ in range(40):
        found = run.measures()
        wanted = np.exp(beta * run.x @ run.x.T).sum() / (2 * beta * 20**2)
        error = abs(found["e_beta"] - wanted)
        held("D", "E_β by its formula", error, 1e-13)
        assert found["minus_e_beta"] == -found["e_beta"]
        energies.append(found["e_beta"])
        run.step()
    fall = max(0.0, -(c * np.diff(energies)).min())
    held("D", "E_β rises with V = I, falls with V = −I, any β", fall, 1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("method", Integrator.kinds())
@pytest.mark.parametrize("c", [1.0, -1.0])
@pytest.mark.parametrize("kind", ATTENTION)
def test_energy_is_monotone_step_by_step(kind, c, method):
    changes = {
        "tokens": 32,
        "dynamics": kind,
        "dynamics.heads.value.scale": c,
        "integrator": bare(Integrator.member(method)),
        "step": 0.1,
    }
    run = Simulation(edit(Scenario(), changes), "numpy")
    energy = []
    for _ in range(150):
        energy.append(run.probe().f_hat)
        run.step()
    change = c * np.diff(energy)
    held("D", "F̂ never turns, all integrators", max(0, -change.min()), 1e-12)
    assert change.sum() > 1e-3


# I. Repulsion.


CODES = {"antipodal2": (2, 3), "gon3": (3, 2), "simplex4": (4, 3), "gon5": (5, 2)}
CODES |= {"octa6": (6, 3), "ico12": (12, 3)}
SLOW = {"antipodal2": 8000.0, "gon3": 600.0}  # they come at rates of e^{−β} or so


def repelled(n, d, beta, **changes):
    changes = {"dynamics.heads.value.scale": -1.0, "step": 0.25, "seed": 0, **changes}
    base = {"tokens": n, "dimension": d, "dynamics.beta": beta}
    return Simulation(edit(Scenario(), {**base, **changes}), "numpy")


@pytest.mark.parametrize("beta", KNOWN["F_sharp_beta"])
@pytest.mark.parametrize("name", CODES)
def test_least_energies(name, beta):
    n, d = CODES[name]
    error = abs(
        least(n, d, float(beta)) * n * n / 2 - KNOWN["F_sharp_beta"][beta][name]
    )
    held("I", "least F of optimal codes, β = 1, 2, 4", error, 1e-13)


@pytest.mark.slow
@pytest.mark.parametrize("name", CODES)
def test_repulsion_ends_on_optimal_codes(name):
    n, d = CODES[name]
    run = repelled(n, d, 4.0, step=1.0)
    run.advance(SLOW.get(name, 300.0))
    error = abs(run.measures()["f"] - KNOWN["F_sharp_beta"]["4.0"][name])
    held("I", "F at the end of runs with V = −I, β = 4", error, 1e-8)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "f"), [(5, 2.61766555), (8, 4.82664046)])
def test_repulsion_ends_where_no_code_is_universal(n, f):
    run = repelled(n, 3, 4.0, step=1.0)
    run.advance(1500.0)
    held("I", "F of 5 and 8 tokens, β = 4", abs(run.measures()["f"] - f), 1e-8)


def test_antipodes_are_an_equilibrium():
    x = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])
    held("I", "antipodes stand still", np.abs(velocity(law(beta=4.0), x)).max(), 0.0)


@pytest.mark.slow
def test_the_simplex_is_reached_at_the_known_rate():
    """Rate 2n e^{βρ*}/(e^β + (n−1)e^{βρ*}) of equiangular tokens, ρ* = −1/(n−1)."""
    n, beta = 4, 2.0
    end = -1 / (n - 1)
    start = {"initial": "equiangular", "initial.cosine": end + 0.01}
    run = repelled(n, 4, beta, **start, integrator=TIGHT)
    gaps = []
    for t in (6.0, 10.0):
        run.advance(t - run.t)
        gaps.append((run.x @ run.x.T)[0, 1] - end)
    near = np.exp(beta * end)
    wanted = 2 * n * near / (np.exp(beta) + (n - 1) * near)
    error = missed(np.log(gaps[0] / gaps[1]) / 4, wanted)
    held("I", "rate of relaxation to the simplex, relative", error, 2e-3)
