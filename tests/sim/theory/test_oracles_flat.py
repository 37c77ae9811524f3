"""Attention without layer norm, and with norms before it: oracles J1, M and O."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.oracles import apart, held, missed
from helpers.runs import placed, reference, sphere, table
from scipy.linalg import expm
from scipy.spatial import ConvexHull

import sim
from sim.integrators.adaptive import Adaptive
from sim.numerics.reference_ode import ReferenceSolution
from sim.projections.rescaled import Rescaled, rescaled
from sim.scenario import edit
from sim.theory.equiangular import EquiangularSolution

TIGHT = Adaptive(rtol=1e-12, atol=1e-13)
FLAT = {"space": "flat", "dynamics.beta": 1.0, "integrator": TIGHT, "step": 0.5}
FUSED = 1e-16  # pu − pu where only one product is rounded, as some processors do


def of_value(matrix):
    part = "dynamics.heads.value"
    return {part: "explicit", f"{part}.matrix": table(np.asarray(matrix))}


@pytest.mark.slow
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
        error = apart(run.x, x) / max(1, np.abs(x).max())
        held(f"rd_rescaled_{name}", "x(t), relative to the longest", error, 1e-9)
        error = apart(rescaled(run.scenario, run.t, run.x), z)
        held(f"rd_rescaled_{name}", "z = e^{−tV}x", error, 1e-9)


def test_the_rescaled_eye_sees_two_dimensions_and_many(tmp_path):
    for d in (2, 3, 7):
        x = np.random.default_rng(0).normal(size=(9, d))
        run = sim.Simulation(placed(x, tmp_path, **FLAT), "numpy")
        frame = run.frame()
        projector = Rescaled().projector(frame)
        seen, part = projector.points(frame.x, frame.t), projector.share()
        assert np.array_equal(seen[:, : min(d, 3)], x[:, :3])
        assert 0 < part <= 1


@pytest.mark.parametrize("c", [1.0, -1.0])
def test_two_opposite_tokens(c, tmp_path):
    """y = x² obeys y' = ±2y tanh y."""
    x = np.array([[0.7, 0.0], [-0.7, 0.0]])
    changes = {**FLAT, "dynamics.heads.value.scale": c}
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    known = ReferenceSolution(lambda _, y: c * 2 * y * np.tanh(y), np.array([0.49]))
    for _ in range(3):
        y = run.x[0, 0] ** 2
        rate = 2 * run.x[0, 0] * run.velocity()[0, 0]
        held("O", "y' = ±2y tanh y", abs(rate - c * 2 * y * np.tanh(y)), 1e-12)
        error = missed(y, known.at(run.t)[0])
        held("O", "y(t) of two opposite tokens, relative", error, 1e-11)
        run.step()


def test_three_tokens_on_a_line(tmp_path):
    """(−u, 0, u): u' = 2u sinh u²/(1 + 2 cosh u²)."""
    x = np.array([[-0.5, 0.0], [0.0, 0.0], [0.5, 0.0]])
    run = sim.Simulation(placed(x, tmp_path, **FLAT), "numpy")
    known = ReferenceSolution(
        lambda _, u: u * 2 * np.sinh(u * u) / (1 + 2 * np.cosh(u * u)), np.array([0.5])
    )
    for _ in range(3):
        run.step()
        held("O", "u(t) of (−u, 0, u)", abs(run.x[2, 0] - known.at(run.t)[0]), 1e-11)
        held("O", "the token between stays at 0", abs(run.x[1, 0]), FUSED)


def test_tokens_on_a_line_follow_two_leaders(tmp_path):
    """In one dimension attention ends with rank 2 where both signs are there."""
    line = np.random.default_rng(1).uniform(-2, 2, size=20)
    x = np.stack([line, 0 * line], axis=1)
    loose = {**FLAT, "integrator": Adaptive(rtol=1e-8, atol=1e-12)}
    run = sim.Simulation(placed(x, tmp_path, **loose), "numpy")
    run.advance(9.0)
    matrix = run.frame(request=sim.FrameRequest(frozenset(), matrix=20)).matrix[0]
    leaders = {int(line.argmin()), int(line.argmax())}
    held(
        "O",
        "attention is Boolean in the end",
        np.minimum(matrix, 1 - matrix).max(),
        1e-9,
    )
    assert set(matrix.argmax(axis=1).tolist()) == leaders
    assert np.linalg.matrix_rank(matrix) == 2


