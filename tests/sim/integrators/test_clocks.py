"""Clocks, the adaptive integrator and noise: the ways in which time is not plain."""

import numpy as np
import pytest

import sim
from sim.clocks import Clock
from sim.engine import Engine
from sim.integrators.adaptive import Adaptive
from sim.integrators.maruyama import Maruyama
from sim.scenario import edit, from_json, to_json


@pytest.mark.parametrize("kind", Clock.kinds())
def test_a_dial_and_its_time_are_inverse_and_grow(kind):
    clock = Clock.member(kind)()
    s = [0.0, 1e-6, 0.5, 3.0, 40.0]
    t = [clock.time(v) for v in s]
    assert t[0] == 0
    assert (np.diff(t) > 0).all()
    assert np.allclose([clock.coordinate(v) for v in t], s, rtol=1e-12)
    assert clock.span(3.0, 0.5) == pytest.approx(clock.time(3.5) - clock.time(3.0))


@pytest.mark.slow
def test_a_racing_clock_takes_a_run_far():
    changes = {
        "tokens": 3,
        "dimension": 2,
        "clock": "logarithmic",
        "clock.turn": 5.0,
        "integrator": "adaptive",
        "integrator.rtol": 1e-4,
        "dynamics.beta": 2.0,
        "step": 1.0,
    }
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    for _ in range(25):
        run.step()
    assert run.t == pytest.approx(5 * np.expm1(5), rel=1e-12)
    assert run.coordinate == pytest.approx(25, rel=1e-12)
    assert run.scenario.clock.time(61.1) > 1e6
    assert run.measures()["f_hat"] == pytest.approx(1)
    again = from_json(to_json(run.scenario))
    assert again == run.scenario
    middle = run.frame((run.t + 5 * np.expm1(4.8)) / 2)
    assert np.isfinite(middle.x).all()


def test_the_engine_follows_the_clock():
    changes = {"tokens": 4, "clock": "logarithmic", "clock.turn": 0.5}
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    engine = Engine(run)
    for _ in range(60):
        engine._loop.advance(0.02)  # pyright: ignore[reportPrivateUsage]
    engine._loop.make_frame()  # pyright: ignore[reportPrivateUsage]
    frame = engine.latest()
    assert frame is not None
    assert frame.t == pytest.approx(0.5 * np.expm1(1.2 / 0.5), rel=1e-6)
    engine.close()


TIGHT = Adaptive(rtol=1e-13, atol=1e-14)


@pytest.mark.slow
def test_the_error_follows_the_tolerance():
    base = edit(sim.Scenario(tokens=16), {"step": 1.0, "integrator": TIGHT})
    ends = []
    for rtol in (1e-13, 1e-4, 1e-7, 1e-10):
        method = Adaptive(rtol=rtol, atol=rtol / 10)
        run = sim.Simulation(edit(base, {"integrator": method}), "numpy")
        run.advance(6.0)
        ends.append(run.x)
    errors = [np.abs(x - ends[0]).max() for x in ends[1:]]
    for error, rtol in zip(errors, (1e-4, 1e-7, 1e-10), strict=True):
        assert error < 200 * rtol
    assert errors[0] > errors[1] > errors[2]


def test_single_precision_does_not_ask_for_the_impossible():
    changes = {"tokens": 16, "precision": "float32", "step": 0.5, "integrator": TIGHT}
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    run.advance(2.0)
    assert run.x.dtype == "float32"
    assert np.isfinite(run.x).all()


@pytest.mark.slow
def test_a_motion_that_blows_up_is_said():
    changes = {
        "tokens": 8,
        "space": "flat",
        "dynamics.heads.value.scale": 4.0,
        "integrator": "adaptive",
        "step": 2.0,
    }
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    with (
        np.errstate(all="ignore"),
        pytest.raises(FloatingPointError, match=r"cannot be met.*Raise rtol"),
    ):
        for _ in range(300):
            run.step()


def noisy(temperature, *, beta=0.0, scale=0.0, n=4000, d=3, **changes):
    changes = {
        "tokens": n,
        "dimension": d,
        "integrator": Maruyama(temperature=temperature),
        "dynamics": "softmax" if scale else "linear",
        "dynamics.heads.value.scale": scale,
        **changes,
    }
    if scale:
        changes["dynamics.beta"] = beta
    return sim.Simulation(edit(sim.Scenario(), changes), "numpy")


@pytest.mark.parametrize("d", [2, 3, 5])
def test_free_tokens_forget_at_the_rate_of_brownian_motion(d):
    """E⟨x₀, x(t)⟩ = e^{−(d−1)t/κ} on the sphere."""
    run = noisy(0.5, d=d, step=0.01)
    start = run.x
    run.advance(1.0)
    kept = (run.x * start).sum(axis=1).mean()
    assert kept == pytest.approx(np.exp(-(d - 1) * 0.5), abs=0.03)


def test_noise_is_the_same_again_and_ends_with_the_temperature():
    runs = [noisy(0.1, n=20) for _ in range(2)]
    for run in runs:
        run.advance(0.5)
    assert np.array_equal(runs[0].x, runs[1].x)
    frame = runs[0].frame()
    runs[0].step()
    ahead = runs[0].x
    runs[0].restore(frame)
    runs[0].step()
    assert np.array_equal(runs[0].x, ahead)
    calm = noisy(0.0, n=20, scale=1.0, beta=2.0)
    euler = sim.Simulation(edit(calm.scenario, {"integrator": "euler"}), "numpy")
    for run in (calm, euler):
        run.advance(0.5)
    assert np.array_equal(calm.x, euler.x)


@pytest.mark.slow
@pytest.mark.parametrize(("factor", "gathers"), [(0.5, False), (2.0, True)])
def test_uniform_tokens_gather_below_the_critical_temperature(factor, gathers):
    """G4 at β = 0, d = 2: κ_c = 2."""
    run = noisy(1 / (2 * factor), n=500, d=2, scale=1.0, step=0.1)
    run.advance(20.0)
    order = run.measures()["order"]
    assert (order > 0.4) is gathers
    if not gathers:
        assert order < 0.2
