"""Bracket dynamics on graphs: oracles N1 to N6, and the reference files."""

from itertools import product

import numpy as np
import pytest
from helpers.graphs import (
    Edges,
    bound,
    graph_of,
    heads,
    marched,
    random_graph,
    reference,
    stacked,
    state,
)
from helpers.oracles import apart, held, missed
from scipy.linalg import expm

from sim.dynamics.bracket import Bracket
from sim.dynamics.convolution import Convolution
from sim.dynamics.gat import GAT
from sim.dynamics.gradient import Gradient
from sim.dynamics.grand import Grand
from sim.dynamics.metriplectic import Metriplectic, metriplectic
from sim.dynamics.mix import Mix
from sim.exterior_calculus.metric import Metric
from sim.exterior_calculus.phase_space import PhaseSpace
from sim.graphs.complete import Complete
from sim.graphs.karate import Karate
from sim.graphs.path import Path
from sim.graphs.ring import Ring
from sim.numerics.linear_flow import LinearFlow
from sim.seed import Seed
from sim.spaces.flat import Flat
from sim.spaces.sphere import Sphere
from sim.state import State

CONVENTIONS = ("weighted", "euclidean")
LAWS = {
    "hamiltonian": Bracket(),
    "double": Bracket(gamma=1.0),
    "mix": Mix(phi=40.0),
    "gradient": Gradient(),
}


def with_graph(law, graph, metric):
    return type(law)(
        **{
            **{k: getattr(law, k) for k in ("gamma", "phi") if hasattr(law, k)},
            "graph": graph,
            "metric": metric,
        }
    )


def case(seed=0, weights="frozen", convention="weighted", d=3):
    """Return a random 7-node graph, a metric, and a state."""
    rng = np.random.default_rng(seed)
    pairs = random_graph(rng)
    x, p = rng.standard_normal((7, d)) / 2, rng.standard_normal((12, d))
    return Edges(pairs=pairs), Metric(weights=weights, convention=convention), x, p


def norms(a, g):
    """Return |d0 g_q|²_A1, |d0* g_p|²_A0 and |d1 g_p|²_A2."""
    return (
        np.sum(a.a1 * a.d0(g.x) ** 2),
        np.sum(a.a0 * a.d0_star(g.p) ** 2),
        np.sum(a.a2 * a.d1(g.p) ** 2),
    )


def slope_along(energy, s, v, h=1e-6):
    def at(t):
        return float(energy(State(0.0, s.x + t * v.x, s.p + t * v.p)))

    return (at(h) - at(-h)) / (2 * h)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("name", LAWS)
def test_n1_frozen_solutions_are_exponentials(name, convention):
    graph, metric, x, p = case(1, "frozen", convention)
    field, s = bound(with_graph(LAWS[name], graph, metric), x), state(x, p)
    one = np.eye(19)
    k = stacked(field.velocity(State(0.0, one[:7], one[7:])))
    exact = expm(0.7 * k) @ np.concatenate([x, p])
    there = LinearFlow(field.velocity, s).flow(s, 0.7)
    held("N1", "e^{tK}x of frozen weights", apart(stacked(there), exact), 1e-12)
    again = marched(field, s, 0.7)
    np.testing.assert_allclose(stacked(again), exact, atol=1e-11)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_n1_hamiltonian_frequencies(convention):
    graph, metric, x, _ = case(2, "frozen", convention)
    field = bound(Bracket(graph=graph, metric=metric), x)
    one = np.eye(19)
    k = stacked(field.velocity(State(0.0, one[:7], one[7:])))
    found = np.linalg.eigvals(k)
    assert abs(found.real).max() < 1e-13
    phase = PhaseSpace.of(graph, metric, x, Seed(0))
    a, d0 = phase.at(x), phase.graph.d0.matrix.toarray()
    if convention == "weighted":
        squares = np.linalg.eigvals(a.laplacian0(np.eye(7))).real
    else:
        squares = np.linalg.svd(d0 / a.a0.T)[1] ** 2
    wanted = np.sort(np.sqrt(np.abs(squares)))
    np.testing.assert_allclose(np.sort(found.imag)[-7:], wanted, atol=1e-7)
    error = apart(np.sort(found.imag)[-6:], wanted[1:])
    held("N1", "frequencies, both conventions", error, 4e-14)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("name", ["hamiltonian", "double", "mix"])
