"""Seeks give the exact state of a time; samples are what headless runs measure."""

import itertools

import numpy as np
import pytest

from sim import Change, Run, Scenario, Simulation, edit
from sim.clocks.logarithmic import Logarithmic
from sim.frame import FrameRequest
from sim.playback import Playback
from sim.series import MAX_SAMPLES, Series

SMALL = Scenario(tokens=10, dimension=3, duration=4)
KINDS = frozenset({"energy", "clusters", "order"})
CHANGES = (Change(0.33, {"dynamics.beta": 9.0}), Change(1.0, {"dynamics": "mix"}))


def always(_share):
    return True


def playback(run=SMALL, kinds=KINDS):
    out = Playback(Simulation(run, "numpy"))
    out.sample(kinds)
    return out


def play_to(played, t):
    while played.simulation.t < t - 1e-12:
        played.step()


def headless(run, times):
    simulation = Simulation(run, "numpy")
    found = []
    for t in times:
        simulation.reach(t)
        found.append(simulation.frame(t if t < simulation.t - 1e-9 else None))
    return found


def assert_samples_are_those_of(run, samples, kinds=KINDS):
    for k, frame in enumerate(headless(run, samples.t)):
        for kind in kinds:
            assert samples.values[kind][k] == frame.measures[kind] or (
                np.isnan(samples.values[kind][k]) and np.isnan(frame.measures[kind])
            )


@pytest.mark.parametrize("order", [*itertools.permutations((0.31, 0.72, 2.0))])
def test_a_seek_gives_the_exact_state_of_any_time(order):
    run = Run(SMALL, CHANGES)
    played = playback(run)
    exact = dict(zip(sorted(order), headless(run, sorted(order)), strict=True))
    for t in order:
        assert played.seek(t, always)
        frame = played.simulation.frame(t)
        assert np.array_equal(frame.x, exact[t].x)
        assert np.array_equal(frame.p, exact[t].p)
        assert frame.scenario == exact[t].scenario
    assert played.simulation.end == pytest.approx(2.0, abs=0.06)


def test_samples_are_the_measures_of_a_run_without_a_window():
    run = Run(SMALL, CHANGES)
    played = playback(run)
    play_to(played, 2.0)
    samples = played.record.samples
    assert samples.t[0] == 0
    assert np.allclose(np.diff(samples.t), samples.spacing)
    assert_samples_are_those_of(run, samples)


def test_an_observable_that_was_not_wanted_for_long_is_wanted_again():
    played = playback(SMALL, frozenset({"order"}))
    play_to(played, 0.3)
    played.sample(frozenset({"energy"}))
    play_to(played, 1.7)
    samples = played.record.samples
    assert {len(v) for v in samples.values.values()} == {len(samples.t)}
    assert played.series.missing({"order", "energy"}) == {"order", "energy"}
    played.sample(frozenset({"order"}))
    play_to(played, 2.0)
    samples = played.record.samples
    order = samples.values["order"]
    assert np.isnan(order[(samples.t > 0.31) & (samples.t < 1.69)]).all()
    kept = np.isfinite(order)
    assert kept.sum() > 8
    found = headless(SMALL, samples.t[kept])
    assert [frame.measures["order"] for frame in found] == order[kept].tolist()


def test_seeks_do_not_change_samples():
    played = playback(Run(SMALL, CHANGES))
    play_to(played, 2.0)
    before = played.record.samples
    for t in (0.5, 1.7, 0.1):
        played.seek(t, always)
        after = played.record.samples
        assert all(np.array_equal(after.values[k], before.values[k]) for k in KINDS)


@pytest.mark.slow
def test_an_edit_in_the_past_replaces_what_came_later():
    played = playback(Run(SMALL, CHANGES))
    play_to(played, 2.0)
    epoch = played.simulation.frame().epoch
    played.seek(0.5, always)
    played.retune(edit(played.simulation.scenario, {"dynamics.beta": 2.0}))
    record = played.record
    assert [c.t for c in record.run.changes] == [0.33, played.simulation.t]
    assert record.end == played.simulation.t
    assert played.simulation.frame().epoch == epoch + 1
    assert record.samples.t[-1] <= record.end
    play_to(played, 1.5)
    assert_samples_are_those_of(played.record.run, played.record.samples)


def test_going_back_to_an_earlier_run_brings_its_samples_and_states():
    earlier = Run(SMALL, CHANGES)
    played = playback(earlier)
    play_to(played, 2.0)
    samples, x = played.record.samples, played.simulation.x
    played.seek(0.5, always)
    played.retune(edit(played.simulation.scenario, {"dynamics.beta": 2.0}))
    play_to(played, 1.0)
    played.load(earlier)
    assert played.record.run == earlier
    played.seek(2.0, always)
    again = played.record.samples
    assert np.array_equal(again.t, samples.t)
    assert all(np.array_equal(again.values[k], samples.values[k]) for k in KINDS)
    assert np.array_equal(played.simulation.x, x)


def test_a_reset_begins_a_new_run():
    played = playback(Run(SMALL, CHANGES))
    play_to(played, 0.5)
    played.reset()
    record = played.record
    assert (record.end, record.run.changes) == (0.0, ())
    assert record.run.start.dynamics.beta == 9.0
    assert len(record.samples.t) == 1


def test_kinds_that_are_wanted_later_are_known_where_the_run_passes_again():
    played = playback(kinds=frozenset({"energy"}))
    play_to(played, 1.0)
    played.sample(frozenset({"energy", "order"}))
    assert played.series.missing({"order"}) == {"order"}
    assert np.isnan(played.record.samples.values["order"]).any()
    played.seek(0.0, always)
    play_to(played, 1.0)
    assert played.series.missing({"order"}) == set()
    assert_samples_are_those_of(Run(SMALL), played.record.samples, {"energy", "order"})


