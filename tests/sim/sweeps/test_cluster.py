"""Sweeps on a cluster: the same rows, also when a worker is lost."""

import os
import signal
import sys

import pytest

import sim
from app.__main__ import main
from sim.sweeps.cluster import completed_on
from sim.sweeps.jobs import jobs_of, results_of
from sim.sweeps.plan import planned
from sim.sweeps.sweep import computed

SMALL = sim.Scenario(tokens=6, step=0.05, duration=20.0)
FLAGS = ["--set", "tokens=4", "--set", "duration=0.1", "--seeds", "2"]


def refused(capsys, address):
    assert main(["sweep", *FLAGS, "--scheduler", address]) == 2
    out, err = capsys.readouterr()
    assert not out and len(err.strip().splitlines()) == 1, err
    return err


def test_without_distributed_it_is_one_message(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "needs distributed" in refused(capsys, "tcp://127.0.0.1:1")


def test_no_scheduler_is_one_message(capsys, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("sim.sweeps.cluster.CONNECT_S", 1.0)
    assert "no scheduler answers" in refused(capsys, "tcp://127.0.0.1:1")


@pytest.mark.slow
def test_a_lost_worker_changes_no_row(capsys, monkeypatch):
    distributed = pytest.importorskip("distributed")
    plan = planned(SMALL, {"dynamics.beta": "1:9:12"}, seeds=2, measures=["f_hat"])
    jobs = jobs_of(plan, range(24), 1)
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with cluster:
        address = cluster.scheduler_address
        first = next(iter(cluster.workers.values())).pid

        def kill(done, total):
            if done == 2:  # the runs of the first job
                os.kill(first, signal.SIGKILL)

        found = computed(plan, 1, None, kill, address)
        rows = plan.rows(found)
        with monkeypatch.context() as patch:
            patch.setattr("sim.sweeps.cluster.__version__", "9.9")
            with pytest.raises(ValueError, match="Install the same"):
                next(completed_on(address, []))
    wanted = {}
    for job in jobs:
        names = [plan.keys[k] for k in job.numbers]
        wanted |= zip(names, results_of(job.data), strict=True)
    assert rows == plan.rows(wanted)
