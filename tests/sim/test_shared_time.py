"""Engines side by side show the same times, and exactly the states of their runs."""

import time
from dataclasses import replace

import numpy as np
import pytest

from sim.engine import Engine, EngineGroup
from sim.engine.loop import EngineLoop
from sim.engine.shared_time import LATE_S, SharedTime
from sim.frame_request import FrameRequest
from sim.playback import Playback
from sim.scenario import Scenario, edit
from sim.schedule import Change, Run
from sim.series_filler import SeriesFiller
from sim.simulation import Simulation

SMALL = edit(Scenario(), {"tokens": 12, "seed": 3})
RUNS = (Run(SMALL), Run(SMALL, (Change(0.4, {"dynamics.beta": 1.0}),)))
LIMIT_S = 20.0  # for what takes well below a second


@pytest.fixture
def pair():
    engines = [Engine(Simulation(run, "numpy")) for run in RUNS]
    engines[1].follow(engines[0])
    yield engines
    for engine in engines:
        engine.close()


def frames_where(engines, wanted):
    newest = [None] * len(engines)
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        for k, engine in enumerate(engines):
            newest[k] = engine.latest() or newest[k]
        if all(newest) and wanted(newest):
            return newest
        time.sleep(0.002)
    raise AssertionError([frame and frame.t for frame in newest])


def same_time(frames):
    return frames[0].t == frames[1].t


def test_lanes_that_play_show_the_same_times_and_the_states_of_single_runs(pair):
    pair[1].start(playing=False)
    pair[0].start()
    frames = frames_where(pair, lambda f: same_time(f) and f[0].t > 0.5)
    for run, frame in zip(RUNS, frames, strict=True):
        alone = Simulation(run, "numpy")
        alone.reach(frame.t)
        assert np.array_equal(alone.frame(frame.t).x, frame.x)
    assert not pair[1].late


def test_a_seek_of_the_one_that_leads_is_a_seek_of_all(pair):
    for engine in pair:
        engine.start(playing=False)
    for t in (1.03, 0.2):
        pair[0].seek(t)
        frames = frames_where(pair, lambda f, t=t: all(one.t == t for one in f))
        alone = Simulation(RUNS[1], "numpy")
        alone.reach(t)
        assert np.array_equal(alone.frame(t).x, frames[1].x)


def test_the_lead_can_be_given_to_another_lane(pair):
    for engine in pair:
        engine.start(playing=False)
    pair[1].lead()
    assert (pair[0].leads, pair[1].leads) == (False, True)
    pair[1].play()
    frames_where(pair, lambda f: same_time(f) and f[0].t > 0.3)


def test_a_lane_that_failed_is_not_waited_for(pair):
    pair[1].start(playing=False)
    with np.errstate(all="ignore"):
        pair[1]._loop.shared_time.fail(pair[1]._loop)
    pair[0].start()
    frames_where(pair[:1], lambda f: f[0].t > 2 * LATE_S)
    assert pair[1].failed


