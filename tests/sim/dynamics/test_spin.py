"""The sphere's own bracket, and tokens with momentum: the way back to attention."""

import numpy as np
import pytest
from helpers.graphs import bound, state
from helpers.oracles import apart, held

from sim import Scenario, Simulation, edit
from sim.attention.potential import Potential
from sim.dynamics.inertial import Inertial
from sim.dynamics.spin import Spin, cross
from sim.dynamics.unnormalised import Unnormalised
from sim.integrators import Flow
from sim.integrators.leapfrog import Leapfrog
from sim.seed import Seed
from sim.spaces.centred import Centred
from sim.spaces.flat import Flat
from sim.spaces.sphere import Sphere
from sim.state import State

S2 = Sphere()


def tokens(n=12, d=3, seed=0):
    return S2.project_point(np.random.default_rng(seed).standard_normal((n, d)))


def test_cross_product():
    a, b = np.random.default_rng(1).standard_normal((2, 4, 5, 3))
    np.testing.assert_allclose(cross(a, b), np.cross(a, b), atol=1e-15)


@pytest.mark.parametrize("beta", [0.0, 1.0, 9.0])
def test_the_slope_is_the_gradient_of_the_potential(beta):
    x = tokens()
    u = Potential.of(beta, x, Seed(0))
    v = np.random.default_rng(2).standard_normal(x.shape)
    h = 1e-6
    change = float(u.value(x + h * v) - u.value(x - h * v)) / (2 * h)
    assert change == pytest.approx(np.sum(u.gradient(x) * v), rel=1e-8)


@pytest.mark.parametrize("beta", [0.5, 3.0, 20.0])
def test_the_double_bracket_end_is_unnormalised_attention(beta):
    x = tokens(seed=3)
    bracket = bound(Spin(phi=90.0, beta=beta), x).velocity(state(x)).x
    attention = bound(Unnormalised(beta=beta), x).velocity(state(x)).x
    error = apart(bracket, S2.project_tangent(x, attention))
    held("A7", "the spin's double bracket is USA", error, 1e-14)


@pytest.mark.parametrize("sign", ["attract", "repel"])
@pytest.mark.parametrize("phi", [0.0, 35.0, 90.0])
def test_energy_changes_as_the_formula_says(phi, sign):
    x = tokens(seed=4)
    field, s = bound(Spin(phi=phi, beta=3.0, sign=sign), x), state(x)
    v, h = field.velocity(s).x, 1e-6
    assert abs(np.sum(v * x, axis=1)).max() < 1e-15
    change = float(field.energy(state(x + h * v)) - field.energy(state(x - h * v)))
    rate = float(field.measures["rate"](s))
    assert change / (2 * h) == pytest.approx(rate, abs=1e-9)
    law = Spin(phi=phi, sign=sign).energy_behaviour(S2)
    wanted = {"attract": "ascends", "repel": "descends"}[sign]
    assert law == ("conserves" if phi == 0 else wanted)
    assert np.sign(np.round(rate, 12)) == {"conserves": 0, "ascends": 1}.get(law, -1)


def test_precession_conserves_energy_and_spin_exactly():
    x = tokens(40, seed=5)
    field = bound(Spin(beta=4.0), x)
    v = field.velocity(state(x)).x
    slope = Potential.of(4.0, x, Seed(0)).gradient(x)
    error = abs(np.sum(slope * v))
    held("D", "precession keeps its energy", error, 1e-15)
    held("D", "precession keeps the total spin", abs(v.sum(axis=0)).max(), 1e-15)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "order"), [("rk4", 4), ("midpoint", 2)])
def test_precession_is_conserved_to_the_integrators_order(method, order):
    drift = []
    for h in (0.4, 0.2):
        run = Simulation(
            edit(
                Scenario(tokens=12, seed=6),
                {"dynamics": "spin", "dynamics.beta": 3.0}
                | {"integrator": method, "step": h},
            ),
            "numpy",
        )
        before, worst = run.measures()["energy"], 0.0
        for _ in range(round(20 / h)):
            run.step()
            worst = max(worst, abs(run.measures()["energy"] - before))
        drift.append(worst)
    assert np.log2(drift[0] / drift[1]) > order - 0.3


def test_spin_needs_three_dimensions():
    with pytest.raises(ValueError, match="in 3 dimensions, got d = 4"):
        bound(Spin(), tokens(d=4))


def test_one_run_goes_from_spin_to_attention_without_a_restart():
    spin = edit(Scenario(tokens=16), {"dynamics": "spin"})
    run = Simulation(spin, "numpy")
    run.advance(2.0)
    flat, x = run.measures()["energy"], run.x
    run.retune(edit(spin, {"dynamics.phi": 90}))
    assert run.t == 2.0
    np.testing.assert_array_equal(run.x, x)
    run.advance(2.0)
    risen = run.measures()["energy"]
    assert risen > flat + 1e-3
    run.retune(edit(spin, {"dynamics": "unnormalised"}))
    assert run.frame().epoch == 0
    run.advance(1.0)
    assert run.measures()["energy"] > risen


