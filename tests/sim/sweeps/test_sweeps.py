"""Sweeps: the same rows from any number of processes, and nothing half-written."""

import csv
import json
import math
import os
import signal
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from helpers.children import started
from helpers.paths import ROOT, needs_proc
from helpers.waiting import LONG, until

import sim
from app.__main__ import main
from app.document.document import Document
from app.document.provenance import embedded_document
from sim.sweeps import worker_pool
from sim.sweeps.axes import MAX_RUNS, axes, expanded, shown, values
from sim.sweeps.cards import VISIBLE, card_of
from sim.sweeps.jobs import results_of
from sim.sweeps.single_run import result_of
from sim.sweeps.table import without_empty

SMALL = sim.Scenario(tokens=6, step=0.1, duration=0.5, seed=4, title="β → ∞")
OVER = ("--over", "seed=1,2")
BETAS = {"dynamics.beta": (1.0, 4.0)}


def read(path):
    lines = path.read_bytes().decode("utf-8").splitlines()
    return [*csv.DictReader(line for line in lines if not line.startswith("#"))]


@pytest.fixture
def in_process(monkeypatch):
    """Carry out jobs in this process: another one takes seconds to start."""

    def completed(tasks, workers):
        yield from enumerate(json.loads(json.dumps(results_of(t))) for t in tasks)

    monkeypatch.setattr("sim.sweeps.sweep.completed", completed)


def refused(capsys, *args):
    assert main(["sweep", "--set", "tokens=4", "--set", "duration=0.1", *args]) == 2
    out, err = capsys.readouterr()
    lines = err.strip().splitlines()
    assert not out and len(lines) == 1, (out, err)
    return lines[0]


# What is swept over.


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1:9:5", (1, 3, 5, 7, 9)),
        ("0.1:0.9:9", (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)),
        ("9:1:3", (9, 5, 1)),
        ("2:7:1", (2,)),
        ("16:1024:4:log", (16, 64, 256, 1024)),
        ("1e-3:1e3:3:log", (0.001, 1, 1000)),
        ("identity,rotation", ("identity", "rotation")),
        ("1, 2", ("1", "2")),
        ("1,0;0,1|0,1;1,0", ("1,0;0,1", "0,1;1,0")),
        ("1,0,0|", None),
    ],
)
def test_values_are_read(text, wanted):
    if wanted is None:
        with pytest.raises(ValueError, match="one is empty"):
            values(text)
    else:
        assert values(text) == wanted


def test_the_last_setting_turns_fastest_and_seeds_turn_within():
    over = axes(["dynamics.heads.value=identity,rotation", "dynamics.beta=1:4:2"])
    found = expanded(SMALL, over, seeds=2)
    names = ("dynamics.heads.value", "dynamics.beta", "seed")
    assert [tuple(shown(s, k) for k in names) for s in found] == [
        (value, beta, seed)
        for value in ("identity", "rotation")
        for beta in (1.0, 4.0)
        for seed in (4, 5)
    ]


def test_a_setting_of_a_kind_that_is_swept_over():
    over = {"dynamics.heads.value": ["rotation"], "dynamics.heads.value.angle": [0, 90]}
    angles = [s.dynamics.heads.value.angle for s in expanded(SMALL, over)]
    assert angles == [0.0, 90.0]


def test_whole_numbers_and_tables():
    over = {"tokens": "16:64:3:log", "dynamics.heads.value": "diagonal"}
    over["dynamics.heads.value.entries"] = "1,1,-1|1,.3,.1"
    found = expanded(SMALL, over)
    assert [s.tokens for s in found] == [16, 16, 32, 32, 64, 64]
    assert shown(found[1], "dynamics.heads.value.entries") == "1,0.3,0.1"


