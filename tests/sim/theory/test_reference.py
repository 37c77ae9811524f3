"""Velocities and trajectories of independent solvers, reproduced."""

import numpy as np
import pytest
from helpers.oracles import apart, held, missed
from helpers.runs import DATA, placed, reference, state, table, velocity

from sim import Simulation
from sim.dynamics.bracket import Bracket
from sim.graph_operators.edge_list import EdgeList
from sim.graphs import Graph
from sim.integrators.adaptive import Adaptive
from sim.scenario import Scenario, edit
from sim.seed import Seed
from sim.spaces.sphere import Sphere
from sim.state import State

VELOCITY = 1e-13  # absolute, |v| ≤ 1: rounding of a sum of n terms, and some
BETAS = ("0.1", "1", "9", "81")
FIELDS = {
    "vel_sa_d3_n64": ("softmax", "full", ("id", "V", "QKV", "mh")),
    "vel_sa_d10_n32": ("softmax", "full", ("id", "V", "QKV", "mh")),
    "vel_usa_d3_n64": ("unnormalised", "full", ("id", "V", "QKV")),
    "vel_causal_d3_n64": ("softmax", "causal", ("id", "mh")),
}


def law(name, kind, mask, beta, which):
    """Return the law whose velocities the reference file calls `which`."""
    changes = {
        "dynamics": kind,
        "dynamics.beta": float(beta),
        "dynamics.heads.mask": mask,
    }
    if which == "mh":
        changes["dynamics.heads.count"] = 4
        for field, array in (("query", "Q"), ("key", "K"), ("value", "V")):
            part = f"dynamics.heads.{field}"
            changes |= {part: "file", f"{part}.path": str(DATA / f"{name}.npz")}
            changes[f"{part}.array"] = array
    fields = {"V": ("value",), "QKV": ("query", "key", "value")}.get(which, ())
    arrays = reference(name)
    for field in fields:
        part = f"dynamics.heads.{field}"
        matrix = arrays[field[0].upper()][0]
        changes |= {part: "explicit", f"{part}.matrix": table(matrix)}
    return edit(Scenario(), changes).dynamics


def velocities():
    for name, (kind, mask, keys) in FIELDS.items():
        known = reference(name)
        for which in keys:
            for beta in BETAS:
                if f"{which}_b{beta}" in known:
                    yield name, kind, mask, which, beta
    for beta in BETAS:
        yield "vel_usa_d3_n64", "unnormalised", "causal", "causal", beta


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind", "mask", "which", "beta"), [*velocities()])
def test_velocity(name, kind, mask, which, beta):
    known = reference(name)
    found = velocity(law(name, kind, mask, beta, which), known["X0"])
    error = apart(found, known[f"{which}_b{beta}"])
    held(name, "velocities, β = .1, 1, 9, 81", error, VELOCITY)


USA, CAUSAL = {"kind": "unnormalised"}, {"mask": "causal"}
# Options, then steps and the largest error of projected RK4 there: measured, doubled.
# The finer step marches half as long.
RUNS = {
    "traj_sa_d3_n64_b0.1": ({"beta": 0.1}, (0.1, 2e-6), (0.02, 4e-9)),
    "traj_sa_d3_n64_b1": ({"beta": 1.0}, (0.1, 2e-6), (0.02, 4e-9)),
    "traj_sa_d3_n64_b9": ({"beta": 9.0}, (0.1, 3e-6), (0.02, 5e-9)),
    "traj_sa_d3_n64_b81": ({"beta": 81.0}, (0.1, 4e-7), (0.02, 6e-10)),
    "traj_sa_d3_n256_b9": ({"beta": 9.0}, (0.1, 5e-5), (0.02, 8e-8)),
    "traj_sa_d3_n64_b4_Vneg": ({"beta": 4.0, "c": -1.0}, (0.1, 5e-8), (0.02, 8e-11)),
    "traj_sa_d3_n64_b1_Vrand": (
        {"beta": 1.0, "given": "V"},
        (0.1, 1.5e-4),
        (0.02, 3e-7),
    ),
    "traj_sa_d3_n64_b9_QKVrand": (
        {"beta": 9.0, "given": "QKV"},
        (0.1, 4e-4),
        (0.02, 5e-7),
    ),
    "traj_usa_d3_n64_b0.1": ({"beta": 0.1, **USA}, (0.1, 1.5e-6), (0.02, 3e-9)),
    "traj_usa_d3_n64_b1": ({"beta": 1.0, **USA}, (0.1, 4e-8), (0.02, 6e-11)),
    "traj_usa_d3_n64_b9": ({"beta": 9.0, **USA}, (1.0, 5e-6), (0.2, 1e-8)),
    "traj_usa_d3_n64_b81": ({"beta": 81.0, **USA}, (2.0, 4e-6), (1.0, 3e-7)),
    "traj_causal_d3_n64_b9": ({"beta": 9.0, **CAUSAL}, (0.1, 7e-7), (0.02, 2e-9)),
    "traj_usa_causal_d3_n64_b1": (
        {"beta": 1.0, **USA, **CAUSAL},
        (0.1, 2e-8),
        (0.02, 3e-11),
    ),
}


