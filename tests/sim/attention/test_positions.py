"""Positions, in the scores and at the start: formula values and exact cases."""

from __future__ import annotations

import array_api_strict
import numpy as np
import pytest
from helpers.runs import sphere, state

import sim
from sim.expressions.formula import to_latex
from sim.formula import formula
from sim.positions import Positions
from sim.restarts import restarts
from sim.scenario import edit
from sim.seed import Seed
from sim.theory import inapplicable

LAWS = ("softmax", "unnormalised", "linear", "hardmax", "sinkhorn", "cross")
CODES = [k for k in Positions.kinds() if k != "none"]
CODE = "dynamics.heads.positions"


def scenario(kind="none", law="softmax", n=11, d=4, **changes):
    """Return a scenario whose scores see positions."""
    changes = {f"{CODE}.{k}": v for k, v in changes.items()}
    base = sim.Scenario(tokens=n, dimension=d)
    return edit(base, {"dynamics": law, CODE: kind, **changes})


def tokens(n=11, d=4, seed=1):
    return sphere(np.random.default_rng(seed), n, d)


def bound(s, x, seed=3):
    return s.dynamics.bind(x, Seed(seed))


def velocity(s, x, seed=3):
    return bound(s, x, seed).velocity(state(x)).x


def wave(i, d, amplitude=1.0, base=10_000.0):
    """Return one code, coordinate by coordinate as printed in the paper."""
    out = np.zeros(d)
    for place in range(d):  # sin(i/b^{2k/d}) at 2k, cos(i/b^{2k/d}) at 2k + 1
        angle = i / base ** ((place - place % 2) / d)
        out[place] = np.cos(angle) if place % 2 else np.sin(angle)
    return amplitude * out


