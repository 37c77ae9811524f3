"""The engine: letter boxes keep only the latest, and no order can harm a run."""

import dataclasses
import os
import sys
import threading
import time
from collections import deque

import numpy as np
import pytest
from helpers.waiting import LONG, frame_where, until

from sim import (
    AddedToken,
    Change,
    Engine,
    FrameRequest,
    Run,
    Scenario,
    Simulation,
    TokenEdits,
    edit,
)
from sim.engine import FailureKind
from sim.engine.engine import CLOSE_TIMEOUT_S
from sim.jit.interruption import SumAbandonedError, abandoned_if
from sim.jit.thread_pool import run_in_background, worker_ids
from sim.mailbox import Latest
from sim.settings.knobs import put
from sim.spaces.flat import Flat
from sim.thread_priority import NICENESS

SMALL = Scenario(tokens=16)


@pytest.fixture
def engines():
    running = []

    def started(scenario=SMALL, *, playing=True, speed=1.0):
        engine = Engine(Simulation(scenario, "numpy"), speed)
        running.append(engine)
        engine.start(playing=playing)
        return engine

    yield started
    for engine in running:
        engine.close()
        assert not engine._thread.is_alive()


def rest(engine):
    """Wait for two turns of the engine's loop while paused."""
    for _ in range(2):
        before = engine.pace  # made anew at every turn
        until(lambda before=before: engine.pace is not before, "a turn")


def test_latest_wins():
    box = Latest()
    for i in range(1000):
        box.put(i)
    assert box.take() == 999
    assert box.take() is None


@pytest.mark.slow
def test_the_first_frame_comes_though_paused(engines):
    engine = engines(playing=False)
    frame = frame_where(engine)
    assert frame.t == 0
    rest(engine)
    assert engine.latest() is None  # and no other while nothing changes
    assert not engine.playing
    assert not engine.pace.playing


@pytest.mark.slow
def test_time_passes_at_the_speed_asked_for(engines):
    engine = engines(speed=4.0)
    start, then = frame_where(engine).t, time.perf_counter()
    frame = frame_where(engine, lambda f: f.t > start + 1.0)
    passed = time.perf_counter() - then
    assert 0.4 * passed < frame.t - start < 4.0 * passed + 1
    assert engine.pace.playing
    assert engine.pace.step_ms > 0


def test_a_burst_of_edits_lands_on_the_last(engines):
    engine = engines()
    for beta in np.linspace(1, 20, 200):
        engine.retune(put(SMALL, "dynamics.beta", float(beta)))
    frame = frame_where(engine, lambda f: f.scenario.dynamics.beta == 20)
    assert frame.epoch == 0  # the run went on


