"""Identities and exact solutions of the theory, each by its formula."""

import json

import numpy as np
import pytest
from runs import DATA, bare, placed, reference, sphere, velocity
from scipy.integrate import quad

from sim import Scenario, Simulation, edit
from sim.dynamics.attention import interaction
from sim.integrators import Integrator
from sim.seed import Seed
from sim.spaces.sphere import Sphere

ROUND = 1e-14  # a few units in the last place of numbers of size 1
FIELD = 1e-13  # the same of a velocity, a sum of n of them
FLOW = 1e-12  # of a run of hundreds of steps that compares like with like
RK4 = 2e-8  # error of RK4 at h = 0.02 where nothing is faster than 1

ATTENTION = ("softmax", "unnormalised")
KNOWN = json.loads((DATA / "theory_values.json").read_text())


def law(kind="softmax", **settings):
    changes = {"dynamics": kind}
    changes |= {f"dynamics.{k.replace('__', '.')}": v for k, v in settings.items()}
    return edit(Scenario(), changes).dynamics


def angle_of(x):
    """Return the angle between two tokens, exact also when it is small: (2, d)."""
    a, b = x
    return 2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b))


def cosines(x):
    """Return the cosines of all pairs i ≠ j: (n, d) -> (n(n-1),)."""
    return (x @ x.T)[~np.eye(len(x), dtype=bool)]


@pytest.fixture
def rng():
    return np.random.default_rng(11)


# A. Identities of the field.


@pytest.mark.parametrize("kind", ATTENTION)
def test_velocity_is_tangent(kind, rng):
    x = sphere(rng, 40, 5)
    v = velocity(law(kind, beta=3.0, heads__value="gaussian"), x)
    assert np.abs((x * v).sum(axis=1)).max() < ROUND


@pytest.mark.parametrize("kind", ATTENTION)
def test_rotating_tokens_rotates_the_velocity(kind, rng):
    x = sphere(rng, 30, 4)
    r = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    some = law(kind, beta=5.0)
    found = velocity(some, x @ r.T)
    assert np.abs(found - velocity(some, x) @ r.T).max() < FIELD


@pytest.mark.parametrize("kind", ATTENTION)
def test_order_of_tokens_does_not_matter(kind, rng):
    x, order = sphere(rng, 30, 3), rng.permutation(30)
    some = law(kind, beta=9.0, heads__query="gaussian")
    found = velocity(some, x[order])
    assert np.abs(found - velocity(some, x)[order]).max() < ROUND


@pytest.mark.parametrize("kind", ATTENTION)
def test_causal_tokens_do_not_see_the_future(kind, rng):
    x = sphere(rng, 30, 3)
    some = law(kind, beta=9.0, heads__mask="causal")
    if kind == "unnormalised":  # the factor 1/n is of all tokens
        found = velocity(some, x[:10]) * 10 / 30
    else:
        found = velocity(some, x[:10])
    assert np.abs(found - velocity(some, x)[:10]).max() < ROUND


def test_the_first_causal_token_never_moves(rng):
    run = Simulation(edit(Scenario(), {"dynamics.heads.mask": "causal"}), "numpy")
    first = run.x[0]
    run.advance(5.0)
    assert np.abs(run.x[0] - first).max() < ROUND


def test_equal_tokens_stay_equal(rng, tmp_path):
    x = sphere(rng, 5, 3)
    run = Simulation(placed(np.concatenate([x, x]), tmp_path), "numpy")
    run.advance(5.0)
    assert np.abs(run.x[:5] - run.x[5:]).max() < ROUND


def test_copies_weigh_like_one_token_of_their_mass(rng):
    x = sphere(rng, 4, 3)
    copied = np.concatenate([x[:1], x[:1], x[:1], x[1:]])
    masses = {
        "heads__masses": "explicit",
        "heads__masses__masses": ((3.0, 1.0, 1.0, 1.0),),
    }
    found = velocity(law(beta=2.0, **masses), x)
    assert np.abs(found - velocity(law(beta=2.0), copied)[[0, 3, 4, 5]]).max() < ROUND


