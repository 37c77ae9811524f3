"""Long runs, and what every shipped scenario promises in its note."""

import numpy as np
import pytest
from helpers.paths import SCENARIOS
from helpers.runs import sphere, state

from sim import FrameRequest, Scenario, Simulation, edit
from sim.integrators import Flow
from sim.integrators.euler import Euler
from sim.spaces import Space
from sim.state import Velocity

STEPS = 100_000
ON_SPHERE = 1e-12


def shipped(name, **changes):
    return Simulation(edit(Scenario.load(SCENARIOS / f"{name}.json"), changes), "numpy")


def clusters(run):
    return run.measures()["clusters"]


def f_hat(run):
    return run.measures()["f_hat"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sphere", "centred"])
def test_tokens_stay_on_the_sphere(kind):
    """A law that is quickly computed, v = Mx, pulls in every direction."""
    rng, space, step = np.random.default_rng(1), Space.member(kind)(), Euler().step
    s, m = state(space.initial_point(sphere(rng, 3, 4))), rng.normal(size=(4, 4))

    def ambient(s):
        return Velocity(s.x @ m, s.p)

    def tangent(s):
        return space.project_velocity(s, ambient(s))

    flow = Flow(ambient, tangent)
    for _ in range(STEPS if kind == "sphere" else STEPS // 10):
        s = step(flow, space, s, 0.01)
    assert np.abs(np.linalg.norm(s.x, axis=1) - 1).max() < ON_SPHERE
    if kind == "centred":
        assert np.abs(s.x.sum(axis=1)).max() < ON_SPHERE


@pytest.mark.slow
def test_opening():
    run = shipped("opening", step=0.1)
    seen = []
    for t in (8.0, 20.0, 40.0):
        run.reach(t)
        seen.append(clusters(run))
    assert seen == [7, 6, 4]


@pytest.mark.slow
def test_collapse():
    run, energy = shipped("collapse"), []
    while run.t < 9:
        energy.append(f_hat(run))
        run.step()
    assert clusters(run) == 1
    assert np.diff(energy).min() > 0
    run.reach(15)
    assert f_hat(run) == pytest.approx(1, abs=1e-6)


@pytest.mark.slow
def test_metastable():
    run, levels = shipped("metastable", step=0.1), []
    run.reach(10)
    assert clusters(run) <= 6
    while run.t < 60:
        levels.append(f_hat(run))
        run.advance(1.0)
    rise = np.diff(levels)
    assert rise.min() > 0
    assert np.median(rise) < 0.1 * rise.mean()  # most of the time nothing happens
    assert 3 <= clusters(run) <= 5


@pytest.mark.slow
def test_icosahedron():
    run = shipped("repulsion-platonic", step=0.1)
    run.reach(60)
    assert run.measures()["f"] == pytest.approx(9.3811, abs=5e-4)
    corners = np.sort(run.x @ run.x.T, axis=1)
    wanted = [-1, *[-(0.2**0.5)] * 5, *[0.2**0.5] * 5, 1]
    assert np.abs(corners - wanted).max() < 0.02


@pytest.mark.slow
@pytest.mark.parametrize(("beta", "left"), [(2.0, 2), (5.0, 3), (9.0, 4)])
def test_circle_modes(beta, left):
    run = shipped("circle-modes", **{"dynamics.beta": beta, "step": 0.1})
    if beta == 5:
        run.reach(7)
        assert clusters(run) > 115
    run.reach(30)
    assert clusters(run) == left


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_circle_modes_of_a_finer_polygon(seed):
    changes = {"tokens": 200, "seed": seed, "step": 0.1}
    run = shipped("circle-modes", **changes)
    run.reach(30)
    assert clusters(run) == 3


@pytest.mark.slow
def test_five_tokens():
    """The last two meet at t = 328.36404: smallest cosine 0.999, by DOP853 at 1e-12."""
    run = shipped("five-tokens", step=0.1)
    levels = {}
    for t, step in ((0.5, 0.1), (3.0, 0.1), (20.0, 0.5), (328.0, 0.1)):
        run.reach(t)
        levels[t] = f_hat(run)
        run.retune(edit(run.scenario, {"step": step}))
    assert levels[0.5] == pytest.approx(0.36, abs=0.02)
    assert 0.40 < levels[3.0] < 0.52
    assert levels[20.0] == pytest.approx(13 / 25, abs=1e-3)
    assert levels[328.0] < 0.999
    found = []
    while run.t < 329.0:
        run.step()
        found.append((run.t, (run.x @ run.x.T).min()))
    t, cosine = np.array(found).T
    assert np.interp(0.999, cosine, t) == pytest.approx(328.364, abs=0.01)
    assert f_hat(run) > 0.999


def test_kuramoto():
    run = shipped("kuramoto")
    assert run.measures()["order"] < 0.5
    run.reach(8)
    assert run.measures()["order"] == pytest.approx(1, abs=1e-3)


def test_orthogonal():
    run = shipped("orthogonal")
    off = ~np.eye(32, dtype=bool)
    means = []
    for t in (0.0, 2.0, 4.0, 10.0):
        run.reach(t)
        cosines = (run.x @ run.x.T)[off]
        assert np.ptp(cosines) < 1e-12
        means.append(cosines.mean())
    assert abs(means[0]) < 1e-15
    assert means[-1] > 0.9999
    assert means == sorted(means)


@pytest.mark.slow
def test_causal():
    run = shipped("causal", step=0.1)
    first = run.x[0]
    run.reach(40)
    assert np.abs(run.x[0] - first).max() < 1e-14
    assert clusters(run) == 1
    assert (run.x @ first).min() > 0.99


@pytest.mark.slow
def test_heads():
    run, energy = shipped("heads", step=0.2), []
    while run.t < 60:
        run.advance(2.0)
        energy.append(f_hat(run))
    change = np.diff(energy)
    assert change.max() > 1e-3
    assert change.min() < -1e-3
    assert np.linalg.norm(run.velocity(), axis=1).max() > 0.01
    assert (
        len(
            np.unique(
                run.frame(request=FrameRequest(quantities=frozenset({"head"}))).head
            )
        )
        > 1
    )


@pytest.mark.slow
def test_rotating():
    run = shipped("rotating")
    run.reach(20)
    assert clusters(run) == 1
    before = run.x[0]
    period = 2 * np.pi / np.sin(np.pi / 3)
    assert period == pytest.approx(7.26, abs=0.005)
    run.advance(period)
    assert np.abs(run.x[0] - before).max() < 0.01
    assert np.linalg.norm(run.velocity(), axis=1).min() > 0.8


@pytest.mark.slow
def test_layernorm():
    run = shipped("layernorm")
    run.reach(20)
    assert np.abs(run.x.sum(axis=1)).max() < 1e-14
    assert 2 <= clusters(run) < 15


@pytest.mark.slow
def test_graph_wave():
    run = shipped("graph-wave")
    start = run.measures()["energy"]
    run.reach(40)
    assert start == pytest.approx(80)
    assert run.measures()["energy"] == pytest.approx(80, abs=0.01)
    run.retune(edit(run.scenario, {"dynamics.gamma": 1.0}))
    run.advance(20)
    assert run.measures()["energy"] < 40


@pytest.mark.slow
def test_graph_double_bracket():
    run, energy = shipped("graph-double-bracket"), []
    mean = run.x.mean(axis=0)
    while run.t < 100:
        energy.append(run.measures()["energy"])
        run.advance(1.0)
    assert np.diff(energy).max() < 0
    assert np.abs(run.x.mean(axis=0) - mean).max() < 1e-12
    assert np.linalg.norm(run.x - mean, axis=1).max() < 0.05


@pytest.mark.slow
def test_the_mean_of_many_dimensions_follows_one_curve():
    """High dimension: random tokens behave like orthogonal ones."""
    changes = {"tokens": 32, "dimension": 1024, "dynamics.beta": 3.0, "step": 0.1}
    run = Simulation(edit(Scenario(), changes), "numpy")
    run.reach(2.0)
    assert run.measures()["mean_cosine"] == pytest.approx(0.3232, abs=0.02)
