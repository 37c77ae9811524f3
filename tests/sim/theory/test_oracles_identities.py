"""A: what holds of the velocity of attention for any tokens, to rounding."""

import numpy as np
import pytest
from helpers.oracles import apart, held
from helpers.runs import law, placed, sphere, table, velocity

from sim import Scenario, Simulation, edit
from sim.integrators.adaptive import Adaptive
from sim.seed import Seed
from sim.sums.row_tiles import softmax_weights

ATTENTION = ("softmax", "unnormalised")
TIGHT = Adaptive(rtol=1e-13, atol=1e-14)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def matrices(**given):
    """Return settings that give the matrices of heads, such as ``value=…``."""
    changes = {}
    for name, matrix in given.items():
        changes[f"heads__{name}"] = "explicit"
        changes[f"heads__{name}__matrix"] = table(matrix)
    return changes


def turning(rng, d):
    return np.linalg.qr(rng.normal(size=(d, d)))[0]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ATTENTION)
def test_velocity_is_tangent(kind, rng):
    x = sphere(rng, 40, 5)
    v = velocity(law(kind, beta=3.0, heads__value="gaussian"), x)
    held("A1", "⟨x,v⟩ = 0", np.abs((x * v).sum(axis=1)).max(), 1e-14)


@pytest.mark.parametrize("kind", ATTENTION)
def test_tokens_keep_their_length(kind, rng, tmp_path):
    run = Simulation(placed(sphere(rng, 40, 5), tmp_path, dynamics=kind), "numpy")
    run.advance(5.0)
    held("A1", "length 1 after 100 steps", apart((run.x**2).sum(axis=1), 1), 1e-14)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ATTENTION)
def test_turning_tokens_and_matrices_turns_the_run(kind, rng, tmp_path):
    """A2: flow(XRᵀ; RQRᵀ, RKRᵀ, RVRᵀ) = flow(X)Rᵀ."""
    x, r = sphere(rng, 20, 4), turning(rng, 4)
    q, k, v = rng.normal(size=(3, 4, 4))
    ends = []
    for y, turn in ((x, np.eye(4)), (x @ r.T, r)):
        given = {"query": turn @ q @ turn.T, "key": turn @ k @ turn.T}
        some = law(kind, beta=2.0, **matrices(**given, value=turn @ v @ turn.T))
        changes = {"dynamics": some, "integrator": TIGHT, "step": 0.5}
        run = Simulation(placed(y, tmp_path, **changes), "numpy")
        run.advance(1.0)
        ends.append(run.x)
    held("A2", "a run turned with its Q, K and V", apart(ends[1], ends[0] @ r.T), 1e-12)


@pytest.mark.parametrize("kind", ATTENTION)
def test_order_of_tokens_does_not_matter(kind, rng):
    x, order = sphere(rng, 30, 3), rng.permutation(30)
    some = law(kind, beta=9.0, heads__query="gaussian")
    error = apart(velocity(some, x[order]), velocity(some, x)[order])
    held("A2", "permuted tokens", error, 1e-14)


@pytest.mark.parametrize("kind", ATTENTION)
def test_only_the_product_of_query_and_key_matters(kind, rng):
    x, (q, k) = sphere(rng, 30, 4), rng.normal(size=(2, 4, 4))
    g = rng.normal(size=(4, 4))
    one = velocity(law(kind, **matrices(query=q, key=k)), x)
    two = velocity(law(kind, **matrices(query=g @ q, key=np.linalg.inv(g).T @ k)), x)
    held("A2", "gauge Q → GQ, K → G⁻ᵀK", apart(one, two), 1e-12)


@pytest.mark.parametrize("kind", ATTENTION)
def test_causal_tokens_do_not_see_the_future(kind, rng):
    x = sphere(rng, 30, 3)
    some = law(kind, beta=9.0, heads__mask="causal")
    alone = velocity(some, x[:10])
    if kind == "unnormalised":  # the factor 1/n is of all tokens
        alone = alone * 10 / 30
    held("A3", "a causal prefix alone", apart(alone, velocity(some, x)[:10]), 1e-14)


def test_a_causal_prefix_runs_alone(rng, tmp_path):
    x, ends = sphere(rng, 12, 3), []
    for tokens in (x, x[:5]):
        changes = {"dynamics.heads.mask": "causal", "dynamics.beta": 9.0}
        run = Simulation(placed(tokens, tmp_path, **changes), "numpy")
        run.advance(5.0)
        ends.append(run.x[:5])
    held("A3", "the run of a causal prefix", apart(*ends), 1e-13)


@pytest.mark.slow
def test_the_first_causal_token_never_moves():
    run = Simulation(edit(Scenario(), {"dynamics.heads.mask": "causal"}), "numpy")
    first = run.x[0]
    run.advance(5.0)
    held("A3", "the first causal token at rest", apart(run.x[0], first), 1e-14)


def test_equal_tokens_stay_equal(rng, tmp_path):
    x = sphere(rng, 5, 3)
    run = Simulation(placed(np.concatenate([x, x]), tmp_path), "numpy")
    run.advance(5.0)
    held("A4", "equal tokens stay equal", apart(run.x[:5], run.x[5:]), 1e-14)


