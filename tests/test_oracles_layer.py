"""Attention as other codes compute it, and as other fields of mathematics know it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runs import placed, reference, sphere, state, velocity
from scipy.special import iv

import sim
from sim.dynamics import Dynamics
from sim.dynamics.attention import Soft
from sim.dynamics.cross import Cross
from sim.dynamics.heads import Heads
from sim.knobs import hints
from sim.scenario import edit
from sim.seed import Seed
from sim.sums.direct import weights
from sim.theory.hemisphere import pole

LAWS = [k for k, law in Dynamics.kinds().items() if "heads" in hints(law)]
EXACT = 1e-13


def law(kind, **changes):
    changes = {f"dynamics.{k}": v for k, v in changes.items()}
    return edit(sim.Scenario(), {"dynamics": kind, **changes}).dynamics


def attention(x, beta, heads=None):
    return Soft.of(heads or Heads(), beta, x, Seed(0))


def test_the_softmax_of_the_slide():
    known = reference("slide_softmax_cisc7026")
    found = weights(np.ones((1, 1)), known["scores"][:, None])[0]
    assert np.abs(found - known["probs"]).max() < 1e-15


@pytest.mark.parametrize("mask", ["full", "causal"])
def test_multi_head_attention_of_torch(mask):
    """Scores with 1/√d_k and the attention matrix, head by head."""
    known = reference("torch_mha_layernorm")
    x, h = known["x"], int(known["heads"])
    d = x.shape[1]
    q, k, v = (
        (x @ w.T + b).reshape(-1, h, d // h).transpose(1, 0, 2)
        for w, b in zip(
            np.split(known["in_proj_W"], 3),
            np.split(known["in_proj_b"], 3),
            strict=True,
        )
    )
    allowed = law("softmax", **{"heads.mask": mask}).heads.mask.allow(
        np.arange(len(x)), np.arange(len(x))
    )
    p = weights(q / (d // h) ** 0.5, k, allowed)
    name = "_causal" if mask == "causal" else ""
    assert np.abs(p - known[f"weights{name}"]).max() < EXACT
    out = (p @ v).transpose(1, 0, 2).reshape(len(x), d)
    out = out @ known["out_W"].T + known["out_b"]
    assert np.abs(out - known[f"out{name}"]).max() < EXACT


def test_layer_norm_of_torch():
    """The centred sphere times √d is LayerNorm, the sphere times √d RMSNorm."""
    from sim.spaces.centred import Centred
    from sim.spaces.sphere import Sphere

    known = reference("torch_mha_layernorm")
    x, root = known["x"], known["x"].shape[1] ** 0.5
    centred = x - x.mean(axis=1, keepdims=True)
    var = (centred**2).mean(axis=1, keepdims=True)
    shrunk = Centred().nearest(x) * root * (var / (var + 1e-5)) ** 0.5
    assert np.abs(shrunk - known["layernorm_plain"]).max() < EXACT
    eps = np.finfo(float).eps
    square = (x**2).mean(axis=1, keepdims=True)
    found = Sphere().nearest(x) * root * (square / (square + eps)) ** 0.5
    assert np.abs(found - known["rmsnorm"]).max() < EXACT


@pytest.mark.parametrize("beta", ["0.25", "1", "8"])
def test_cross_attention_is_a_hopfield_network(beta, tmp_path):
    known = reference("hopfield_modern")
    path = tmp_path / "patterns.npy"
    np.save(path, known["patterns"])
    changes = {"keys": "file", "keys.path": str(path), "keys.centre": False}
    found = law("cross", beta=float(beta), unit=False, **changes)
    xi = known["state0"]
    update = found.bind(xi, Seed(0)).velocity(state(xi)).x
    assert np.abs(update - known[f"b{beta}_step1"]).max() < EXACT


def test_cross_attention_climbs_at_the_rate_of_its_speed():
    """D: d LSE/dt = |v|² for every token that looks at frozen keys."""
    s = edit(sim.Scenario(tokens=6, step=1e-3), {"dynamics": "cross"})
    run = sim.Simulation(s, "numpy")
    rate = run.measures()["energy_rate"]
    assert rate == pytest.approx((run.velocity() ** 2).sum(axis=1).mean(), rel=1e-8)
    assert isinstance(run.scenario.dynamics, Cross)


def test_the_layer_is_the_published_script(tmp_path):
    known = reference("peer_sphere_py_sa_b1")
    changes = {"dynamics.beta": float(known["beta"]), "step": float(known["dt"])}
    changes["integrator"] = "layer"
    run = sim.Simulation(placed(known["X0"], tmp_path, **changes), "numpy")
    done = 0
    for steps, x in zip(known["steps"], known["X_peer"], strict=True):
        for _ in range(int(steps) - done):
            run.step()
        done = int(steps)
        assert np.abs(run.x - x).max() < 1e-11


def test_softmax_attention_is_diffusion_on_the_complete_graph():
    """A7: v = P(−A₀⁻¹ d₀ᵀ A₁ d₀ X) with the attention as weights."""
    x = sphere(np.random.default_rng(0), 9, 4)
    pairs = np.array([(i, j) for i in range(9) for j in range(i)])
    d0 = np.zeros((len(pairs), 9))
    d0[np.arange(len(pairs)), pairs[:, 0]] = 1
    d0[np.arange(len(pairs)), pairs[:, 1]] = -1
    kernel = np.exp(3.0 * x @ x.T)
    a0, a1 = kernel.sum(axis=1), kernel[pairs[:, 0], pairs[:, 1]]
    pull = -(d0.T @ (a1[:, None] * (d0 @ x))) / a0[:, None]
    pull -= (pull * x).sum(axis=1, keepdims=True) * x
    assert np.abs(velocity(law("softmax", beta=3.0), x) - pull).max() < 1e-15


def test_softmax_attention_is_mean_shift():
    """A8: v = (1/β) grad log Σⱼ e^{β⟨x,xⱼ⟩}."""
    x, beta, eps = sphere(np.random.default_rng(1), 7, 3), 5.0, 1e-5
    v = velocity(law("softmax", beta=beta), x)

    def height(y):
        return np.log(np.exp(beta * y @ x.T).sum(axis=1)) / beta

    slope = np.zeros_like(x)
    for axis in np.eye(3):
        rise = height(x + eps * axis) - height(x - eps * axis)
        slope += np.outer(rise / (2 * eps), axis)
    slope -= (slope * x).sum(axis=1, keepdims=True) * x
    assert np.abs(v - slope).max() < 1e-9


@pytest.mark.parametrize("kind", ["softmax", "unnormalised"])
def test_quantile_tokens_solve_the_continuity_equation(kind):
    """H: ∂f + ∂(fu) = 0 on the circle, by Fourier modes."""
    beta, end, modes, h = 2.0, 1.5, 64, 0.005
    k = np.arange(-modes, modes + 1)
    bessel = 2 * np.pi * iv(np.abs(k), beta)
    f = np.zeros(2 * modes + 1, complex)
    f[modes], f[modes + 1], f[modes + 2] = 1, 0.1, 0.05 / 1j
    f[modes - 1], f[modes - 2] = 0.1, -0.05 / 1j
    f /= 2 * np.pi
    grid = 4 * modes
    angle = 2 * np.pi * np.arange(grid) / grid
    waves = np.exp(1j * np.outer(angle, k))

    def slope(f):
        height, rise = (waves @ (bessel * f)).real, (waves @ (1j * k * bessel * f)).real
        u = rise / beta / (height if kind == "softmax" else np.exp(beta))
        flux = waves.conj().T @ ((waves @ f).real * u) / grid
        return -1j * k * flux

    for _ in range(round(end / h)):
        a = slope(f)
        b = slope(f + h / 2 * a)
        c = slope(f + h / 2 * b)
        f = f + h / 6 * (a + 2 * b + 2 * c + slope(f + h * c))
    changes = {"tokens": 100, "dimension": 2, "initial": "quantile", "step": 0.02}
    changes |= {"dynamics": kind, "dynamics.beta": beta}
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    run.advance(end)
    z = run.x[:, 0] + 1j * run.x[:, 1]
    for m in (1, 2, 3):
        assert abs((z**m).mean() - 2 * np.pi * f[modes - m]) < 1e-6


@pytest.mark.parametrize("beta", [1.0, 9.0])
def test_causal_tokens_follow_the_first(beta):
    """K: V = I, any D: all tokens end at the first, which never moves."""
    changes = {"tokens": 8, "dynamics.beta": beta, "dynamics.heads.mask": "causal"}
    changes |= {"dynamics.heads.query": "gaussian", "initial": "cap", "step": 0.2}
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    first = run.x[0]
    run.advance(200.0)
    assert np.abs(run.x[0] - first).max() < 1e-13
    assert (run.x @ first).min() > 1 - 1e-6


def test_random_tokens_in_high_dimension_are_nearly_orthogonal():
    """L: their mean cosine follows ρ(t) from ρ₀ = 0."""
    changes = {"tokens": 32, "dimension": 1024, "dynamics.beta": 3.0, "step": 0.1}
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    for t, rho in ((2.0, 0.3232), (4.0, 0.9575)):
        run.reach(t)
        assert run.measures()["mean_cosine"] == pytest.approx(rho, abs=0.02)


@pytest.mark.parametrize("n", [5, 40])
def test_one_attention_layer_of_equiangular_tokens(n):
    """L: the cosine of its outputs, for every n, β and ρ."""
    rho, beta = 0.3, 2.0
    gram = (1 - rho) * np.eye(n) + rho
    x = np.linalg.cholesky(gram)
    y = attention(x, beta).collect(x)[0]
    fall = np.exp(-beta * (1 - rho))
    a = 1 / (1 + (n - 1) * fall)
    b = a * fall
    size = a * a + 2 * a * b * (n - 1) * rho
    size += b * b * ((n - 1) + (n - 1) * (n - 2) * rho)
    inner = a * a * rho + 2 * a * b * (1 + (n - 2) * rho)
    inner += b * b * ((n - 2) * (1 + (n - 1) * rho) + rho)
    cosine = y[0] @ y[1] / np.linalg.norm(y[0]) / np.linalg.norm(y[1])
    assert cosine == pytest.approx(inner / size, abs=1e-14)


def test_wendel_on_hemispheres():
    """L: P(n tokens in a hemisphere of R³) = 2^{−(n−1)} Σ_{k<3} C(n−1,k)."""
    rng, n, draws = np.random.default_rng(3), 6, 300
    inside = [pole(sphere(rng, n, 3)) is not None for _ in range(draws)]
    assert np.mean(inside) == pytest.approx((1 + 5 + 10) / 32, abs=0.09)


@st.composite
def settings_of_laws(draw):
    kind = draw(st.sampled_from(LAWS))
    parts = {"heads.count": draw(st.integers(1, 3))}
    if "beta" in hints(Dynamics.member(kind)):
        parts["beta"] = draw(st.floats(-3, 12))
    for part in ("value", "query", "key"):
        choices = ("identity", "gaussian", "symmetric", "low_rank", "rotation")
        parts[f"heads.{part}"] = draw(st.sampled_from(choices))
    if kind not in ("sinkhorn", "cross"):
        masks = ("full", "causal", "window", "block", "others")
        parts["heads.mask"] = draw(st.sampled_from(masks))
    return kind, parts, draw(st.integers(0, 1000))


@settings(max_examples=60, deadline=None)
@given(settings_of_laws())
def test_every_law_is_equivariant(drawn):
    """A: permuted tokens move permuted, equal tokens equally; a prefix on its own."""
    kind, parts, number = drawn
    rng = np.random.default_rng(number)
    found, x = law(kind, **parts), sphere(rng, 10, 3)
    v = velocity(found, x)
    assert np.isfinite(v).all()
    assert np.abs((v * x).sum(axis=1)).max() < 1e-12 * (1 + np.abs(v).max())
    mask = parts.get("heads.mask", "full")
    if mask in ("full", "others") and kind != "hardmax":  # ties fall by rounding
        order = rng.permutation(10)
        again = velocity(found, x[order])
        assert np.abs(again - v[order]).max() < 1e-11 * (1 + np.abs(v).max())
    if mask == "causal" and kind != "linear":
        head = velocity(found, x[:6])
        scale = 1.0 if kind != "unnormalised" else 6 / 10
        assert np.abs(head * scale - v[:6]).max() < 1e-12
    if mask == "full":
        twins = velocity(found, x[[0, 1, 2, 3, 0, 1, 2, 3]])
        assert np.abs(twins[:4] - twins[4:]).max() < 1e-12


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([k for k in LAWS if k != "cross"]), st.integers(0, 1000))
def test_turning_everything_turns_the_velocity(kind, number):
    """A2, for laws with Q = K = V = I, in any space of the sphere."""
    rng = np.random.default_rng(number)
    x = sphere(rng, 9, 4)
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    parts = {"heads.mask": "others"} if kind == "hardmax" else {}
    found = law(kind, **parts)
    assert np.abs(velocity(found, x @ turn) - velocity(found, x) @ turn).max() < 1e-12
