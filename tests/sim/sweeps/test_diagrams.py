"""Phase diagrams: their cells, their order, and the curves of theory over them."""

import math
from collections import Counter

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import sim
from sim.sweeps import diagram as module
from sim.sweeps.diagram import TIME, Axis, Diagram
from sim.sweeps.diagram_presets import presets
from sim.sweeps.diagram_theory import (
    lines,
    peak_of_attraction,
    time_to_consensus,
    why_no_line,
)
from sim.sweeps.jobs import results_of

SMALL = sim.Scenario(tokens=4, dimension=2, step=0.1, duration=0.5)
BETA = Axis("dynamics.beta", "1:4:3")


@pytest.fixture
def here(monkeypatch):
    """Let jobs be done in this process."""

    def completed(jobs, workers, stopped):
        for number, job in enumerate(jobs):
            yield number, results_of(job)

    monkeypatch.setattr(module, "completed", completed)


def test_cells_are_means_over_seeds(here):
    d = Diagram(SMALL, BETA, Axis("tokens", "3:5:2"), "f_hat", 2)
    *_, means = d.filled(1)
    rows = sim.sweep(
        SMALL,
        {"tokens": (3, 5), "dynamics.beta": (1.0, 2.5, 4.0)},
        seeds=2,
        measures=["f_hat"],
        workers=1,
    )
    wanted = np.array([r["f_hat"] for r in rows]).reshape(2, 3, 2).mean(axis=-1)
    assert means == pytest.approx(wanted, rel=1e-12)
    assert d.at((2, 1)).tokens == 5 and d.at((2, 1)).dynamics.beta == 4.0
    assert d.time_at((0, 0)) == 0.5


def test_the_time_is_an_axis_of_either_side(here):
    time = Axis(TIME, "0:0.4:3")
    *_, up = Diagram(SMALL, BETA, time, "order", 2).filled(1)
    *_, across = Diagram(SMALL, time, BETA, "order", 2).filled(1)
    assert up.shape == (3, 3) and np.array_equal(up, across.T)


def test_coarse_cells_come_first_and_stand_for_others():
    d = Diagram(SMALL, Axis("dynamics.beta", "1:20:20"), Axis("tokens", "2:19:18"))
    order = d.order()
    assert len(set(order)) == len(order) == 20 * 18
    assert {p for p in order if p[0] % 8 == p[1] % 8 == 0} == set(order[:9])
    means = np.full((18, 20), math.nan)
    means[::8, ::8] = np.arange(9).reshape(3, 3)
    shown = d.coarsened(means)
    assert shown[7, 15] == 1 and shown[17, 19] == 8 and not np.isnan(shown).any()
    timed = Diagram(SMALL, Axis("dynamics.beta", "1:20:20"), Axis(TIME, "1:9:9"))
    means = np.full((9, 20), math.nan)
    means[:, 0] = np.arange(9)
    assert np.array_equal(timed.coarsened(means)[:, 7], np.arange(9))


def test_orthogonal_tokens_take_the_time_of_the_integral():
    s = sim.edit(
        sim.Scenario(tokens=8, dimension=8, step=0.01),
        {"initial": "equiangular", "initial.cosine": 0.0, "dynamics.beta": 2.0},
    )
    end = time_to_consensus(s)
    run = sim.Simulation(s, "numpy")
    run.advance(end)
    assert run.measure("mean_cosine")["mean_cosine"] == pytest.approx(0.999, abs=1e-6)
    usa = sim.edit(s, {"dynamics": "unnormalised"})
    run = sim.Simulation(usa, "numpy")
    run.advance(time_to_consensus(usa))
    assert run.measure("mean_cosine")["mean_cosine"] == pytest.approx(0.999, abs=1e-6)


@pytest.mark.parametrize("beta", [0.0, 0.5, 3.0, 40.0])
def test_the_peak_of_attraction_is_where_it_is_largest(beta):
    def attraction(angle):
        return -math.exp(beta * (math.cos(angle) - 1)) * math.sin(angle)

    found = minimize_scalar(attraction, bounds=(0, math.pi / 1.9), method="bounded")
    assert math.cos(found.x) == pytest.approx(peak_of_attraction(beta), abs=1e-4)


