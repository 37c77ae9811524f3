"""What is written down, and that nothing half-written stays."""

import csv
import dataclasses
import json

import numpy as np
import pytest
from helpers.oracles import held
from helpers.paths import SCENARIOS

import sim
from sim import Scenario, Simulation, edit
from sim.attention.interaction import interaction
from sim.io.atomic_write import CannotWriteError, atomic_write
from sim.recorders import Recorder
from sim.recorders.observables import Observables
from sim.recorders.trajectory import Trajectory
from sim.recording.merge_events import MAX_TOKENS, MergeEvents
from sim.recording.recorded_run import DEFAULT_FRAMES
from sim.recording.run_folder import record_run
from sim.scenario import from_json, to_json
from sim.schedule_file import run_from_plain
from sim.tables.reading import read_tokens

SMALL = Scenario(tokens=6, step=0.1, duration=2.0, title="β → ∞, “ü”")


def lines(path):
    return path.read_bytes().decode("utf-8").splitlines(keepends=True)


def read(path):
    text = [line for line in lines(path) if not line.startswith("#")]
    return [*csv.DictReader(text)]


def test_a_run_in_a_folder(tmp_path):
    heard = []
    found = record_run(
        SMALL,
        tmp_path / "out" / "deep",
        every=5,
        backend="numpy",
        progress=lambda done, t, measures: heard.append((done, t, measures)),
    )
    folder = tmp_path / "out" / "deep"
    names = ["observables.csv", "scenario.json", "trajectory.csv"]
    assert sorted(p.name for p in folder.iterdir()) == names
    assert Scenario.load(folder / "scenario.json") == SMALL
    assert [h[0] for h in heard] == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    run = Simulation(SMALL, "numpy")
    run.reach(2.0)
    assert found["t"] == run.t == heard[-1][1]
    assert (found["steps"], found["frames"]) == (20, 5)
    for kind, value in run.measures().items():
        assert found[kind] == pytest.approx(value, rel=1e-14, nan_ok=True)


def test_the_first_lines_say_where_a_table_comes_from(tmp_path):
    record_run(SMALL, tmp_path, every=10, backend="numpy")
    for name in ("observables", "trajectory"):
        table = lines(tmp_path / f"{name}.csv")
        first, sums, *said, second, header = table[: 5 - (name == "trajectory")]
        assert all("nan: cycles: the law has no momenta" in line for line in said)
        assert from_json(first.removeprefix("# scenario:")) == SMALL
        assert sums.startswith("# sums: direct; ")
        assert second == (
            f"# attention-orrery {sim.__version__} numpy {np.__version__}\n"
        )
        assert header.startswith("t,")
        assert all(
            line.endswith("\n") and "\r" not in line
            for line in lines(tmp_path / f"{name}.csv")
        )


def test_numbers_read_back_exactly(tmp_path):
    record_run(SMALL, tmp_path, every=7, backend="numpy")
    run = Simulation(SMALL, "numpy")
    rows = read(tmp_path / "trajectory.csv")
    assert list(rows[0]) == ["t", "token", "label", "x0", "x1", "x2", "cluster"]
    times = sorted({float(r["t"]) for r in rows})
    assert times == pytest.approx([0, 0.7, 1.4, 2.0])
    for t in times:
        run.reach(t)
        now = [r for r in rows if float(r["t"]) == t]
        x = np.array([[float(r[f"x{k}"]) for k in range(3)] for r in now])
        assert (x == run.x).all()
        assert [int(r["token"]) for r in now] == [*range(6)]
        assert [int(r["cluster"]) for r in now] == run.frame().labels.tolist()
    for row in read(tmp_path / "observables.csv"):
        assert set(row) == {"t", *run.measures()}


def test_exported_positions_give_the_exported_energy(tmp_path):
    record_run(SMALL, tmp_path, every=4, backend="numpy")
    last = read(tmp_path / "observables.csv")[-1]
    again = read_tokens(str(tmp_path / "trajectory.csv"))  # the last frame
    found = float(interaction(again.x, SMALL.dynamics.beta))
    assert found == pytest.approx(float(last["f_hat"]), abs=1e-12)
    changes = {
        "initial": "file",
        "initial.path": str(tmp_path / "trajectory.csv"),
        "initial.centre": False,
    }
    back = Simulation(edit(SMALL, changes), "numpy")
    assert back.measures()["f_hat"] == pytest.approx(found, abs=1e-12)


