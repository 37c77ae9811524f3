"""GAT, GRAND and graph convolution: reference files, and oracles A7 and N7."""

import numpy as np
import pytest
from helpers.graphs import bound, heads, marched, reference, state
from helpers.oracles import apart, held, missed

from sim.dynamics.convolution import Convolution
from sim.dynamics.gat import GAT, gat_layer
from sim.dynamics.grand import Grand
from sim.dynamics.softmax import Softmax
from sim.exterior_calculus.edge_attention import (
    additive_scores,
    aggregate,
    apply_nonlinearity,
    per_head,
)
from sim.exterior_calculus.hodge import HodgeComplex
from sim.graph_operators.arcs import Arcs
from sim.graphs import Graph
from sim.graphs.complete import Complete, all_pairs
from sim.graphs.karate import Karate
from sim.graphs.ring import Ring
from sim.numerics.linear_flow import LinearFlow
from sim.scenario import Scenario, edit
from sim.settings.knobs import put
from sim.simulation import Simulation
from sim.spaces.flat import Flat
from sim.spaces.sphere import Sphere

ROUNDING = 1e-13


@pytest.mark.parametrize("loops", [False, True], ids=["noloops", "loops"])
def test_gat_layer_is_that_of_torch_geometric(loops):
    z = reference("graph_gat_karate")
    key = "loops" if loops else "noloops"
    arcs = Arcs.of(z["edges"], 34, z["x"], loops=loops)
    v = z["gat_W"].reshape(3, 4, 8)
    a, b = (z[f"gat_att_{end}"][0][:, None, :] for end in ("src", "dst"))
    out, alpha = gat_layer(z["x"], arcs, v, a, b, 0.2)
    side_by_side = np.moveaxis(out, 0, 1).reshape(34, 12)
    error = apart(side_by_side, z[f"gat_{key}_out"])
    held("graph_gat_karate", "outputs, with and without loops", error, ROUNDING)
    ours = dict(
        zip(zip(arcs.source, arcs.target, strict=True), alpha[..., 0].T, strict=True)
    )
    found = [ours[tuple(e)] for e in z[f"gat_{key}_edge_index"].T]
    error = apart(found, z[f"gat_{key}_alpha"])
    held("graph_gat_karate", "attention of every edge", error, ROUNDING)


def test_a_layer_is_one_euler_step():
    scenario = edit(
        Scenario(dimension=4),
        {"dynamics": "gat", "dynamics.graph": "karate", "dynamics.count": 2}
        | {"space": "flat", "integrator": "euler", "step": 1.0},
    )
    run = Simulation(scenario)
    x = run.x
    field = bound(scenario.dynamics, x, scenario.seed)
    run.step()
    np.testing.assert_allclose(run.x, x + field.velocity(state(x)).x, atol=ROUNDING)
    layers = Simulation(put(scenario, "integrator", scenario.integrator))
    layers.retune(edit(scenario, {"integrator": "layer"}))
    layers.step()
    np.testing.assert_allclose(layers.x, run.x, atol=ROUNDING)


@pytest.mark.parametrize(("key", "share"), [("rw", "columns"), ("gcn", "symmetric")])
def test_fixed_diffusion_is_that_of_graph_neural_pde(key, share):
    z = reference("graph_grand_karate")
    law = Convolution(normalised=share, loops=False, graph=Karate())
    field, s = bound(law, z["x0"]), state(z["x0"])
    v = 0.5 * field.velocity(s).x
    error = apart(v, z[f"lap_{key}_vel"])
    held("graph_grand_karate", "velocities of fixed diffusion", error, 1e-12)
    for t, wanted in zip(z["t"], z[f"lap_{key}_traj"], strict=True):
        there = LinearFlow(field.velocity, s).flow(s, t / 2)
        error = apart(there.x, wanted)
        held("graph_grand_karate", "runs of fixed diffusion", error, 1e-12)


