"""A run is a start and its changes: applied at their times, as by hand, bit for bit."""

import csv
import json
import math

import numpy as np
import pytest
from helpers.runs import bare
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import Scenario, Simulation
from sim.clocks import Clock
from sim.dynamics import Dynamics
from sim.integrators import Integrator
from sim.loading import open_run, open_scenario
from sim.recording.run_folder import record_run
from sim.restarts import restarts
from sim.scenario import edit
from sim.schedule import WHOLE_RUN, Change, Run, differences
from sim.schedule.stages import is_live
from sim.schedule_file import plain_run, run_from_plain
from sim.settings.knobs import knobs, walk

BASE = Scenario(tokens=12, seed=5)
CHANGES = (
    Change(0.33, {"dynamics.beta": 9.0}),
    Change(1.0, {"dynamics": "hardmax"}),
    Change(1.02, {"space": "flat", "step": 0.03}),
)


def by_hand(start, changes, end):
    """Return a run with the edits made by `retune` at their times."""
    run = Simulation(start, "numpy")
    for change in changes:
        run.advance(change.t - run.t)
        run.retune(change.apply(run.scenario))
    run.advance(end - run.t)
    return run


def same(a, b):
    pairs = ((a.x, b.x), (a.p, b.p))  # off the sphere tokens may be infinite
    return a.t == b.t and all(np.array_equal(*pair, equal_nan=True) for pair in pairs)


def test_settings_in_force_follow_the_changes():
    run = Run(BASE, CHANGES)
    assert run.at(0.0) == run.at(0.32) == BASE
    assert run.at(0.33).dynamics.beta == 9.0
    assert run.at(1.01).dynamics.kind == "hardmax"
    assert run.at(99.0) == run.at(1.02)
    assert [stage.t for stage in run.stages] == [0.33, 1.0, 1.02]


def test_changes_at_one_time_are_one():
    run = Run(BASE, (Change(1, {"dynamics.beta": 2}), Change(1, {"dynamics.beta": 3})))
    assert [stage.t for stage in run.stages] == [1.0]
    assert run.at(1.0).dynamics.beta == 3.0


def test_what_is_changed_back_at_the_same_time_is_no_change():
    run = Run(BASE).with_change(2.0, edit(BASE, {"dynamics": "hardmax"}))
    assert run.changes
    assert run.with_change(2.0, BASE) == Run(BASE)


def test_an_edit_replaces_later_changes():
    run = Run(BASE, CHANGES).with_change(0.5, edit(BASE, {"dynamics.beta": 7}))
    assert [change.t for change in run.changes] == [0.33, 0.5]
    assert run.at(2.0).dynamics.beta == 7.0
    assert run == Run(BASE, run.changes)  # applied step by step, and all at once


def test_differences_lead_from_one_scenario_to_the_other():
    new = edit(BASE, {"dynamics": "bracket", "dynamics.gamma": 0.3, "step": 0.02})
    assert Change(1.0, differences(BASE, new)).apply(BASE) == new


def test_a_file_gives_the_run_again():
    run = Run(BASE).with_change(1.0, edit(BASE, {"dynamics": "bracket"}))
    run = run.with_change(2.0, edit(run.at(1.0), {"dynamics.gamma": 0.5}))
    data = json.loads(json.dumps(plain_run(run)))
    assert run_from_plain(data) == run
    assert "schedule" not in plain_run(Run(BASE))
    assert run_from_plain(plain_run(Run(BASE))) == Run(BASE)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(Integrator.kinds()))
def test_a_schedule_is_the_same_as_edits_by_hand(kind):
    start = edit(BASE, {"integrator": kind})
    run = Simulation(Run(start, CHANGES), "numpy")
    run.advance(2.0)
    hand = by_hand(start, CHANGES, 2.0)
    assert same(run, hand)
    assert hand.run == Run(start, hand.run.changes)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(Dynamics.kinds()))
def test_every_law_is_entered_and_left_as_by_hand(kind):
    changes = (Change(0.52, {"dynamics": kind}), Change(1.0, {"dynamics": "softmax"}))
    run = Simulation(Run(BASE, changes), "numpy")
    run.advance(1.3)
    assert same(run, by_hand(BASE, changes, 1.3))


