"""Lanes in the session: compared, forked, edited, closed, undone; exact in each."""

import numpy as np
import pytest

from app.document.document import Document
from app.document.player import Player
from app.document.session import Session
from sim.engine import Engine
from sim.simulation import Simulation
from sim.tokens.edits import TokenEdits

BETA = "dynamics.beta"
MOVE, REMOVE = TokenEdits({2: (0.0, 0.6, 0.8)}), TokenEdits(remove=(1,))
START = Document().edit({"tokens": 12, "seed": 3, BETA: 2.0, "duration": 5.0})


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Let lanes wait for each other however busy the machine is."""
    monkeypatch.setattr("sim.engine.shared_time.LATE_S", 60.0)


@pytest.fixture
def session(qapp):
    made = Session(START, Engine(Simulation(START.scenario, "numpy")))
    made.player = Player(made)
    made.start(playing=False)
    yield made
    made.close()


def wait(qtbot, session, condition):
    qtbot.waitUntil(
        lambda: not session._link.waits and bool(condition(session.player.frames)),
        timeout=20_000,
    )


def go_to(qtbot, session, t):
    session.player.seek(t)
    wait(qtbot, session, lambda frames: frames and all(f.t == t for f in frames))


def betas(session):
    return [lane.scenario.dynamics.beta for lane in session.document.lanes]


def alone(run, t):
    simulation = Simulation(run, "numpy")
    simulation.reach(t)
    return simulation.frame(t)


def assert_lanes_equal_single_runs(session):
    document = session.recorded()
    frames = session.player.frames
    assert len(frames) == len(document.lanes)
    for lane, frame in zip(document.lanes, frames, strict=True):
        assert np.array_equal(alone(lane.run, frame.t).x, frame.x)


def test_compared_lanes_are_single_runs_bit_for_bit(session, qtbot):
    go_to(qtbot, session, 1.0)
    assert session.lanes.compare([{BETA: 1.0}, {BETA: 9.0}], "β")
    wait(qtbot, session, lambda f: len(f) == 2 and f[0].t == f[1].t == 0)
    assert np.array_equal(session.player.frames[0].x, session.player.frames[1].x)
    go_to(qtbot, session, 1.3)
    assert betas(session) == [1.0, 9.0]
    assert_lanes_equal_single_runs(session)
    session.undo()
    wait(qtbot, session, lambda f: len(f) == 1 and f[0].t == 1.0)
    assert betas(session) == [2.0]


def test_lanes_that_play_are_shown_at_the_same_times(session, qtbot):
    session.lanes.compare([{}, {BETA: 9.0}, {"dynamics": "unnormalised"}], "x")
    times = []
    session.arrived.connect(lambda frames: times.append([f.t for f in frames]))
    session.player.play()
    wait(qtbot, session, lambda f: len(f) == 3 and f[0].t > 0.3)
    session.player.pause()
    assert all(len(set(three)) == 1 for three in times)
    assert_lanes_equal_single_runs(session)


def test_an_unchanged_fork_equals_its_parent_whose_future_stays(session, qtbot):
    go_to(qtbot, session, 1.0)
    session.edit(BETA, 6.0)
    go_to(qtbot, session, 2.0)
    go_to(qtbot, session, 0.5)
    session.lanes.fork()
    wait(qtbot, session, lambda f: len(f) == 2 and f[0].t == f[1].t == 0.5)
    first, second = session.player.frames
    assert np.array_equal(first.x, second.x)
    assert session.document.place == 1
    go_to(qtbot, session, 0.9)
    first, second = session.player.frames
    assert np.array_equal(first.x, second.x)
    go_to(qtbot, session, 2.0)
    assert [lane.run.at(2.0).dynamics.beta for lane in session.document.lanes] == [6, 2]
    assert_lanes_equal_single_runs(session)


def test_an_edit_is_of_the_chosen_lane_or_of_all_and_undone_there(session, qtbot):
    session.lanes.compare([{BETA: 1.0}, {BETA: 9.0}], "β")
    go_to(qtbot, session, 0.4)
    session.lanes.choose(1)
    session.edit(BETA, 5.0)
    assert betas(session) == [1.0, 5.0]
    go_to(qtbot, session, 0.8)
    session.lanes.choose(0)
    session.lanes.edit_together(True)
    session.edit("integrator", "euler")
    kinds = [lane.scenario.integrator.kind for lane in session.document.lanes]
    assert kinds == ["euler", "euler"]
    go_to(qtbot, session, 1.2)
    assert_lanes_equal_single_runs(session)
    session.undo()
    kinds = [lane.scenario.integrator.kind for lane in session.document.lanes]
    assert kinds == ["rk4", "rk4"]
    session.undo()
    assert betas(session) == [1.0, 9.0]
    assert session.document.place == 1
    go_to(qtbot, session, 1.5)
    assert_lanes_equal_single_runs(session)


def test_tokens_are_edited_in_the_chosen_lane_or_in_all_and_undone_at_once(
    session, qtbot
):
    session.lanes.compare([{BETA: 1.0}, {"dynamics": "bracket"}, {BETA: 9.0}], "laws")
    go_to(qtbot, session, 0.5)
    session.edit_tokens(MOVE, session.player.frames[0])
    wait(qtbot, session, lambda f: f[0].run.changes)
    assert changes(session) == [MOVE, None, None]
    session.undo()
    wait(qtbot, session, lambda f: not f[0].run.changes)
    session.lanes.edit_together(True)
    session.edit_tokens(MOVE, session.player.frames[0])
    wait(qtbot, session, lambda f: all(one.run.changes for one in f))
    assert changes(session) == [MOVE] * 3
    session.undo()
    wait(qtbot, session, lambda f: not any(one.run.changes for one in f))
    said = []
    session.reported.connect(said.append)
    session.edit_tokens(REMOVE, session.player.frames[0])
    wait(qtbot, session, lambda f: f[0].run.changes and f[2].run.changes)
    assert changes(session) == [REMOVE, None, REMOVE]
    assert said[0].startswith("Lane 2 is left as it is: ")
    go_to(qtbot, session, 0.9)
    assert_lanes_equal_single_runs(session)


def changes(session):
    runs = (lane.run.changes for lane in session.recorded().lanes)
    return [found[0].tokens if found else None for found in runs]


def test_a_lane_that_is_closed_leaves_the_others_as_they_are(session, qtbot):
    session.lanes.compare([{BETA: b} for b in (1.0, 4.0, 9.0)], "β")
    go_to(qtbot, session, 0.6)
    before = session.player.frames
    session.lanes.close(0)  # the one in which time passes
    wait(qtbot, session, lambda f: len(f) == 2)
    assert betas(session) == [4.0, 9.0]
    for old, new in zip(before[1:], session.player.frames, strict=True):
        assert np.array_equal(old.x, new.x)
    session.player.play()
    wait(qtbot, session, lambda f: f[0].t > 0.8)
    session.player.pause()
    session.undo()
    wait(qtbot, session, lambda f: len(f) == 3 and f[0].t == f[1].t)
    assert betas(session) == [1.0, 4.0, 9.0]
    assert_lanes_equal_single_runs(session)
    session.lanes.close_others(2)
    wait(qtbot, session, lambda f: len(f) == 1)
    assert betas(session) == [9.0]


def test_there_are_at_most_four_lanes_and_settings_are_checked(session, qtbot):
    said = []
    session.refused.connect(said.append)
    session.lanes.compare([{}] * 4, "four")
    session.lanes.duplicate()
    assert said == ["There are 4 lanes already. Close one first."]
    assert not session.lanes.compare([{}, {"dynamics.bet": 1}], "wrong")
    assert "lane 2" in said[-1]
    assert session.lanes.count == 4


def test_a_lane_that_fails_says_so_and_holds_up_nothing(session, qtbot):
    said = []
    session.refused.connect(said.append)
    session.lanes.compare([{}, {BETA: 9.0}], "fail")
    engine = session.lanes.engines[1]
    engine._playback.step = _raise
    session.player.play()
    qtbot.waitUntil(lambda: session.player.t > 0.3, timeout=20_000)
    assert any(text.startswith("Lane 2: ") for text in said)


def _raise():
    raise FloatingPointError("token 3 is not finite.")


def test_lanes_are_saved_and_opened(session, qtbot, tmp_path):
    session.lanes.compare([{BETA: 1.0}, {BETA: 9.0}], "β")
    go_to(qtbot, session, 0.5)
    session.lanes.choose(1)
    session.edit(BETA, 3.0)
    go_to(qtbot, session, 0.7)
    assert session.save(tmp_path / "two.json")
    opened = Document.load(tmp_path / "two.json")
    assert [lane.run for lane in opened.lanes] == [
        lane.run for lane in session.document.lanes
    ]
    assert opened.place == 1
    frames = session.player.frames
    for lane, frame in zip(opened.lanes, frames, strict=True):
        assert np.array_equal(alone(lane.run, 0.7).x, frame.x)


def test_a_reset_of_lanes_keeps_their_settings_and_drops_their_changes(session, qtbot):
    session.lanes.compare([{BETA: 1.0}, {BETA: 9.0}], "β")
    go_to(qtbot, session, 0.5)
    session.edit(BETA, 3.0)
    wait(qtbot, session, lambda f: f[0].scenario.dynamics.beta == 3)
    session.reset()
    wait(qtbot, session, lambda f: f[0].t == f[1].t == 0)
    assert betas(session) == [3.0, 9.0]
    assert all(lane.log is None for lane in session.document.lanes)


def test_a_lane_that_comes_while_another_is_ahead_of_the_window_is_shown(
    session, qtbot, monkeypatch
):
    whole, queued = Engine.start, []

    def start(engine, *, playing):
        queued.append(engine.edits)  # else it would follow first, and then go back
        whole(engine, playing=playing)

    monkeypatch.setattr(Engine, "start", start)
    go_to(qtbot, session, 0.5)
    session._link._timer.stop()  # the window takes no frames for a while
    session.lanes.engines.seek(0.9)
    qtbot.waitUntil(lambda: session.lanes.engines[0]._loop.clock.present == 0.9)
    session.lanes.fork()
    assert queued == [1]
    session._link._timer.start()
    wait(qtbot, session, lambda f: len(f) == 2 and f[0].t == f[1].t == 0.9)
    assert_lanes_equal_single_runs(session)
