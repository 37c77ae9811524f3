"""The log: what is done in the window is in the run, and can be taken back."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from app.document.document import Document
from app.document.marks import marks_of, moved, near, without
from app.document.session import Session
from sim import Change, Engine, FrameRequest, Run, Scenario, Simulation, edit

REQUEST = FrameRequest(observables=frozenset({"f_hat", "order"}), clusters=False)
START = Scenario(tokens=12, duration=4)


@pytest.fixture
def session(qapp, qtbot):
    made = Session(Document(START), Engine(Simulation(START, "numpy"), speed=8.0))
    with qtbot.waitSignal(made.arrived):
        made.start(playing=False)
    yield made
    made.close()
    made.deleteLater()


def play_to(session, qtbot, t):
    session.engine.play()
    qtbot.waitUntil(lambda: session.t >= t)
    session.engine.pause()
    settle(session, qtbot)


def settle(session, qtbot, t=None):
    """Wait until every edit is in force and its frame has come, that of `t` if given.

    The frame of another run may come before the one of the time that it goes on from.
    """
    session.engine.record()
    qtbot.waitUntil(lambda: not session._link.waits)
    if t is not None:
        qtbot.waitUntil(lambda: session.t == t)
    qtbot.wait(40)


def seek(session, qtbot, t):
    session.engine.seek(t)
    qtbot.waitUntil(lambda: session.t == t)
    settle(session, qtbot)


def beta(session):
    return session.document.scenario.dynamics.beta


def do(session, qtbot, value, path="dynamics.beta"):
    session.edit(path, value)
    session.release()
    settle(session, qtbot)


@pytest.mark.slow
def test_an_edit_while_the_run_plays_is_in_its_log(session, qtbot):
    play_to(session, qtbot, 0.5)
    do(session, qtbot, 9.0)
    play_to(session, qtbot, 1.0)
    (change,) = session.document.changes
    assert change.settings == {"dynamics.beta": 9.0}
    assert 0.5 <= change.t < 1.0
    assert session.document.run.start == START
    assert session.dirty


@pytest.mark.slow
def test_the_file_plays_what_was_seen(session, qtbot, tmp_path):
    play_to(session, qtbot, 0.5)
    do(session, qtbot, 9.0)
    play_to(session, qtbot, 1.0)
    do(session, qtbot, "mix", "dynamics")
    play_to(session, qtbot, 1.5)
    seen = session.engine.collect([0.2, 0.7, 1.2], REQUEST).result(30)
    assert session.save(tmp_path / "a.json")
    again = Simulation(Document.load(tmp_path / "a.json").run, "numpy")
    for frame in seen:
        again.reach(frame.t)
        other = again.frame(frame.t, REQUEST)
        assert np.array_equal(frame.x, other.x)
        assert np.array_equal(frame.p, other.p)
        assert repr(frame.measures) == repr(other.measures)  # NaN equals NaN
    assert not session.dirty


@pytest.mark.slow
def test_undo_takes_an_edit_back_from_now_on(session, qtbot):
    play_to(session, qtbot, 0.5)
    do(session, qtbot, 9.0)
    play_to(session, qtbot, 1.0)
    session.undo()
    settle(session, qtbot)
    first, second = session.document.changes
    assert first.settings == {"dynamics.beta": 9.0}
    assert second.settings == {"dynamics.beta": 4.0}
    session.redo()
    settle(session, qtbot)
    assert beta(session) == 9.0
    assert session.document.changes == (first,)


@pytest.mark.slow
def test_undo_at_the_time_of_the_edit_leaves_no_change(session, qtbot):
    play_to(session, qtbot, 0.5)
    do(session, qtbot, 9.0)
    session.undo()
    settle(session, qtbot)
    assert session.document.changes == ()
    assert not session.dirty


@pytest.mark.slow
def test_going_back_shows_the_settings_of_that_time(session, qtbot):
    play_to(session, qtbot, 0.5)
    do(session, qtbot, 9.0)
    play_to(session, qtbot, 1.0)
    log = session.document.log
    seek(session, qtbot, 0.2)
    assert beta(session) == 4.0
    assert session.document.log == log
    seek(session, qtbot, 0.9)
    assert beta(session) == 9.0


@pytest.mark.slow
def test_an_edit_in_the_past_replaces_what_came_later_until_undone(session, qtbot):
    play_to(session, qtbot, 0.5)
    do(session, qtbot, 9.0)
    play_to(session, qtbot, 1.0)
    log = session.document.log
    seek(session, qtbot, 0.2)
    do(session, qtbot, 2.0)
    (only,) = session.document.changes
    assert only.settings == {"dynamics.beta": 2.0}
    play_to(session, qtbot, 0.8)
    session.undo()
    settle(session, qtbot)
    assert session.document.log == log
    assert (session.t, beta(session)) == (0.2, 4.0)
    session.redo()
    settle(session, qtbot)
    assert session.document.changes == (only,)


@pytest.mark.slow
def test_undo_before_the_time_of_an_edit_takes_it_out(session, qtbot):
    play_to(session, qtbot, 0.5)
    do(session, qtbot, 9.0)
    play_to(session, qtbot, 1.0)
    log = session.document.log
    seek(session, qtbot, 0.2)
    session.undo()
    settle(session, qtbot)
    assert session.document.changes == ()
    assert session.t == 0.2
    session.redo()
    settle(session, qtbot)
    assert session.document.log == log


@pytest.mark.slow
def test_a_reset_begins_a_new_run_and_the_old_one_is_behind_one_undo(session, qtbot):
    play_to(session, qtbot, 0.5)
    do(session, qtbot, 9.0)
    play_to(session, qtbot, 1.0)
    log, t = session.document.log, session.t
    session.reset()
    settle(session, qtbot, 0.0)
    assert session.document.changes == ()
    assert (beta(session), session.t) == (9.0, 0.0)
    session.undo()
    settle(session, qtbot, t)
    assert session.document.log == log
    assert session.t == t


@pytest.mark.slow
def test_a_new_sample_can_be_undone_to_the_time_that_was_on_show(session, qtbot):
    play_to(session, qtbot, 0.5)
    do(session, qtbot, 9.0)
    play_to(session, qtbot, 1.0)
    log, t = session.document.log, session.t
    session.new_sample()
    settle(session, qtbot)
    assert session.document.changes == ()
    assert session.document.run.start.dynamics.beta == 9.0
    session.undo()
    settle(session, qtbot, t)
    assert session.document.log == log
    assert session.t == t


@pytest.mark.slow
def test_a_file_with_changes_is_played(session, qtbot, tmp_path):
    run = Run(START, (Change(0.5, {"dynamics.beta": 9.0}),))
    Document.of_run(run).save(tmp_path / "a.json")
    assert session.open(tmp_path / "a.json")
    settle(session, qtbot)
    assert beta(session) == 4.0
    play_to(session, qtbot, 1.0)
    assert beta(session) == 9.0
    assert session.document.run == run
    assert not session.dirty


@pytest.mark.slow
def test_a_change_after_the_duration_makes_the_saved_run_longer(
    session, qtbot, tmp_path
):
    seek(session, qtbot, 4.5)
    do(session, qtbot, 9.0)
    session.save(tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text())["duration"] == 5
    assert session.document.scenario.duration == 5
    settle(session, qtbot)
    assert session.document.scenario.duration == 5
    assert not session.dirty


@pytest.mark.slow
def test_looks_are_not_in_the_log_and_undo_leaves_the_run_alone(session, qtbot):
    play_to(session, qtbot, 0.5)
    do(session, qtbot, 9.0)
    do(session, qtbot, 5.0, "look.trail")
    play_to(session, qtbot, 1.0)
    log = session.document.log
    session.undo()
    settle(session, qtbot)
    assert session.document.look.trail == 2.0
    assert session.document.log == log


@pytest.mark.slow
def test_a_mark_is_moved_deleted_and_brought_back(session, qtbot):
    play_to(session, qtbot, 0.5)
    do(session, qtbot, 9.0)
    play_to(session, qtbot, 1.0)
    run, t = session.document.run, session.t
    (mark,) = marks_of(run)
    session.rewrite(moved(run, mark, 0.2), "move β = 9")
    settle(session, qtbot)
    assert [c.t for c in session.document.changes] == [0.2]
    assert session.t == t
    session.undo()
    settle(session, qtbot)
    assert session.document.run == run
    session.rewrite(without(run, mark), "delete β = 9")
    settle(session, qtbot)
    assert session.document.changes == ()
    assert beta(session) == 4.0


DRAG = [Change(1 + k / 100, {"dynamics.beta": 5.0 + k}) for k in range(10)]


def test_a_drag_is_one_mark_that_keeps_its_values():
    run = Run(START, (*DRAG, Change(2.0, {"dynamics.beta": 1.0})))
    drag, single = marks_of(run)
    assert (drag.t, drag.end, drag.text) == (1.0, 1.09, "β = 14")
    assert (single.t, single.text) == (2.0, "β = 1")
    later = moved(run, drag, 3.0)
    assert [c.settings["dynamics.beta"] for c in later.changes] == [
        1.0,
        *(5.0 + k for k in range(10)),
    ]
    assert later.changes[-1].t == pytest.approx(3.09)
    assert without(run, drag).changes == run.changes[-1:]
    assert near((drag, single), 1.9, 0.2) == single
    assert near((drag, single), 1.5, 0.2) is None


def test_a_mark_says_its_value_where_that_was_in_force_before():
    run = Run(START, (Change(1.0, {"dynamics.beta": START.dynamics.beta}),))
    (mark,) = marks_of(run)
    assert mark.text == f"β = {START.dynamics.beta:g}"


def test_a_mark_that_others_need_is_not_deleted():
    run = Run(
        START,
        (
            Change(1.0, {"dynamics": "bracket"}),
            Change(2.0, {"dynamics.gamma": 0.1}),
        ),
    )
    with pytest.raises(ValueError, match="no setting"):
        without(run, marks_of(run)[0])


def test_documents_of_one_run_differ_by_the_settings_in_force():
    run = Run(START, (Change(1.0, {"dynamics.beta": 9.0}),))
    early = Document.of_run(run)
    late = dataclasses.replace(early, scenario=run.at(1.0))
    assert early.run == late.run == run
    assert early.scenario == START
    assert late.scenario == edit(START, {"dynamics.beta": 9.0})


@pytest.mark.slow
def test_a_run_that_is_opened_again_is_new(session, qtbot):
    session.engine.request(FrameRequest(series=frozenset({"order"})))
    play_to(session, qtbot, 1.0)
    session.load(Document(START))
    settle(session, qtbot)
    qtbot.waitUntil(lambda: session.t == 0)
    record = session.engine.record()
    assert record.end == 0
    assert record.samples.t.tolist() == [0.0]
    session.undo()
    qtbot.waitUntil(lambda: session.t >= 1.0)