@pytest.mark.parametrize("kind", sorted(Clock.kinds()))
def test_changes_come_at_their_time_on_every_clock(kind):
    start = edit(BASE, {"clock": kind, "integrator": "adaptive"})
    run = Simulation(Run(start, CHANGES), "numpy")
    run.advance(2.0)
    assert same(run, by_hand(start, CHANGES, 2.0))


def test_noise_layers_and_dropout_follow_the_schedule():
    heads = "dynamics.heads.depth"
    start = edit(
        BASE,
        {"integrator": "maruyama", f"{heads}.layers": 3, f"{heads}.thickness": 0.4},
    )
    changes = (*CHANGES[:1], Change(0.7, {f"{heads}.dropout": 0.25}))
    run = Simulation(Run(start, changes), "numpy")
    run.advance(2.0)
    assert same(run, by_hand(start, changes, 2.0))


def test_what_was_edited_live_is_played_again_to_the_bit():
    run = Simulation(BASE, "numpy")
    for k in range(40):
        run.step()
        if k % 7 == 3:
            run.retune(edit(run.scenario, {"step": 0.01 + 0.001 * k}))
        if k == 20:
            run.retune(edit(run.scenario, {"dynamics": "bracket"}))
    again = Simulation(run.run, "numpy")
    while again.t < run.t:
        again.step()
    assert same(run, again)


def test_frames_before_a_change_show_the_settings_of_their_time():
    run = Simulation(Run(BASE, CHANGES), "numpy")
    run.reach(0.98)
    assert run.frame(0.98).scenario.dynamics.kind == "softmax"
    run.reach(1.0)
    assert run.frame(1.0).scenario.dynamics.kind == "hardmax"


def test_frames_do_not_depend_on_which_others_were_looked_at():
    times = np.linspace(0, 2, 37)
    run = Simulation(Run(BASE, CHANGES), "numpy")
    seen = []
    for t in times:
        run.reach(t)
        seen.append(run.frame(t).x)
    for k in (9, 20, 36):
        other = Simulation(Run(BASE, CHANGES), "numpy")
        other.reach(times[k])
        assert np.array_equal(other.frame(times[k]).x, seen[k])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["euler", "rk4", "midpoint", "adaptive"])
def test_a_change_does_not_lower_the_order_of_an_integrator(kind):
    """Steps of h and h/2 that do not fit the time of the change."""
    cls = Integrator.kinds()[kind]
    changes = (Change(0.537, {"dynamics.beta": 6.0}),)

    def end(h):
        start = edit(BASE, {"integrator": bare(cls), "step": h})
        run = Simulation(Run(start, changes), "numpy")
        run.advance(1.0)
        return run.x

    best = end(0.1 / 64)
    coarse, fine = (np.abs(end(h) - best).max() for h in (0.1, 0.05))
    order = np.log2(coarse / fine)
    assert order > cls.order - 0.35


def test_a_reset_begins_a_run_without_changes():
    run = Simulation(Run(BASE, CHANGES), "numpy")
    run.advance(2.0)
    run.reset()
    assert run.run == Run(run.scenario)
    assert run.scenario.dynamics.kind == "hardmax"


def test_a_restart_begins_a_run_without_changes():
    run = Simulation(Run(BASE, CHANGES), "numpy")
    run.advance(0.5)
    run.retune(edit(run.scenario, {"tokens": 9}))
    assert run.run == Run(run.scenario)


LIVE = st.sampled_from(
    [
        {"dynamics.beta": 2.0},
        {"dynamics": "softmax"},
        {"dynamics": "unnormalised"},
        {"dynamics": "bracket"},
        {"dynamics.heads.value": "rotation"},
        {"space": "flat"},
        {"space": "sphere"},
        {"step": 0.04},
        {"integrator": "euler"},
        {"integrator": "rk4"},
    ]
)


