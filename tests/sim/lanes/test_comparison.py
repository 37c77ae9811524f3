"""Lanes: runs that share a start, what differs between them, and their files."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest

import sim
from app.document.document import Document
from sim.lanes import (
    Comparison,
    difference,
    difference_series,
    lanes_from_plain,
    open_comparison,
    plain_lanes,
)
from sim.lanes.fork_titles import time_text
from sim.schedule import Change, Run
from sim.schedule_file import plain_run, save_run
from sim.tokens.edits import TokenEdits

START = sim.edit(sim.Scenario(), {"tokens": 8, "step": 0.25, "duration": 3.0})
RUN = Run(START, (Change(2.0, {"dynamics.beta": 4.0}),))


def test_lanes_over_a_setting_are_the_edited_runs():
    lanes = Comparison.over(RUN, "dynamics.beta", ["1", 9])
    for run, beta in zip(lanes.runs, (1.0, 9.0), strict=True):
        assert run == Run(sim.edit(START, {"dynamics.beta": beta}), RUN.changes)
    assert lanes.shares_start


def test_a_fork_has_the_changes_up_to_its_time():
    own = {"dynamics.beta": 60.0}
    late, now = (Comparison.fork(RUN, t, own).runs for t in (1.0, 2.0))
    assert late == (RUN, Run(START, (Change(1.0, own),)))
    assert now == (RUN, Run(START, (*RUN.changes, Change(2.0, own))))
    assert Comparison.fork(RUN, 2.5).runs == (RUN, RUN)


def test_a_fork_after_the_end_is_refused_with_the_end():
    assert Comparison.fork(RUN, 3.0).runs == (RUN, RUN)
    with pytest.raises(ValueError, match=r"t = 3\.5, after .* T = 3\. Fork earlier"):
        Comparison.fork(RUN, 3.5)


@pytest.mark.parametrize("t", [0.5, 1.1])
def test_an_unchanged_fork_equals_its_parent_bit_for_bit(t):
    fork = Comparison.fork(RUN, t).runs[1]
    parent, other = sim.Simulation(RUN, "numpy"), sim.Simulation(fork, "numpy")
    for each in (parent, other):
        each.reach(1.75)
    assert np.array_equal(parent.x, other.x)


TITLES = [
    ([{"dynamics.beta": 1}, {"dynamics.beta": 9}], ("β = 1", "β = 9")),
    ([{"step": 0.125}, {"step": 0.5}], ("h = 0.125", "h = 0.5")),
    ([{"integrator": "euler"}, {"integrator": "rk4"}], ("Euler", "RK4")),
    ([{"precision": "float32"}, {"precision": "float64"}], ("float32", "float64")),
    (
        [{"dynamics": "hardmax"}, {"dynamics.beta": 1}, {"dynamics.beta": 9}],
        (
            "Hardmax attention",
            "Softmax attention (SA), β = 1",
            "Softmax attention (SA), β = 9",
        ),
    ),
    (
        [
            {"dynamics": "grand", "dynamics.graph": "ring"},
            {"dynamics": "bracket", "dynamics.gamma": 1},
            {"dynamics.beta": 9},
            {"dynamics.beta": 9, "dynamics.heads.mask": "causal"},
        ],
        (
            "Graph diffusion (GRAND), β = 1",
            "Hamiltonian / double bracket",
            "Softmax attention (SA), β = 9, Mask: None",
            "Softmax attention (SA), β = 9, Mask: Causal",
        ),
    ),
    (
        [{"dynamics.heads.mask": "full"}, {"dynamics.heads.mask": "causal"}],
        ("Mask: None", "Mask: Causal"),
    ),
    (
        [{"dynamics": "bracket"}, {"dynamics": "bracket", "dynamics.gamma": 0.5}],
        ("Hamiltonian", "Double bracket"),
    ),
    (
        [{}, {"dynamics.heads.value.scale": -1}, {"dynamics.heads.value.scale": 0.5}],
        ("V = I", "V = −I", "V = 0.5 I"),
    ),
    (
        [{"dynamics.heads.query.scale": -2}, {"dynamics.heads.query": "gaussian"}],
        ("Q = −2 I", "Q: Gaussian"),
    ),
    ([{}, {}], ("", "")),
]


@pytest.mark.parametrize(("lanes", "titles"), TITLES)
def test_titles_say_what_differs(lanes, titles):
    assert Comparison.of(Run(START), lanes).titles == titles


def test_a_fork_is_called_by_what_changes_from_when_on():
    lanes = Comparison.fork(Run(START), 2.5, {"dynamics.beta": 60.0})
    assert lanes.titles == ("unchanged", "from t = 2.5: β = 60")
    turned = Comparison.fork(Run(START), 2.5, {"dynamics.heads.value.scale": -1.0})
    assert turned.titles == ("unchanged", "from t = 2.5: V = −I")
    law = {"space": "flat", "dynamics": {"kind": "unnormalised", "beta": 4.0}}
    said = Comparison.fork(Run(START), 2.5, law).titles[1]
    assert said == "from t = 2.5: Unnormalised attention (USA), β = 4, flat"
    moved = Change(0.5, tokens=TokenEdits({1: (0.0, 0.0, 1.0)}))
    lanes = Comparison.fork(Run(START), 0.0, [moved])
    assert lanes.titles[1] == "from t = 0.5: 1 token moved"


OWN = [
    ({"tokens": 9}, "Lane 2 has a start of its own: another n."),
    ({"seed": 9, "dimension": 4}, "Lane 2 has a start of its own: another d and seed."),
    (
        {"initial": "fibonacci"},
        "Lane 2 has a start of its own: another initial condition.",
    ),
    ({"space": "centred"}, "Lane 2 has a start of its own: another surface."),
    ({"space": "flat"}, ""),
    ({"dynamics": "hardmax"}, ""),
]


@pytest.mark.parametrize(("settings", "reason"), OWN)
def test_what_does_not_share_a_start_says_why(settings, reason):
    lanes = Comparison.of(Run(START), [{}, settings])
    assert lanes.own_starts == ("", reason)
    a, b = (sim.Simulation(run, "numpy").x for run in lanes.runs)
    same = a.shape == b.shape and np.allclose(a, b, atol=1e-9)
    assert lanes.shares_start == same


BAD = [
    ([], "a comparison has 1 to 4 lanes, got 0. Give some values."),
    ([{}] * 5, "a comparison has 1 to 4 lanes, got 5. Give fewer values."),
    ([{}, {"dynamics.gamma": 1}], "lane 2: no setting 'dynamics.gamma'"),
    ([{"dynamics.beta": "x"}], "lane 1: .* must be a number, got 'x'"),
    ([{"duration": 5}], "lane 1: duration is that of all lanes: set it for the run."),
    ([{"dynamics": "hardmax"}], r"lane 1: change 1 \(t = 2\): no setting"),
]


@pytest.mark.parametrize(("lanes", "message"), BAD)
def test_what_is_no_comparison_gets_one_message(lanes, message):
    with pytest.raises((KeyError, ValueError), match=message):
        Comparison.of(RUN, lanes)


def test_a_fork_refuses_times_and_changes_before_it():
    with pytest.raises(ValueError, match="at a time of 0 or later, got -1"):
        Comparison.fork(RUN, -1)
    with pytest.raises(ValueError, match="a fork at t = 2 cannot have a change at t"):
        Comparison.fork(RUN, 2.0, [Change(1.0, {"dynamics.beta": 1.0})])


def test_the_difference_is_that_of_tokens_with_one_id():
    moved = TokenEdits({3: (0.0, 0.0, 1.0)}, remove=(5,))
    pair = [Run(START), Run(START, (Change(0.0, tokens=moved),))]
    a, b = (sim.Simulation(run, "numpy").frame() for run in pair)
    found = difference(a, b)
    angle = math.acos(a.x[3, 2])  # from the north pole
    assert found.largest_angle == pytest.approx(angle, abs=1e-7)
    assert found.mean_angle == pytest.approx(angle / 7, abs=1e-7)
    assert (found.matched, found.left_out) == (7, 1)
    assert found.f_hat == b.measures["f_hat"] - a.measures["f_hat"] != 0
    series = difference_series([(a, b), (a, a)])
    assert series.largest_angle.tolist() == [found.largest_angle, 0]


def test_lanes_of_other_dimensions_have_no_angles():
    pair = Comparison.over(Run(START), "dimension", [3, 4]).runs
    a, b = (sim.Simulation(run, "numpy").frame() for run in pair)
    found = difference(a, b)
    assert math.isnan(found.largest_angle)
    assert (found.matched, found.left_out) == (0, 8)


LANES = [
    Comparison.over(RUN, "dynamics.beta", [1, 9, 0.1]),
    Comparison.of(Run(START), [{}, {"dynamics": "inertial", "tokens": 5}]),
    Comparison.fork(RUN, 2.0, {"dynamics": "hardmax"}),
    Comparison.of(Run(START), [{"dynamics.heads.value": "diagonal"}, {}]),
]


@pytest.mark.parametrize("lanes", LANES)
def test_a_file_holds_all_lanes(lanes, tmp_path):
    path = tmp_path / "run.json"
    lanes.save(path)
    assert open_comparison(path) == lanes
    assert Document.load(path).comparison == lanes
    document = Document().with_comparison(lanes)
    assert Document.from_json(document.to_json()) == document
    with pytest.warns(match=r"run.json has several lanes"):
        assert sim.open_run(path) == lanes.first
    with pytest.raises(ValueError, match="it has several lanes, which cannot"):
        sim.open_scenario(path)


def test_a_file_without_lanes_is_what_it_was(tmp_path):
    path = tmp_path / "run.json"
    save_run(RUN, path, plain_lanes((RUN,), (None,)))
    assert json.loads(path.read_text()) == plain_run(RUN)
    assert "lanes" not in Document.of_run(RUN).to_json()


BAD_FILES = [
    (3, 'lanes: expected a list of lanes such as {"set": .*, got 3.'),
    ([3], 'lanes, lane 2: expected {"set": .*, got 3.'),
    ([{"sat": {}}], "lanes, lane 2: expected"),
    ([{"set": 3}], 'lanes, lane 2: "set" must hold settings by path, got 3.'),
    ([{}, {"set": {"dynamics.beta": -1e9}}], "lanes, lane 3: .* must be in"),
    ([{"set": {"dynamics.gamma": 1}}], "lanes, lane 2: no setting"),
    ([{"set": {"title": "x"}}], "lanes, lane 2: title is that of all lanes"),
    ([{"schedule": [3]}], "lanes, lane 2: schedule, change 1: expected"),
    ([{}] * 4, "a comparison has 1 to 4 lanes, got 5"),
]


@pytest.mark.parametrize(("lanes", "message"), BAD_FILES)
def test_a_wrong_lane_in_a_file_is_named(lanes, message):
    with pytest.raises(ValueError, match=message):
        lanes_from_plain(Run(START), {"lanes": lanes})


def test_lanes_of_sentences_are_called_by_them():
    lanes = sim.open_comparison("apple")
    first, second = lanes.titles
    assert first == "“He ate a ripe apple from the tree.”"
    assert second == "“The apple computer firm sold shares.”"
    assert not lanes.shares_start


def test_an_unchanged_fork_says_so_until_it_changes(tmp_path):
    fork = Comparison.fork(RUN, 2.5)
    assert fork.titles == ("unchanged", "fork at t = 2.5")
    early = Comparison.fork(RUN, 1.0)
    assert early.titles == ("from t = 2: β = 4", "fork at t = 1")
    changed = Run(START, (*RUN.changes, Change(2.75, {"dynamics.beta": 9.0})))
    titles = ("unchanged", "from t = 2.75: β = 9")
    assert Comparison((RUN, changed), fork.forks).titles == titles
    other = Run(sim.edit(START, {"dynamics.beta": 2.0}), RUN.changes)
    three = Comparison((other, RUN, RUN), (None, None, 2.5))
    assert three.titles == ("β = 2", "β = 4", "β = 4, fork at t = 2.5")
    three.save(tmp_path / "forks.json")
    assert open_comparison(tmp_path / "forks.json") == three
    assert Document.load(tmp_path / "forks.json").comparison == three


def test_times_in_titles_have_as_many_figures_as_tell_them_apart():
    first, second, plain = 1.723683, 1.723891, (Run(START),) * 3
    one, close = (
        Comparison(plain, (None, first, other)).titles[1:] for other in (2.5, second)
    )
    assert one == ("fork at t = 1.724", "fork at t = 2.5")
    assert close == ("fork at t = 1.7237", "fork at t = 1.7239")
    late = Run(START, (Change(first, {"dynamics.beta": 9.0}),))
    assert Comparison((Run(START), late)).titles[1] == "from t = 1.724: β = 9"
    assert time_text(123456.7, []) == "123457"


def test_lanes_that_are_alike_are_numbered():
    alike = Comparison.over(RUN, "dynamics.beta", [3, 9, 9])
    assert alike.titles == ("β = 3", "β = 9", "β = 9 (2)")


@pytest.mark.parametrize("t", ["5", -1, 3.5, True, math.nan])
def test_a_fork_in_a_file_needs_a_time_of_the_run(t):
    with pytest.raises(ValueError, match='lane 2: "fork" must be a time from 0 to 3'):
        lanes_from_plain(RUN, {"lanes": [{"set": {}, "fork": t}]})


def test_a_change_within_a_step_moves_no_other_token_but_by_interpolation():
    """A step ends at the change; without it the state there is a cubic's: order 4."""
    apart: list[float] = []
    for step in (0.2, 0.1, 0.05):
        run, t = (
            Run(sim.edit(START, {"step": step, "dynamics.beta": 9.0})),
            1 + step / 2,
        )
        move = Change(t, tokens=TokenEdits({1: (0.0, 0.0, 1.0)}))
        runs = (run, *(Comparison.fork(run, t, c).runs[1] for c in ((), [move])))
        lanes = [sim.Simulation(each, "numpy") for each in runs]
        for lane in lanes:
            lane.reach(t)
        alone, fork, moved = (np.delete(lane.frame(t).x, 1, 0) for lane in lanes)
        assert np.array_equal(alone, fork)
        apart.append(float(np.abs(alone - moved).max()))
    assert 1e-10 < apart[2] < 1e-6
    assert all(8 < a / b < 32 for a, b in itertools.pairwise(apart))
