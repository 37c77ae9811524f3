"""Perceptrons among and beside the heads: exact cases, and the law of the chain."""

from __future__ import annotations

import dataclasses

import array_api_strict
import numpy as np
import pytest
from helpers.runs import sphere, state, table
from scipy.special import erf

import sim
from sim.expressions.formula import to_latex
from sim.formula import formula
from sim.mlps import Mlp
from sim.numerics.activations import BENDS, SLOPES
from sim.scenario import edit
from sim.seed import Seed

LAWS = ("softmax", "unnormalised", "linear", "hardmax", "sinkhorn", "cross")
BLOCKS = [k for k in Mlp.kinds() if k != "none"]
BLOCK = "dynamics.heads.mlp"
ROUND = 4e-15


def law(kind="softmax", **changes):
    """Return the law `kind` with settings of its heads changed."""
    changes = {f"dynamics.heads.{k}".replace("__", "."): v for k, v in changes.items()}
    return edit(sim.Scenario(tokens=9), {"dynamics": kind, **changes}).dynamics


def tokens(n=9, d=3, seed=1):
    return sphere(np.random.default_rng(seed), n, d)


def ambient(part, x, seed=3):
    return part.bind(x, Seed(seed)).velocity(state(x)).x


def explicit(part, **matrices):
    """Return `part` with the MLP's matrices typed in."""
    for name, m in matrices.items():
        scenario = sim.Scenario(dynamics=part)
        path = f"{BLOCK}.{name}"
        part = edit(scenario, {path: "explicit", f"{path}.matrix": table(m)}).dynamics
    return part


@pytest.mark.parametrize("kind", LAWS)
def test_a_linear_mlp_in_the_heads_is_another_value_matrix(kind):
    rng, x = np.random.default_rng(0), tokens()
    w1, w2, v = rng.normal(size=(3, 3, 3))
    with_v = {"value": "explicit", "value__matrix": table(v)}
    composed = law(kind, mlp="composed", mlp__activation="linear", **with_v)
    composed = explicit(composed, first=w1, second=w2)
    merged = law(kind, value="explicit", value__matrix=table(w2 @ w1 @ v))
    found, wanted = ambient(composed, x), ambient(merged, x)
    assert np.abs(found - wanted).max() < ROUND * np.abs(wanted).max() * 4


def latex(dynamics):
    """Return the whole formula of a law."""
    return to_latex(formula(sim.Scenario(dynamics=dynamics)))


@pytest.mark.parametrize("kind", LAWS)
@pytest.mark.parametrize("block", ["composed", "additive"])
def test_a_trivial_mlp_is_none(kind, block):
    identity = {"first": "identity", "second": "identity", "activation": "linear"}
    changes = {"strength": 0.0} if block == "additive" else identity
    part = law(kind, mlp=block, **{f"mlp__{k}": v for k, v in changes.items()})
    assert np.array_equal(ambient(part, tokens()), ambient(law(kind), tokens()))
    sphere_ = sim.Scenario().space
    assert part.energy_behaviour(sphere_) == law(kind).energy_behaviour(sphere_)
    assert latex(part) == latex(law(kind))


@pytest.mark.parametrize("kind", LAWS)
@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_takes_promises_back(kind, block):
    assert law(kind, mlp=block).energy_behaviour(sim.Scenario().space) == "none"
    assert r"\mathrm{MLP}" in latex(law(kind, mlp=block))


FORMULAS = {
    "relu": lambda z: np.maximum(z, 0),
    "gelu": lambda z: z * (1 + erf(z / 2**0.5)) / 2,
    "tanh": np.tanh,
    "linear": lambda z: z,
}