def test_copies_weigh_like_one_token_of_their_mass(rng, tmp_path):
    x = sphere(rng, 4, 3)
    copied = np.concatenate([x[:1], x[:1], x[:1], x[1:]])
    masses = {"heads__masses": "explicit"}
    masses["heads__masses__masses"] = ((3.0, 1.0, 1.0, 1.0),)
    one = law(beta=2.0, **masses)
    few = Simulation(placed(x, tmp_path, dynamics=one), "numpy")
    many = Simulation(placed(copied, tmp_path, dynamics=law(beta=2.0)), "numpy")
    for run in (few, many):
        run.advance(3.0)
    error = apart(few.x, many.x[[0, 3, 4, 5]])
    held("A4", "k copies are one token of mass k/n", error, 1e-13)


def test_a_great_circle_is_never_left(rng, tmp_path):
    angle = rng.uniform(0, 2 * np.pi, 20)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    plane = turning(rng, 5)[:, :2]
    two, five = (
        Simulation(placed(x, tmp_path, step=0.05), "numpy")
        for x in (circle, circle @ plane.T)
    )
    two.advance(5.0)
    five.advance(5.0)
    held("A5", "a great circle of S⁴ is S¹", apart(two.x @ plane.T, five.x), 1e-12)


def torque(x, v, softmax_weights=1.0):
    """Return max |Σᵢ wᵢ (xᵢ vᵢᵀ − vᵢ xᵢᵀ)|."""
    half = (softmax_weights * x).T @ v
    return np.abs(half - half.T).max()


def test_no_torque(rng):
    x, beta = sphere(rng, 30, 4), 3.0
    usa = velocity(law("unnormalised", beta=beta), x)
    held("A6", "USA makes no torque", torque(x, usa), 1e-13)
    sa = velocity(law(beta=beta), x)
    mass = np.exp(beta * x @ x.T).sum(axis=1, keepdims=True)
    error = torque(x, sa, mass) / mass.sum()
    held("A6", "SA makes no torque, weighed by Z", error, 1e-13)
    assert torque(x, sa) > 1e-3  # not without Z


@pytest.mark.slow
def test_the_circle_keeps_its_mean_angle_without_normalising(tmp_path, rng):
    angle = rng.uniform(-1, 1, 20)  # no angle wraps
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    drift = {}
    for kind in ATTENTION:
        changes = {"dynamics": kind, "integrator": TIGHT, "step": 0.5}
        run = Simulation(placed(x, tmp_path, **changes), "numpy")
        run.advance(5.0)
        drift[kind] = abs(np.arctan2(run.x[:, 1], run.x[:, 0]).sum() - angle.sum())
    held("A6", "USA on S¹ keeps Σθ", drift["unnormalised"], 1e-11)
    assert drift["softmax"] > 1e-3


def test_attention_is_diffusion_on_the_complete_graph():
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
    error = apart(velocity(law(beta=3.0), x), pull)
    held("A7", "SA is diffusion on the complete graph", error, 1e-15)


def test_attention_is_mean_shift():
    """A8: v = (1/β) grad log Σⱼ e^{β⟨x,xⱼ⟩}."""
    x, beta, eps = sphere(np.random.default_rng(1), 7, 3), 5.0, 1e-5
    v = velocity(law(beta=beta), x)

    def height(y):
        return np.log(np.exp(beta * y @ x.T).sum(axis=1)) / beta

    slope = np.zeros_like(x)
    for axis in np.eye(3):
        rise = height(x + eps * axis) - height(x - eps * axis)
        slope += np.outer(rise / (2 * eps), axis)
    slope -= (slope * x).sum(axis=1, keepdims=True) * x
    held("A8", "SA is mean-shift, by differences", apart(v, slope), 1e-9)


@pytest.mark.parametrize("kind", ATTENTION)
def test_equal_heads_are_one_head(kind, rng):
    x = sphere(rng, 20, 3)
    one, four = (velocity(law(kind, beta=5.0, heads__count=h), x) for h in (1, 4))
    held("A9", "equal heads are one", apart(one, four), 1e-14)


def test_opposite_heads_cancel(rng):
    x, v = sphere(rng, 20, 2), rng.normal(size=(2, 2))
    both = matrices(value=np.concatenate([v, -v]))
    left = velocity(law(beta=5.0, heads__count=2, **both), x)
    held("A9", "heads V and −V cancel", np.abs(left).max(), 1e-14)


def test_without_temperature_heads_average_their_values(rng):
    x, values = sphere(rng, 20, 2), rng.normal(size=(3, 2, 2))
    given = matrices(value=values.reshape(6, 2))
    found = velocity(law(beta=0.0, heads__count=3, **given), x)
    mean = x.mean(axis=0) @ values.mean(axis=0).T
    wanted = mean - (x @ mean)[:, None] * x
    held("A9", "at β = 0 heads are one of mean V", apart(found, wanted), 1e-14)


def test_softmax_is_stable(rng):
    x = sphere(rng, 50, 3)
    rows = (
        law(beta=1024.0).bind(x, Seed(0)).attention.attention_weights(x, np.arange(50))
    )
    held("A10", "rows sum to 1 at β = 1024", apart(rows.sum(axis=-1), 1), 1e-15)
    rows = softmax_weights(1e4 * x, x)
    assert np.isfinite(rows).all()
    held("A10", "rows sum to 1 at β = 10⁴", apart(rows.sum(axis=-1), 1), 1e-15)


def test_scores_may_be_shifted(rng):
    """A10: the same number added to all of a token's scores changes nothing."""
    x = np.round(sphere(rng, 50, 3), 3)
    long = np.concatenate([x, np.ones((50, 1))], axis=1)
    shifted = np.concatenate([4 * x, 64 + 0 * x[:, :1]], axis=1)
    error = apart(softmax_weights(shifted, long), softmax_weights(4 * x, x))
    held("A10", "scores shifted by 64", error, 1e-14)