@pytest.mark.slow
def test_attentive_diffusion_is_that_of_graph_neural_pde():
    z = reference("graph_grand_karate")
    q, k = heads(z["att_Q"], 2), heads(z["att_K"], 2)
    field = bound(Grand(beta=0.5, graph=Karate(), count=2, query=q, key=k), z["x0"])
    s = state(z["x0"])
    v = field.velocity(s).x
    error = max(
        apart(0.5 * v, z["att_vel"]), apart(s.x + 0.5 * v, z["att_euler_step1"])
    )
    held("graph_grand_karate", "velocities with attention", error, 1e-12)
    for t, wanted in zip(z["t"][1:], z["att_traj"][1:], strict=True):
        there = marched(field, s, t / 2)
        error = apart(there.x, wanted)
        held("graph_grand_karate", "runs with attention", error, 1e-11)


def test_additive_scores_and_the_lectures_step():
    z = reference("graph_grand_karate")
    x, (a, b) = z["x0"], z["gatatt_a"].reshape(2, 1, 1, 4)
    arcs = Arcs.of(z["edges"], 34, x, loops=False)
    y = per_head(x, heads(z["gatatt_W"].T, 2).stack)
    alpha = np.mean(arcs.softmax(additive_scores(y, arcs, b, a, 0.2)), axis=-3)
    pull = aggregate(x, arcs, alpha) - x
    error = apart(0.5 * pull, z["gatatt_vel"])
    held("graph_grand_karate", "additive attention", error, 1e-12)
    for name, sigma in (("identity", "none"), ("tanh", "tanh")):
        found = x + apply_nonlinearity(sigma, pull)
        error = apart(found, z[f"seed_step_{name}"])
        held("graph_grand_karate", "the lecture's step", error, 1e-12)


def test_a7_attention_is_projected_diffusion():
    rng = np.random.default_rng(0)
    x = Sphere().project_point(rng.standard_normal((20, 3)))
    v = bound(Softmax(beta=3.0), x).velocity(state(x))
    graph = Graph.of(all_pairs(20), 20, x)
    tail, head = graph.edges.T
    w = np.exp(3 * np.sum(x[tail] * x[head], axis=1, keepdims=True))
    z = np.exp(3 * x @ x.T).sum(axis=1, keepdims=True)  # with the loop
    heat = -HodgeComplex(graph, z, w).laplacian0(x)
    wanted = Sphere().project_tangent(x, heat)
    error = apart(Sphere().project_tangent(x, v.x), wanted)
    held("A7", "SA is projected GRAND", error, 1e-15)
    grand = bound(Grand(beta=3.0, graph=Complete()), x).velocity(state(x)).x
    alone = z - np.exp(3.0)
    np.testing.assert_allclose(grand * alone / z, heat, atol=1e-15)


def grand(**kwargs):
    x = np.random.default_rng(1).standard_normal((34, 3))
    law = Grand(weights="frozen", graph=Karate(), **kwargs)
    return bound(law, x), state(x)


def laplacian(field, n=34):
    return -field.velocity(state(np.eye(n))).x


def test_n7_diffusion_has_the_right_sign_and_spectrum():
    field, _ = grand()
    k = laplacian(field)
    assert abs(k.sum(axis=1)).max() < 1e-14
    assert (k - np.diag(np.diag(k)) <= 0).all()
    values = np.linalg.eigvals(k)
    assert abs(values.imag).max() < 1e-12
    assert values.real.min() > -1e-14
    assert values.real.max() < 2