@pytest.mark.parametrize("name", BENDS)
def test_activations_are_what_they_are_called(name):
    z = np.linspace(-6, 6, 1001)
    assert np.abs(BENDS[name](z) - FORMULAS[name](z)).max() < 1e-15
    h = 1e-5
    slope = (BENDS[name](z + h) - BENDS[name](z - h)) / (2 * h)
    off = np.abs(SLOPES[name](z) - slope)[np.abs(z) > 2 * h]  # ReLU has a kink
    assert off.max() < 1e-9
    strict = BENDS[name](array_api_strict.asarray(z))
    assert np.abs(np.asarray(strict) - BENDS[name](z)).max() < 1e-15


def test_gelu_keeps_its_digits_far_below_zero():
    z = np.array([-8.0, -30.0])
    wanted = [-8.0 * 6.220960574271785e-16, -30.0 * 4.906713927148187e-198]
    assert BENDS["gelu"](z) == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize("name", BENDS)
@pytest.mark.parametrize("block", BLOCKS)
def test_both_forms_are_their_formulas(name, block):
    rng, x = np.random.default_rng(2), tokens()
    w1, w2, v = rng.normal(size=(3, 2, 3, 3))  # two heads
    w1, w2 = (m if block == "composed" else m[:1] for m in (w1, w2))
    part = law(count=2, value="explicit", value__matrix=table(v.reshape(6, 3)))
    part = edit(
        sim.Scenario(dynamics=part),
        {BLOCK: block, f"{BLOCK}.activation": name, f"{BLOCK}.bias": 0.5},
    ).dynamics
    part = explicit(part, first=w1.reshape(-1, 3), second=w2.reshape(-1, 3))
    h = len(w1)
    b1 = Seed(3).rng("mlp first bias").normal(scale=0.5, size=(h, 1, 3))
    b2 = Seed(3).rng("mlp second bias").normal(scale=0.5, size=(h, 1, 3))

    def mlp(u):  # (h, n, d)
        hidden = np.einsum("hwd,hnd->hnw", w1, u) + b1
        return np.einsum("hdw,hnw->hnd", w2, FORMULAS[name](hidden)) + b2

    p = np.exp(4 * x @ x.T)
    y = p @ x / p.sum(axis=1, keepdims=True)
    moved = np.einsum("hed,nd->hne", v, y)
    if block == "composed":
        wanted = mlp(moved).mean(axis=0)
    else:
        wanted = moved.mean(axis=0) + mlp(x[None])[0]
    assert np.abs(ambient(part, x) - wanted).max() < 2e-14


def test_the_strength_is_a_factor():
    x, bare = tokens(), ambient(law(), tokens())
    once = ambient(law(mlp="additive"), x) - bare
    twice = ambient(law(mlp="additive", mlp__strength=-2.0), x) - bare
    assert np.abs(twice + 2 * once).max() < 1e-14


@pytest.mark.parametrize("name", BENDS)
def test_only_a_linear_block_of_identities_turns_with_the_tokens(name):
    x, turn = tokens(), np.linalg.qr(np.random.default_rng(5).normal(size=(3, 3)))[0]
    one = {"mlp__first": "identity", "mlp__second": "identity"}
    part = law(mlp="additive", mlp__activation=name, **one)
    off = np.abs(ambient(part, x @ turn.T) - ambient(part, x) @ turn.T).max()
    assert (off < 1e-14) if name == "linear" else (off > 0.01)


