"""Whatever is done to a run, its record replays every moment that was seen."""

from __future__ import annotations

import numpy as np
from helpers.edit_sequences import ACTIONS, EditedRun
from helpers.sampling import drawn
from hypothesis import given
from hypothesis import strategies as st

from sim import Scenario, Simulation
from sim.frame import FrameRequest

START = Scenario(tokens=8, dimension=3, duration=2)
REQUEST = FrameRequest(observables=frozenset({"order", "f_hat"}), clusters=True)


@drawn(60)
@given(st.lists(ACTIONS, min_size=2, max_size=9))
def test_the_record_replays_every_moment_that_was_seen(actions):
    edited = EditedRun(START, REQUEST)
    for action, value in actions:
        try:
            edited.do(action, value)
        except FloatingPointError:  # a run in flat space may grow without bound
            break
    run = edited.played.simulation.run
    again, replayed = Simulation(run, "numpy"), 0
    for frame in sorted(edited.seen, key=lambda frame: frame.t):
        if frame.run.divergence(run) <= frame.t:
            continue  # of a moment that an edit in its past replaced
        again.reach(frame.t)
        other = again.frame(frame.t, REQUEST)
        assert np.array_equal(frame.x, other.x)
        assert np.array_equal(frame.p, other.p)
        assert np.array_equal(frame.labels, other.labels)
        assert frame.scenario == other.scenario
        assert repr(frame.measures) == repr(other.measures)  # NaN equals NaN
        replayed += 1
    assert replayed