@pytest.mark.slow
def test_the_convex_hull_shrinks_and_attention_becomes_boolean(tmp_path):
    x = np.random.default_rng(2).uniform(-1, 1, size=(30, 2))
    run = sim.Simulation(placed(x, tmp_path, **FLAT), "numpy")
    areas = []
    for _ in range(24):
        areas.append(ConvexHull(rescaled(run.scenario, run.t, run.x)).volume)
        run.step()
    held("O", "the hull of z never grows", max(0.0, np.diff(areas).max()), 1e-9)
    matrix = run.frame(request=sim.FrameRequest(frozenset(), matrix=30)).matrix
    assert np.minimum(matrix, 1 - matrix).max() < 1e-3


@pytest.mark.slow
def test_tokens_settle_on_three_hyperplanes(tmp_path):
    x = np.random.default_rng(5).uniform(-2, 2, size=(25, 3))
    changes = {**FLAT, **of_value(np.diag([1.0, -0.5, 0.2]))}
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    run.advance(10.0)
    first = np.sort(rescaled(run.scenario, run.t, run.x)[:, 0])
    gaps = np.diff(first)
    planes = 1 + (gaps > 0.05).sum()
    held("O", "planes beyond three, V = diag(1, −½, .2)", max(0, planes - 3), 0)
    held(
        "O", "thickness of a plane, V = diag(1, −½, .2)", np.ptp(first[first > 0]), 0.02
    )


@pytest.mark.slow
@pytest.mark.parametrize("pair", [True, False])
def test_repelled_tokens_die_out_algebraically(pair, tmp_path):
    """V = −I: 2t C → I on the tokens' span, C = (1/n) Σ xxᵀ."""
    x = np.array([[1.0, 0.3], [-1.0, -0.3]])
    if not pair:
        x = np.random.default_rng(4).normal(size=(8, 2))
    loose = {"integrator": Adaptive(rtol=1e-8, atol=1e-12), "step": 2.0}
    changes = {**FLAT, **loose, "dynamics.heads.value.scale": -1.0}
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    run.advance(400.0)
    spread = np.linalg.eigvalsh(run.x.T @ run.x / len(x))[-1 if pair else 0 :]
    held("O", "2t eig(C) → 1 with V = −I, t = 400", apart(2 * run.t * spread, 1), 0.02)
    held(
        "O",
        "mean of tokens with V = −I, t = 400",
        np.abs(run.x.mean(axis=0)).max(),
        1e-6,
    )


@pytest.mark.slow
def test_sinkhorn_attention_moves_the_mean_as_one_token(tmp_path):
    rng = np.random.default_rng(3)
    x, v = rng.normal(size=(7, 3)), 0.3 * rng.normal(size=(3, 3))
    changes = {"dynamics": "sinkhorn", "dynamics.rounds": 120, **FLAT, **of_value(v)}
    changes["dynamics.heads.value.matrix"] = table(v)
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    run.advance(1.0)
    error = apart(run.x.mean(axis=0), expm(v) @ x.mean(axis=0))
    held("O", "Sinkhorn: the mean is e^{tV} of itself", error, 1e-11)


@pytest.mark.slow
def test_a_lone_token_turns_with_the_exponential(tmp_path):
    rng = np.random.default_rng(7)
    x, v = sphere(rng, 1, 4), rng.normal(size=(4, 4))
    changes = {"integrator": TIGHT, "step": 0.5, **of_value(v)}
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    run.advance(2.0)
    end = expm(2 * v) @ x[0]
    error = apart(run.x[0], end / np.linalg.norm(end))
    held("J1", "a lone token is e^{tV}x, normalised", error, 1e-12)


