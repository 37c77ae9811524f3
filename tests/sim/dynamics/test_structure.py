"""Integrators that keep structure: oracle N8, long drifts, and the live toggle."""

import array_api_strict as strict
import numpy as np
import pytest
from helpers.graphs import Edges, bound, random_graph, state
from helpers.oracles import held, missed

from sim import Scenario, Simulation, edit
from sim.checks.integrator import preserves_energy_behaviour, warning
from sim.dynamics.bracket import Bracket
from sim.exterior_calculus.metric import Metric
from sim.exterior_calculus.phase_space import PhaseSpace
from sim.integrators import Flow, Integrator
from sim.integrators.euler import Euler
from sim.integrators.exact import Exact
from sim.integrators.leapfrog import Leapfrog
from sim.integrators.midpoint import Midpoint
from sim.integrators.rk4 import RK4
from sim.numerics import linear_flow
from sim.numerics.linear_flow import LinearFlow
from sim.seed import Seed
from sim.spaces.flat import Flat
from sim.state import State

FLAT = Flat()
LONG = 100_000


def flow_of(field, s):
    return Flow(
        field.velocity,
        field.velocity,
        LinearFlow(field.velocity, s) if field.linear else None,
        field.split,
    )


def waves(seed=0, weights="frozen", convention="weighted", d=2):
    """Return the Hamiltonian flow of a random graph, and a state."""
    rng = np.random.default_rng(seed)
    graph = Edges(pairs=random_graph(rng))
    metric = Metric(weights=weights, convention=convention)
    x, p = rng.standard_normal((7, d)) / 2, rng.standard_normal((12, d))
    field = bound(Bracket(graph=graph, metric=metric), x)
    s = state(x, p)
    return field, flow_of(field, s), s, PhaseSpace.of(graph, metric, x, Seed(0)).at(x)


def mode(omega=1.0):
    """Return the flow of two nodes in the mode of frequency √2·ω/√2, and a state."""
    pairs = np.array([[0, 1]])
    field = bound(
        Bracket(graph=Edges(pairs=pairs, weight=np.array([omega**2 / 2]))),
        np.zeros((2, 1)),
    )
    s = state([[1.0], [-1.0]], [[0.7]])
    return field, flow_of(field, s), s


def march(method, flow, s, h, steps):
    for _ in range(steps):
        s = method.step(flow, FLAT, s, h)
    return s


@pytest.mark.slow
@pytest.mark.parametrize("h", [0.1, 1.0, 7.0])
@pytest.mark.parametrize("convention", ["weighted", "euclidean"])
def test_n8_midpoint_conserves_quadratic_energy_for_any_step(h, convention):
    field, flow, s, _ = waves(1, convention=convention)
    start = float(field.energy(s))
    end = float(field.energy(march(Midpoint(), flow, s, h, 1000)))
    held("N8", "midpoint keeps E, any h, relative", missed(end, start), 2e-13)


@pytest.mark.slow
def test_n8_midpoint_conserves_with_moving_weights():
    field, flow, s, _ = waves(2, "attention", "euclidean")
    start = float(field.energy(s))
    end = float(field.energy(march(Midpoint(), flow, s, 0.05, 1000)))
    assert end == pytest.approx(start, rel=1e-13)


@pytest.mark.parametrize("wh", [0.1, 0.5, 1.5])
def test_n8_euler_and_rk4_change_a_modes_energy_by_known_factors(wh):
    field, flow, s = mode(omega=1.7)
    h, start = wh / 1.7, float(field.energy(s))
    euler = float(field.energy(Euler().step(flow, FLAT, s, h))) / start
    rk4 = float(field.energy(RK4().step(flow, FLAT, s, h))) / start
    held("N8", "Euler: 1 + (ωh)² a step", abs(euler - 1 - wh**2), 1e-13)
    error = abs(rk4 - (1 - wh**6 / 72 + wh**8 / 576))
    held("N8", "RK4: 1 − (ωh)⁶/72 + (ωh)⁸/576 a step", error, 1e-13)


def test_n8_leapfrog_conserves_its_own_energy():
    field, flow, s, a = waves(3)
    h = 0.3

    def shadow(s):
        return float(field.energy(s)) - h**2 / 8 * np.sum(a.a1 * a.d0(s.x) ** 2)

    end = march(Leapfrog(), flow, s, h, 1000)
    error = missed(shadow(end), shadow(s))
    held("N8", "leapfrog keeps its own energy, relative", error, 1e-13)