def test_edits_from_many_threads(engines):
    engine = engines()

    def turn(base):
        for k in range(100):
            engine.retune(put(SMALL, "dynamics.beta", base + k / 100))

    threads = [threading.Thread(target=turn, args=(float(b),)) for b in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.retune(put(SMALL, "dynamics.beta", 33.0))
    frame_where(engine, lambda f: f.scenario.dynamics.beta == 33)


@pytest.mark.slow
def test_pause_stops_time_and_edits_still_show(engines):
    engine = engines()
    frame_where(engine, lambda f: f.t > 0.1)
    engine.pause()
    until(lambda: not engine.pace.playing, "rest")
    engine.latest()
    rest(engine)
    still = engine.latest()
    engine.retune(put(SMALL, "dynamics.beta", 9.0))
    frame = frame_where(engine, lambda f: f.scenario.dynamics.beta == 9)
    assert still is None or frame.t == still.t
    assert engine.pace.rate == 0
    engine.play()
    frame_where(engine, lambda f: f.t > frame.t)


def test_step_is_one_step(engines):
    engine = engines(playing=False)
    first = frame_where(engine)
    for k in range(1, 6):
        engine.step()
        frame = frame_where(engine, lambda f, k=k: f.t > (k - 0.5) * SMALL.step)
        assert frame.t == pytest.approx(k * SMALL.step)
    assert frame.epoch == first.epoch
    assert not engine.playing


def test_many_steps_asked_at_once_are_all_taken(engines):
    engine = engines(playing=False)
    frame_where(engine)
    for _ in range(40):
        engine.step()
    frame_where(engine, lambda f: abs(f.t - 40 * SMALL.step) < 1e-12)


def test_reset_begins_again(engines):
    engine = engines(speed=10.0)
    first = frame_where(engine)
    frame_where(engine, lambda f: f.t > 1)
    engine.pause()
    engine.reset()
    again = frame_where(engine, lambda f: f.epoch == first.epoch + 1)
    assert again.t == 0
    assert (again.x == Simulation(SMALL, "numpy").x).all()


@pytest.mark.slow
def test_restore_goes_back_to_a_frame(engines):
    engine = engines(speed=10.0)
    old = frame_where(engine, lambda f: f.t > 0.5)
    frame_where(engine, lambda f: f.t > 2)
    engine.pause()
    engine.restore(old)
    back = frame_where(engine, lambda f: f.epoch > old.epoch)
    assert back.t == old.t
    assert np.abs(back.x - old.x).max() < 1e-15
    engine.step()
    on = frame_where(engine, lambda f: f.t > old.t)
    assert on.t == pytest.approx(old.t + SMALL.step)


def test_a_frame_of_another_run_is_refused(engines):
    engine = engines(playing=False)
    other = Simulation(put(SMALL, "tokens", 5), "numpy").frame()
    engine.restore(other)
    failure = until(engine.failure, "failure")
    assert "the frame has tokens (5, 3), the run (16, 3)" in failure.text
    assert failure.kind is FailureKind.REFUSED


def test_another_run_that_is_asked_for_at_once_is_not_put_back():
    run = Simulation(SMALL)
    engine, start = Engine(run), run.frame()
    run.advance(1.0)
    engine.restore(start)
    engine.retune(edit(SMALL, {"seed": 5}))
    engine._loop.handle_requests()
    assert engine.failure() is None
    assert np.array_equal(run.x, Simulation(edit(SMALL, {"seed": 5})).x)
    engine.restore(run.frame())
    engine.retune(edit(SMALL, {"seed": 5, "dynamics.beta": 2.0}))
    run.advance(1.0)
    engine._loop.handle_requests()
    assert run.t == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"initial": "equiangular"}, "equiangular tokens need n ≤ d"),
        (
            {
                "dynamics.heads.value": "explicit",
                "dynamics.heads.value.matrix": "1,0;0,1",
            },
            "the explicit matrix M must be 3 × 3",
        ),
    ],
)
def test_a_failing_edit_leaves_the_run_unharmed(engines, changes, words):
    engine = engines(speed=5.0)
    before = frame_where(engine)
    engine.retune(edit(SMALL, changes))
    failure = until(engine.failure, "failure")
    assert failure.kind is FailureKind.REFUSED
    assert words in failure.text
    assert engine.failure() is None  # said once
    frame = frame_where(engine, lambda f: f.t > before.t + 0.5)
    assert frame.scenario == SMALL
    assert frame.epoch == before.epoch
    assert engine.playing


class SlowSteps:
    """A clock for the engine by which every step of a run takes `seconds`."""

    def __init__(self, monkeypatch, run, seconds):
        self._step, self._seconds, self._late = run.step, seconds, 0.0
        self.sleep = time.sleep
        monkeypatch.setattr(run, "step", self._slow)
        for module in ("loop", "run_clock", "frame_maker"):
            monkeypatch.setattr(f"sim.engine.{module}.time", self)

    def perf_counter(self):
        return time.perf_counter() + self._late

    def _slow(self):
        self._step()
        self._late += self._seconds


def nothing(*_):
    pass


def at(monkeypatch, run, name, before=nothing, after=nothing):
    """Call `before()` and `after(result)` whenever `run` does what `name` says."""
    do = getattr(run, name)

    def doing(*args):
        before()
        out = do(*args)
        after(out)
        return out

    monkeypatch.setattr(run, name, doing)


def test_a_run_that_cannot_keep_up_shows_its_steps(monkeypatch):
    run = Simulation(SMALL, "numpy")
    SlowSteps(monkeypatch, run, 0.1)
    engine = Engine(run, speed=10.0)
    engine.start()
    try:
        begun = 1.5 * SMALL.step  # the clock of the first step had not run yet
        times = [frame_where(engine, lambda f: f.t > begun).t for _ in range(4)]
        steps = np.array(times) / SMALL.step
        assert np.abs(steps - steps.round()).max() < 1e-9
        assert (np.diff(times) > 0).all()
    finally:
        engine.close()