# Runs.


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_a_sweep_measures_what_a_run_measures():
    rows = sim.sweep(SMALL, BETAS, seeds=[4, 9], at=[0.3, 0.0, 0.25], workers=2)
    assert [(r["dynamics.beta"], r["seed"], r["t"]) for r in rows] == [
        (b, s, t) for b in (1.0, 4.0) for s in (4, 9) for t in (0.0, 0.25, 0.3)
    ]
    for row in rows:
        changes = {"dynamics.beta": row["dynamics.beta"], "seed": row["seed"]}
        run = sim.Simulation(sim.edit(SMALL, changes), "numpy")
        run.reach(row["t"])
        wanted = run.frame(row["t"]).measures
        assert set(row) == {"dynamics.beta", "seed", "t", *wanted, "error"}
        for kind, value in wanted.items():
            assert row[kind] == pytest.approx(value, rel=1e-9, abs=1e-13, nan_ok=True)
        assert row["error"] == ""


@pytest.mark.slow
def test_the_number_of_processes_changes_no_bit():
    one, three = (
        sim.sweep(SMALL, BETAS, seeds=2, measures=["f_hat", "order"], workers=n)
        for n in (1, 3)
    )
    assert three == one
    assert [*one[0]] == ["dynamics.beta", "seed", "t", "f_hat", "order", "error"]
    assert {row["t"] for row in one} == {0.5}


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_theory_stands_beside_what_is_measured():
    changes = {"dimension": 8, "initial": "equiangular", "initial.cosine": 0.0}
    rows = sim.sweep(
        sim.edit(SMALL, {**changes, "step": 0.02}),
        {"space": "sphere,flat"},
        measures=["mean_cosine"],
        theory=True,
    )
    on, off = rows
    assert on["theory:equiangular"] == pytest.approx(on["mean_cosine"], abs=1e-9)
    assert math.isnan(off["theory:equiangular"])
    assert [*on] == [*off]


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_progress_is_reported_and_may_stop_it():
    told = []

    def progress(done, total):
        told.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sim.sweep(SMALL, {"tokens": range(3, 8)}, workers=2, progress=progress)
    assert told == [(1, 5), (2, 5)]


ENTRIES = "dynamics.heads.value.entries"  # of a matrix that must fit d = 3


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_a_run_that_fails_is_a_row_with_its_message():
    base = sim.edit(SMALL, {"dynamics.heads.value": "diagonal"})
    over = {ENTRIES: "1,1|1,1,1"}
    rows = sim.sweep(base, over, measures=["f_hat"], at=[0.1, 0.2])
    assert [(r[ENTRIES], r["t"]) for r in rows] == [
        ("1,1", 0.1),
        ("1,1,1", 0.1),
        ("1,1,1", 0.2),
    ]
    assert "got 1 of 2. Give one number an axis" in rows[0]["error"]
    assert math.isnan(rows[0]["f_hat"])
    assert rows[1]["error"] == rows[2]["error"] == ""
    assert rows[1]["f_hat"] < rows[2]["f_hat"]


@pytest.mark.slow
def test_tokens_that_run_away_leave_the_rows_before():
    wild = {"space": "flat", "step": 2.0, "dynamics.heads.value.scale": 4.0}
    task = {
        "scenario": sim.scenario.plain(sim.edit(SMALL, wild)),
        "at": [0.0, 1000.0],
        "measures": ["f_hat"],
        "backend": "numpy",
        "theory": False,
    }
    with np.errstate(all="ignore"):
        found = result_of(task)
    assert [row["t"] for row in found["rows"]] == [0.0]
    assert "infinite or NaN" in found["error"]
    assert "\n" not in found["error"]


def test_a_process_that_dies_fails_its_run_alone(monkeypatch):
    monkeypatch.setattr(
        worker_pool, "_environment", lambda: {**os.environ, "PYTHONPATH": ""}
    )
    script = "import sys, os\nfor k in sys.stdin:\n  os._exit(3) if '1' in k else "
    monkeypatch.setattr(
        worker_pool, "COMMAND", [sys.executable, "-u", "-c", script + "print('{}')"]
    )
    with closing(worker_pool.completed([{"n": n} for n in (0, 1, 2, 3)], 1)) as heard:
        found = dict(heard)
    assert [bool(found[n]) for n in range(4)] == [False, True, False, False]
    assert "ended with code 3" in found[1]["error"]