def test_a_great_circle_is_never_left(rng, tmp_path):
    angle = rng.uniform(0, 2 * np.pi, 20)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    plane = np.linalg.qr(rng.normal(size=(5, 2)))[0]
    two, five = (
        Simulation(placed(x, tmp_path, step=0.05), "numpy")
        for x in (circle, circle @ plane.T)
    )
    two.advance(5.0)
    five.advance(5.0)
    assert np.abs(two.x @ plane.T - five.x).max() < FLOW


def torque(x, v, weights=1.0):
    """Return Σᵢ wᵢ (xᵢ vᵢᵀ − vᵢ xᵢᵀ)."""
    half = (weights * x).T @ v
    return half - half.T


def test_no_torque(rng):
    x, beta = sphere(rng, 30, 4), 3.0
    usa = velocity(law("unnormalised", beta=beta), x)
    assert np.abs(torque(x, usa)).max() < FIELD
    sa = velocity(law(beta=beta), x)
    mass = np.exp(beta * x @ x.T).sum(axis=1, keepdims=True)
    assert np.abs(torque(x, sa, mass)).max() < FIELD * mass.sum()
    assert np.abs(torque(x, sa)).max() > 1e-3  # not without Z


def test_the_circle_keeps_its_mean_angle_without_normalising(tmp_path, rng):
    angle = rng.uniform(-1, 1, 20)  # no angle wraps
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    drift = {}
    for kind in ATTENTION:
        run = Simulation(placed(x, tmp_path, dynamics=kind, step=0.02), "numpy")
        run.advance(5.0)
        drift[kind] = abs(np.arctan2(run.x[:, 1], run.x[:, 0]).sum() - angle.sum())
    assert drift["unnormalised"] < RK4
    assert drift["softmax"] > 1e-3


@pytest.mark.parametrize("kind", ATTENTION)
def test_equal_heads_are_one_head(kind, rng):
    x = sphere(rng, 20, 3)
    one, four = (law(kind, beta=5.0, heads__count=h) for h in (1, 4))
    assert np.abs(velocity(one, x) - velocity(four, x)).max() < ROUND


def test_opposite_heads_cancel(rng):
    x, v = sphere(rng, 20, 2), ((0.3, 1.0), (-0.4, 0.8))
    both = (*v, *(tuple(-c for c in row) for row in v))
    pair = law(
        beta=5.0,
        heads__count=2,
        heads__value="explicit",
        heads__value__matrix=both,
    )
    assert np.abs(velocity(pair, x)).max() < ROUND


def test_without_temperature_heads_average_their_values(rng):
    x = sphere(rng, 20, 2)
    values = rng.normal(size=(3, 2, 2))
    stack = tuple(map(tuple, values.reshape(6, 2)))
    three = law(
        beta=0.0,
        heads__count=3,
        heads__value="explicit",
        heads__value__matrix=stack,
    )
    mean = x.mean(axis=0) @ values.mean(axis=0).T
    wanted = mean - (x @ mean)[:, None] * x
    assert np.abs(velocity(three, x) - wanted).max() < ROUND


def test_softmax_is_stable_at_a_thousand(rng):
    x = sphere(rng, 50, 3)
    field = law(beta=1024.0).bind(x, Seed(0))
    rows = field.attention.rows(x, np.arange(50))
    assert np.isfinite(rows).all()
    assert np.abs(rows.sum(axis=-1) - 1).max() < ROUND


# B. Equiangular tokens.


def rho_of(run):
    found = cosines(run.x)
    assert np.ptp(found) < 1e-13  # they stay equiangular
    return found.mean()


def equiangular(n, beta, kind="softmax", rho=0.0, d=None, h=0.02):
    changes = {
        "tokens": n,
        "dimension": d or n,
        "initial": "equiangular",
        "initial.cosine": rho,
        "dynamics": kind,
        "dynamics.beta": beta,
        "step": h,
    }
    return Simulation(edit(Scenario(), changes), "numpy")


@pytest.mark.parametrize(
    ("n", "beta", "t", "rho"), [tuple(r) for r in KNOWN["equiangular_SA_rho"]]
)
def test_equiangular_softmax(n, beta, t, rho):
    run = equiangular(n, beta)
    run.advance(t)
    assert rho_of(run) == pytest.approx(rho, abs=RK4)


