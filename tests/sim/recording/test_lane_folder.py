"""Lanes in a folder: each lane's rows are those of its run alone."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

import sim
from app.__main__ import main
from app.document.provenance import embedded_document, embedded_sums
from sim.lanes import compare, open_comparison
from sim.loading import located_run
from sim.recording.lane_tables import merged_columns

SMALL = ["--set", "tokens=6", "--set", "step=0.1", "--set", "duration=0.7"]
FILES = ("observables.csv", "trajectory.csv")
LAWS = "dynamics=softmax,inertial,hardmax"


def run(*args, out):
    assert main(["run", *SMALL, *args, "-o", str(out)]) == 0
    return out


def rows(path):
    """Return the rows of a table as text, by the names of their columns."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    return [*csv.DictReader(line for line in lines if not line.startswith("#"))]


CASES = [
    ("dynamics.beta=1,9", [["dynamics.beta=1"], ["dynamics.beta=9"]]),
    (LAWS, [[f"dynamics={kind}"] for kind in LAWS.partition("=")[2].split(",")]),
    ("dimension=3,4", [["dimension=3"], ["dimension=4"]]),
]


@pytest.mark.slow
@pytest.mark.parametrize(("compared", "alone"), CASES)
def test_rows_of_a_lane_are_those_of_its_run(tmp_path, capsys, compared, alone):
    flags = ["--every", "2", "--theory", "--change", "0.33", "step=0.05"]
    lanes = run("--compare", compared, *flags, out=tmp_path / "lanes")
    for k, settings in enumerate(alone, 1):
        sets = [word for one in settings for word in ("--set", one)]
        single = run(*sets, *flags, out=tmp_path / str(k))
        for name in FILES:
            mine = [row for row in rows(lanes / name) if row.pop("lane") == str(k)]
            expected = rows(single / name)
            assert mine
            assert [{n: row[n] for n in expected[0]} for row in mine] == expected
            extra = {n: v for row in mine for n, v in row.items()}.keys() - expected[0]
            assert all(row[n] == "" for row in mine for n in extra)
    assert "lane 2: " in capsys.readouterr().out


@pytest.mark.slow
def test_a_table_of_lanes_says_them_first_and_opens_again(tmp_path):
    out = run("--compare", "dynamics.beta=1,9", out=tmp_path / "a")
    lanes = open_comparison(out / "scenario.json")
    assert lanes.titles == ("β = 1", "β = 9")
    for name in FILES:
        text = (out / name).read_text("utf-8")
        assert text.count("# scenario: ") == 1
        assert next(csv.reader(io.StringIO(text.splitlines()[2])))[:2] == ["lane", "t"]
        assert text.index("# lane 1: β = 1\n") < text.index("# lane 2: β = 9\n")
        assert open_comparison(out / name) == lanes
        assert embedded_document(out / name).comparison == lanes
        assert len(embedded_sums(out / name)) == 2
    again = run(str(out / "trajectory.csv"), out=tmp_path / "b")
    for name in (*FILES, "scenario.json"):
        assert (again / name).read_bytes() == (out / name).read_bytes()


@pytest.mark.slow
def test_a_fork_in_a_file_is_run_and_equals_its_parent_until_then(tmp_path):
    start = sim.edit(sim.Scenario(), {"tokens": 6, "step": 0.1, "duration": 0.7})
    fork = sim.Comparison.fork(sim.Run(start), 0.4, {"dynamics.beta": 60})
    fork.save(tmp_path / "fork.json")
    out = run(str(tmp_path / "fork.json"), "--every", "1", out=tmp_path / "out")
    one, two = (
        [r for r in rows(out / "trajectory.csv") if r.pop("lane") == lane]
        for lane in "12"
    )
    same = [a == b for a, b in zip(one, two, strict=True)]
    until = [float(a["t"]) <= 0.4 + 1e-9 for a in one]
    assert same == until and not all(same)


