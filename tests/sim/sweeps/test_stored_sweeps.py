"""Sweeps that are cut short go on: nothing lost, nothing twice, the same table."""

import importlib.util
import json
import math
import os
import random
import statistics
import sys

import numpy as np
import pytest
from helpers.waiting import until
from scipy.integrate import quad

import sim
from app.__main__ import main
from sim.sweeps import command, sweep
from sim.sweeps.jobs import results_of
from sim.sweeps.single_run import result_of
from sim.sweeps.store import Store
from sim.sweeps.summary import QUANTILES, summary
from sim.sweeps.table import read_rows, sweep_of

FLAGS = ["--set", "tokens=4", "--set", "duration=0.1", "--measure", "f_hat"]
OVER = ["--over", "dynamics.beta=1:4:2", "--seeds", "3"]
RUNS = 6


@pytest.fixture
def made(monkeypatch):
    """Let runs be made in this process; return those that were."""
    tasks = []

    def completed(wanted, workers):
        for number, job in enumerate(wanted):
            common = [job["task"]["scenario"]["dynamics"]["beta"]] * len(job["seeds"])
            betas = job["numbers"].get("beta", common)
            tasks.extend(zip(betas, job["seeds"], strict=True))
            yield number, json.loads(json.dumps(results_of(job)))

    monkeypatch.setattr(sweep, "completed", completed)
    return tasks


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def swept(*flags, out="a.csv"):
    return main(["sweep", *FLAGS, *OVER, "-o", out, *flags])


def kept(monkeypatch, out="a.csv"):
    """Make a sweep whose runs are all kept; return the bytes of table and store."""
    with monkeypatch.context() as patch:
        patch.setattr(Store, "remove", lambda self: None)
        assert swept(out=out) == 0
    with open(out, "rb") as table, open(f"{out}.sweep", "rb") as store:
        return table.read(), store.read()


@pytest.mark.slow
def test_a_store_that_is_cut_off_anywhere_is_gone_on_with(folder, made, monkeypatch):
    table, store = kept(monkeypatch)
    assert len(made) == len(set(made)) == RUNS
    first, rng = store.index(b"\n") + 1, random.Random(3)
    for cut in [
        first,
        len(store) - 1,
        *(rng.randrange(first, len(store) + 1) for _ in range(10)),
    ]:
        whole = store[:cut].count(b"\n") - 1
        made.clear()
        os.remove("a.csv")
        (folder / "a.csv.sweep").write_bytes(store[:cut])
        assert swept() == 0
        assert len(made) == RUNS - whole
        assert (folder / "a.csv").read_bytes() == table
        assert os.listdir() == ["a.csv"]


def test_a_sweep_that_ended_before_its_store_was_removed(folder, made, monkeypatch):
    table, _ = kept(monkeypatch)
    made.clear()
    assert swept() == 0
    assert not made and (folder / "a.csv").read_bytes() == table
    assert os.listdir() == ["a.csv"]


def test_a_sweep_that_is_complete_is_not_made_again(folder, made, capsys):
    assert swept() == 0
    table = (folder / "a.csv").read_bytes()
    made.clear()
    assert swept() == 0
    assert not made and "a.csv is complete" in capsys.readouterr().err
    assert swept("--summary") == 0
    assert not made and sorted(os.listdir()) == ["a.csv", "a.summary.csv"]
    assert swept("--force") == 0
    assert len(made) == RUNS and (folder / "a.csv").read_bytes() == table


def test_runs_are_kept_when_a_sweep_is_stopped(folder, made, monkeypatch, capsys):
    add = Store.add

    def stopping(self, *args):
        add(self, *args)
        if len(self.results) == RUNS // 2:  # all of the first job
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add", stopping)
        assert swept("--workers", "2") == 130
    assert "3 of 6 runs are kept in a.csv.sweep" in capsys.readouterr().err
    assert os.listdir() == ["a.csv.sweep"]
    assert swept() == 0
    assert len(made) == len(set(made)) == RUNS
    assert "3 of 6 runs are known" in capsys.readouterr().err


def test_a_run_whose_process_was_killed_is_tried_again(
    folder, made, monkeypatch, capsys
):
    results = sweep.completed

    def one_killed(tasks, workers):
        for number, result in results(tasks, workers):
            lost = {"rows": [], "error": "its process ended", "killed": True}
            yield number, lost if number == 0 else result

    with monkeypatch.context() as patch:
        patch.setattr(sweep, "completed", one_killed)
        assert swept("--workers", "1") == 1
    assert "failed runs: 1" in capsys.readouterr().err
    made.clear()
    assert swept() == 0
    assert made == [(1.0, 0)] and os.listdir() == ["a.csv"]