def test_n7_mean_maximum_principle_and_limit():
    field, s = grand()
    values, left = np.linalg.eig(laplacian(field).T)
    mass = np.real(left[:, np.argmin(abs(values))])[:, None]
    limit = np.sum(mass * s.x, axis=0) / mass.sum()
    linear = LinearFlow(field.velocity, s)
    high, low = s.x.max(0), s.x.min(0)
    for _ in range(20):
        s = linear.flow(s, 0.2)
        beyond = max((s.x.max(0) - high).max(), (low - s.x.min(0)).max(), 0)
        held("N7", "no token beyond the extremes before", beyond, 1e-14)
        high, low = s.x.max(0), s.x.min(0)
        error = apart(np.sum(mass * s.x, axis=0) / mass.sum(), limit)
        held("N7", "Σ aᵢhᵢ is conserved", error, 1e-14)
    slowest = np.sort(values.real)[1]
    near, far = linear.flow(s, 40.0), linear.flow(s, 50.0)
    rate = np.log(np.linalg.norm(near.x - limit) / np.linalg.norm(far.x - limit)) / 10
    held("N7", "rate λ₂(L), relative", missed(rate, slowest), 1e-2)
    held("N7", "limit Σ aᵢhᵢ/Σ aᵢ", apart(linear.flow(s, 2000.0).x, limit), 1e-12)


def test_n7_euler_obeys_the_maximum_principle_up_to_one():
    field, _ = grand()
    step = np.eye(34) - laplacian(field)
    held("N7", "Euler with τ = 1: least weight below 0", max(0, -step.min()), 1e-16)
    assert (np.eye(34) - 1.01 * laplacian(field)).min() < 0


@pytest.mark.parametrize("nonlinearity", ["none", "tanh"])
def test_smoothness_never_falls_as_the_law_says(nonlinearity):
    field, s = grand(nonlinearity=nonlinearity)
    law = Grand(weights="frozen", graph=Karate(), nonlinearity=nonlinearity)
    assert law.energy_behaviour(Flat()) == "descends"
    v, h = field.velocity(s).x, 1e-6
    change = float(field.energy(state(s.x + h * v)) - field.energy(state(s.x - h * v)))
    rate = float(field.measures["rate"](s))
    assert rate < 0
    assert change / (2 * h) == pytest.approx(rate, rel=1e-8)


def test_a_nonlinearity_breaks_the_conserved_mean():
    field, s = grand(nonlinearity="tanh")
    plain, _ = grand()
    values, left = np.linalg.eig(laplacian(plain).T)
    mass = np.real(left[:, np.argmin(abs(values))])[:, None]
    v, p = field.velocity(s).x, plain.velocity(s).x
    assert abs(np.sum(mass * p, axis=0)).max() < 1e-14
    assert abs(np.sum(mass * v, axis=0)).max() > 1e-3


@pytest.mark.parametrize("share", ["rows", "symmetric", "columns"])
@pytest.mark.parametrize("loops", [False, True])
def test_convolution_descends_its_energy(share, loops):
    law = Convolution(normalised=share, loops=loops, graph=Karate())
    x = np.random.default_rng(2).standard_normal((34, 3))
    field = bound(law, x)
    v, h = field.velocity(state(x)).x, 1e-6
    change = float(field.energy(state(x + h * v)) - field.energy(state(x - h * v)))
    rate = float(field.measures["rate"](state(x)))
    assert law.energy_behaviour(Flat()) == "descends"
    assert change / (2 * h) == pytest.approx(rate, rel=1e-8)


def test_convolution_is_the_layer_of_kipf_and_welling():
    x = np.random.default_rng(3).standard_normal((5, 2))
    ring = np.roll(np.eye(5), 1, axis=0)
    matrix = (np.eye(5) + ring + ring.T) / 3
    v = bound(Convolution(graph=Ring()), x).velocity(state(x)).x
    np.testing.assert_allclose(x + v, matrix @ x, atol=1e-15)


def test_gat_with_even_scores_averages_neighbours():
    x = np.random.default_rng(4).standard_normal((6, 2))
    v = bound(GAT(spread=0.0, graph=Ring()), x).velocity(state(x)).x
    mean = (x + np.roll(x, 1, axis=0) + np.roll(x, -1, axis=0)) / 3
    np.testing.assert_allclose(x + v, mean, atol=1e-15)
