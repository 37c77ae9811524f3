"""Flags of the command line that move, add and remove tokens at a time."""

import argparse
import csv
import re

import numpy as np
import pytest

from sim import AddedToken, Change, Scenario, Simulation, TokenEdits
from sim.__main__ import main
from sim.change_flags import add_change_flag, changes_in_time, with_points
from sim.loading import open_run

WORDS = "--move 1 2 -1,0,0 --add 1.5 -.5,0,1:bank --remove 1.5 0 --change 2 step=0.1"
CHANGES = [
    Change(1, {}, TokenEdits({2: (-1, 0, 0)})),
    Change(1.5, {}, TokenEdits(add=(AddedToken((-0.5, 0, 1), "bank"),), remove=(0,))),
    Change(2, {"step": "0.1"}),
]


def read(words):
    parser = argparse.ArgumentParser()
    add_change_flag(parser)
    return changes_in_time(parser.parse_args(with_points(words)).change)


def test_flags_are_read_in_their_order():
    assert read(WORDS.split()) == CHANGES
    assert read([]) == []
    assert changes_in_time([["5", "step=0.1"]]) == [Change(5, {"step": "0.1"})]


@pytest.mark.slow
def test_a_run_is_played_with_the_flags_and_again_from_its_files(tmp_path, capsys):
    Scenario(tokens=6, duration=3).save(tmp_path / "a.json")
    words = ["run", str(tmp_path / "a.json"), *WORDS.split()]
    assert main([*words, "-o", str(tmp_path / "one")]) == 0
    again = ["run", str(tmp_path / "one" / "scenario.json"), "-o"]
    assert main([*again, str(tmp_path / "two")]) == 0
    one, two = (
        (tmp_path / name / "trajectory.csv").read_bytes() for name in ("one", "two")
    )
    assert one == two
    rows = [
        row for row in csv.reader(one.decode().splitlines()) if row[0][:1] not in "#t"
    ]
    run = Simulation(open_run(tmp_path / "one" / "scenario.json"), "numpy")
    run.reach(3.0)
    last = [row for row in rows if row[0] == rows[-1][0]]
    assert [int(row[1]) for row in last] == run.ids.tolist() == [1, 2, 3, 4, 5, 6]
    assert last[-1][2] == "bank"
    assert np.array_equal([[float(v) for v in row[3:6]] for row in last], run.x)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--move 1 2 0,0", "d = 3 coordinates, got 2"),
        ("--move 1 9 0,0,1", "no token 9"),
        ("--move 1 x 0,0,1", "--move needs a time.* got '1' 'x' '0,0,1'"),
        ("--move soon 1 0,0,1", "--move needs a time.* got 'soon'"),
        ("--move 1 -1 0,0,1", "--move needs a time.* got '1' '-1'"),
        ("--add 1 0,zero,1", "--add needs a time.* such as --add 5 0,0,1:bank"),
        ("--add 1 0,nan,1", "finite numbers"),
        ("--add 1 0,0,0", "cannot be put at"),
        ("--remove 1 one", "--remove needs a time"),
        ("--remove nan 1", "--remove needs a time"),
        ("--remove 1 2 --move 2 2 0,0,1", "token 2 was removed earlier"),
        ("--remove 2 2 --remove 1 3", "order of their times"),
        ("--remove 99 2", "after the end of the run"),
        ("--remove 1 2 --set dynamics=bracket", "the graph joins the tokens"),
        ("--change 1 step", "--change needs a time"),
    ],
)
def test_wrong_flags_get_one_message(words, message, capsys, tmp_path):
    Scenario(tokens=6, duration=3).save(tmp_path / "a.json")
    assert main(["run", str(tmp_path / "a.json"), *words.split()]) == 2
    error = capsys.readouterr().err.strip()
    assert len(error.splitlines()) == 1
    assert re.search(message, error)