@pytest.mark.slow
@needs_proc
def test_no_process_outlives_its_parent(tmp_path):
    command = [sys.executable, "-m", "sim", "sweep", "--set", "duration=1e6"]
    command += ["--over", "seed=0,1", "--workers", "2", "--measure", "f_hat"]
    with subprocess.Popen(command, cwd=ROOT) as child:
        try:
            tasks = Path(f"/proc/{child.pid}/task/{child.pid}/children")
            until(lambda: len(tasks.read_text().split()) == 2, "two workers")
            workers = tasks.read_text().split()
        finally:
            child.kill()
    for pid in workers:
        until(lambda pid=pid: not Path(f"/proc/{pid}/exe").exists(), "its end")


# The command.


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_the_command_writes_one_long_table(tmp_path, capsys):
    out = tmp_path / "table.csv"
    scenario = tmp_path / "small.json"
    SMALL.save(scenario)
    flags = ["--over", "dynamics.beta=1:4:2", "--seeds", "2", "-o", str(out)]
    assert main(["sweep", str(scenario), *flags, "--measure", "f_hat", "order"]) == 0
    assert capsys.readouterr().out == f"wrote {out}\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["small.json", "table.csv"]
    rows = read(out)
    wanted = sim.sweep(SMALL, BETAS, seeds=2, measures=["f_hat", "order"])
    assert [float(r["f_hat"]) for r in rows] == [r["f_hat"] for r in wanted]
    assert [*rows[0]] == ["dynamics.beta", "seed", "t", "f_hat", "order", "error"]
    assert b"\r" not in out.read_bytes()
    third = out.read_text("utf-8").splitlines()[2]
    assert json.loads(third.removeprefix("# over: ")) == {"dynamics.beta": [1.0, 4.0]}


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_the_table_dropped_on_the_window_is_the_scenario(tmp_path, capsys):
    out = tmp_path / "table.csv"
    flags = ["--set", "tokens=5", "--set", "duration=0.1", "--measure", "f_hat"]
    assert main(["sweep", *flags, "--over", "dynamics.beta=2,3", "-o", str(out)]) == 0
    opening = sim.open_scenario("opening")
    wanted = sim.edit(opening, {"tokens": 5, "duration": 0.1})
    assert sim.open_scenario(out) == wanted
    assert embedded_document(out) == Document(wanted)


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_without_a_file_the_table_is_printed(capsys):
    flags = ["--set", "tokens=4", "--set", "duration=0.1", "--measure", "f_hat"]
    over = ["--over", "seed=3,7"]
    assert main(["sweep", *flags, *over, "--at", "0:0.1:2", "-o", "-"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[3] == "seed,t,f_hat,error"
    rows = [line.split(",")[:2] for line in lines[4:]]
    assert rows == [[seed, t] for seed in "37" for t in ("0.0", "0.1")]


def test_columns_without_a_number_are_left_out():
    rows = [{"t": 1.0, "a": math.nan, "b": math.nan, "error": ""} for _ in range(2)]
    rows[1]["b"] = 2.0
    assert [[*row] for row in without_empty(rows)] == [["t", "b", "error"]] * 2


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_failures_are_reported(tmp_path, capsys):
    out = tmp_path / "table.csv"
    lost = ["--set", "dynamics.heads.value=diagonal", "--over", f"{ENTRIES}=1,1|1,2,3"]
    lost += ["--set", "duration=0.1", "--measure", "f_hat", "-o", str(out)]
    assert main(["sweep", *lost]) == 1
    assert "failed runs: 1; the first: the diagonal entries" in capsys.readouterr().err
    assert [bool(row["error"]) for row in read(out)] == [True, False]


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--over", "dynamics.beta=1:2:0"], f"COUNT must be in [1, {MAX_RUNS}], got 0"),
        (["--over", "dynamics.bta=1:2:3"], "no setting 'dynamics.bta'"),
        (["--over", "dynamics.beta=1:999999:3"], "[-64, 100000], got 500000.0"),
        (["--over", "dynamics.beta=1:9:4:lin"], "a range must be A:B:COUNT"),
        (["--over", "dynamics.beta=1:inf:4"], "a range must be A:B:COUNT"),
        (["--over", "dynamics.beta=0:9:4:log"], "must be above 0"),
        (["--over", "dynamics.beta"], "--over needs PATH=VALUES"),
        (["--over", "dynamics.beta=1,1"], "only 1 of the 2 runs differ"),
        (["--over", "dynamics.beta=hot"], "must be a number, got 'hot'"),
        (["--over", "dynamics.heads.value=identity,foo"], "no kind 'foo'"),
        (["--over", "tokens=10:20:4"], "must be a whole number, got 13.3"),
        (["--over", "dynamics.heads=1"], "a group of settings"),
        (["--over", "step=1", "--over", "step=2"], "--over step is given twice"),
        (["--over", "step=.1:1:999", "--seeds", "999"], "got 998001"),
        (["--over", "seed=1,2", "--seeds", "2"], "swept over twice"),
        (["--seeds", "0"], "seeds must be in"),
        (["--over", "dynamics.beta=1:9"], "A:B:COUNT"),
        ([], "--over PATH=VALUES is needed"),
        ([*OVER, "--at", "-1"], "times to measure at must be 0 or later, got -1"),
        ([*OVER, "--at", "soon"], "--at must be a time"),
        ([*OVER, "--measure", "foo"], "no kind 'foo'; there are aligned, "),
        ([*OVER, "--measure", "time_to_clusters"], "mean 'time_to_one_cluster'?"),
        ([*OVER, "--workers", "0"], "workers must be in [1, 256], got 0"),
        ([*OVER, "--backend", "cupy"], "Use numpy"),
    ],
)
def test_what_cannot_be_swept_is_one_line(capsys, tmp_path, monkeypatch, flags, words):
    monkeypatch.chdir(tmp_path)
    assert words in refused(capsys, *flags, "-o", "table.csv")
    assert not os.listdir(tmp_path)