@pytest.mark.slow
def test_an_edit_is_shown_before_the_next_long_step(monkeypatch):
    run, starts, tickets = Simulation(SMALL, "numpy"), [], threading.Semaphore(2)
    SlowSteps(monkeypatch, run, 0.2)
    at(monkeypatch, run, "step", lambda: (starts.append(1), tickets.acquire()))
    engine = Engine(run)
    engine.start()
    try:
        until(lambda: len(starts) == 3, "the third step")
        engine.retune(put(SMALL, "dynamics.beta", 9.0))
        tickets.release()
        frame = frame_where(engine, lambda f: f.scenario.dynamics.beta == 9)
        assert round(frame.t / SMALL.step) <= 3  # the step under way alone
    finally:
        tickets.release(99)
        engine.close()


PLACES = [(name, when) for name in ("step", "frame") for when in ("before", "after")]


@pytest.mark.parametrize(("name", "when"), PLACES)
def test_an_edit_waits_for_one_step_and_two_frames_at_most(monkeypatch, name, when):
    """Wherever the engine's loop is; counted as they begin."""
    run, log, edits, begun = Simulation(SMALL, "numpy"), [], deque(), {}
    SlowSteps(monkeypatch, run, 0.06)  # one step and one frame a turn of the loop
    at(monkeypatch, run, "step", lambda: log.append("step"))
    at(
        monkeypatch,
        run,
        "frame",
        lambda: log.append("frame"),
        lambda frame: log.append(frame.scenario.dynamics.beta),
    )
    engine = Engine(run)

    def edit(*_):
        if edits:
            beta = edits.popleft()
            begun[beta] = len(log)
            engine.retune(put(SMALL, "dynamics.beta", beta))

    at(monkeypatch, run, name, **{when: edit})
    engine.start()
    try:
        frame_where(engine, lambda f: f.t > 0)
        for beta in (5.0, 5.25, 5.5):
            edits.append(beta)
            frame_where(engine, lambda f, b=beta: f.scenario.dynamics.beta == b)
            since = log[begun[beta] :]
            before = since[: since.index(beta)]
            assert before.count("step") <= 1
            assert before.count("frame") <= 2  # its own is the last
    finally:
        engine.close()


def test_clusters_of_very_many_tokens_are_counted_now_and_then(monkeypatch):
    monkeypatch.setattr("sim.engine.frame_maker.MANY_TOKENS", 15)
    engine = Engine(Simulation(SMALL, "numpy"))
    engine.start()
    try:
        first = frame_where(engine)
        later = frame_where(engine, lambda f: f.t > first.t)
        assert "clusters" in first.measures
        assert first.labels is not None
        assert later.labels is None
        assert later.measures.keys() == first.measures.keys() - {"clusters"}
        engine.pause()
        still = frame_where(engine, lambda f: "clusters" in f.measures)
        assert still.labels is not None
    finally:
        engine.close()


def test_frames_between_steps_of_very_many_tokens_hold_no_numbers(monkeypatch):
    monkeypatch.setattr("sim.engine.frame_maker.MANY_TOKENS", 15)
    engine = Engine(Simulation(SMALL, "numpy"))
    whole = FrameRequest(frozenset({"order"}))
    engine.request(whole, FrameRequest(frozenset()), of_few=False)
    engine.start()
    try:
        between = frame_where(engine, lambda f: not f.whole)
        assert not between.measures
        assert between.labels is None
        engine.pause()
        still = frame_where(engine, lambda f: f.whole and f.t >= between.t)
        assert still.measures.keys() == {"order"}
        engine.edit_tokens(TokenEdits(remove=(3,)))  # 15 tokens are not that many
        frame_where(engine, lambda f: len(f.x) == 15)
        engine.play()
        assert frame_where(engine, lambda f: f.t > still.t).whole
    finally:
        engine.close()


def test_clusters_of_very_many_tokens_are_not_sampled(monkeypatch):
    monkeypatch.setattr("sim.engine.frame_maker.MANY_TOKENS", 15)
    engine = Engine(Simulation(SMALL, "numpy"))
    kinds = frozenset({"order", "clusters"})
    engine.request(FrameRequest(observables=frozenset(), series=kinds))
    engine.start(playing=False)
    try:
        engine.seek(1.0)
        samples = frame_where(engine, lambda f: f.t == 1.0).record.samples
        assert set(samples.values) == {"order"}
        engine.edit_tokens(TokenEdits(remove=(3,)))  # 15 tokens are not that many
        engine.seek(2.0)
        samples = frame_where(engine, lambda f: f.t == 2.0).record.samples
        assert set(samples.values) == kinds
        assert np.isfinite(samples.values["clusters"][-1])
    finally:
        engine.close()