@pytest.mark.parametrize(
    ("n", "beta", "t", "rho"), [tuple(r) for r in KNOWN["equiangular_USA_rho"]]
)
def test_equiangular_unnormalised(n, beta, t, rho):
    run = equiangular(n, beta, "unnormalised", d=n + 3)
    run.advance(t * np.exp(beta))  # our clock is the paper's times e^β
    assert rho_of(run) == pytest.approx(rho, abs=RK4)


@pytest.mark.parametrize(
    ("key", "n", "beta"),
    [
        ("sa_n32_b1", 32, 1.0),
        ("sa_n32_b9", 32, 9.0),
        ("sa_n64_b4", 64, 4.0),
        ("usa_n32_b1", 32, 1.0),
        ("usa_n64_b4", 64, 4.0),
    ],
)
def test_equiangular_curve(key, n, beta):
    known = reference("equiangular_rho")
    kind = "unnormalised" if key.startswith("usa") else "softmax"
    run = equiangular(n, beta, kind, h=0.05)
    for t, rho in zip(known[f"{key}_t"], known[f"{key}_rho"], strict=True):
        run.advance(t - run.t)
        assert rho_of(run) == pytest.approx(rho, abs=2e-7)


@pytest.mark.parametrize("kind", ATTENTION)
def test_equiangular_logistic_at_beta_zero(kind):
    n, rho, t = 8, -0.1, 1.5
    run = equiangular(n, 0.0, kind, rho=rho)
    run.advance(t)
    c = (1 + (n - 1) * rho) / (1 - rho) * np.exp(2 * t)
    assert rho_of(run) == pytest.approx((c - 1) / (c + n - 1), abs=RK4)


def test_one_layer_of_equiangular_tokens():
    n, beta, h, rho = 6, 3.0, 0.7, 0.2
    changes = {"integrator": "layer", "step": h}
    run = equiangular(n, beta, rho=rho)
    run.retune(edit(run.scenario, changes))
    run.step()
    a = 1 / (1 + (n - 1) * np.exp(-beta * (1 - rho)))
    b = a * np.exp(-beta * (1 - rho))
    q, c1, c2 = 1 + (n - 1) * rho, 1 + h * (a - b), h * b
    top = c1**2 * rho + 2 * c1 * c2 * q + c2**2 * n * q
    assert rho_of(run) == pytest.approx(
        top / (c1**2 + 2 * c1 * c2 * q + c2**2 * n * q), abs=ROUND
    )


# C. Two tokens.


def pair(angle, tmp_path, **changes):
    x = np.array([[1.0, 0.0, 0.0], [np.cos(angle), np.sin(angle), 0.0]])
    return Simulation(placed(x, tmp_path, **{"step": 0.02, **changes}), "numpy")


@pytest.mark.parametrize(
    ("beta", "start", "t", "end"), [tuple(r) for r in KNOWN["two_token_angle_SA"]]
)
def test_two_tokens(beta, start, t, end, tmp_path):
    run = pair(start, tmp_path, **{"dynamics.beta": beta})
    run.advance(t)
    assert angle_of(run.x) == pytest.approx(end, abs=RK4)


@pytest.mark.parametrize("key", ["sa_b0", "sa_b1", "sa_b9", "usa_b0", "usa_b1"])
def test_two_tokens_curve(key, tmp_path):
    known = reference("pair_angle")
    kind = "unnormalised" if key.startswith("usa") else "softmax"
    changes = {"dynamics": kind, "dynamics.beta": float(key[-1])}
    run = pair(float(known["g0"]), tmp_path, **changes)
    for t, angle in zip(known["t"], known[key], strict=True):
        run.advance(t - run.t)
        assert angle_of(run.x) == pytest.approx(angle, abs=5e-8)


def test_two_causal_tokens_approach_at_half_the_rate(tmp_path):
    angle, beta = 1.3, 3.0
    x = np.array([[1.0, 0.0], [np.cos(angle), np.sin(angle)]])
    full, causal = (
        velocity(law(beta=beta, heads__mask=m), x) for m in ("full", "causal")
    )
    closing = np.linalg.norm(full[0]) + np.linalg.norm(full[1])
    assert np.linalg.norm(causal[1]) == pytest.approx(closing / 2, abs=ROUND)