@pytest.mark.slow
@given(st.dictionaries(st.integers(0, 30), LIVE, max_size=6))
@settings(max_examples=25, deadline=None)
def test_any_live_edits_are_played_again_to_the_bit(edits):
    run = Simulation(BASE, "numpy")
    for k in range(31):
        for at, change in edits.items():
            if at == k:
                try:
                    new = edit(run.scenario, change)
                except KeyError:  # this law has no such setting
                    continue
                run.retune(new)
        run.step()
    again = Simulation(run.run, "numpy")
    while again.t < run.t:
        again.step()
    assert same(run, again)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ((Change(2, {"step": 0.1}), Change(1, {"step": 0.2})), "order of their times"),
        ((Change(1, {"tokens": 5}),), "tokens places tokens anew"),
        ((Change(1, {"seed": 6}),), "places tokens anew"),
        ((Change(1, {"dynamics.bet": 5}),), "change 1 .t = 1.: no setting"),
        ((Change(1, {"dynamics.beta": 1e9}),), "must be in"),
        ((Change(1, {"dynamics": "nothing"}),), "no kind 'nothing'"),
    ],
)
def test_a_run_that_cannot_be_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Run(BASE, changes)


def test_a_change_at_the_start_is_the_same_as_starting_so():
    changed = Simulation(Run(BASE, (Change(0, {"dynamics.beta": 7}),)), "numpy")
    plain = Simulation(edit(BASE, {"dynamics.beta": 7}), "numpy")
    changed.advance(1.0)
    plain.advance(1.0)
    assert same(changed, plain)


def test_a_change_at_the_very_end_is_in_the_last_frame():
    run = Simulation(Run(BASE, (Change(1.0, {"dynamics": "hardmax"}),)), "numpy")
    run.advance(1.0)
    assert (run.t, run.frame().scenario.dynamics.kind) == (1.0, "hardmax")


def test_a_title_or_duration_is_the_whole_runs_and_keeps_what_is_to_come():
    run, plain = (Simulation(Run(BASE, CHANGES), "numpy") for _ in range(2))
    run.advance(0.7)
    plain.advance(0.7)
    run.retune(edit(run.scenario, {"title": "Two stages", "duration": 9}))
    assert run.run == Run(edit(BASE, {"title": "Two stages", "duration": 9}), CHANGES)
    run.advance(1.0)
    plain.advance(1.0)
    assert same(run, plain)
    assert (run.scenario.title, run.scenario.space.kind) == ("Two stages", "flat")
    assert run.run.at(99.0) == run.scenario


def test_going_back_to_a_frame_leaves_out_the_changes_after_it():
    run = Simulation(Run(BASE, CHANGES), "numpy")
    run.reach(0.2)
    early = run.frame()
    run.reach(0.6)
    run.restore(early)
    assert run.run.changes == (Change(early.t, {"dynamics.beta": 9.0}),)
    run.reach(1.5)
    again = Simulation(run.run, "numpy")
    again.reach(1.5)
    assert same(run, again)


def test_tokens_that_ran_away_before_a_change_of_space_are_reported():
    fast = {
        "space": "flat",
        "dynamics": "unnormalised",
        "dynamics.beta": 8,
        "step": 0.1,
    }
    run = Simulation(Run(edit(BASE, fast), (Change(15, {"space": "sphere"}),)), "numpy")
    with pytest.raises(FloatingPointError, match="became infinite or NaN"):
        run.advance(20.0)