def test_progress_is_of_all_lanes(tmp_path, capsys):
    run("--compare", "dynamics.beta=1,9", "--progress", out=tmp_path / "a")
    words = capsys.readouterr().out.split()
    shares = [float(word) for word in words[1::2]]
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert any(abs(share - 0.5) < 0.01 for share in shares)


@pytest.mark.slow
def test_layers_of_lanes_have_their_number(tmp_path):
    flags = ["--layers", "--no-trajectory"]
    lanes = run("--compare", "dynamics.beta=1,9", *flags, out=tmp_path / "a")
    single = run("--set", "dynamics.beta=9", *flags, out=tmp_path / "b")
    with np.load(lanes / "layers.npz") as all_, np.load(single / "layers.npz") as one:
        assert sorted(all_) == ["h_1", "h_2", "scenario", "t_1", "t_2"]
        for name in ("h", "t"):
            assert all_[f"{name}_2"].tobytes() == one[name].tobytes()
    assert len(open_comparison(lanes / "layers.npz").runs) == 2


def test_columns_are_merged_where_they_belong():
    assert merged_columns([["t", "x", "c"], ["t", "x", "y", "c"], ["a", "t"]]) == [
        "a", "t", "x", "y", "c",
    ]  # fmt: skip


REFUSED = [
    (["--compare", "dynamics.beta=1"], "--compare needs several values of a setting"),
    (["--compare", "dynamics.beta"], "--compare needs PATH=VALUES"),
    (["--compare", "dynamics.beta=1:9:5"], "a comparison has 1 to 4 lanes, got 5"),
    (["--compare", "dynamics.beta=1,9", "--compare", "seed=0:1000:1001"], "got 2002"),
    (["--compare", "dynamics.bata=1,9"], "lane 1: no setting 'dynamics.bata'"),
    (["--compare", "dynamics.beta=1,1"], "only 1 of the 2 lanes differ"),
    (["--compare", "duration=1,2"], "lane 1: duration is that of all lanes"),
    (["--compare", "dynamics=softmax,hardmax", "--change", "0.3", "dynamics.beta=2"],
     "no setting 'dynamics.beta'"),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "words"), REFUSED)
def test_what_cannot_be_compared_is_one_line(tmp_path, capsys, flags, words):
    assert main(["run", *SMALL, *flags, "-o", str(tmp_path / "out")]) == 2
    out, err = capsys.readouterr()
    assert not out and len(err.strip().splitlines()) == 1 and words in err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_lane_that_runs_away_is_named(tmp_path, capsys):
    away = ["--set", "space=flat", "--set", "step=2", "--set", "duration=140"]
    flags = [*away, "--compare", "dynamics.heads.value.scale=0,4", "--force"]
    assert main(["run", *SMALL[:2], *flags, "-o", str(tmp_path / "out")]) == 2
    assert "lane 2: token coordinates became infinite" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_lanes_that_do_not_share_a_start_say_so(tmp_path, capsys):
    run("--compare", "seed=0,1", out=tmp_path / "a")
    assert "Lane 2 has a start of its own: another seed." in capsys.readouterr().err


def test_check_knows_lanes(capsys):
    assert main(["check", *SMALL, "--compare", "dynamics.beta=1,9"]) == 0
    out = capsys.readouterr().out
    assert out.count("row sums") == 2 and "lane 2: β = 9" in out


def test_compare_takes_every_combination():
    over = {"dynamics.beta": [1, 9], "integrator": "euler,rk4"}
    titles = compare(sim.Scenario(), over).titles
    assert titles == ("β = 1, Euler", "β = 1, RK4", "β = 9, Euler", "β = 9, RK4")


def test_the_folder_of_a_run_is_opened_as_its_scenario(tmp_path):
    (tmp_path / "scenario.json").write_text('{"format": "1", "tokens": 7}')
    assert located_run(tmp_path) == tmp_path / "scenario.json"