def run_of(name, options, h, tmp_path):
    known = reference(name)
    changes = {
        "dynamics": options.get("kind", "softmax"),
        "dynamics.beta": options["beta"],
        "dynamics.heads.mask": options.get("mask", "full"),
        "step": h,
    }
    if "c" in options:
        changes["dynamics.heads.value.scale"] = options["c"]
    for letter in options.get("given", ""):
        field = {"Q": "query", "K": "key", "V": "value"}[letter]
        part = f"dynamics.heads.{field}"
        changes |= {part: "explicit", f"{part}.matrix": table(known[letter][0])}
    return known, Simulation(placed(known["X"][0], tmp_path, **changes), "numpy")


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("fine", [False, True], ids=["coarse", "fine"])
def test_trajectory(name, fine, tmp_path):
    options, *steps = RUNS[name]
    h, bound = steps[fine]
    known, run = run_of(name, options, h, tmp_path)
    last = len(known["t"]) // (1 + fine)
    for t, x in zip(known["t"][:last], known["X"][:last], strict=True):
        run.advance(t - run.t)
        assert np.abs(run.x - x).max() <= bound


TIGHT = Adaptive(rtol=1e-12, atol=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_adaptive_trajectory(name, tmp_path):
    """Every token at every time that the file has."""
    options, *_ = RUNS[name]
    h = min(2.0, float(np.diff(reference(name)["t"]).min()))
    known, run = run_of(name, options, h, tmp_path)
    run.retune(edit(run.scenario, {"integrator": TIGHT}))
    for t, x in zip(known["t"], known["X"], strict=True):
        run.advance(t - run.t)
        held(name, "x(t), every time, adaptive", apart(run.x, x), 1e-10)


SAME_F = 1e-11  # relative; n² terms, each exact to a few units in the last place


@pytest.mark.parametrize("name", RUNS)
def test_energy_and_mean_cosine(name, tmp_path):
    options, *_ = RUNS[name]
    known, _ = run_of(name, options, 0.1, tmp_path)
    for k in (0, -1):
        beta = {"dynamics.beta": options["beta"]}
        run = Simulation(placed(known["X"][k], tmp_path, **beta), "numpy")
        found, n = run.measures(), len(run.x)
        error = missed(found["f"], known["F_seed"][k])
        held(name, "F, relative, at the ends", error, SAME_F)
        scaled = found["e_beta"] * np.exp(-options["beta"])
        assert missed(scaled, known["E_scaled"][k]) < SAME_F
        # The file's mean counts i = j as well.
        whole = ((n - 1) * found["mean_cosine"] + 1) / n
        error = abs(whole - known["mean_cos"][k])
        held(name, "mean cosine at the ends", error, SAME_F)
        assert found["order"] ** 2 == pytest.approx(whole, abs=SAME_F)


FIELD = 1e-12  # of a graph: sums over at most 17 edges of a node


@pytest.mark.parametrize("name", ["path5", "karate"])
def test_bracket_velocity(name):
    known = reference(f"lecture_bracket_{name}")
    q, p = known["q0"], known["p0"]
    graph = Graph.of(EdgeList(known["edges"]), len(q), q)
    dq, dp = -graph.net_inflow(p), graph.difference(q)
    found = np.concatenate([dq, dp])
    error = apart(found, known["hamiltonian_vel0"])
    held(f"lecture_bracket_{name}", "velocities by d0 and d0ᵀ", error, FIELD)
    double = np.concatenate([dq - graph.net_inflow(dp), dp + graph.difference(dq)])
    error = apart(double, known["double_vel0"])
    held(f"lecture_bracket_{name}", "velocities by d0 and d0ᵀ", error, FIELD)


def test_bracket_energy_law():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(30, 3))
    for gamma in (0.0, 0.7):
        field = Bracket(gamma=gamma).bind(x, Seed(0))
        s = field.start(state(x))
        s = type(s)(0.0, x, rng.normal(size=s.p.shape))
        v = field.velocity(s)
        power = (s.x * v.x).sum() + (s.p * v.p).sum()
        pull = (
            field.velocity(s) if gamma == 0 else Bracket().bind(x, Seed(0)).velocity(s)
        )
        lost = gamma * ((pull.x**2).sum() + (pull.p**2).sum())
        assert power == pytest.approx(-lost, abs=1e-10)


GEOMETRY = 1e-13


@pytest.mark.parametrize("d", [2, 3, 10])
def test_projection_and_retraction(d):
    known = reference("sphere_geometry")
    x, w = known[f"d{d}_x"], known[f"d{d}_w"]
    space = Sphere()
    tangent = space.project_tangent(x, w)
    error = apart(tangent, known[f"d{d}_proj"])
    held("sphere_geometry", "projection, d = 2, 3, 10", error, GEOMETRY)
    landed = space.project_point(x + tangent)
    error = apart(landed, known[f"d{d}_retraction"])
    held("sphere_geometry", "retraction", error, GEOMETRY)


@pytest.mark.parametrize("d", [2, 3, 10])
def test_geodesics_and_parallel_transport(d):
    known = reference("sphere_geometry")
    x, y, p = (known[f"d{d}_{k}"] for k in ("x", "y", "proj"))
    ground, still = Sphere().tangent_bundle(), np.zeros_like(x)
    there = ground.exp(State(0.0, x, still), 1.0, p)
    held("sphere_geometry", "exp", apart(there.x, known[f"d{d}_exp"]), GEOMETRY)
    there = ground.exp(State(0.0, x, p), 1.0, known[f"d{d}_log"])
    held("sphere_geometry", "exp ∘ log", apart(there.x, y), 1e-12)
    error = apart(there.p, known[f"d{d}_transport_x_to_y"])
    held("sphere_geometry", "parallel transport", error, 1e-12)