def refused(capsys, *flags, out="a.csv"):
    capsys.readouterr()
    assert swept(*flags, out=out) == 2
    said, err = capsys.readouterr()
    assert not said and len(err.splitlines()) == 1, err
    return err


def test_what_belongs_to_another_is_left_alone(folder, made, monkeypatch, capsys):
    _, store = kept(monkeypatch)
    made.clear()
    assert "a.csv holds another sweep" in refused(capsys, "--set", "step=0.1")
    os.remove("a.csv")
    told = refused(capsys, "--set", "step=0.1")
    assert "a.csv.sweep holds the runs of another sweep" in told
    (folder / "mine.csv").write_text("x\n")
    assert "mine.csv exists" in refused(capsys, out="mine.csv")
    (folder / "b.csv.sweep").write_text("x\n")
    assert "b.csv.sweep holds the runs of another" in refused(capsys, out="b.csv")
    (folder / "c.summary.csv").write_text("x\n")
    assert "c.summary.csv exists" in refused(capsys, "--summary", out="c.csv")
    assert not made and (folder / "a.csv.sweep").read_bytes() == store
    assert (folder / "mine.csv").read_text() == "x\n"
    assert swept("--set", "step=0.1", "--force") == 0
    assert len(made) == RUNS and not (folder / "a.csv.sweep").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such lock")
def test_two_processes_do_not_write_one_table(folder, made, capsys):
    plan = sim.sweeps.plan.planned(sim.Scenario(), {"seed": "1,2"})
    with Store(folder / "a.csv.sweep", plan):
        assert "another process is computing a.csv.sweep" in refused(capsys)
    assert not made and not os.listdir()


def test_many_runs_need_a_yes(folder, made, monkeypatch, capsys):
    monkeypatch.setattr(command, "MANY_RUNS", 5)
    assert "these are 6 runs, more than 5. Add --yes" in refused(capsys)
    assert not os.listdir() and not made
    assert swept("--yes") == 0


def test_a_changed_file_is_another_sweep(folder, made, monkeypatch, capsys):
    points = folder / "points.csv"
    points.write_text("x,y,z\n1,0,0\n0,1,0\n0,0,1\n")
    flags = ["--over", "dynamics.beta=1,2", "--measure", "f_hat", "-o", "a.csv"]
    assert main(["sweep", "points.csv", "--set", "duration=0.1", *flags]) == 0
    points.write_text("x,y,z\n1,0,0\n0,1,0\n0,1,1\n")
    capsys.readouterr()
    assert main(["sweep", "points.csv", "--set", "duration=0.1", *flags]) == 2
    assert "a.csv holds another sweep" in capsys.readouterr().err


def test_python_keeps_results_too(folder, made):
    args = (sim.Scenario(tokens=4, duration=0.1), {"dynamics.beta": "1,2"})
    rows = sim.sweep(*args, measures=["f_hat"], store="kept.sweep")
    made.clear()
    assert sim.sweep(*args, measures=["f_hat"], store="kept.sweep") == rows
    assert not made and os.listdir() == ["kept.sweep"]


# Parquet.