def test_a_series_adopts_what_another_knows():
    played, other = playback(kinds=frozenset({"energy"})), playback()
    play_to(played, 1.0)
    play_to(other, 2.0)
    played.series.adopt(other.series)
    assert len(played.series) == len(playback_of(1.0).series)
    assert played.series.missing(KINDS) == set()


def playback_of(t):
    played = playback()
    play_to(played, t)
    return played


def test_a_seek_can_be_left():
    played = playback()
    shares = []

    def until_half(share):
        shares.append(share)
        return share < 0.5

    assert not played.seek(2.0, until_half)
    assert 0.9 < played.simulation.t < 1.2
    assert shares == sorted(shares)


def test_a_long_run_keeps_a_bounded_number_of_samples():
    series, simulation = Series(Run(SMALL)), Simulation(SMALL, "numpy")
    series.measure_now(simulation, frozenset({"order"}))
    first = series.spacing
    for k in range(1, 2 * MAX_SAMPLES):
        series._set(k, {"order": float(k)})
        if len(series) > MAX_SAMPLES:
            series._halve()
            break
    assert series.spacing == 2 * first
    assert len(series) == MAX_SAMPLES // 2 + 1
    samples = series.snapshot()
    assert samples.values["order"][5] == 10.0
    assert samples.t[5] == pytest.approx(10 * first)


def test_undo_at_the_time_of_an_edit_restores_the_run():
    played = playback()
    play_to(played, 0.5)
    before = played.record
    start = played.simulation.scenario
    played.retune(edit(start, {"dynamics.beta": 7.0}))
    assert played.record.run.changes
    played.retune(start)
    assert played.record.run == before.run
    play_to(played, 1.0)
    assert_samples_are_those_of(Run(SMALL), played.record.samples)


def test_frames_carry_the_record():
    played = playback()
    play_to(played, 0.5)
    frame = played.frame(None, FrameRequest())
    assert frame.record.run is played.simulation.run
    assert frame.record.end == frame.t


def test_runs_are_compared_a_few_times_a_change_however_many_there_are(monkeypatch):
    count, equal = [], Run.__eq__

    def counted(run, other):
        count.append(1)
        return equal(run, other)

    changes = [Change(k / 100, {"dynamics.beta": 1.0 + k}) for k in range(60)]
    played = playback(Run(SMALL, tuple(changes)))
    monkeypatch.setattr(Run, "__eq__", counted)
    assert played.seek(0.7, always)
    assert len(count) <= 4 * len(changes)


def test_two_runs_part_at_their_first_difference():
    run = Run(SMALL, CHANGES)
    later = Run(SMALL, (CHANGES[0], Change(1.5, {"dynamics": "mix"})))
    assert run.divergence(Run(SMALL, CHANGES)) == np.inf
    assert run.divergence(later) == later.divergence(run) == 1.0
    assert run.divergence(Run(SMALL, CHANGES[:1])) == 1.0
    assert run.divergence(Run(SMALL, CHANGES[1:])) == 0.33
    assert run.divergence(Run(edit(SMALL, {"tokens": 9}), CHANGES)) == -np.inf


@pytest.mark.parametrize("t", [0.31, 0.97])
def test_a_sample_at_a_change_ahead_leaves_frames_before_it_as_they_are(t):
    run = Run(SMALL, (Change(0.35, {"dynamics.beta": 9.0}), CHANGES[1]))
    played = playback(run)
    for _ in range(2):  # on the way, and when it is played again
        played.seek(t, always)
        alone = Simulation(run, "numpy")
        alone.reach(t)
        assert np.array_equal(played.frame(t, BARE).x, alone.frame(t, BARE).x)
        play_to(played, 1.5)
    (change,) = (k for k, at in enumerate(played.series.snapshot().t) if at == 1.0)
    after = Simulation(run, "numpy")
    after.reach(1.0)
    samples = played.series.snapshot().values
    assert samples["energy"][change] == after.frame(None).measures["energy"]


BARE = FrameRequest(frozenset(), clusters=False)


@pytest.mark.parametrize("duration", [50.0, 5000.0])
def test_a_series_has_samples_of_the_clock_not_of_time(duration):
    clock = Logarithmic(turn=5.0)
    run = Run(Scenario(tokens=4, step=0.01, duration=duration, clock=clock))
    count = clock.coordinate(duration) / Series(run).spacing
    assert 250 <= count <= 1000


def test_a_fork_with_trails_does_not_follow_its_past_from_the_start(monkeypatch):
    trails, run = FrameRequest(trails=frozenset({0.5})), Run(SMALL)
    first = playback(run)
    play_to(first, 3.0)
    first.frame(None, trails)
    fork = Playback(Simulation(run, "numpy"))
    steps, step = [], Simulation.step

    def counted(simulation):
        steps.append(simulation.t)
        step(simulation)

    monkeypatch.setattr(Simulation, "step", counted)
    fork.load(run, first.known(run, 3.0))
    fork.seek(3.0, always)
    shown, wanted = fork.frame(None, trails), first.frame(None, trails)
    assert min(steps) > 1.5
    assert np.array_equal(shown.x, wanted.x)
    assert len(shown.trace.points) == len(wanted.trace.points) > 5
    for mine, parents in zip(shown.trace.points, wanted.trace.points, strict=True):
        assert np.array_equal(mine.x, parents.x)
