"""Lanes that are recorded by processes: the same bytes, events, results and errors."""

import pytest

from sim import Run, Scenario, compare, edit
from sim.recording import lane_processes
from sim.recording.lane_folder import record_lanes
from sim.recording.recorded_run import RecordOptions

START = Scenario(tokens=8, duration=1.0, seed=2)
LAYERS = RecordOptions(backend="numpy", layers=True)


@pytest.fixture
def processes(monkeypatch):
    """Have lanes recorded by processes, however short they are; return what started."""
    started = []

    class Noted(lane_processes.LaneProcess):
        def __init__(self, *given):
            super().__init__(*given)
            started.append(self)

    monkeypatch.setattr(lane_processes, "LEAST_WORK", 0)
    monkeypatch.setattr(lane_processes, "threads", lambda: 2)
    monkeypatch.setattr(lane_processes, "LaneProcess", Noted)
    return started


@pytest.mark.slow
def test_processes_write_what_one_process_writes(processes, monkeypatch, tmp_path):
    lanes = compare(Run(START), {"dynamics.beta": [1, 9]})
    found = []
    for name, count in (("together", 2), ("after", 1)):
        monkeypatch.setattr(lane_processes, "threads", lambda count=count: count)
        events, shares = [], []
        ends = record_lanes(
            lanes,
            tmp_path / name,
            LAYERS,
            progress=lambda k, done, t, _, to=shares: to.append((k, done, t)),
            event=lambda k, change, to=events: to.append((k, change)),
        )
        found.append((ends, shares, sorted(events, key=str)))
        assert len(processes) == 2
    assert repr(found[0]) == repr(found[1])  # NaN is not equal to itself
    files = sorted(path.name for path in (tmp_path / "after").iterdir())
    assert len(files) == 4
    for name in files:
        made, again = (tmp_path / k / name for k in ("together", "after"))
        assert made.read_bytes() == again.read_bytes(), name
    assert all(one._process.poll() is not None for one in processes)


@pytest.mark.slow
def test_a_process_that_is_killed_is_said_and_the_others_end(processes, monkeypatch):
    def kill(k, done, t, measures):
        processes[0]._process.kill()

    monkeypatch.setattr(lane_processes, "WAITING_BYTES", 0)
    lanes = compare(Run(edit(START, {"duration": 40.0})), {"dynamics.beta": [1, 9]})
    with pytest.raises(RuntimeError, match=r"^lane 1: its process ended"):
        record_lanes(lanes, None, RecordOptions(every=1, trajectory=False), kill)
    assert all(one._process.poll() is not None for one in processes)