@pytest.mark.parametrize(("wh", "stable"), [(1.99, True), (2.01, False)])
def test_n8_leapfrog_is_stable_up_to_two(wh, stable):
    field, flow, s = mode()
    end = march(Leapfrog(), flow, s, wh, 500)
    assert (float(field.energy(end)) < 1e3 * float(field.energy(s))) == stable


def test_exact_is_exact_for_any_step():
    field, flow, s, _ = waves(4)
    once, often = Exact().step(flow, FLAT, s, 6.0), march(Exact(), flow, s, 0.5, 12)
    np.testing.assert_allclose(once.x, often.x, atol=1e-13)
    assert float(field.energy(once)) == pytest.approx(float(field.energy(s)), rel=1e-13)


@pytest.mark.parametrize("gamma", [0.0, 1.0])
def test_the_series_for_large_graphs_agrees_with_the_matrix(gamma, monkeypatch):
    rng = np.random.default_rng(5)
    x = rng.standard_normal((40, 3))
    field = bound(Bracket(gamma=gamma), x)
    s = field.start(state(x))
    matrix = LinearFlow(field.velocity, s).flow(s, 3.0)
    monkeypatch.setattr(linear_flow, "MAX_MATRIX_SIZE", 0)
    series = LinearFlow(field.velocity, s).flow(s, 3.0)
    np.testing.assert_allclose(series.x, matrix.x, atol=1e-12)
    np.testing.assert_allclose(series.p, matrix.p, atol=1e-12)
    middle = march(Midpoint(), Flow(field.velocity, field.velocity), s, 0.05, 5)
    solved = march(Midpoint(), flow_of(field, s), s, 0.05, 5)
    np.testing.assert_allclose(middle.x, solved.x, atol=1e-12)


def test_midpoint_says_so_where_it_does_not_converge():
    field, _, s, _ = waves(6)
    with pytest.raises(RuntimeError, match="do not converge for a step of 50"):
        Midpoint().step(Flow(field.velocity, field.velocity), FLAT, s, 50.0)