def test_n1_mean_and_cycles_are_conserved(name, convention):
    graph, metric, x, p = case(3, "frozen", convention)
    field = bound(with_graph(LAWS[name], graph, metric), x)
    phase = PhaseSpace.of(graph, metric, x, Seed(0))
    a = phase.at(x)
    s, v = state(x, p), field.velocity(state(x, p))
    held("N1", "Σ aᵢq̇ᵢ = 0", abs(np.sum(a.a0 * v.x, axis=0)).max(), 1e-14)
    w = 1.0 if convention == "euclidean" else a.a1
    d0 = phase.graph.d0.matrix.toarray()
    kernel = np.linalg.svd(d0.T * np.squeeze(w * np.ones((12, 1))))[2][6:]
    assert abs(d0.T @ (w * kernel.T)).max() < 1e-13
    held("N1", "cycle flows never move", abs(kernel @ (w * v.p)).max(), 1e-13)
    there = LinearFlow(field.velocity, s).flow(s, 2.0)
    for key in ("cycles", "node_mean"):
        measure = field.measures[key]
        error = abs(float(measure(there)) - float(measure(s)))
        held("N1", "observables of cycles and mean stay", error, 1e-13)


PROMISES = [  # where A itself moves, some promise nothing
    (name, convention, weights)
    for name, convention, weights in product(LAWS, CONVENTIONS, ("frozen", "attention"))
    if with_graph(LAWS[name], *case(4, weights, convention)[:2]).energy_behaviour(
        Flat()
    )
    != "none"
]


@pytest.mark.parametrize(("name", "convention", "weights"), PROMISES)
def test_n2_energy_changes_as_the_formula_says(name, convention, weights):
    graph, metric, x, p = case(4, weights, convention)
    law = with_graph(LAWS[name], graph, metric)
    field, s = bound(law, x), state(x, p)
    v = field.velocity(s)
    phase = PhaseSpace.of(graph, metric, x, Seed(0), faces=True)
    a = phase.at(x)
    nodes, edges, faces = norms(a, phase.energy_gradient(a, s))
    wanted = {
        "hamiltonian": 0.0,
        "double": -(nodes + edges),
        "mix": -np.sin(np.deg2rad(40)) * (nodes + edges),
        "gradient": -(nodes + edges + faces),
    }[name]
    size = float(field.energy(s))
    error = abs(float(field.measures["rate"](s)) - wanted) / size
    held("N2", "dE/dt of all brackets, relative", error, 1e-14)
    error = abs(slope_along(field.energy, s, v) - wanted) / size
    held("N2", "dE/dt by differences, relative", error, 1e-8)


def test_n2_euclidean_hamiltonian_conserves_exactly_with_moving_attention():
    graph, metric, x, p = case(5, "attention", "euclidean")
    v = bound(Bracket(graph=graph, metric=metric), x).velocity(state(x, p))
    error = abs(np.sum(x * v.x) + np.sum(p * v.p))
    held("N2", "dE/dt = 0 with moving attention, Euclidean", error, 1e-14)


def test_weighted_energy_is_promised_only_for_weights_at_rest():
    graph, metric, x, p = case(6, "attention", "weighted")
    law = Bracket(graph=graph, metric=metric)
    assert law.energy_behaviour(Flat()) == "none"
    field, s = bound(law, x), state(x, p)
    assert abs(slope_along(field.energy, s, field.velocity(s))) > 1e-3
    assert Bracket().energy_behaviour(Flat()) == "conserves"
    assert Bracket(gamma=0.5).energy_behaviour(Flat()) == "descends"
    assert Bracket().energy_behaviour(Sphere()) == "none"


def test_n4_limit_of_the_euclidean_double_bracket():
    graph, metric, x, p = case(7, "frozen", "euclidean")
    field, s = bound(Bracket(gamma=1.0, graph=graph, metric=metric), x), state(x, p)
    phase = PhaseSpace.of(graph, metric, x, Seed(0))
    a0, d0 = phase.at(x).a0, phase.graph.d0.matrix.toarray()
    far = LinearFlow(field.velocity, s).flow(s, 4000.0)
    mean = np.sum(a0 * x, axis=0)
    rest = p - d0 @ (np.linalg.pinv(d0) @ p)
    error = max(apart(far.x, a0 * mean / np.sum(a0**2)), apart(far.p, rest))
    held("N4", "limit of the double bracket", error, 1e-12)
    left = (np.sum(mean**2) / np.sum(a0**2) + np.sum(rest**2)) / 2
    held(
        "N4",
        "limit of the double bracket: energy, relative",
        missed(float(field.energy(far)), left),
        1e-12,
    )


def test_n5_waves_on_the_complete_graph_are_periodic():
    x = np.random.default_rng(8).standard_normal((6, 3))
    field, s = bound(Bracket(graph=Complete()), x), state(x, np.zeros((15, 3)))
    there = LinearFlow(field.velocity, s).flow(s, 2 * np.pi / np.sqrt(6))
    error = max(apart(there.x, x), apart(there.p, 0))
    held("N5", "waves on K₆ have period 2π/√6", error, 2e-14)


