"""Steps end where the law jumps: every integrator keeps its order there.

The reference solves each piece between jumps by itself, from the formulas.
"""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from helpers.runs import bare, table
from scipy.integrate import solve_ivp

from sim import Scenario, Simulation
from sim.instants import just_before, next_of, reached
from sim.integrators import Integrator
from sim.scenario import edit
from sim.schedule import Change, Run
from sim.spaces.mix_ln import MixLN

SLACK = 0.4  # of an order: steps are not yet infinitely small
LUCK = 0.7  # of an order, by which errors may fall faster, as signs change
COARSE = {5: 4.0}  # by order: how much larger steps are, for errors above rounding
ROUNDING = 4e-12  # of the reference: smaller errors say nothing
FINE = {"rtol": 3e-14, "atol": 1e-15}  # of the reference: errors below `ROUNDING`
END = {"change": 1.2, "layers": 2.1, "mix_ln": 2.6, "ramp": 1.7, "glide": 1.7}
BETA = 4.0
N = 12
DEPTH = "dynamics.heads.depth"
IDENTITY = np.eye(3)
V = np.random.default_rng(0).normal(size=(3, 3, 3))


def attention(x, beta=BETA, value=IDENTITY):
    theta = x / np.linalg.norm(x, axis=1, keepdims=True)
    p = np.exp(beta * theta @ theta.T)
    return p @ theta / p.sum(axis=1, keepdims=True) @ value.T


def tangent(x, beta=BETA, value=IDENTITY):
    theta = x / np.linalg.norm(x, axis=1, keepdims=True)
    v = attention(x, beta, value)
    return v - (v * theta).sum(axis=1, keepdims=True) * theta


def change(x, t):
    return tangent(x, BETA if t < 0.537 else 9.0)


def layers(x, t):
    return tangent(x, BETA, V[int(t / 0.93) % 3])


def mix_ln(x, t):
    return tangent(x) if t < 2 else attention(x)


def beta_ramp(x, t):
    return tangent(x, BETA * (1 + 2 * np.clip((t - 0.537) / 0.77, 0, 1)))


LAYERS = {
    f"{DEPTH}.layers": 3,
    f"{DEPTH}.thickness": 0.93,
    "dynamics.heads.value": "explicit",
    "dynamics.heads.value.matrix": table(V.reshape(-1, 3)),
}
RAMP = {
    f"{DEPTH}.ramp": "linear",
    f"{DEPTH}.ramp.end": 3.0,
    f"{DEPTH}.ramp.start": 0.537,
    f"{DEPTH}.ramp.length": 0.77,
}
CASES = {
    "change": (change, (0.537,), {}, (Change(0.537, {"dynamics.beta": 9.0}),)),
    "layers": (layers, (0.93, 1.86, 2.79), LAYERS, ()),
    "mix_ln": (mix_ln, (2.0,), {"space": "mix_ln"}, ()),
    "ramp": (beta_ramp, (0.537, 1.307), RAMP, ()),
    "glide": (
        beta_ramp,
        (0.537, 1.307),
        {},
        (Change(0.537, {"dynamics.beta": 12.0}, over=0.77),),
    ),
}


@cache
def start():
    return Simulation(Scenario(tokens=N), "numpy").x


@cache
def exact(case, end):
    """Return the tokens at `end`, by steps of order 8 within each piece."""
    law, jumps, _, _ = CASES[case]
    x, times = start(), [0.0, *(t for t in jumps if t < end), end]
    for a, b in pairwise(times):
        middle = (a + b) / 2

        def f(t, flat, middle=middle):  # the law of the piece, also at its ends
            y = flat.reshape(-1, 3)
            return law(y, t if case in ("ramp", "glide") else middle).ravel()

        x = solve_ivp(f, (a, b), x.ravel(), "DOP853", **FINE).y[:, -1].reshape(x.shape)
    return x