def test_life_time_of_two_clusters(tmp_path):
    beta, start, end = 6.0, 1.2, 0.1

    def rate(angle):
        return (1 + np.exp(beta * (1 - np.cos(angle)))) / np.sin(angle) / 2

    life = quad(rate, end, start, epsabs=1e-12)[0]
    assert life == pytest.approx(7.625851809, abs=1e-8)
    run = pair(start, tmp_path, **{"dynamics.beta": beta})
    run.advance(life)
    assert angle_of(run.x) == pytest.approx(end, abs=1e-7)


# D. The balance of energy.


@pytest.mark.parametrize("c", [1.0, -1.0])
@pytest.mark.parametrize("kind", ATTENTION)
def test_energy_balance(kind, c, rng):
    x, beta, eps = sphere(rng, 20, 3), 3.0, 1e-5
    v = velocity(law(kind, beta=beta, heads__value__scale=c), x)
    space, n = Sphere(), len(x)

    def big_f(y):
        return interaction(space.nearest(y), beta) * n**2 / 2

    slope = (big_f(x + eps * v) - big_f(x - eps * v)) / (2 * eps)
    near = np.exp(beta * (x @ x.T - 1)).sum(axis=1)
    weight = beta * (near if kind == "softmax" else n)  # time times e^β cancels e^-β
    assert slope == pytest.approx(c * (weight * (v * v).sum(axis=1)).sum(), rel=1e-8)


STEADY = 1e-12  # of F̂ ≤ 1: rounding of n² terms


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
        energy.append(run.measures()["f_hat"])
        run.step()
    change = c * np.diff(energy)
    assert change.min() >= -STEADY
    assert change.sum() > 1e-3


# E. β = 0: Kuramoto.


def test_kuramoto_velocity():
    known = reference("kuramoto")
    theta = known["theta0"]
    x = np.stack([np.cos(theta), np.sin(theta)], axis=1)
    across = np.stack([-np.sin(theta), np.cos(theta)], axis=1)
    for kind in ATTENTION:
        v = velocity(law(kind, beta=0.0), x)
        assert np.abs((v * across).sum(1) - known["allones_w0_vel0"]).max() < FIELD
    for beta in ("1", "9", "81", "800"):
        for kind, key in zip(ATTENTION, ("sa", "usa"), strict=True):
            v = velocity(law(kind, beta=float(beta)), x)
            wanted = known[f"angle_{key}_b{beta}"]
            assert np.abs((v * across).sum(1) - wanted).max() < FIELD
        f_hat = float(interaction(x, float(beta)))
        assert f_hat == pytest.approx(float(known[f"energy_b{beta}"]), rel=FLOW)


def test_kuramoto_trajectory(tmp_path):
    known = reference("kuramoto")
    theta = known["theta0"]
    x = np.stack([np.cos(theta), np.sin(theta)], axis=1)
    run = Simulation(placed(x, tmp_path, step=0.05, **{"dynamics.beta": 0.0}), "numpy")
    times = known["allones_w0_t"]
    for k, t in enumerate(times):
        run.advance(t - run.t)
        wanted = known["allones_w0_theta_ref"][k]
        wanted = np.stack([np.cos(wanted), np.sin(wanted)], axis=1)
        assert np.abs(run.x - wanted).max() < 1e-6
        assert run.measures()["order"] == pytest.approx(
            np.linalg.norm(wanted.mean(axis=0)), abs=1e-6
        )


def test_consensus_rate_at_beta_zero():
    changes = {"tokens": 8, "dimension": 4, "initial": "cap", "dynamics.beta": 0.0}
    run = Simulation(edit(Scenario(), {**changes, "step": 0.02}), "numpy")
    run.advance(12.0)
    before = np.linalg.norm(run.x[0] - run.x[1])
    run.advance(2.0)
    rate = np.log(np.linalg.norm(run.x[0] - run.x[1]) / before) / 2
    assert rate == pytest.approx(-1, abs=1e-6)


# F, G, J. Stability.