def turn(i, d, omega=1.0, base=10_000.0):
    """Return R_i as a matrix."""
    out = np.eye(d)
    for k in range(d // 2):
        a = i * omega * base ** (-2 * k / d)
        c, s = np.cos(a), np.sin(a)
        out[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] = [[c, -s], [s, c]]
    return out


@pytest.mark.parametrize("d", [2, 3, 4, 7])
def test_codes_are_the_formulas_of_their_papers(d):
    x = tokens(6, d)
    waves = Positions.member("sinusoidal")(amplitude=0.7, base=50.0)
    wanted = x + np.array([wave(i, d, 0.7, 50.0) for i in range(6)])
    assert np.abs(waves.encoded(x) - wanted).max() < 1e-15
    turns = Positions.member("rotary")(angle=0.3, base=50.0)
    wanted = np.array([turn(i, d, 0.3, 50.0) @ x[i] for i in range(6)])
    assert np.abs(turns.encoded(x) - wanted).max() < 2e-15


@pytest.mark.parametrize("d", [2, 3, 384])
def test_rotary_keeps_lengths_and_odd_ends(d):
    x = np.random.default_rng(0).normal(size=(500, d))
    turned = Positions.member("rotary")().encoded(x)
    lengths = (np.linalg.norm(a, axis=1) for a in (x, turned))
    assert np.subtract(*lengths) == pytest.approx(0, abs=2e-14)
    if d % 2:
        assert np.array_equal(turned[:, -1], x[:, -1])


def test_rotary_scores_of_equal_tokens_see_distances_only():
    x = np.tile(tokens(1, 6), (40, 1))
    attention = bound(scenario("rotary"), x).attention
    scores, _ = attention.scores(x, np.arange(40))
    for k in range(-39, 40):
        assert np.ptp(np.diagonal(scores[0], k)) < 2e-14
    assert np.ptp(scores[0][0]) > 0.1
    planes = (x[0].reshape(3, 2) ** 2).sum(axis=1)
    away = np.arange(40)[:, None] * 10_000.0 ** (-np.arange(3) / 3)
    wanted = 4 * np.cos(away) @ planes
    assert np.abs(scores[0][0] - wanted).max() < 1e-13


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("matrices", ["identity", "gaussian"])
def test_scores_are_those_of_coded_queries_and_keys(kind, matrices):
    x = tokens()
    changes = {f"dynamics.heads.{k}": matrices for k in ("query", "key")}
    s = edit(scenario(kind), changes)
    q, k, _ = s.dynamics.heads.draw(4, Seed(3))
    if kind == "rotary":
        a = np.array([turn(i, 4) @ q[0] @ y for i, y in enumerate(x)])
        b = np.array([turn(i, 4) @ k[0] @ y for i, y in enumerate(x)])
    else:
        coded = x + np.array([wave(i, 4) for i in range(11)])
        a, b = coded @ q[0].T, coded @ k[0].T
    wanted = np.exp(4 * a @ b.T)
    wanted /= wanted.sum(axis=1, keepdims=True)
    field = bound(s, x)
    rows = field.attention.attention_weights(x, np.arange(11))[0]
    assert np.abs(rows - wanted).max() < 2e-14
    assert np.abs(field.velocity(state(x)).x - wanted @ x).max() < 2e-14
    entropy = -(wanted * np.log(wanted)).sum(axis=1)
    assert np.abs(field.attention.entropy(x)[0, :, 0] - entropy).max() < 1e-12


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("law", LAWS)
def test_every_law_collects_by_rows_that_see_positions(kind, law):
    turned = {"dynamics.heads.key": "gaussian"}  # else hardmax prefers itself
    x, plain = tokens(), edit(scenario(law=law), turned)
    s = edit(scenario(kind, law), turned)
    assert scenario(kind, law).dynamics.energy_behaviour(s.space) == "none"
    assert np.abs(velocity(s, x) - velocity(plain, x)).max() > 1e-3
    attention = bound(s, x).attention
    if attention is not None:
        rows = attention.attention_weights(x, np.arange(11))
        assert np.abs(rows @ x - attention.row_sums(x)).max() < 1e-14


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(
    ("kind", "off"), [("sinusoidal", "amplitude"), ("rotary", "angle")]
)
def test_codes_of_no_size_are_none(law, kind, off):
    x, plain = tokens(), scenario(law=law)
    s = scenario(kind, law, **{off: 0.0})
    assert np.array_equal(velocity(s, x), velocity(plain, x))
    assert s.dynamics.energy_behaviour(s.space) == plain.dynamics.energy_behaviour(
        s.space
    )
    assert to_latex(formula(s)) == to_latex(formula(plain))
    assert np.array_equal(Positions.member(kind)(**{off: 0.0}).encoded(x), x)


def test_rotary_dictionaries_number_their_keys():
    x = tokens(3)
    s = edit(scenario("rotary", "cross"), {"dynamics.size": 20, "dynamics.beta": 2.0})
    plain = edit(scenario("none", "cross"), {"dynamics.size": 20})
    words = plain.dynamics._dictionary(x, Seed(3))[0]
    a = np.array([turn(i, 4) @ y for i, y in enumerate(x)])
    b = np.array([turn(i, 4) @ y for i, y in enumerate(words)])
    p = np.exp(2 * a @ b.T)
    wanted = p @ words / p.sum(axis=1, keepdims=True)
    assert np.abs(velocity(s, x) - wanted).max() < 1e-14


@pytest.mark.slow
@pytest.mark.parametrize("kind", CODES)
def test_large_sums_agree_with_rows(kind):
    """Faster methods of summation are held to whole rows of the matrix."""
    for d in (2, 3):
        x = tokens(900, d)
        attention = bound(scenario(kind, n=900, d=d), x).attention
        off = np.abs(attention.row_sums(x) - attention.row_sums_directly(x)).max()
        assert off < 1e-13, attention.method(x)


@pytest.mark.slow
@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_strict_arrays_and_batches_agree_with_numpy(kind, law, precision):
    s = edit(scenario(kind, law, n=8), {"dynamics.heads.key": "gaussian"})
    batch = sphere(np.random.default_rng(2), 3, 8, 4).astype(precision)
    field = bound(s, batch[0])
    whole = field.velocity(state(batch)).x
    assert whole.dtype == precision
    tol = 1e-14 if precision == "float64" else 4e-6
    size = max(1, np.abs(whole).max())  # unnormalised velocities are large
    for one, x in zip(whole, batch, strict=True):
        assert np.abs(one - field.velocity(state(x)).x).max() < tol * size
    xp = array_api_strict
    strict = bound(s, xp.asarray(batch[0].copy()))
    found = np.asarray(strict.velocity(state(xp.asarray(batch[1].copy()))).x)
    assert found.dtype == precision
    assert np.abs(found - whole[1]).max() < tol * size


@pytest.mark.parametrize("kind", CODES)
def test_positions_leave_no_continuity_equation_and_no_theory(kind):
    run = sim.Simulation(scenario(kind), "numpy")
    assert np.isnan(run.measures()["divergence"])
    s = edit(scenario(kind, n=4), {"initial": "orthonormal"})
    assert "without positions" in inapplicable(s, np.eye(4))["equiangular"]


# At the start


def test_an_encoding_is_put_on_before_the_space():
    base = sim.Scenario(tokens=7, dimension=5)
    start = sim.Simulation(base, "numpy").x
    run = sim.Simulation(edit(base, {"encoding": "sinusoidal"}), "numpy")
    wanted = start + np.array([wave(i, 5) for i in range(7)])
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    assert np.abs(run.x - wanted).max() < 1e-15
    turned = sim.Simulation(edit(base, {"encoding": "rotary"}), "numpy")
    wanted = np.array([turn(i, 5) @ y for i, y in enumerate(start)])
    assert np.abs(turned.x - wanted).max() < 4e-16


def test_another_encoding_starts_again_and_another_code_of_scores_does_not():
    base = sim.Scenario(tokens=7)
    coded = edit(base, {"encoding": "sinusoidal"})
    stronger = edit(coded, {"encoding.amplitude": 2.0})
    assert restarts(base, coded)
    assert restarts(coded, stronger)
    assert not restarts(coded, edit(coded, {CODE: "rotary", "step": 0.1}))
    run = sim.Simulation(base, "numpy")
    run.advance(1.0)
    run.retune(coded)
    assert run.t == 0.0
    assert run.frame().epoch == 1


def test_an_encoding_separates_tokens_that_start_alike():
    alike = {"initial": "cap", "initial.spread": 0.001}
    base = edit(sim.Scenario(tokens=6), alike)
    coded = edit(base, {"encoding": "rotary"})
    cosines = []
    for s in (base, coded):
        x = sim.Simulation(s, "numpy").x
        cosines.append(np.abs((x @ x.T)[~np.eye(6, dtype=bool)]).max())
    assert cosines[0] > 0.9999
    assert cosines[1] < 0.999