def test_theory_is_drawn_where_it_holds():
    ((name, xs, ys),) = lines(presets()["softmax-128"])
    assert name == "tokens at equal angles merge" and ys == sorted(ys)
    time, beta = Axis(TIME, "1:9:9"), Axis("dynamics.beta", "1:9:9")
    ((_, turned, up),) = lines(Diagram(SMALL, time, beta))
    assert up == [*range(1, 10)] and turned == sorted(turned)
    cosine = Axis("initial.cosine", "0:0.9:4")
    equal = sim.edit(SMALL, {"initial": "equiangular"})
    assert lines(Diagram(equal, beta, cosine))[0][0] == "peak of attraction"
    causal = sim.edit(SMALL, {"dynamics.heads.mask": "causal"})
    assert not lines(Diagram(causal, beta, time))
    assert not lines(Diagram(SMALL, beta, Axis("tokens", "2:9:8")))
    assert len(xs) == 30


def test_theory_says_why_it_has_no_curve():
    time, beta = Axis(TIME, "1:9:9"), Axis("dynamics.beta", "1:9:9")
    for changes, words in (
        ({"dynamics.heads.mask": "causal"}, "without a mask"),
        ({"space": "flat"}, "the sphere"),
        ({"dynamics.heads.value.scale": -1.0}, "c > 0"),
    ):
        d = Diagram(sim.edit(SMALL, changes), beta, time)
        assert words in why_no_line(d) and not lines(d)
    assert "as axes" in why_no_line(Diagram(SMALL, beta, Axis("tokens", "2:9:8")))


def test_the_time_of_equal_angles_from_where_they_start():
    s = sim.edit(SMALL, {"initial": "equiangular", "initial.cosine": 0.4})
    ((_, _, later),) = lines(Diagram(s, BETA, Axis(TIME, "1:9:9")))
    wanted = [time_to_consensus(sim.edit(s, {BETA.path: b}), 0.4) for b in BETA.values]
    assert later == wanted
    assert later[0] < time_to_consensus(sim.edit(s, {BETA.path: BETA.values[0]}))
    assert time_to_consensus(sim.edit(SMALL, {BETA.path: 5000.0})) == math.inf
    assert math.isnan(time_to_consensus(sim.edit(SMALL, {"tokens": 1})))


def test_runs_that_end_early_are_counted_with_their_reason(here):
    s = sim.edit(SMALL, {"initial": "equiangular"})  # needs n of at most d = 2
    d, failures = Diagram(s, BETA, Axis("tokens", "2:3:2"), "f_hat", 2), Counter()
    *_, means = d.filled(1, failures)
    assert np.isfinite(means[0]).all() and np.isnan(means[1]).all()
    text = d.shortfall(means, failures)
    assert text.startswith("3 of 6 cells have no value of f_hat; 6 runs ended early: ")
    assert "n ≤ d" in text and not d.shortfall(means[:1], Counter())


def test_the_diagrams_of_the_papers():
    full = presets(full=True)
    assert len(full) == 8
    for d in full.values():
        d.check()
        assert (len(d.x.values), len(d.y.values), d.seeds) == (90, 200, 2048)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": Axis(TIME, "1:2:3"), "y": Axis(TIME, "1:2:3")}, "both axes are t"),
        ({"x": Axis("dynamics.beta", "9:1:3")}, "that increase"),
        ({"x": Axis("dynamics.beta", "a,b")}, "needs numbers"),
        ({"x": Axis("dynamics.beta", "-1:9:5:log")}, "must be above 0"),
        ({"x": Axis("tokens", "2:8:5")}, "whole number, got 3.5"),
        ({"x": Axis("nothing", "1:2:3")}, "no setting 'nothing'"),
        ({"x": Axis("dynamics.beta", "1:1000000:3")}, "must be in"),
        ({"x": Axis("dynamics.beta", "1:2:60000")}, "at most 100,000 cells"),
        ({"measure": "nothing"}, "no kind 'nothing'"),
        ({"seeds": 0}, "seeds must be in"),
    ],
)
def test_what_cannot_be_drawn_is_one_message(changes, words):
    given = {"x": BETA, "y": Axis(TIME, "1:2:3"), **changes}
    with pytest.raises((KeyError, ValueError)) as error:
        Diagram(SMALL, **given).check()
    assert words in str(error.value.args[0])