@pytest.mark.slow
def test_consensus_under_a_rotation_turns_with_it(tmp_path):
    """With a complex pair of V the period is 2π/Im λ."""
    changes = {"dynamics.heads.value": "rotation", "dynamics.heads.value.angle": 60.0}
    changes |= {"integrator": TIGHT, "step": 0.5}
    x = np.array([[1.0, 0.0], [1.0, 0.0]])
    run = sim.Simulation(placed(x, tmp_path, **changes), "numpy")
    run.advance(2 * np.pi / np.sin(np.radians(60)))
    held("J1", "consensus turns with period 2π/Im λ", apart(run.x, x), 5e-10)


def test_pre_ln_without_temperature_keeps_differences():
    changes = {"space": "pre_ln", "dynamics.beta": 0.0, "tokens": 9}
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    start = run.x
    run.advance(3.0)
    error = apart(run.x - run.x[0], start - start[0])
    held("M", "Pre-LN keeps xᵢ − xⱼ at β = 0", error, 1e-13)


MEAN = sim.FrameRequest(frozenset({"mean_cosine"}), clusters=False)
RACE = {"tokens": 6, "dimension": 6, "initial": "equiangular", "initial.cosine": 0.1}


@pytest.mark.parametrize("space", ["pre_ln", "peri_ln", "mix_ln"])
def test_norms_before_attention_end_algebraically(space):
    """M: 1 − ρ ~ t⁻²."""
    s = edit(sim.Scenario(), {**RACE, "dynamics.beta": 2.0, "space": space})
    curve = EquiangularSolution().curve(s, sim.Simulation(s, "numpy").x)
    gaps = [1 - curve(t, np.empty(0)) for t in (300.0, 3000.0)]
    error = abs(np.log10(gaps[1] / gaps[0]) + 2)
    held("M", "1 − ρ ~ t⁻²: Pre-, Peri- and Mix-LN", error, 0.01)


@pytest.mark.parametrize(
    ("space", "rate"), [("sphere", 2.0), ("ngpt", 2.0), ("ln_scaling", 4.0)]
)
def test_norms_after_attention_end_exponentially(space, rate):
    """M: e^{−2t}, e^{−2αt} and e^{−4√t}."""
    s = edit(sim.Scenario(), {**RACE, "dynamics.beta": 2.0, "space": space})
    curve = EquiangularSolution().curve(s, sim.Simulation(s, "numpy").x)
    times = (25.0, 36.0) if space == "ln_scaling" else (6.0, 8.0)
    gaps = [1 - curve(t, np.empty(0)) for t in times]
    depth = [t**0.5 if space == "ln_scaling" else t for t in times]
    found = -np.log(gaps[1] / gaps[0]) / (depth[1] - depth[0])
    held("M", "1 − ρ ~ e^{−2t}, e^{−2αt}, e^{−4√t}", abs(found / rate - 1), 0.03)


@pytest.mark.slow
@pytest.mark.parametrize(
    "space", ["sphere", "pre_ln", "peri_ln", "ngpt", "ln_scaling", "mix_ln"]
)
@pytest.mark.parametrize("law", ["softmax", "unnormalised"])
def test_tokens_of_every_scheme_follow_two_equations(law, space):
    """M: θ' = PA/s, r' as in the table: the ODE of (ρ, r) and the tokens agree."""
    changes = {**RACE, "dynamics": law, "dynamics.beta": 2.0, "space": space}
    changes |= {"integrator": TIGHT, "step": 0.25}
    if space == "mix_ln":
        changes["space.switch"] = 1.0
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    curve = EquiangularSolution().curve(run.scenario, run.x)
    for _ in range(16):
        run.step()
        error = abs(
            run.frame(request=MEAN).measures["mean_cosine"] - curve(run.t, run.x)
        )
        if space == "mix_ln":  # its speed jumps at τ
            held("M", "ρ(t) under Mix-LN, SA and USA", error, 1e-10)
        else:
            held("M", "ρ(t) of five schemes, SA and USA", error, 1e-11)
