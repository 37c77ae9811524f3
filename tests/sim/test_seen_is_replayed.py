"""Whatever is done to a run, its record replays every moment that was seen."""

from __future__ import annotations

import numpy as np
from helpers.sampling import drawn
from hypothesis import given
from hypothesis import strategies as st

from sim import Scenario, Simulation, edit
from sim.frame import FrameRequest
from sim.playback import Playback

START = Scenario(tokens=8, dimension=3, duration=2)
REQUEST = FrameRequest(observables=frozenset({"order", "f_hat"}), clusters=True)
EDITS = (
    {"dynamics.beta": 9.0},
    {"dynamics.beta": 1.0},
    {"dynamics": "unnormalised"},
    {"dynamics": "bracket"},
    {"dynamics": "inertial"},
    {"space": "flat"},
    {"space": "sphere"},
    {"integrator": "euler"},
    {"integrator": "adaptive"},
    {"step": 0.07},
    {"clock": "logarithmic"},
    {"dynamics.heads.depth.dropout": 0.3},
)
ACTIONS = st.one_of(
    st.tuples(st.just("play"), st.integers(1, 6)),
    st.tuples(st.just("edit"), st.sampled_from(EDITS)),
    st.tuples(st.just("seek"), st.floats(0, 1.5)),
    st.tuples(st.just("return"), st.integers(0, 5)),
    st.tuples(st.just("reset"), st.none()),
)


def always(_share):
    return True


class Hand:
    """Does to a run what a person can do, and keeps what is seen and the runs."""

    def __init__(self):
        self.played = Playback(Simulation(START, "numpy"))
        self.seen, self.runs = [], []
        self.look()

    def look(self, at=None):
        self.seen.append(self.played.frame(at, REQUEST))

    def do(self, action, value):
        simulation = self.played.simulation
        self.runs.append(simulation.run)
        match action:
            case "play":
                for _ in range(value):
                    before = simulation.t
                    self.played.step()
                    self.look(before + 0.4 * (simulation.t - before))
            case "edit":
                try:
                    self.played.retune(edit(simulation.scenario, value))
                except (KeyError, ValueError):
                    return  # a setting that this law does not have
            case "seek":
                assert self.played.seek(value, always)
                self.look(value)
                return
            case "return":
                self.played.load(self.runs[value % len(self.runs)])
            case "reset":
                self.played.reset()
        self.look()


@drawn(60)
@given(st.lists(ACTIONS, min_size=2, max_size=9))
def test_the_record_replays_every_moment_that_was_seen(actions):
    hand = Hand()
    for action, value in actions:
        try:
            hand.do(action, value)
        except FloatingPointError:  # a run in flat space may grow without bound
            break
    run = hand.played.simulation.run
    again, replayed = Simulation(run, "numpy"), 0
    for frame in sorted(hand.seen, key=lambda frame: frame.t):
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
