"""Sweeps on a cluster: the same rows, also when a worker is lost."""

import os
import signal
import sys

import pytest

from app.__main__ import main
from sim.sweeps import cluster
from sim.sweeps.cluster import completed_on
from sim.sweeps.cluster_worker import end_processes, made_here
from sim.sweeps.store import Store

FLAGS = ["--set", "tokens=4", "--set", "duration=0.1", "--measure", "f_hat"]


def refused(capsys, address, *flags):
    capsys.readouterr()
    assert main(["sweep", *FLAGS, "--seeds", "2", "--scheduler", address, *flags]) == 2
    (line,) = [
        text
        for text in capsys.readouterr().err.splitlines()
        if "Ctrl-C" not in text  # a slow machine
    ]
    return line


def broken(*_):
    raise ModuleNotFoundError("sim")


def test_without_distributed_it_is_one_message(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "needs distributed" in refused(capsys, "tcp://127.0.0.1:1")


@pytest.mark.slow
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere", "x://y:1"])
def test_no_scheduler_is_one_message(capsys, monkeypatch, address):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)
    assert "no scheduler answers" in refused(capsys, address)


@pytest.mark.slow
def test_a_lost_process_is_one_result():
    found = made_here({"task": {}})  # which ends with an error
    end_processes()
    assert found["killed"] and "its process ended with code" in found["error"]


@pytest.fixture
def two_workers():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as made:
        yield made


@pytest.mark.slow
def test_a_lost_worker_changes_no_byte(two_workers, capsys, monkeypatch, tmp_path):
    address = two_workers.scheduler_address
    first = next(iter(two_workers.workers.values())).pid
    add, added = Store.add, []

    def killing(self, *args):
        add(self, *args)
        added.append(args[0])
        if len(added) == 2:  # the runs of the first job
            os.kill(first, signal.SIGKILL)

    monkeypatch.chdir(tmp_path)
    over = [*FLAGS, "--over", "dynamics.beta=1:9:12", "--seeds", "2", "--workers", "1"]
    assert main(["sweep", *over, "-o", "near.csv"]) == 0
    with monkeypatch.context() as patch:
        patch.setattr(Store, "add", killing)
        assert main(["sweep", *over, "-o", "far.csv", "--scheduler", address]) == 0
    assert len(added) == len(set(added)) == 24
    assert (tmp_path / "far.csv").read_bytes() == (tmp_path / "near.csv").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "versions_here", broken)
        assert "a worker cannot run this program" in refused(capsys, address)
    monkeypatch.setattr("sim.recorders.__version__", "9.9")  # in this process alone
    with pytest.raises(ValueError, match=r"a worker has .*9.9 numpy.*the same there"):
        next(completed_on(address, []))