def simulation(case, method, h):
    _, _, settings, changes = CASES[case]
    base = edit(Scenario(tokens=N, step=h, integrator=method), settings)
    return Simulation(Run(base, changes), "numpy")


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("kind", "first"),
    [*((kind, 0.07) for kind in sorted(Integrator.kinds())), ("rk4", 0.1)],
)
def test_order_across_jumps(case, kind, first):
    cls = Integrator.kinds()[kind]
    errors = []
    for k in range(4):
        h = first / 2**k * COARSE.get(cls.order, 1.0)
        run = simulation(case, bare(cls), h)
        run.advance(END[case])
        assert run.t == END[case]
        errors.append(np.abs(run.x - exact(case, END[case])).max())
    slopes = -np.diff(np.log2(errors))[np.array(errors[1:]) > ROUNDING]
    assert len(slopes) >= 2
    assert -SLACK < slopes[-1] - cls.order < LUCK, (slopes, errors)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("share", [-0.4, 0.3])
def test_frames_beside_a_jump_are_as_accurate_as_steps(case, share):
    errors, jump = [], CASES[case][1][0]
    for h in (0.1, 0.05, 0.025):
        run = simulation(case, Integrator.member("rk4")(), h)
        at = jump + share * h
        run.reach(at)
        errors.append(np.abs(run.frame(at).x - exact(case, at)).max())
    slopes = -np.diff(np.log2(errors))
    assert slopes.mean() > 4 - 2 * SLACK, (slopes, errors)


@pytest.mark.parametrize("kind", ["layer", "euler"])
def test_a_discrete_layer_that_is_cut_short_is_weaker_in_proportion(kind):
    """With h = 0.2 and weights that last 0.93: four layers of 0.2, then one of 0.13."""
    run = simulation("layers", Integrator.member(kind)(), 0.2)
    x, f = start(), tangent if kind == "euler" else attention
    for k in range(3):
        for _ in range(5):
            run.step()
        for h in (0.2, 0.2, 0.2, 0.2, 0.13):
            x = x + h * f(x, BETA, V[k])
            x = x / np.linalg.norm(x, axis=1, keepdims=True)
        assert run.t == pytest.approx((k + 1) * 0.93, rel=1e-15)
        assert np.abs(run.x - x).max() < 1e-13


def test_jumps_on_the_grid_of_steps_leave_the_grid_as_it_is():
    run = simulation("layers", Integrator.member("rk4")(), 0.31)
    other = Simulation(Scenario(tokens=N, step=0.31), "numpy")
    for _ in range(9):
        run.step()
        other.step()
        assert run.t == other.t


def test_the_present_at_a_switch_is_the_space_that_begins():
    run = Simulation(Scenario(tokens=N, space=MixLN(0.21), step=0.05), "numpy")
    run.reach(0.21)
    assert run.t == 0.21
    assert np.abs(np.linalg.norm(run.x, axis=1) - 1).max() < 1e-15
    assert np.abs(run.velocity() - attention(run.x)).max() < 1e-14
    run.step()
    assert np.linalg.norm(run.x, axis=1).min() > 1.01


def test_a_switch_at_the_start_leaves_pre_ln_alone():
    runs = [
        Simulation(edit(Scenario(tokens=N), {"space": kind, **more}), "numpy")
        for kind, more in (("mix_ln", {"space.switch": 0.0}), ("pre_ln", {}))
    ]
    for run in runs:
        run.advance(1.0)
    assert np.array_equal(*(run.x for run in runs))


def test_times_are_the_same_but_for_rounding():
    for k in range(1, 2000):
        assert reached(k * 0.1, 0.1 * k)
        assert reached(sum([0.1] * 3) / 3 * k, 0.1 * k)
        assert not reached(just_before(0.1 * k), 0.1 * k)
    assert not reached(1e300, np.inf)
    assert next_of(0.3, 0.1 + 0.2, 1.0) == 1.0
    assert next_of(1.0, 0.3, 1.0) == np.inf