def test_a_table_that_cannot_be_written_is_said_before_the_runs(capsys, tmp_path):
    for out in (tmp_path / "none" / "x.csv", tmp_path):
        assert "cannot write" in refused(capsys, *OVER, "-o", str(out))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_sweep_leaves_nothing(tmp_path, number):
    out = tmp_path / "table.csv"
    command = [sys.executable, "-m", "sim", "sweep", "--over", "seed=0:3:4"]
    command += ["--set", "duration=1e6", "--workers", "2", "-o", str(out)]
    with started(*command) as child:
        until(lambda: os.listdir(tmp_path), "the first file")
        child.send_signal(number)
        _, err = child.communicate(timeout=LONG)
    assert child.returncode == 130
    assert err == b"python -m sim: stopped.\n"
    assert os.listdir(tmp_path) == []


def test_worker_processes_take_the_cards_in_turn(monkeypatch):
    monkeypatch.delenv(VISIBLE, raising=False)
    monkeypatch.setitem(sys.modules, "cupy", None)
    assert [card_of(k) for k in range(2)] == [{}, {}]
    runtime = SimpleNamespace(getDeviceCount=partial(int, 3))
    cupy = SimpleNamespace(cuda=SimpleNamespace(runtime=runtime))
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    assert [card_of(k)[VISIBLE] for k in range(4)] == ["0", "1", "2", "0"]
    monkeypatch.setenv(VISIBLE, "5,7")
    script = f"import os, sys; print('\"' + os.environ['{VISIBLE}'] + '\"', flush=True)"
    wait = "; sys.stdin.read()"
    monkeypatch.setattr(worker_pool, "COMMAND", [sys.executable, "-c", script + wait])
    with closing(worker_pool.completed([{}, {}], 2)) as heard:
        assert dict(heard) == {0: "5", 1: "7"}
    monkeypatch.setenv(VISIBLE, "5")
    assert card_of(3) == {}