@pytest.mark.skipif(sys.platform != "linux", reason="threads share a priority here")
def test_the_engine_and_its_helpers_have_a_lower_priority_than_the_window(engines):
    run_in_background(time.time)  # a helper that was there before
    engine = engines()
    frame_where(engine)
    here = os.getpriority(os.PRIO_PROCESS, 0)
    assert worker_ids()
    for thread in (engine._thread.native_id, *worker_ids()):
        theirs = os.getpriority(os.PRIO_PROCESS, thread)
        assert theirs == min(19, here + NICENESS)


@pytest.mark.slow
def test_tokens_that_run_away_stop_the_run_and_are_said(engines):
    wild = edit(
        dataclasses.replace(SMALL, space=Flat(), step=2.0),
        {"dynamics.heads.value.scale": 4.0},
    )
    engine = engines(wild, speed=1e5)
    failure = until(engine.failure, "failure")
    assert failure.kind is FailureKind.STOPPED
    assert "token coordinates became infinite or NaN" in failure.text
    assert not engine.playing
    engine.retune(SMALL)
    engine.reset()
    frame = frame_where(engine, lambda f: f.scenario == SMALL and f.t == 0)
    assert np.isfinite(frame.x).all()


def test_requests_are_met_while_paused(engines):
    engine = engines(playing=False)
    assert frame_where(engine).matrix is None
    engine.request(
        FrameRequest(
            frozenset({"order"}), matrix=8, rows=(3,), quantities=frozenset({"speed"})
        )
    )
    frame = frame_where(engine, lambda f: f.matrix is not None)
    assert set(frame.measures) == {"order"}
    assert frame.matrix.shape == (1, 8, 8)
    assert frame.rows[3].shape == (1, 16)
    assert frame.rows[3].sum() == pytest.approx(1)
    assert frame.speed.shape == (16,)


@pytest.mark.slow
def test_a_slow_window_finds_only_the_newest_frame():
    run = Simulation(SMALL, "numpy")
    engine = Engine(run, speed=5.0)
    engine.start()
    try:
        until(lambda: run.t > 3.0, "many frames")
        newest = frame_where(engine)
        following = frame_where(engine)
        assert 0 < newest.t < following.t
    finally:
        engine.close()


@pytest.mark.slow
def test_closing_does_not_wait_for_a_very_long_step(monkeypatch):
    run = Simulation(SMALL, "numpy")
    begun, let_go = threading.Event(), threading.Event()
    monkeypatch.setattr(run, "step", lambda: (begun.set(), let_go.wait()))
    monkeypatch.setattr("sim.engine.engine.CLOSE_TIMEOUT_S", 0.05)
    engine = Engine(run)
    engine.start()
    assert begun.wait(LONG)
    then = time.perf_counter()
    engine.close()
    assert time.perf_counter() - then < CLOSE_TIMEOUT_S
    let_go.set()
    engine._thread.join()


def test_closing_twice_or_before_the_start_is_harmless():
    engine = Engine(Simulation(SMALL, "numpy"))
    engine.close()
    engine.close()


def test_a_frame_says_how_its_sums_were_done():
    frame = Simulation(edit(SMALL, {"tokens": 2000, "precision": "float32"})).frame()
    name, why = frame.method
    assert name == "sphere"
    assert "means miss at most 2e-06 of the largest token; sphere about" in why
    graph = Simulation(edit(SMALL, {"dynamics": "bracket"}), "numpy").frame()
    assert graph.method == ("direct", "this law has no sums over all tokens")


def test_the_old_way_to_ask_for_failures_still_works_and_says_so():
    engine = Engine(Simulation(SMALL))
    engine.retune(edit(SMALL, {"initial": "equiangular"}))
    engine._loop.handle_requests()
    with pytest.warns(DeprecationWarning, match=r"Engine\.failure"):
        assert "equiangular tokens need n ≤ d" in engine.trouble()
    assert engine.failure() is None


@pytest.mark.slow
def test_a_seek_shows_exactly_its_time(engines):
    engine = engines(speed=10.0)
    frame_where(engine, lambda f: f.t > 3)
    for t in (1.234, 0.0, 2.5):
        engine.seek(t)
        frame = frame_where(engine, lambda f, t=t: f.t == t)
        run = Simulation(SMALL, "numpy")
        run.reach(t)
        assert np.array_equal(frame.x, run.frame(t).x)
    assert not engine.playing