def energies(method, h, every=1000, **kwargs):
    """Return a small wave's energy along 10⁵ steps."""
    field, flow, s, _ = waves(7, d=1, **kwargs)
    found = [float(field.energy(s))]
    for _ in range(LONG // every):
        s = march(method, flow, s, h, every)
        found.append(float(field.energy(s)))
    return np.array(found) / found[0]


@pytest.mark.slow
def test_midpoint_keeps_energy_over_1e5_steps():
    found = energies(Midpoint(), 0.1)
    assert abs(found - 1).max() < 1e-12


@pytest.mark.slow
def test_leapfrog_keeps_energy_without_a_trend_over_1e5_steps():
    found = energies(Leapfrog(), 0.1)
    assert abs(found - 1).max() < 0.01
    trend = np.polyfit(np.linspace(0, 1, len(found)), found, 1)[0]
    assert abs(trend) < 1e-3


def run_of(changes, tokens=24, **kwargs):
    return Simulation(edit(Scenario(tokens=tokens, **kwargs), changes), "numpy")


@pytest.mark.slow
def test_metriplectic_keeps_energy_and_never_loses_entropy():
    run = run_of(
        {"dynamics": "metriplectic", "dynamics.graph": "complete", "space": "flat"}
        | {"integrator": "midpoint", "step": 0.02},
        tokens=6,
    )
    first = before = run.measures()
    for _ in range(500):
        run.step()
        now = run.measures()
        assert now["disorder"] >= before["disorder"] - 1e-15
        before = now
    assert abs(before["energy"] - first["energy"]) < 1e-10
    assert first["disorder"] < -10
    assert before["disorder"] > -1e-6


@pytest.mark.slow
@pytest.mark.parametrize("method", ["rk4", "midpoint", "exact", "leapfrog"])
def test_the_double_bracket_strictly_loses_energy(method):
    run = run_of(
        {"dynamics": "bracket", "dynamics.gamma": 0.5, "space": "flat"}
        | {"integrator": method}
    )
    found = []
    for _ in range(100):
        found.append(run.measures()["energy"])
        run.step()
    assert (np.diff(found) < 0).all()


@pytest.mark.parametrize("space", ["flat", "sphere"])
def test_one_run_toggles_attention_hamiltonian_and_double_bracket(space):
    base = edit(Scenario(tokens=20, seed=3), {"space": space, "step": 0.01})
    run = Simulation(base, "numpy")
    run.advance(0.5)
    slopes = []
    for gamma in (0.0, 0.5, 0.0):
        law = edit(base, {"dynamics": "bracket", "dynamics.gamma": gamma})
        x, p, t = run.x, run.p, run.t
        run.retune(law)
        assert run.t == t
        np.testing.assert_array_equal(run.x, x)
        if len(p) == len(run.p):
            np.testing.assert_array_equal(run.p, p)
        slopes.append(run.measures()["energy_rate"])
        run.advance(0.5)
    if space == "flat":
        assert abs(slopes[0]) < 1e-7
        assert slopes[1] < -0.1
        assert abs(slopes[2]) < 1e-7
    run.retune(base)
    assert run.p.shape == (0, 3)
    run.advance(0.5)
    assert run.frame().epoch == 0
    assert run.t == pytest.approx(2.5)


def test_frames_bring_back_momenta_and_their_carriers():
    run = run_of({"dynamics": "bracket", "space": "flat"})
    run.advance(1.0)
    frame = run.frame()
    assert frame.carrier == "edges"
    assert frame.p.shape == (len(frame.edges), 3)
    assert frame.edge_weight.shape == (len(frame.edges),)
    run.advance(1.0)
    run.restore(frame)
    np.testing.assert_array_equal(run.p, frame.p)
    run.retune(edit(run.scenario, {"dynamics": "inertial", "space": "sphere"}))
    assert run.frame().carrier == "tokens"
    run.restore(frame)
    assert not run.p.any()


def test_momenta_stay_only_on_the_same_edges():
    ring = edit(Scenario(tokens=6), {"dynamics": "bracket", "dynamics.graph": "ring"})
    run = Simulation(edit(ring, {"space": "flat"}), "numpy")
    run.advance(1.0)
    p = run.p
    run.retune(edit(run.scenario, {"dynamics": "mix", "dynamics.graph": "ring"}))
    np.testing.assert_array_equal(run.p, p)
    run.retune(edit(run.scenario, {"dynamics": "bracket", "dynamics.graph": "star"}))
    assert not run.p.any()


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("method", ["midpoint", "leapfrog", "exact"])
def test_structure_on_another_array_library(method, precision):
    changes = {"dynamics": "bracket", "space": "flat", "integrator": method}
    scenario = edit(Scenario(tokens=12, precision=precision), changes)
    runs = [Simulation(scenario, xp) for xp in ("numpy", strict)]
    for run in runs:
        run.advance(1.0)
    here, there = (run.x for run in runs)
    assert here.dtype == there.dtype == precision
    np.testing.assert_allclose(here, there, atol=1e-5 if "32" in precision else 1e-13)


def promise(dynamics, integrator, space="flat", **changes):
    return edit(
        Scenario(),
        {"dynamics": dynamics, "space": space, "integrator": integrator} | changes,
    )


@pytest.mark.parametrize(
    ("dynamics", "space", "keep"),
    [
        ("bracket", "flat", {"midpoint", "leapfrog", "exact"}),
        ("mix", "flat", {"midpoint", "exact"}),
        ("metriplectic", "flat", {"midpoint", "exact"}),
        ("inertial", "sphere", {"leapfrog"}),
        ("spin", "sphere", {"midpoint"}),
        ("softmax", "sphere", set(Integrator.kinds())),
        ("bracket", "sphere", set(Integrator.kinds())),
    ],
)
def test_laws_say_which_integrators_keep_their_promise(dynamics, space, keep):
    found = {
        k
        for k in Integrator.kinds()
        if preserves_energy_behaviour(promise(dynamics, k, space))
    }
    assert found == keep


def test_the_warning_says_what_to_choose():
    says = warning(promise("bracket", "rk4"))
    assert "Hamiltonian / double bracket conserves its energy" in says
    assert "with Runge–Kutta 4 it drifts by O(h⁴)" in says
    assert says.endswith(
        "Choose Exact (where linear) or Leapfrog or Implicit midpoint."
    )
    assert not warning(promise("bracket", "leapfrog"))
    assert not warning(promise("bracket", "rk4", **{"dynamics.gamma": 0.5}))


def test_state_is_not_shared_between_a_field_and_its_first_run():
    field, _, s, _ = waves(8)
    first = field.start(State(0.0, s.x, s.x[:0]))
    assert first.p.shape == s.p.shape