@pytest.mark.parametrize("graph", [Complete(), Ring(), Path()], ids=["K", "C", "P"])
def test_mode_energies_add_up_and_keep_their_frequencies(graph):
    x = np.random.default_rng(9).standard_normal((12, 3))
    field = bound(Bracket(graph=graph), x)
    s = field.start(state(x))
    there = LinearFlow(field.velocity, s).flow(s, 1.3)
    before, after = (field.measures["modes"](v) for v in (s, there))
    np.testing.assert_allclose(before, after, atol=1e-12)
    assert before[:, 1].sum() == pytest.approx(float(field.energy(s)))
    angle = np.pi * np.arange(12) / 12
    wanted = {
        "complete": np.r_[0, np.full(11, np.sqrt(12))],
        "ring": np.sort(2 * np.sin(angle)),
        "path": 2 * np.sin(angle / 2),
    }[graph.kind]
    held("N5", "frequencies of K, C and P", apart(before[:, 0], wanted), 1e-13)


def test_mode_energies_fall_mode_by_mode_in_the_double_bracket():
    x = np.random.default_rng(10).standard_normal((12, 3))
    field = bound(Bracket(gamma=0.5, graph=Ring()), x)
    s = field.start(state(x))
    there = LinearFlow(field.velocity, s).flow(s, 1.0)
    w, before = field.measures["modes"](s).T
    after = field.measures["modes"](there)[:, 1]
    np.testing.assert_allclose(after.sum(), (before * np.exp(-(w**2))).sum())


@pytest.mark.parametrize("weights", ["graph", "frozen", "attention"])
def test_n6_metriplectic_keeps_energy_and_makes_entropy(weights):
    graph, metric, x, p = case(11, weights)
    field, s = bound(Metriplectic(graph=graph, metric=metric), x), state(x, p)
    v = field.velocity(s)
    size = float(field.energy(s))
    error = abs(slope_along(field.energy, s, v)) / size
    held("N6", "metriplectic dE/dt = 0, relative", error, 1e-8)
    phase = PhaseSpace.of(graph, metric, x, Seed(0), faces=True)
    a, d1 = phase.at(x), phase.graph.d1.matrix.toarray()
    a2 = 1.0 if a.a2 is None else a.a2
    made = np.sum(a2 * (d1 @ d1.T @ d1 @ p) ** 2)
    found = slope_along(field.measures["disorder"], s, v)
    assert made > 0
    held("N6", "dS/dt of the entropy, relative", missed(found, made), 1e-8)


def test_mix_ends_at_the_two_brackets():
    graph, metric, x, p = case(12)
    s = state(x, p)
    wave = bound(Bracket(graph=graph, metric=metric), x).velocity(s)
    both = bound(Bracket(gamma=1.0, graph=graph, metric=metric), x).velocity(s)
    start = bound(Mix(phi=0.0, graph=graph, metric=metric), x).velocity(s)
    end = bound(Mix(phi=90.0, graph=graph, metric=metric), x).velocity(s)
    np.testing.assert_array_equal(stacked(start), stacked(wave))
    np.testing.assert_allclose(stacked(end), stacked(both) - stacked(wave), atol=1e-14)


# The published code, and the lecture's brackets.


def published(weights):
    z = reference("bracket_src_karate_fields")
    q, k, v = (heads(z[name], 2) for name in ("W_Q", "W_K", "W_V"))
    metric = Metric(
        weights=weights, convention="euclidean", count=2, query=q, key=k, value=v
    )
    return z, metric, state(z["q0"], z["p0"])


def test_published_attention_weights():
    z, metric, s = published("attention")
    a = PhaseSpace.of(Karate(), metric, s.x, Seed(0), faces=True).at(s.x)
    for name, found in (("A0", a.a0), ("A1", a.a1), ("A2", a.a2)):
        error = apart(found[:, 0] / z[name], 1)
        held("bracket_src_karate_fields", "A0, A1, A2, relative", error, 1e-14)


@pytest.mark.slow
@pytest.mark.parametrize("weights", ["frozen", "attention"])
@pytest.mark.parametrize("name", ["hamiltonian", "double", "gradient"])
def test_published_fields_and_trajectories(name, weights):
    z, metric, s = published(weights)
    law = with_graph(LAWS[name], Karate(), metric)
    field = bound(law, s.x)
    v = field.velocity(s)
    error = max(apart(v.x, z[f"{name}_qdot"]), apart(v.p, z[f"{name}_pdot"]))
    held("bracket_src_karate_fields", "fields of three brackets", error, 1e-12)
    run = reference(f"bracket_src_karate_traj_{name}")
    for k, t in enumerate(run["t"][1:], 1):
        if weights == "frozen":
            there = LinearFlow(field.velocity, s).flow(s, t)
            error = apart(stacked(there), run["constatt_traj"][k])
            held(f"bracket_src_karate_traj_{name}", "attention at rest", error, 1e-11)
            wanted = z[f"{name}_constatt_E"][k]
        else:
            there = marched(field, s, t, rtol=1e-12, atol=1e-13)
            error = apart(stacked(there), run["traj"][k])
            held(f"bracket_src_karate_traj_{name}", "attention moves", error, 1e-9)
            wanted = z[f"{name}_E"][k]
        assert float(field.energy(there)) == pytest.approx(wanted, abs=1e-8)