def test_hidden_layers_may_be_wider_than_tokens(tmp_path):
    rng, x = np.random.default_rng(7), tokens()
    w1, w2 = rng.normal(size=(8, 3)), rng.normal(size=(3, 8))
    part = sim.Scenario(dynamics=law(mlp="additive", mlp__activation="gelu"))
    for name, m in (("first", w1), ("second", w2)):
        np.save(tmp_path / f"{name}.npy", m)
        path = f"{BLOCK}.{name}"
        part = edit(part, {path: "file", f"{path}.path": str(tmp_path / f"{name}.npy")})
    found = ambient(part.dynamics, x) - ambient(law(), x)
    assert np.abs(found - FORMULAS["gelu"](x @ w1.T) @ w2.T).max() < 1e-14
    np.save(tmp_path / "second.npy", rng.normal(size=(5, 8)))
    with pytest.raises(ValueError, match=r"W₂ must be d × w = 3 × 8.*got 5 × 8"):
        ambient(part.dynamics, x)


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("name", ["tanh", "gelu", "linear"])
@pytest.mark.parametrize("kind", ["softmax", "unnormalised"])
def test_the_slope_is_the_derivative_of_a_token_without_mass(kind, name, block):
    heads = {"count": 2, "value": "gaussian", "key": "gaussian", "query": "gaussian"}
    part = law(kind, mlp=block, mlp__activation=name, mlp__bias=0.3, **heads)
    x, h = tokens(), 1e-5
    field, slope = part.bind(x, Seed(3)).velocity_and_jacobian(state(x))
    assert np.abs(field - ambient(part, x)).max() < 1e-14
    attention = part.bind(x, Seed(3)).attention

    def beside(y):
        """Return the velocity of massless tokens at y among the tokens x: (n, d)."""
        both = np.concatenate([y, x])
        far = np.full((len(both), 1), 0.0)
        far[: len(y)] = -800.0  # e^{-800} is no number: these count for nothing
        probe = dataclasses.replace(attention, log_mass=far)
        sums = probe.sums(both)
        mean = sums.mean
        if kind == "unnormalised":
            mean = mean * np.exp(sums.log_z - abs(attention.beta)) / len(x)
        return probe.residual_update(mean, both)[: len(y)]

    for k in range(3):
        e = h * np.eye(3)[k]
        wanted = (beside(x + e) - beside(x - e)) / (2 * h)
        size = max(1.0, np.abs(wanted).max())
        assert np.abs(slope[..., k] - wanted).max() < 2e-8 * size


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("kind", LAWS)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_strict_arrays_and_batches_agree_with_numpy(kind, block, precision):
    heads = {"count": 2, "value": "gaussian", "mlp__bias": 0.2}
    part = law(kind, mlp=block, mlp__activation="gelu", **heads)
    batch = sphere(np.random.default_rng(2), 3, 8, 3).astype(precision)
    bound = part.bind(batch[0], Seed(3))
    whole = bound.velocity(state(batch)).x
    assert whole.dtype == precision
    tol = 1e-14 if precision == "float64" else 4e-6
    for one, x in zip(whole, batch, strict=True):
        assert np.abs(one - bound.velocity(state(x)).x).max() < tol
    xp = array_api_strict
    strict = part.bind(xp.asarray(batch[0].copy()), Seed(3))
    found = np.asarray(strict.velocity(state(xp.asarray(batch[1].copy()))).x)
    assert found.dtype == precision
    assert np.abs(found - whole[1]).max() < tol


def test_a_block_changes_under_a_running_flow_and_back():
    base = sim.Scenario(tokens=12)
    run, still = (sim.Simulation(base, "numpy") for _ in range(2))
    run.retune(edit(base, {BLOCK: "additive"}))
    assert np.abs(run.velocity() - still.velocity()).max() > 0.1
    run.retune(base)
    run.advance(0.5)
    still.advance(0.5)
    assert np.array_equal(run.x, still.x)
    assert run.frame().epoch == 0


def test_views_see_which_head_pulls_through_its_mlp():
    changes = {"dynamics.heads.count": 2, BLOCK: "composed", f"{BLOCK}.bias": 1.0}
    run = sim.Simulation(edit(sim.Scenario(tokens=12), changes), "numpy")
    probe = run.probe()
    x, a = run.x, probe.attention
    pulls = a.head_updates(a.row_sums(x))
    along = pulls - (pulls * x).sum(axis=-1, keepdims=True) * x
    assert np.array_equal(probe.head, np.linalg.norm(along, axis=-1).argmax(axis=0))
    assert (
        np.abs(a.residual_update(a.row_sums(x), x) - pulls.mean(axis=0)).max() < 1e-15
    )