def circle_rate(n, beta, mode, kind):
    """Return the growth rate of a mode of the regular n-gon, exact for finite n."""
    j = np.arange(n)
    a = 2 * np.pi * j / n
    h = np.exp(beta * np.cos(a)) * (np.cos(a) - beta * np.sin(a) ** 2)
    rate = -(h * (1 - np.cos(mode * a))).sum() / n
    if kind == "softmax":
        return rate * n / np.exp(beta * np.cos(a)).sum()
    return rate * np.exp(-beta)


@pytest.mark.parametrize("kind", ATTENTION)
@pytest.mark.parametrize("mode", [1, 2, 3, 5])
@pytest.mark.parametrize(("n", "beta"), [(24, 5.0), (48, 9.0)])
def test_growth_of_the_modes_of_a_polygon(n, beta, mode, kind):
    a, eps = 2 * np.pi * np.arange(n) / n, 1e-6
    angle = a + eps * np.cos(mode * a)
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    v = velocity(law(kind, beta=beta), x)
    across = np.stack([-np.sin(angle), np.cos(angle)], axis=1)
    found = ((v * across).sum(axis=1) * np.cos(mode * a)).sum()
    found /= eps * (np.cos(mode * a) ** 2).sum()
    assert found == pytest.approx(circle_rate(n, beta, mode, kind), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("beta", "k", "rate"), [tuple(r) for r in KNOWN["growth_SA_circle_k"]]
)
def test_growth_on_the_circle_is_that_of_many_tokens(beta, k, rate):
    assert circle_rate(400, beta, int(k), "softmax") == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize("kind", ["full", "causal"])
def test_consensus_rate(kind, tmp_path):
    rng = np.random.default_rng(5)
    x = np.array([0.0, 0.0, 1.0]) + 1e-3 * rng.normal(size=(4, 3))
    changes = {"dynamics.heads.mask": kind, "step": 0.02}
    run = Simulation(placed(x, tmp_path, **changes), "numpy")
    run.advance(4.0)
    before = np.linalg.norm(run.x[1] - run.x[0])
    run.advance(2.0)
    rate = np.log(np.linalg.norm(run.x[1] - run.x[0]) / before) / 2
    assert rate == pytest.approx(-1 if kind == "full" else -0.5, abs=1e-4)


def test_consensus_under_a_rotation_turns_with_it(tmp_path):
    alpha = np.radians(60)
    changes = {
        "dynamics.heads.value": "rotation",
        "dynamics.heads.value.angle": 60.0,
        "step": 0.02,
    }
    x = np.array([[1.0, 0.0], [1.0, 0.0]])
    run = Simulation(placed(x, tmp_path, **changes), "numpy")
    run.advance(1.0)
    turned = np.sin(alpha) * 1.0
    assert np.abs(run.x - [np.cos(turned), np.sin(turned)]).max() < RK4


# I. Repulsion.


@pytest.mark.parametrize(("n", "name"), [(4, "simplex4"), (6, "octa6"), (12, "ico12")])
def test_repulsion_ends_on_platonic_solids(n, name):
    changes = {
        "tokens": n,
        "dynamics.heads.value.scale": -1.0,
        "step": 0.25,
        "seed": 0,
    }
    run = Simulation(edit(Scenario(), changes), "numpy")
    run.advance(300.0)
    assert run.measures()["f"] == pytest.approx(
        KNOWN["F_sharp_beta"]["4.0"][name], abs=1e-8
    )


@pytest.mark.parametrize(
    ("d", "beta", "mean"), [tuple(r) for r in KNOWN["uniform_mean_exp"]]
)
def test_energy_of_uniform_tokens(d, beta, mean):
    rng = np.random.default_rng(2)
    x = sphere(rng, 3000, int(d))
    found = float(interaction(x, beta))
    diagonal = 1 / len(x)
    wanted = np.exp(-beta) * mean * (1 - diagonal) + diagonal
    assert found == pytest.approx(wanted, rel=0.02)  # sampling error, 3000 tokens


def test_antipodes_are_an_equilibrium():
    x = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])
    assert np.abs(velocity(law(beta=4.0), x)).max() == 0