def test_published_metriplectic_field():
    z, metric, s = published("attention")
    a = PhaseSpace.of(Karate(), metric, s.x, Seed(0), faces=True).at(s.x)
    d0, d1 = a.graph.d0.matrix.toarray(), a.graph.d1.matrix.toarray()

    def slope(name, u):
        w0, b0, w1, _ = (z[f"mlp_{name}_{i}"] for i in range(4))
        return (w1[0] * (1 - np.tanh(w0 @ u + b0) ** 2)) @ w0

    down, around = d0 @ d0.T, d1.T @ d1
    one = np.ones((78, 1))
    eq = np.ones((34, 1)) * slope("fE", s.x.sum(0))
    ep = down @ (one * slope("gE", (down @ s.p).sum(0)))
    sp = around @ (one * slope("gS", (around @ s.p).sum(0)))
    v = metriplectic(a, eq, ep, sp)
    error = max(apart(v.x, z["metriplectic_qdot"]), apart(v.p, z["metriplectic_pdot"]))
    held("bracket_src_karate_fields", "metriplectic field", error, 1e-12)


@pytest.mark.parametrize("name", ["path5", "karate"])
@pytest.mark.parametrize(
    ("key", "law"),
    [
        ("hamiltonian", Bracket()),
        ("double", Bracket(gamma=1.0)),
        ("diffusion", Mix(phi=90.0)),
    ],
)
def test_lecture_brackets(name, key, law):
    z = reference(f"lecture_bracket_{name}")
    graph = Edges(pairs=z["edges"])
    s = state(z["q0"], z["p0"])
    field = bound(with_graph(law, graph, Metric()), s.x)
    error = apart(stacked(field.velocity(s)), z[f"{key}_vel0"])
    held(f"lecture_bracket_{name}", "velocities", error, 1e-12)
    linear = LinearFlow(field.velocity, s)
    for t, wanted, energy in zip(z["t"], z[f"{key}_traj"], z[f"{key}_E"], strict=True):
        there = linear.flow(s, t)
        error = apart(stacked(there), wanted)
        held(f"lecture_bracket_{name}", "runs", error, 1e-11)
        assert float(field.energy(there)) == pytest.approx(energy, abs=1e-9)


def test_orientation_of_the_edges_does_not_matter():
    pairs = random_graph(np.random.default_rng(13))
    turned = graph_of(pairs[:, ::-1], 7)
    assert np.array_equal(turned.edges, graph_of(pairs, 7).edges)


EVERY = [
    *(
        type(law)(
            graph=Complete(),
            metric=Metric(weights=weights, convention=convention),
            stir=0.5,
        )
        for law in (Bracket(), Mix(), Gradient(), Metriplectic())
        for weights in ("graph", "frozen", "attention")
        for convention in CONVENTIONS
    ),
    *(Grand(weights=weights, graph=Complete()) for weights in ("frozen", "attention")),
    Convolution(graph=Complete()),
    GAT(graph=Complete()),
]


@pytest.mark.parametrize("law", EVERY, ids=repr)
def test_every_law_measures_a_batch_like_its_members(law):
    x = np.random.default_rng(14).standard_normal((3, 7, 2))
    many = bound(law, x)
    s = many.start(State(0.0, x, x[:, :0]))
    for k in range(3):
        one = bound(law, x[k])
        alone = one.start(State(0.0, x[k], x[k][:0]))
        if "frozen" in repr(law) and many.linear:
            here = LinearFlow(many.velocity, s).flow(s, 0.3).x[k]
            there = LinearFlow(one.velocity, alone).flow(alone, 0.3).x
            np.testing.assert_allclose(here, there, atol=1e-13)
        relative = isinstance(law, Grand)  # its weights are so to the first run's
        for key in ("node_mean",) if relative else one.measures:
            found = np.asarray(many.measures[key](s))[k]
            wanted = one.measures[key](alone)
            np.testing.assert_allclose(found, wanted, atol=1e-7, rtol=1e-10)
        weight = np.asarray(many.edge_weight(s))
        assert np.isfinite(weight).all()
