"""The one writer: what it changes, takes back, refuses and saves."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest
from helpers.sampling import drawn
from hypothesis import given
from hypothesis import strategies as st

from app.document.autosave import Autosave, orphans, put_aside, read_orphan
from app.document.document import Document
from app.document.look import CameraPose
from app.document.session import Session
from sim import Run
from sim.engine import Engine, Failure, FailureKind
from sim.record import Record, Samples
from sim.simulation import Simulation

NO_SAMPLES = Samples(1.0, np.empty(0), {})


class FakeEngine:
    """Notes what it is asked for, and delivers what the test puts in."""

    leads, late, failed, backend = True, False, False, "numpy"

    def __init__(self):
        self.asked, self.frames, self.failures = [], [], []
        self.speeds, self.resets, self.loads = [], 0, []
        self.playing, self.run, self.edits = False, Run(), 0

    def retune(self, scenario):
        self.asked.append(scenario)
        self.run, self.edits = Run(scenario), self.edits + 1

    def load(self, run, t):
        self.loads.append((run, t))
        self.run, self.edits = run, self.edits + 1

    load_anew = load

    def record(self):
        return Record(self.run, 0.0, NO_SAMPLES, self.edits)

    def set_speed(self, speed):
        self.speeds.append(speed)

    def reset(self):
        self.resets += 1

    def latest(self):
        return self.frames.pop(0) if self.frames else None

    def failure(self):
        return self.failures.pop(0) if self.failures else None


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def session(qapp, engine):
    made = Session(Document(), engine)
    yield made
    made.deleteLater()


def beta(session):
    return session.document.scenario.dynamics.beta


def test_an_edit_is_checked_passed_on_and_reported(session, engine, qtbot):
    with qtbot.waitSignal(session.changed) as reported:
        session.edit("dynamics.beta", 9.0)
    old, new = reported.args
    assert (old.scenario.dynamics.beta, new.scenario.dynamics.beta) == (4.0, 9.0)
    assert engine.asked == [new.scenario]
    assert session.dirty
    assert session.undo_text == "β"


def test_a_drag_is_one_step(session):
    for value in np.linspace(4.1, 9, 48):
        session.edit("dynamics.beta", float(value))
    session.release()
    session.undo()
    assert beta(session) == 4.0
    assert not session.dirty
    session.redo()
    assert beta(session) == 9.0


def test_two_drags_are_two_steps(session):
    session.edit("dynamics.beta", 5.0)
    session.release()
    session.edit("dynamics.beta", 6.0)
    session.undo()
    assert beta(session) == 5.0


def test_drags_of_two_sliders_are_two_steps(session):
    session.edit("dynamics.beta", 5.0)
    session.edit("tokens", 64)
    session.undo()
    assert (beta(session), session.document.scenario.tokens) == (5.0, 128)


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("dynamics.beta", 1e9, "must be in"),
        ("dynamics.beta", "nine", "must be a number"),
        ("dynamics", "hardmx", "no kind"),
        ("nowhere", 1, "No setting"),
        ("look.trail", -1.0, "must be in"),
    ],
)
def test_a_refused_edit_leaves_all_unharmed(session, engine, qtbot, path, value, why):
    before = session.document
    with qtbot.waitSignal(session.refused) as reported:
        session.edit(path, value)
    assert why in reported.args[0]
    assert session.document is before
    assert (engine.asked, session.undo_text, session.dirty) == ([], "", False)


def test_looks_are_undone_but_not_asked_of_the_engine(session, engine):
    session.edit("look.trail", 5.0)
    assert engine.asked == []
    session.undo()
    assert session.document.look.trail == 2.0


def test_the_speed_goes_to_the_engine(session, engine):
    session.edit("look.speed", 3.0)
    session.undo()
    assert engine.speeds == [3.0, 1.0]


def test_camera_moves_are_kept_but_not_undone(session):
    session.edit("dynamics.beta", 5.0)
    session.turn_camera(90.0, 10.0, 2.0)
    assert session.undo_text == "β"
    session.undo()
    assert session.document.look.camera == CameraPose(90.0, 10.0, 2.0)
    assert not session.dirty


def test_a_new_sample_is_another_seed(session):
    session.new_sample()
    assert session.document.scenario.seed != 0
    assert session.undo_text == "new sample"
    session.undo()
    assert session.document.scenario.seed == 0


VALUE = "dynamics.heads.value"


def frame_of(scenario):
    return Simulation(scenario, "numpy").frame()


@pytest.mark.slow
def test_what_the_engine_refuses_is_taken_back(session, engine, qtbot):
    ran = session.document.scenario
    session.edit("look.trail", 5.0)
    session.edit("dynamics.heads.value", "gaussian")
    engine.failures.append(Failure(FailureKind.REFUSED, "V must be 3 × 3."))
    engine.frames.append(frame_of(ran))
    with qtbot.waitSignals([session.refused, session.changed]):
        session._link.poll()
    assert session.document.scenario == ran
    assert session.document.look.trail == 5.0
    assert session.undo_text == "Trail"


def test_names_of_files_are_said_as_they_are(session, engine):
    said = []
    session.refused.connect(said.append)
    for text in ("my graph.npz: there is no such file.", "the law: β is 0.5."):
        engine.failures.append(Failure(FailureKind.REFUSED, text))
        session._link.poll()
    assert said == ["my graph.npz: there is no such file.", "The law: β is 0.5."]


def test_a_run_that_stopped_keeps_its_settings(session, engine):
    session.edit("dynamics.beta", 9.0)
    engine.failures.append(Failure(FailureKind.STOPPED, "token 3 is not finite."))
    engine.frames.append(frame_of(Document().scenario))
    session._link.poll()
    assert beta(session) == 9.0


def test_frames_wait_while_pictures_are_drawn(session, engine):
    arrived = []
    session.arrived.connect(arrived.append)
    frame = frame_of(Document().scenario)
    engine.frames.append(frame)
    session.lanes.hold(60.0)
    session._link.poll()
    assert not arrived
    assert engine.frames  # it waits where it is, so that no other one is made
    session.lanes.release()
    session._link.poll()
    assert len(arrived) == 1
    engine.frames.append(frame)
    session.lanes.hold(0.0)  # the time is over: a view that never draws holds nothing
    session._link.poll()
    assert len(arrived) == 2


def test_saving_and_opening(session, engine, tmp_path):
    session.edit("dynamics.beta", 7.0)
    assert session.save(tmp_path / "seven.json")
    assert not session.dirty
    session.edit("dynamics.beta", 8.0)
    assert session.open(tmp_path / "seven.json")
    assert beta(session) == 7.0
    assert session.path == tmp_path / "seven.json"
    assert not session.dirty
    session.undo()
    assert beta(session) == 8.0


def test_undoing_an_opening_goes_back_to_its_file(session, tmp_path):
    session.save(tmp_path / "one.json")
    Document().edit({"dynamics.beta": 2.0}).save(tmp_path / "two.json")
    session.open(tmp_path / "two.json")
    session.undo()
    assert session.path == tmp_path / "one.json"
    assert not session.dirty


def test_opening_the_same_run_again_starts_it_anew(session, engine, tmp_path):
    session.save(tmp_path / "same.json")
    session.open(tmp_path / "same.json")
    assert engine.loads == [(session.document.run, 0.0)]


def test_what_cannot_be_opened_is_reported(session, qtbot, tmp_path):
    (tmp_path / "broken.json").write_text("{")
    before = session.document
    for name in ("broken.json", "missing.json"):
        with qtbot.waitSignal(session.refused) as reported:
            assert not session.open(tmp_path / name)
        assert name in reported.args[0]
    assert session.document is before


def test_what_cannot_be_saved_is_reported(session, qtbot, tmp_path):
    with qtbot.waitSignal(session.refused) as reported:
        assert not session.save(tmp_path / "nowhere" / "x.json")
    assert "x.json was not saved" in reported.args[0]


EDITS = st.sampled_from(
    [
        ("dynamics.beta", 9.0),
        ("dynamics", "unnormalised"),
        ("dynamics", "bracket"),
        ("space", "flat"),
        ("tokens", 12),
        ("look.trail", 4.0),
        ("look.projection", "axes"),
        ("dynamics.heads.value.scale", -1.0),
        ("nowhere", 1),
    ]
)


@pytest.mark.slow
@drawn(40)
@given(st.lists(EDITS, max_size=12))
def test_every_edit_can_be_taken_back(qapp, edits):
    session = Session(Document(), FakeEngine())
    for path, value in edits:
        session.edit(path, value)
    last = session.document
    steps = 0
    while session.undo_text:
        session.undo()
        steps += 1
    assert session.document == Document()
    for _ in range(steps):
        session.redo()
    assert session.document == last


def test_with_a_real_engine(qapp, qtbot):
    document = Document().edit({"tokens": 16})
    session = Session(document, Engine(Simulation(document.scenario, "numpy")))
    session.start()
    try:
        with qtbot.waitSignal(session.arrived):
            pass
        session.edit("dynamics.beta", 1.0)

        def arrived(frames):
            return frames[0].scenario == session.document.scenario

        with qtbot.waitSignal(session.arrived, check_params_cb=arrived):
            pass
        missing = dataclasses.replace(session.document)
        session.change({VALUE: "explicit", f"{VALUE}.matrix": "1,0;0,1"}, "V")
        with qtbot.waitSignal(session.refused):
            pass
        qtbot.waitUntil(lambda: session.document == missing)
    finally:
        session.close()
    assert not session.engine._thread.is_alive()


def test_unsaved_edits_survive_a_crash(session, tmp_path):
    kept = Autosave(session, tmp_path)
    kept.write()
    assert list(tmp_path.glob("*.json")) == []
    session.edit("dynamics.beta", 9.0)
    kept.write()
    (file,) = tmp_path.glob("*.json")
    assert orphans(tmp_path) == []
    kept._lock.unlock()  # as when its process dies
    assert orphans(tmp_path) == [file]
    found = read_orphan(file)
    assert found.scenario.dynamics.beta == 9.0
    assert orphans(tmp_path) == [file]  # until its edits are kept anew
    other = Session(Document(), FakeEngine())
    anew = Autosave(other, tmp_path)
    anew.take_over(found, file)
    assert other.dirty and not file.exists()
    (again,) = tmp_path.glob("*.json")
    assert read_orphan(again).scenario.dynamics.beta == 9.0
    anew.close()
    kept.close()


def test_locks_of_windows_that_are_gone_are_removed(session, tmp_path):
    living = Autosave(session, tmp_path)
    (own,) = tmp_path.glob("*.lock")
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    left = tmp_path / f"{gone.pid}-a.lock"
    left.write_text(own.read_text().replace(str(os.getpid()), str(gone.pid)))
    assert orphans(tmp_path) == [] and list(tmp_path.iterdir()) == [own]
    living.close()
    assert list(tmp_path.iterdir()) == []


def test_on_a_full_disk_what_is_recovered_stays(session, tmp_path, monkeypatch):
    file, edits = tmp_path / "1-a.json", Document().edit({"dynamics.beta": 9.0})
    edits.save(file)
    kept = Autosave(session, tmp_path)
    session.edit("dynamics.beta", 2.0)
    kept.write()

    def full(*_, **__):
        raise OSError("no space")

    with monkeypatch.context() as disk:
        disk.setattr(Document, "save", full)
        kept.take_over(edits, file)
    assert read_orphan(file) == edits
    kept.write()
    (mine,) = set(tmp_path.glob("*.json")) - {file}
    assert read_orphan(mine).scenario.dynamics.beta == 9.0
    kept.close()


def test_a_recovery_file_that_cannot_be_read_is_kept(tmp_path):
    file = tmp_path / "1-a.json"
    file.write_text("{")
    assert read_orphan(file) is None
    assert put_aside(file).read_text() == "{"
    assert orphans(tmp_path) == []


def test_saved_edits_are_not_kept_twice(session, tmp_path):
    kept = Autosave(session, tmp_path / "aside")
    session.edit("dynamics.beta", 9.0)
    kept.write()
    session.save(tmp_path / "saved.json")
    kept.write()
    assert list((tmp_path / "aside").glob("*.json")) == []
    kept.close()


def test_what_is_stopped_from_outside_is_kept_for_the_next_time(session, tmp_path):
    kept = Autosave(session, tmp_path)
    session.edit("dynamics.beta", 9.0)
    kept.close(write=True)
    assert read_orphan(orphans(tmp_path)[0]).scenario.dynamics.beta == 9.0
