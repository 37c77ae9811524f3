"""A run resumed from a checkpoint goes on bit for bit as if it had never stopped."""

import numpy as np
import pytest

from sim import Change, Run, Scenario, Simulation, edit
from sim.dynamics import Dynamics
from sim.history import History
from sim.integrators import Integrator

SMALL = Scenario(tokens=10, dimension=3, duration=2)
LAWS = sorted(Dynamics.kinds())
PAIRS = {
    "noise": {"integrator": "maruyama", "integrator.temperature": 0.1},
    "adaptive": {"integrator": "adaptive"},
    "dropout": {"dynamics.heads.depth.dropout": 0.3},
    "layers": {
        "dynamics.heads.depth.layers": 6,
        "dynamics.heads.depth.thickness": 0.23,
        "dynamics.heads.value": "gaussian",
    },
    "ramp": {"dynamics.heads.depth.ramp": "linear"},
    "heads": {"dynamics.heads.count": 2, "dynamics.heads.query": "gaussian"},
    "float32": {"precision": "float32"},
    "clock": {"clock": "logarithmic"},
}


def scenario(changes):
    return edit(SMALL, changes)


def states(simulation, end):
    found = {}
    while simulation.t < end:
        simulation.step()
        found[simulation.t] = (simulation.x, simulation.p)
    return found


def assert_resumes(run, end=1.0):
    """Compare runs from every third checkpoint with the uninterrupted one."""
    whole = Simulation(run, "numpy")
    kept, expected = [whole.checkpoint()], {}
    while whole.t < end:
        whole.step()
        kept.append(whole.checkpoint())
        expected[whole.t] = (whole.x, whole.p)
    other = Simulation(run, "numpy")
    for checkpoint in [*kept[::3], *reversed(kept[::4])]:
        other.resume(run, checkpoint)
        assert other.t == checkpoint.t
        for t, (x, p) in states(other, end).items():
            assert np.array_equal(x, expected[t][0])
            assert np.array_equal(p, expected[t][1])
    return expected


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
def test_every_law_resumes_bit_for_bit(law):
    assert_resumes(Run(scenario({"dynamics": law})))


@pytest.mark.slow
@pytest.mark.parametrize("integrator", sorted(Integrator.kinds()))
def test_every_integrator_resumes_bit_for_bit(integrator):
    law = "mix" if integrator in ("leapfrog", "exact") else "softmax"
    assert_resumes(Run(scenario({"dynamics": law, "integrator": integrator})))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PAIRS))
def test_parts_that_interact_resume_bit_for_bit(name):
    assert_resumes(Run(scenario(PAIRS[name])))


def test_a_run_with_changes_resumes_before_between_and_at_them():
    changes = (
        Change(0.33, {"dynamics.beta": 9.0}),
        Change(0.5, {"dynamics": "mix"}),
        Change(0.8, {"dynamics": "inertial"}),
    )
    moved = assert_resumes(Run(SMALL, changes))
    assert any(len(p) for _, p in moved.values())  # there were momenta to keep


def test_frames_within_a_step_are_the_same_after_a_seek():
    run = Run(SMALL, (Change(0.33, {"dynamics.beta": 9.0}),))
    whole, other = Simulation(run, "numpy"), Simulation(run, "numpy")
    early = other.checkpoint()
    for t in (0.21, 0.29, 0.33, 0.345, 0.71):
        whole.reach(t)
        other.resume(run, early)
        other.reach(t)
        assert np.array_equal(whole.frame(t).x, other.frame(t).x)


def test_a_checkpoint_is_before_the_changes_at_its_time():
    run = Simulation(SMALL, "numpy")
    run.advance(0.5)
    run.retune(edit(SMALL, {"dynamics.beta": 9.0}))
    checkpoint = run.checkpoint()
    assert not checkpoint.past.changes
    other = Simulation(run.run, "numpy")
    other.resume(run.run, checkpoint)
    run.advance(0.5)
    other.advance(0.5)
    assert np.array_equal(run.x, other.x)


def test_a_law_changed_and_changed_back_keeps_momenta_and_steps():
    start = edit(SMALL, {"dynamics": "mix"})
    hand, plain = Simulation(start, "numpy"), Simulation(start, "numpy")
    for simulation in (hand, plain):
        simulation.advance(0.52)  # within a step, so that the count of steps matters
    hand.retune(edit(start, {"dynamics": "softmax"}))
    hand.retune(start)
    assert not hand.run.changes
    for simulation in (hand, plain):
        simulation.advance(0.5)
    assert np.array_equal(hand.x, plain.x)
    assert np.array_equal(hand.p, plain.p)


def test_a_refused_second_edit_at_one_time_leaves_the_first():
    hand, plain = Simulation(SMALL, "numpy"), Simulation(SMALL, "numpy")
    for simulation in (hand, plain):
        simulation.advance(0.5)
        simulation.retune(edit(SMALL, {"dynamics.beta": 9.0}))
    with pytest.raises(ValueError):
        hand.retune(edit(SMALL, {"dynamics": "grand", "dynamics.graph": "file"}))
    assert hand.run == plain.run
    for simulation in (hand, plain):
        simulation.advance(0.5)
    assert np.array_equal(hand.x, plain.x)


def test_a_checkpoint_of_another_run_is_refused():
    run = Simulation(SMALL, "numpy")
    run.advance(0.5)
    other = Run(edit(SMALL, {"dynamics.beta": 9.0}))
    with pytest.raises(ValueError, match="does not pass through"):
        run.resume(other, run.checkpoint())


def test_the_history_finds_the_latest_state_of_a_run():
    history, run = History(), Simulation(SMALL, "numpy")
    times = []
    for _ in range(12):
        history.keep(run.checkpoint())
        times.append(run.t)
        run.step()
    assert history.before(run.run, times[7]).t == times[7]
    assert history.before(run.run, times[7] + 0.01).t == times[7]
    changed = Run(SMALL, (Change(times[5], {"dynamics.beta": 9.0}),))
    assert history.before(changed, 99.0).t == times[5]
    assert history.before(Run(edit(SMALL, {"seed": 5})), 99.0) is None
    retitled = Run(edit(SMALL, {"title": "x", "duration": 9}))
    assert history.before(retitled, times[7]).t == times[7]


def test_the_history_keeps_within_its_budget_and_evenly():
    run = Simulation(SMALL, "numpy")
    one = run.checkpoint().nbytes
    history = History(budget=12 * one)
    for _ in range(200):
        history.keep(run.checkpoint())
        assert history.size <= 12 * one
        run.step()
    whole = Run(SMALL)
    found = sorted({history.before(whole, t).t for t in np.linspace(0, run.t, 400)})
    assert found[0] == 0
    assert 5 <= len(found) <= 12
    gaps = np.diff(found)
    assert gaps.max() <= 2.1 * gaps.min()
    assert run.t - found[-1] <= 2.1 * gaps.min()


def test_the_history_keeps_one_state_after_each_change():
    run = Simulation(SMALL, "numpy")
    history = History(budget=40 * run.checkpoint().nbytes)
    for k in range(8):
        run.retune(edit(SMALL, {"dynamics.beta": 1.0 + k}))
        for _ in range(30):
            run.step()
            history.keep(run.checkpoint())
    for change in run.run.changes[1:]:
        assert 0 <= change.t - history.before(run.run, change.t).t < 1.6
