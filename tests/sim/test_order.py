"""Integrators are as accurate as they say, and so is what is shown between steps."""

from functools import cache

import numpy as np
import pytest
from helpers.runs import bare

from sim import Scenario, Simulation
from sim.arrays import sequential_sum
from sim.dynamics.bracket import Bracket
from sim.integrators import Integrator
from sim.integrators.rk4 import RK4
from sim.spaces.flat import Flat

ROUNDING = 1e-10  # of the fine run that is compared with
SLACK = 0.25  # of an order: steps are not yet infinitely small
PARTS = {"sphere": {}, "flat": {"space": Flat(), "dynamics": Bracket(0.3)}}


def end(method, steps, **parts):
    scenario = Scenario(tokens=12, integrator=method, step=1 / steps, **parts)
    run = Simulation(scenario, "numpy")
    for _ in range(steps):
        run.step()
    return run.x


@cache
def exact_end(name):
    return end(RK4(), 512, **PARTS[name])


@pytest.mark.slow
@pytest.mark.parametrize("cls", Integrator.kinds().values(), ids=Integrator.kinds())
@pytest.mark.parametrize("name", PARTS)
def test_order(cls, name):
    exact, parts = exact_end(name), PARTS[name]
    errors = [np.abs(end(bare(cls), k, **parts) - exact).max() for k in (8, 16, 32)]
    slopes = -np.diff(np.log2(errors))
    exactly = max(errors) < ROUNDING
    assert exactly or abs(slopes.mean() - cls.order) < SLACK, slopes


@pytest.mark.slow
def test_the_clock_does_not_drift():
    run = Simulation(Scenario(tokens=2, step=0.1), "numpy")
    for _ in range(1000):
        run.step()
    assert run.t == 100.0
    assert sequential_sum([0.1] * 1000) != 100.0


def test_a_shorter_step_ends_an_advance():
    run = Simulation(Scenario(tokens=8, step=0.3), "numpy")
    run.advance(1.0)
    assert run.t == 1.0
    fine = Simulation(Scenario(tokens=8, step=0.01), "numpy")
    fine.advance(1.0)
    assert np.abs(run.x - fine.x).max() < 1e-4


@cache
def exact_at(t, step):
    run = Simulation(Scenario(tokens=12, step=step), "numpy")
    run.advance(t)
    return run.x


@pytest.mark.slow
@pytest.mark.parametrize(("method", "order"), [("rk4", 4), ("euler", 1)])
def test_frames_between_steps_are_as_accurate_as_the_steps(method, order):
    errors = []
    for h in (0.2, 0.1, 0.05):
        base = {"tokens": 12, "integrator": Integrator.member(method)()}
        run = Simulation(Scenario(step=h, **base), "numpy")
        run.reach(1.0)
        run.step()
        at = 1.0 + 0.4 * h
        errors.append(np.abs(run.frame(at).x - exact_at(at, h / 64)).max())
    slopes = -np.diff(np.log2(errors))
    assert slopes.mean() > order - SLACK, slopes


def test_a_frame_between_steps_lies_on_the_space_and_meets_the_ends():
    run = Simulation(Scenario(tokens=12, step=0.2), "numpy")
    run.step()
    before = run.x
    run.step()
    frame = run.frame(0.27)
    assert frame.t == 0.27
    assert np.abs(np.linalg.norm(frame.x, axis=1) - 1).max() < 1e-15
    assert np.abs(run.frame(0.2).x - before).max() < 1e-15
    assert (run.frame(0.4).x == run.x).all()
    assert (run.frame(99.0).x == run.x).all()


def test_frames_do_not_disturb_the_run():
    seen, unseen = (Simulation(Scenario(tokens=12), "numpy") for _ in range(2))
    for _ in range(20):
        seen.step()
        seen.frame(seen.t - 0.02)
        unseen.step()
    assert (seen.x == unseen.x).all()