@pytest.mark.slow
def test_time_goes_on_from_where_a_seek_ended(engines):
    engine = engines(speed=10.0)
    frame_where(engine, lambda f: f.t > 3)
    engine.seek(1.0)
    frame_where(engine, lambda f: f.t == 1.0)
    engine.play()
    frame = frame_where(engine, lambda f: f.t > 1.0)
    assert frame.t < 2.9
    assert frame.record.end > 3


def test_a_long_seek_tells_how_far_it_is_and_can_be_left(engines):
    engine = engines(playing=False)
    engine.seek(1e6)
    until(lambda: engine.seeking, "share")
    engine.leave_seek()
    frame = frame_where(engine, lambda f: f.t > 0)
    assert 0 < frame.t < 1e6
    assert engine.seeking is None


def test_the_newest_of_several_seeks_counts(engines):
    engine = engines(playing=False)
    engine.seek(1e6)
    engine.seek(2e6)
    engine.seek(0.5)
    assert frame_where(engine, lambda f: f.t > 0).t == 0.5


@pytest.mark.slow
def test_time_can_go_backwards_to_the_start(engines):
    engine = engines(speed=20.0)
    frame_where(engine, lambda f: f.t > 4)
    engine.play(backwards=True)
    times = [frame_where(engine, lambda f: f.t < 4).t]
    while times[-1] > 0:
        times.append(frame_where(engine).t)
    assert times == sorted(times, reverse=True)
    assert len(times) > 3  # each at most four refreshes of 20 units a second apart
    until(lambda: not engine.playing, "pause")


@pytest.mark.slow
def test_a_new_run_plays_on_where_time_went_backwards(engines):
    engine = engines(speed=4.0)
    frame_where(engine, lambda f: f.t > 2)
    engine.play(backwards=True)
    engine.reset()
    number = engine.edits
    frame_where(engine, lambda f: f.record.edits == number and f.t > 0.5)
    assert engine.playing


def test_a_frame_says_which_edits_are_in_force(engines):
    engine = engines(playing=False)
    assert frame_where(engine).record.edits == 0
    engine.retune(edit(SMALL, {"dynamics.beta": 3.0}))
    engine.retune(edit(SMALL, {"dynamics.beta": 5.0}))
    assert engine.edits == 2
    frame = frame_where(engine, lambda f: f.record.edits == 2)
    assert frame.scenario.dynamics.beta == 5.0
    assert frame.record.run.changes[-1].settings == {"dynamics.beta": 5.0}
    assert engine.record().run == frame.record.run


def test_another_run_is_loaded_at_a_time_of_it(engines):
    engine = engines(playing=False)
    run = Run(SMALL, (Change(0.5, {"dynamics.beta": 9.0}),))
    engine.load(run, 1.2)
    frame = frame_where(engine, lambda f: f.t == 1.2)
    assert frame.scenario.dynamics.beta == 9.0
    assert frame.record.run == run


@pytest.mark.slow
def test_what_is_sampled_does_not_depend_on_frames(engines):
    engine = engines(playing=False)
    engine.request(FrameRequest(observables=frozenset(), series=frozenset({"order"})))
    engine.seek(4.0)
    samples = frame_where(engine, lambda f: f.t == 4.0).record.samples
    run = Simulation(SMALL, "numpy")
    for t, value in zip(samples.t, samples.values["order"], strict=True):
        run.reach(t)
        assert run.frame(None if t > run.t - 1e-9 else t).measures["order"] == value


@pytest.mark.slow
def test_what_is_sampled_later_is_filled_in(engines):
    engine = engines(playing=False)
    engine.request(FrameRequest(observables=frozenset(), series=frozenset({"order"})))
    engine.seek(4.0)
    frame_where(engine, lambda f: f.t == 4.0)
    both = frozenset({"order", "energy"})
    engine.request(FrameRequest(observables=frozenset(), series=both))

    def filled(frame):
        values = frame.record.samples.values.get("energy")
        return values is not None and np.isfinite(values).all()

    samples = frame_where(engine, filled).record.samples
    run = Simulation(SMALL, "numpy")
    for t, value in zip(samples.t, samples.values["energy"], strict=True):
        run.reach(t)
        assert run.frame(None if t > run.t - 1e-9 else t).measures["energy"] == value
    until(lambda: not engine._loop.filler.running, "the end")


