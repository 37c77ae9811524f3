"""Lanes of random comparisons are the runs alone, bit for bit, sought in any order."""

import random

import numpy as np
import pytest
from helpers import sampling

from sim import Change, Run, Scenario, Simulation, TokenEdits, edit
from sim.frame_request import FrameRequest
from sim.lanes import Comparison
from sim.playback import Playback

LAWS = ("softmax", "softmax", "usa", "hardmax", "bracket", "grand", "mix")
SHOWN = FrameRequest(
    frozenset({"f_hat"}),
    matrix=32,
    trails=frozenset({1.0}),
    series=frozenset({"f_hat", "clusters"}),
)
BARE = FrameRequest(frozenset({"f_hat"}), clusters=False)
SHORT, LONG = 6, 200  # comparisons: in every run, and with --long


def random_settings(r):
    """Yield settings of a lane; not every one is possible under every law."""
    yield "dynamics", r.choice(LAWS)
    yield "dynamics.beta", r.choice([1.0, 4.0, 9.0, 25.0])
    yield "integrator", r.choice(["euler", "rk4", "midpoint"])
    yield "dynamics.heads.count", r.choice([1, 1, 2, 3])
    yield "dynamics.heads.mask", r.choice(["none", "none", "causal"])
    yield "precision", r.choice(["float64", "float64", "float32"])


def random_run(r, base):
    """Return a run of random settings, with changes of settings and of tokens."""
    start, changes = base, []
    for path, value in random_settings(r):
        try:
            start = edit(start, {path: value})
        except (KeyError, ValueError):
            continue
    point = tuple(r.gauss(0, 1) for _ in range(base.dimension))
    changes = [
        Change(0.4, {"dynamics.beta": r.choice([2.0, 12.0])}),
        Change(r.choice([0.6, 0.63]), {}, TokenEdits({1: point})),
    ]
    for change in r.sample(changes, r.randrange(3)):
        try:
            made = Run(start, (change,))
            made.at(1.0)
        except (KeyError, ValueError):
            continue
        return made
    return Run(start)


def random_comparison(seed):
    """Return a comparison of two or three runs, and times to look at it."""
    r = random.Random(seed)
    size = {"tokens": r.choice([5, 12, 33]), "dimension": r.choice([2, 3, 5])}
    step = r.choice([0.05, 0.1, 0.25])
    base = edit(Scenario(), {**size, "seed": seed, "step": step, "duration": 2.0})
    runs = tuple(random_run(r, base) for _ in range(r.choice([2, 3])))
    times = [r.choice([r.uniform(0, 1.5), step * r.randrange(15)]) for _ in range(3)]
    return Comparison(runs).runs, [*sorted(times), times[0]]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(LONG if sampling.long else SHORT))
def test_lanes_are_their_runs_alone(seed):
    lanes, times = random_comparison(seed)
    played = [Playback(Simulation(run, "numpy")) for run in lanes]
    for one in played:
        one.sample(SHOWN.series)
    for t in times:
        for run, one in zip(lanes, played, strict=True):
            one.seek(t, lambda _share: True)
            alone = Simulation(run, "numpy")
            alone.reach(t)
            shown, bare = one.frame(t, SHOWN), alone.frame(t, BARE)
            assert np.array_equal(shown.x, bare.x)
            assert np.array_equal(shown.p, bare.p)
            assert np.array_equal(
                shown.measures["f_hat"], bare.measures["f_hat"], equal_nan=True
            )