@pytest.mark.slow
def test_names_and_groups_are_written_and_read(tmp_path):
    scenario = edit(SMALL, {"initial": "file", "initial.limit": 5, "duration": 0.1})
    record_run(scenario, tmp_path, backend="numpy")
    table = read_tokens(str(tmp_path / "trajectory.csv"))
    assert table.names == ("cat", "dog", "horse", *table.names[3:])
    assert table.groups == ("animals",) * 5
    assert table.x.shape == (5, 384)


def test_the_same_scenario_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        record_run(SMALL, tmp_path / name, backend="numpy")
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


@pytest.mark.slow
def test_about_two_hundred_frames_are_kept():
    for duration, frames in ((0.5, 6), (20.0, 201), (39.9, 201)):
        long = dataclasses.replace(SMALL, duration=duration)
        found = record_run(long, None, backend="numpy")
        assert found["frames"] == frames
        assert found["t"] == pytest.approx(duration)
    assert DEFAULT_FRAMES == 200


def test_a_duration_that_is_no_whole_number_of_steps_is_rounded_up():
    odd = dataclasses.replace(SMALL, duration=0.95, step=0.3)
    assert record_run(odd, None, backend="numpy")["t"] == pytest.approx(1.2)


def test_without_a_trajectory(tmp_path):
    record_run(SMALL, tmp_path, backend="numpy", trajectory=False)
    names = ["observables.csv", "scenario.json"]
    assert sorted(p.name for p in tmp_path.iterdir()) == names


class CancelledError(Exception):
    pass


def test_cancelling_leaves_what_was_there(tmp_path):
    record_run(SMALL, tmp_path / "old", backend="numpy")
    before = {p.name: p.read_bytes() for p in (tmp_path / "old").iterdir()}

    def stop(done, t, measures):
        if done > 0.4:
            raise CancelledError

    for folder in ("old", "new"):
        with pytest.raises(CancelledError):
            other = dataclasses.replace(SMALL, seed=1)
            record_run(other, tmp_path / folder, backend="numpy", progress=stop)
    assert not (tmp_path / "new").exists()
    assert {p.name: p.read_bytes() for p in (tmp_path / "old").iterdir()} == before


def test_every_step_or_none():
    with pytest.raises(ValueError, match=r"every must be 1 or more steps, got 0\."):
        record_run(SMALL, None, every=0)


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        record_run(SMALL, tmp_path / "file" / "x", backend="numpy")


@pytest.mark.parametrize("kind", Recorder.kinds())
def test_recorders_write_frames_and_clean_up(kind, tmp_path):
    recorder = Recorder.member(kind)()
    run = Simulation(SMALL, "numpy")

    def frames(broken=False):
        run.reset()
        for _ in range(3):
            yield run.frame(request=recorder.request())
            run.step()
        if broken:
            raise CancelledError

    path = tmp_path / f"out{recorder.suffix}"
    recorder.record(frames(), path)
    whole = path.read_bytes()
    assert whole
    with pytest.raises(CancelledError):
        recorder.record(frames(broken=True), path)
    assert path.read_bytes() == whole
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_change_of_scenario_is_noted(tmp_path):
    run = Simulation(SMALL, "numpy")

    def frames():
        yield run.frame()
        run.retune(edit(SMALL, {"dynamics.beta": 9.0}))
        run.step()
        yield run.frame()

    for recorder in (Trajectory(), Observables()):
        run.retune(SMALL)
        path = tmp_path / f"{recorder.kind}.csv"
        recorder.record(frames(), path)
        notes = [line for line in lines(path) if line.startswith("# scenario: ")]
        runs = [run_from_plain(json.loads(note[12:])) for note in notes]
        assert [r.at(run.t).dynamics.beta for r in runs] == [4.0, 9.0]
        assert read(path)[-1]["t"] != "0.0"


# Writing aside.