@pytest.mark.slow
def test_filling_in_follows_the_run_that_is_played(engines):
    engine = engines(playing=False)
    engine.seek(40.0)
    frame_where(engine, lambda f: f.t == 40.0)
    engine.request(FrameRequest(observables=frozenset(), series=frozenset({"order"})))
    engine.retune(edit(SMALL, {"seed": 9}))
    engine.seek(2.0)

    def filled(frame):
        values = frame.record.samples.values.get("order")
        return frame.scenario.seed == 9 and frame.t == 2.0 and values is not None

    samples = frame_where(engine, filled).record.samples
    assert np.isfinite(samples.values["order"]).all()


def test_tokens_are_edited_by_the_engine_in_turn(engines):
    engine = engines(playing=False)
    seen = frame_where(engine)
    point, bank = (0.0, 0.0, 1.0), AddedToken((1.0, 0.0, 0.0), "bank")
    engine.edit_tokens(TokenEdits({3: point}), seen)
    engine.edit_tokens(TokenEdits(add=(bank,), remove=(5,)), seen)
    engine.edit_tokens(TokenEdits({16: point}), seen)
    frame = frame_where(engine, lambda f: f.ids[-1] == 16 and f.x[-1, 2] == 1)
    assert frame.ids.tolist() == [k for k in range(17) if k != 5]
    assert len(frame.run.changes) == 1
    assert np.array_equal(Simulation(frame.run, "numpy").x, frame.x)
    engine.edit_tokens(TokenEdits(remove=(5,)), seen)
    until(lambda: (failure := engine.failure()) and "removed earlier" in failure.text)


def test_edits_of_tokens_of_an_earlier_run_are_dropped(engines):
    engine = engines(playing=False)
    seen = frame_where(engine)
    engine.retune(edit(SMALL, {"tokens": 9}))
    engine.edit_tokens(TokenEdits(remove=(1,)), seen)
    engine.edit_tokens(TokenEdits(remove=(2,)))
    frame = frame_where(engine, lambda f: len(f.x) == 8)
    assert frame.ids.tolist() == [0, 1, 3, 4, 5, 6, 7, 8]
    assert engine.failure() is None


def test_of_runs_that_are_loaded_at_once_only_the_newest_is_begun():
    run = Simulation(SMALL, "numpy")
    engine = Engine(run)
    begun = []
    whole = engine._playback.load
    engine._playback.load = lambda run, known: (
        begun.append(run.start.seed) or whole(run, known)
    )
    for seed in (1, 2, 3):
        engine.load(Run(edit(SMALL, {"seed": seed})))
        engine.retune(edit(SMALL, {"seed": seed, "dynamics.beta": 2.0}))
    engine._loop.handle_requests()
    assert begun == [3]
    assert run.scenario == edit(SMALL, {"seed": 3, "dynamics.beta": 2.0})
    assert engine.edits == 6


@pytest.mark.parametrize("by", ["load", "retune"])
def test_another_run_does_not_wait_for_long_sums(engines, by):
    engine = engines(playing=False)
    engine.load(Run(Scenario(tokens=40_000, dimension=64)))  # for many seconds
    until(lambda: not engine._loop.commands.has_restart(), "the large run is begun")
    time.sleep(0.2)
    small = edit(SMALL, {"seed": 5})
    if by == "load":
        engine.load(Run(small))
    else:
        engine.retune(small)
    seen = []
    frame_where(engine, lambda frame: seen.append(frame.scenario) or seen[-1] == small)
    assert {scenario.tokens for scenario in seen} == {SMALL.tokens}
    assert engine.failure() is None


def test_sums_that_no_one_waits_for_end_early():
    start = Simulation(Scenario(tokens=3000, dimension=64), "numpy")
    with pytest.raises(SumAbandonedError), abandoned_if(lambda: True):
        start.step()
    start.step()
    assert np.isfinite(start.x).all()


def test_an_engine_that_waits_goes_on_when_its_frame_has_been_used(monkeypatch):
    monkeypatch.setattr("sim.engine.loop.REFRESH_S", 3600.0)
    engine = Engine(Simulation(Scenario(tokens=4)))
    loop = engine._loop
    loop.playing.set()
    loop.make_frame()
    loop._changed = True  # there is a newer state, and its frame waits to be taken
    thread = threading.Thread(target=loop._wait, args=(time.perf_counter(),))
    thread.start()

    def ended() -> bool:
        engine.go_on()
        return not thread.is_alive()

    until(ended, "the end of waiting")