def test_progress_follows_the_clock_in_force():
    run = Run(edit(BASE, {"duration": 2}), (Change(1.0, {"clock": "logarithmic"}),))
    shares = []
    record_run(run, None, 1, "numpy", lambda share, *_: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize("t", [2, np.float32(2), np.int64(2)])
def test_a_change_takes_any_real_number_as_its_time(t):
    assert type(Change(t, {"step": 0.1}).t) is float


@pytest.mark.parametrize(
    "t", [-1, float("nan"), float("inf"), 10**400, "soon", True, None]
)
def test_a_change_needs_a_time(t):
    with pytest.raises(ValueError, match="must be 0 or later"):
        Change(t, {"step": 0.1})


@pytest.mark.parametrize(
    "schedule",
    [
        7,
        [7],
        [{"t": 1}],
        [{"t": 1, "set": {}}],
        [{"t": 1, "set": 3}],
        [{"t": 1, "set": {"step": 0.1}, "more": 1}],
        [{"t": -1, "set": {"step": 0.1}}],
    ],
)
def test_a_broken_schedule_is_refused(schedule):
    with pytest.raises(ValueError, match="schedule"):
        run_from_plain({**plain_run(Run(BASE)), "schedule": schedule})


SHORT = ("--set", "tokens=8", "--set", "duration=1")


def written(folder, *args):
    from app.__main__ import main

    assert main(["run", *SHORT, *args, "-o", str(folder), "--force"]) == 0
    return folder / "trajectory.csv"


@pytest.mark.slow
def test_the_command_line_takes_changes_and_files_hold_them(tmp_path, capsys):
    flags = ("--change", "0.33", "dynamics.beta=5", "--change", "0.5", "space=flat")
    once = written(tmp_path / "a", *flags)
    run = open_run(tmp_path / "a" / "scenario.json")
    assert [change.t for change in run.changes] == [0.33, 0.5]
    assert run.changes[0].settings == {"dynamics.beta": 5.0}
    for file in (tmp_path / "a" / "scenario.json", once):
        again = tmp_path / file.stem
        assert written(again, str(file)).read_bytes() == once.read_bytes()
    hand = by_hand(run.start, run.changes, 1.0)
    rows = [line for line in once.read_text().splitlines() if line[0] != "#"]
    last = list(csv.DictReader(rows))[-8:]
    assert [float(row["x0"]) for row in last] == hand.x[:, 0].tolist()


@pytest.mark.slow
def test_a_change_in_a_file_and_one_of_a_flag_come_in_turn(tmp_path, capsys):
    written(tmp_path / "a", "--change", "0.5", "step=0.04")
    file = str(tmp_path / "a" / "scenario.json")
    written(tmp_path / "b", file, "--change", "0.2", "dynamics.beta=5")
    run = open_run(tmp_path / "b" / "scenario.json")
    assert [change.t for change in run.changes] == [0.2, 0.5]


def test_theory_is_silent_after_a_change(tmp_path, capsys):
    written(tmp_path / "a", "--change", "0.5", "dynamics.beta=2", "--theory")
    text = (tmp_path / "a" / "observables.csv").read_text().splitlines()
    table = list(csv.DictReader(line for line in text if line[0] != "#"))
    (column,) = (k for k in table[0] if k == "theory:uniform")
    known = [float(row["t"]) for row in table if row[column] != "nan"]
    assert known and max(known) < 0.5


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--change", "30", "step=0.1"), "after the end of the run at T = 1"),
        (("--change", "30", "dynamics.beta=4"), "after the end of the run at T = 1"),
        (("--change", "x", "step=0.1"), "--change needs a time"),
        (("--change", "-1", "step=0.1"), "--change needs a time"),
        (("--change", "0.5", "step"), "--change needs a time"),
        (("--change", "0.5", "tokens=3"), "tokens places tokens anew"),
        (("--change", "0.5", "duration=3"), "duration belongs to the whole run"),
        (
            ("--change", "0.5", "step=0.1", "--change", "0.2", "step=0.1"),
            "order of their times; got t = 0.5, 0.2",
        ),
    ],
)
def test_the_command_line_refuses_in_one_line(capsys, flags, message):
    from app.__main__ import main

    assert main(["run", *SHORT, *flags]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert message in err
    assert len(err.strip().splitlines()) == 1


def test_what_cannot_follow_changes_says_so(tmp_path, capsys):
    written(tmp_path / "a", "--change", "0.5", "step=0.04")
    file = tmp_path / "a" / "scenario.json"
    for load in (open_scenario, Scenario.load):
        with pytest.raises(ValueError, match="has changes in time"):
            load(file)


def test_what_is_live_is_what_does_not_restart():
    """The short check of live settings agrees with the full one, for every setting."""
    base, seen = Scenario(), {True: 0, False: 0}
    for path, owner, name in list(walk(base)):
        knob = knobs(type(owner)).get(name)
        if knob is None or path in WHOLE_RUN or knob.hi == math.inf:
            continue
        old = getattr(owner, name)
        new = not old if isinstance(old, bool) else type(old)(knob.lo)
        change = Change(1.0, {path: new})
        after = change.apply(base)
        live = is_live(base, after, change)
        seen[live] += 1
        assert not (live and restarts(base, after)), path
    assert min(seen.values()) > 1