def test_the_time_is_set_again_when_all_have_shown_it_or_are_late(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("sim.engine.shared_time.time.perf_counter", lambda: now[0])
    shared, woken = SharedTime(), []
    shared.join("a", lambda: woken.append("a"))
    shared.join("b", lambda: woken.append("b"))
    shared.lead("a")
    assert not shared.waits()
    shared.set(1.5)
    assert woken == ["b"]
    assert shared.wanted("b") == (1, 1.5)
    assert shared.waits()
    now[0] = LATE_S * 1.01
    assert not shared.waits()
    assert shared.is_late("b")
    shared.showed("b", 1)
    assert not shared.is_late("b")
    assert shared.wanted("b") is None


def test_a_state_that_is_known_to_another_engine_saves_the_way_there(pair):
    for engine in pair:
        engine.start(playing=False)
    pair[0].seek(1.0)
    frames_where(pair[:1], lambda f: f[0].t == 1.0)
    known = pair[0].checkpoint(RUNS[0], 1.0)
    assert known is not None
    assert 0 < known.t <= 1.0
    other = Engine(Simulation(RUNS[0], "numpy"))
    step, starts = other._playback.step, []
    other._playback.step = lambda: (starts.append(other._simulation.t), step())
    other.load(RUNS[0], 1.0, known)
    other._loop.handle_requests()
    assert min(starts, default=known.t) == known.t
    alone = Simulation(RUNS[0], "numpy")
    alone.reach(1.0)
    assert np.array_equal(other._simulation.frame(1.0).x, alone.frame(1.0).x)


def test_a_filler_that_another_thread_closes_takes_nothing():
    playback = Playback(Simulation(RUNS[0], "numpy"))
    filler = SeriesFiller(playback.simulation.backend)
    lock = filler._lock

    class ClosedMeanwhile:
        def __enter__(self):
            lock.acquire()
            filler._task = filler._series = None

        def __exit__(self, *_):
            lock.release()

    filler._task, filler._series = (RUNS[0], 0.1, 1.0, frozenset()), playback.series
    filler._lock = ClosedMeanwhile()
    assert filler._take(playback, RUNS[0]) is False


WHOLE = FrameRequest(frozenset({"f_hat"}), matrix=8)
BETWEEN = FrameRequest(frozenset(), clusters=False)


def test_frames_between_whole_ones_hold_less_in_all_lanes_and_end_whole(pair):
    group = EngineGroup(pair)
    group.request(WHOLE, BETWEEN)
    group.start(playing=True)
    seen = {True: 0, False: 0}

    def collect():
        group.take()
        if (frames := group.frames) and not group[1].late:
            a, b = frames
            assert a.whole == b.whole
            assert {f.matrix is not None for f in frames} == {a.whole}
            seen[a.whole] += 1
        return min(seen.values()) > 3

    until(collect)
    group.pause()
    until(lambda: group.take() is not None and group.frames and group.frames[0].whole)
    assert all(frame.measures.keys() == {"f_hat"} for frame in group.frames)


def until(condition):
    limit = time.monotonic() + 3 * LIMIT_S
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.002)


def test_the_lane_that_leads_is_told_when_another_has_come():
    shared, woken = SharedTime(), []
    shared.join("first", lambda: woken.append("first"))
    shared.join("second", lambda: woken.append("second"))
    shared.lead("first")
    shared.set(1.0)
    assert woken == ["second"]
    shared.showed("second", 1)
    assert woken == ["second", "first"]


@pytest.mark.parametrize(("step_ms", "counted"), [(9.0, 0.05), (11.0, 0.02)])
def test_time_spent_waiting_for_a_lane_counts_where_steps_are_quick(
    step_ms, counted, monkeypatch
):
    loop = EngineLoop(Simulation(Run(SMALL), "numpy"), 1.0)
    loop.pace = replace(loop.pace, step_ms=step_ms)
    waits, advanced = [True, True, False], []
    monkeypatch.setattr(loop, "advance", advanced.append)
    monkeypatch.setattr(loop, "_held", lambda _now: waits[0])
    monkeypatch.setattr(loop.shared_time, "waits", lambda: waits[0])
    for passed in (0.01, 0.02, 0.02):
        loop._go_on(0.0, passed)
        waits.pop(0)
    assert advanced == [pytest.approx(counted)]


def test_frames_of_lanes_are_taken_together_while_time_passes(monkeypatch):
    engines = [Engine(Simulation(run, "numpy")) for run in RUNS]
    group = EngineGroup(engines)
    [first, second] = (engine._loop for engine in engines)
    frame = Simulation(RUNS[0], "numpy").frame()
    first.frames.put(frame)
    monkeypatch.setattr(EngineGroup, "playing", True)
    assert group.take() == []
    second.frames.put(frame)
    assert group.take() == [0, 1]
    first.frames.put(frame)
    monkeypatch.setattr(EngineGroup, "playing", False)
    assert group.take() == [0]  # such as after an edit of this lane