def test_a_broken_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("old")
    with pytest.raises(CancelledError), atomic_write(path) as temporary:
        temporary.write_text("half")
        raise CancelledError
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_what_cannot_be_written_is_said_once(tmp_path):
    path = tmp_path / "none" / "a.json"
    with pytest.raises(CannotWriteError, match=r"cannot write .*: No such file") as e:
        with atomic_write(tmp_path / "b.json"), atomic_write(path):
            pass
    assert str(e.value).count("cannot write") == 1
    assert [*tmp_path.iterdir()] == []
    with pytest.raises(BrokenPipeError), atomic_write(tmp_path / "c.json"):
        raise BrokenPipeError


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.json").write_text("old")
    link = tmp_path / "link.json"
    try:
        link.symlink_to("real.json")
    except OSError:
        pytest.skip("no links here")
    SMALL.save(link)
    assert link.is_symlink()
    assert json.loads((tmp_path / "real.json").read_text("utf-8"))["tokens"] == 6
    assert to_json(Scenario.load(link)) == to_json(SMALL)


@pytest.mark.slow
def test_mergers_are_placed_between_steps():
    """Three tokens on a circle: both changes are where cosines pass 0.999."""
    s = edit(Scenario(tokens=3, dimension=2, seed=2), {"dynamics.beta": 1.0})
    fine = Simulation(edit(s, {"integrator": "adaptive", "step": 0.01}), "numpy")
    near = []
    while fine.t < 20 - 1e-9:
        near.append((fine.t, *np.sort((fine.x @ fine.x.T)[np.triu_indices(3, 1)])))
        fine.step()
    t, *cosines = np.array(near).T
    # The second of two links joins the last token; the largest cosine the first pair.
    wanted = [np.interp(0.999, cosines[k], t) for k in (2, 1)]
    coarse = Simulation(edit(s, {"integrator": "adaptive", "step": 0.25}), "numpy")
    mergers, found = MergeEvents(coarse), []
    while coarse.t < 20 - 1e-9:
        coarse.step()
        found += mergers.changes()
    assert [c.clusters for c in found] == [2, 1]
    assert [c.t for c in found] == pytest.approx(wanted, abs=2e-4)
    assert str(found[-1]).startswith("one cluster from t = ")


@pytest.mark.slow
def test_a_step_may_see_several_changes():
    s = edit(Scenario(tokens=12), {"dynamics.beta": 1.0, "integrator": "adaptive"})
    run = Simulation(edit(s, {"step": 2.0}), "numpy")
    mergers, found = MergeEvents(run), []
    for _ in range(10):
        run.step()
        found += mergers.changes()
    times = [c.t for c in found]
    assert times == sorted(times)
    assert found[-1].clusters == 1
    assert len(found) > len({np.ceil(t / 2) for t in times})


@pytest.mark.slow
@pytest.mark.parametrize("integrator", ["rk4", "euler", "leapfrog"])
def test_the_last_events_are_those_of_all(integrator):
    law = "inertial" if integrator == "leapfrog" else "softmax"
    s = edit(Scenario(tokens=12, seed=3), {"dynamics": law})
    s = edit(s, {"dynamics.beta": 1.0, "integrator": integrator, "step": 0.2})
    s = edit(s, {"duration": 12.0})
    whole, last = [], []
    record_run(s, None, backend="numpy", event=whole.append)
    record_run(s, None, backend="numpy", event=last.append, last_events=3)
    assert len(whole) > 3
    assert last == whole[-3:]


@pytest.mark.slow
def test_events_are_reported_for_few_tokens():
    few, many = [], []
    s = edit(SMALL, {"dynamics.beta": 1.0, "duration": 20.0})
    record_run(s, None, backend="numpy", event=few.append)
    assert few[-1].clusters == 1
    crowd = edit(SMALL, {"tokens": MAX_TOKENS + 1, "duration": 0.2})
    record_run(crowd, None, backend="numpy", event=many.append)
    assert not many


@pytest.mark.slow
def test_the_run_of_five_tokens_says_when_they_meet(capsys):
    """One cluster at t = 328.36404, by DOP853 at 1e-12 of another code."""
    from sim.__main__ import main

    home = SCENARIOS
    assert main(["run", str(home / "five-tokens.json")]) == 0
    last = capsys.readouterr().out.strip().splitlines()[-1]
    words, _, t = last.rpartition(" = ")
    assert words == "one cluster from t"
    held(
        "P", "five tokens: one cluster at t = 328.364", abs(float(t) - 328.36404), 0.01
    )