def test_without_pyarrow_parquet_is_one_message(folder, made, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert "Install it with pip install pyarrow" in refused(capsys, out="a.parquet")
    assert not made and not os.listdir()


@pytest.mark.skipif(importlib.util.find_spec("pyarrow") is None, reason="no pyarrow")
def test_parquet_has_the_rows_of_the_csv(folder, made, monkeypatch):
    kept(monkeypatch, out="a.parquet")
    first = (folder / "a.parquet").read_bytes()
    assert swept(out="a.parquet") == 0 and (folder / "a.parquet").read_bytes() == first
    assert swept(out="a.csv") == 0
    read = [
        read_rows(folder / name, plan_of(folder)) for name in ("a.csv", "a.parquet")
    ]
    for one, other in zip(*read, strict=True):
        assert {k: str(v) for k, v in one.items()} == {
            k: str(v) for k, v in other.items()
        }
    assert sweep_of(folder / "a.parquet") == sweep_of(folder / "a.csv") != ""


def plan_of(folder):
    scenario = sim.open_scenario(folder / "a.csv")
    return sim.sweeps.plan.planned(scenario, {"dynamics.beta": "1:4:2"}, seeds=3)


# The summary.


def test_the_summary_is_that_of_the_rows(folder, made):
    assert swept("--summary") == 0
    rows = read_rows(folder / "a.csv", plan_of(folder))
    lines = (folder / "a.summary.csv").read_text().splitlines()
    names, *cells = [line.split(",") for line in lines if not line.startswith("#")]
    assert names[:4] == ["dynamics.beta", "t", "runs", "failed"]
    for k, cell in enumerate(cells):
        found = dict(zip(names, cell, strict=True))
        values = [row["f_hat"] for row in rows[3 * k : 3 * k + 3]]
        assert (found["runs"], found["failed"], found["f_hat:count"]) == ("3", "0", "3")
        mean, sd = statistics.mean(values), statistics.stdev(values)
        assert float(found["f_hat:mean"]) == pytest.approx(mean, rel=1e-14)
        assert float(found["f_hat:sd"]) == pytest.approx(sd, rel=1e-12)
        assert float(found["f_hat:q50"]) == sorted(values)[1]


def test_the_summary_counts_what_has_no_number():
    values = [3.0, math.nan, 1.0, 2.0, 5.0]
    rows = [
        {"b": 1, "seed": k, "t": 2.0, "x": v, "error": ""} for k, v in enumerate(values)
    ]
    rows[1]["error"] = "it ended"
    (found,) = summary(rows)
    assert (found["runs"], found["failed"], found["x:count"]) == (5, 1, 4)
    assert found["x:mean"] == 2.75
    wanted = statistics.quantiles([1.0, 2.0, 3.0, 5.0], n=20, method="inclusive")
    for q in QUANTILES:
        assert found[f"x:q{round(100 * q):02d}"] == pytest.approx(
            wanted[round(20 * q) - 1]
        )
    (one,) = summary(rows[:1])
    assert one["x:mean"] == 3.0 and math.isnan(one["x:sd"])


# First-passage times.


def passage(scenario, at, *kinds):
    task = {"scenario": sim.scenario.plain(scenario), "at": at, "measures": [*kinds]}
    found = result_of({**task, "backend": "numpy", "theory": False})
    assert not found["error"]
    return found["rows"]


@pytest.mark.parametrize("step", [0.05, 0.013])
@pytest.mark.slow
def test_equal_angles_align_when_their_equation_says(step):
    n, beta, rho = 6, 1.5, 0.2
    changes = {"dimension": n, "initial": "equiangular", "initial.cosine": rho}
    s = sim.edit(sim.Scenario(tokens=n, step=step), {**changes, "dynamics.beta": beta})

    def slowness(r):
        return (math.exp(beta * (1 - r)) + n - 1) / (2 * (1 - r) * (1 + (n - 1) * r))

    wanted = quad(slowness, rho, 0.999)[0]
    kinds = ("time_to_mean_cosine", "time_to_one_cluster")
    before, after = passage(s, [0.9 * wanted, wanted + 0.1], *kinds)
    assert all(math.isnan(before[kind]) for kind in kinds)
    assert wanted - 1e-5 < after["time_to_mean_cosine"] < wanted + step + 1e-5
    assert after["time_to_one_cluster"] - after["time_to_mean_cosine"] in (
        0,
        pytest.approx(step),
    )


@pytest.mark.slow
def test_passages_are_the_first_step_and_rows_do_not_move_them():
    s = sim.edit(sim.Scenario(tokens=12, seed=5, step=0.1), {"dynamics.beta": 1.0})
    run, wanted = sim.Simulation(s, "numpy"), {}
    while len(wanted) < 2:
        x = run.x
        cosines = x @ x.T
        if cosines[~np.eye(12, dtype=bool)].mean() >= 0.999:
            wanted.setdefault("time_to_mean_cosine", run.t)
        if run.measures()["clusters"] == 1:
            wanted.setdefault("time_to_one_cluster", run.t)
        run.step()
        assert run.t < 20
    end = max(wanted.values()) + 1
    assert passage(s, [end], *wanted)[-1] == {"t": end, **wanted}
    assert passage(s, [0.03, 0.77, 3.333, end], *wanted)[-1] == {"t": end, **wanted}
    # In flat space there are no cosines; a lone token is one cluster from the start.
    flat = sim.edit(
        s, {"space": "flat", "tokens": 1, "dynamics.heads.value.scale": 0.1}
    )
    (row,) = passage(flat, [0.2], *wanted)
    assert math.isnan(row["time_to_mean_cosine"]) and row["time_to_one_cluster"] == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
def test_a_killed_sweep_goes_on(tmp_path, made):
    from helpers.sweep_kills import FLAGS, kept_runs, wrongly_resumed

    out = tmp_path / "known.csv"
    # At once they might be done before the kill.
    extra = ["--one-by-one", "--set", "duration=1"]
    assert main(["sweep", *FLAGS, *extra, "-o", str(out)]) == 0
    after = random.Random(1).randrange(2, 8)

    def wait(place):
        until(lambda: len(kept_runs(place)) >= after, "some runs")

    base = tmp_path / "killed"
    assert not wrongly_resumed(out.read_bytes(), wait, base, workers=1, extra=extra)