# Tokens with momentum.


@pytest.mark.parametrize("d", [2, 3, 5])
@pytest.mark.parametrize("space", [Sphere(), Centred()], ids=["sphere", "centred"])
def test_free_tokens_run_along_geodesics(space, d):
    d = d + 1 if space.kind == "centred" else d
    rng = np.random.default_rng(7)
    x = space.project_point(rng.standard_normal((6, d)))
    p = space.project_tangent(x, rng.standard_normal((6, d)))
    ground = space.tangent_bundle()
    speed = np.linalg.norm(p, axis=1, keepdims=True)
    there = ground.exp(State(0.0, x, p), 0.7, p)
    u = p / speed
    a = 0.7 * speed
    np.testing.assert_allclose(there.x, np.cos(a) * x + np.sin(a) * u, atol=1e-15)
    wanted = speed * (np.cos(a) * u - np.sin(a) * x)
    np.testing.assert_allclose(there.p, wanted, atol=1e-14)


def test_parallel_transport_keeps_lengths_and_angles():
    rng = np.random.default_rng(8)
    x = tokens(5, 4, seed=8)
    ground = S2.tangent_bundle()
    v, p, q = (S2.project_tangent(x, rng.standard_normal(x.shape)) for _ in range(3))
    a, b = (ground.exp(State(0.0, x, w), 1.3, v).p for w in (p, q))
    np.testing.assert_allclose(np.sum(a * b, 1), np.sum(p * q, 1), atol=1e-14)


def inertial(method="leapfrog", h=0.05, seed=9, **changes):
    changes = {f"dynamics.{k}": v for k, v in changes.items()}
    base = {"dynamics": "inertial", "integrator": method, "step": h}
    return Simulation(edit(Scenario(tokens=16, seed=seed), base | changes), "numpy")


@pytest.mark.parametrize("gamma", [0.0, 0.8])
@pytest.mark.parametrize("sign", ["attract", "repel"])
def test_h_changes_as_the_formula_says(gamma, sign):
    run = inertial("rk4", gamma=gamma, sign=sign)
    run.advance(3.0)
    found = run.measures()
    rate = -gamma * np.sum(run.p**2)
    assert found["energy_law"] == pytest.approx(rate, abs=1e-15)
    assert found["energy_rate"] == pytest.approx(rate, abs=1e-7)
    assert abs(np.sum(run.x * run.p, axis=1)).max() < 1e-15


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "order"), [("leapfrog", 2), ("midpoint", 2), ("rk4", 4), ("euler", 1)]
)
@pytest.mark.parametrize("gamma", [0.0, 0.7])
def test_every_integrator_keeps_its_order_with_momenta(method, order, gamma):
    def end(h, method=method):
        run = inertial(method, h, gamma=gamma, beta=2.0)
        run.advance(2.0)
        return run.x

    exact = end(0.01, "rk4")
    errors = [abs(end(h) - exact).max() for h in (0.1, 0.05)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.35)


def test_leapfrog_turns_back_in_time():
    run = inertial("leapfrog", 0.1)
    run.advance(5.0)
    x = tokens(16)
    field = bound(Inertial(), x)
    flow = Flow(field.velocity, field.velocity, split=field.split)
    there, ground = State(0.0, run.x, run.p), S2.tangent_bundle()
    for _ in range(50):
        there = Leapfrog().step(flow, ground, there, -0.1)
    again = inertial("leapfrog", 0.1)
    np.testing.assert_allclose(there.x, again.x, atol=1e-12)
    np.testing.assert_allclose(there.p, 0, atol=1e-12)


@pytest.mark.slow
def test_friction_leads_to_attention():
    far = []
    for gamma in (16.0, 32.0):
        run = inertial("leapfrog", 0.1, gamma=gamma, beta=2.0)
        run.advance(2.0 * gamma)
        usa = edit(
            Scenario(tokens=16, seed=9, step=0.01),
            {"dynamics": "unnormalised", "dynamics.beta": 2.0},
        )
        attention = Simulation(usa, "numpy")
        attention.advance(2.0)
        far.append(abs(run.x - attention.x).max())
    assert far[0] < 0.01
    assert far[0] / far[1] > 3  # of order 1/γ²


def test_momenta_are_tangent_after_a_change_of_space():
    run = inertial()
    run.advance(2.0)
    run.retune(edit(run.scenario, {"space": "centred"}))
    run.step()
    assert abs(np.sum(run.x * run.p, axis=1)).max() < 1e-15
    assert abs(run.p.sum(axis=1)).max() < 1e-14


def test_inertial_promises_nothing_where_the_potential_has_no_bound():
    assert Inertial().energy_behaviour(Flat()) == "none"
    assert Inertial().energy_behaviour(S2) == "conserves"
    assert Inertial(gamma=0.1).energy_behaviour(S2) == "descends"
