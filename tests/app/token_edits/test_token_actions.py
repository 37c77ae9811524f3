"""Tokens by hand in the window: dragged, added, removed, put between, perturbed."""

import csv
import re

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtTest import QTest

from app.document.document import Document
from app.theme.theme import ThemeController
from app.token_edits.between_dialog import BetweenDialog
from app.token_edits.placing import point_under
from sim import Run, edit
from sim.recording.run_folder import record_run
from sim.simulation import Simulation
from tests.helpers.windows import opened

START = Document().edit({"tokens": 20, "seed": 3, "duration": 5.0})


@pytest.fixture
def window(qapp, tmp_path, qtbot):
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    with opened(START, ThemeController(qapp, settings), settings, qtbot) as made:
        qtbot.waitUntil(lambda: made.token_view.info.frame is not None)
        yield made


def until(qtbot, window, condition):
    qtbot.waitUntil(lambda: bool(condition(window.player.frame)), timeout=20_000)


def place_of(view, token):
    camera = view.camera
    pixels, _ = camera.project(view.info.points[[token]])
    return QPointF(*(pixels[0] / camera.ratio))


def row_of(run, token, folder):
    """Return where a token is at t = 0 in the table of a run."""
    short = Run(edit(run.start, {"duration": 0.1}), run.changes)
    record_run(short, folder / "run")
    lines = (folder / "run" / "trajectory.csv").read_text().splitlines()
    header, *rows = csv.reader(line for line in lines if not line.startswith("#"))
    columns = [k for k, name in enumerate(header) if re.fullmatch(r"x\d+", name)]
    row = next(r for r in rows if (r[0], r[1]) == ("0.0", str(token)))
    return np.array([float(row[k]) for k in columns])


@pytest.mark.slow
def test_a_chosen_token_is_dragged_and_the_run_has_the_change(window, qtbot, tmp_path):
    view = window.token_view
    token = int(np.argmax(view.camera.project(view.info.points)[1]))
    view.choose((token,))
    cameras = []  # as the globe is seen while the token is dragged
    view.token_pulled.connect(lambda *_: cameras.append(view.camera))
    at = place_of(view, token)
    before = window.player.frame.x.copy()
    buttons = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QTest.mousePress(view, *buttons, at.toPoint())
    for step in (1, 2, 3):
        QTest.mouseMove(view, (at + QPointF(12.0 * step, 6.0 * step)).toPoint())
    end = at + QPointF(36.0, 18.0)
    QTest.mouseRelease(view, *buttons, end.toPoint())
    until(qtbot, window, lambda f: not np.allclose(f.x[token], before[token]))
    qtbot.waitUntil(lambda: not window._session._link.waits)
    window._session.engine.record()
    expected = point_under(cameras[-1], (end.toPoint().x(), end.toPoint().y()))
    assert np.allclose(window.player.frame.x[token], expected, atol=1e-5)
    run = window._session.recorded().run
    alone = Simulation(run, "numpy").frame(0.0)
    assert np.array_equal(alone.x, window.player.frame.x)
    assert np.array_equal(row_of(run, token, tmp_path), window.player.frame.x[token])
    assert window.commands["undo"].isEnabled()
    window.commands["undo"].trigger()
    until(qtbot, window, lambda f: np.array_equal(f.x, before))
    assert not window.commands["undo"].isEnabled()  # the whole drag was one step


@pytest.mark.slow
def test_a_token_is_held_while_the_run_plays_and_the_mouse_rests(window, qtbot):
    view, session = window.token_view, window._session
    token = int(np.argmax(view.camera.project(view.info.points)[1]))
    view.choose((token,))
    session.edit("look.speed", 0.5)
    at = place_of(view, token)
    end = (at + QPointF(40.0, 20.0)).toPoint()
    window.player.play()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at.toPoint())
    QTest.mouseMove(view, end)
    until(qtbot, window, lambda f: f.t > 0.5)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    window.player.pause()
    qtbot.waitUntil(lambda: not session._link.waits)
    changes = session.recorded().run.changes
    assert len(changes) > 2 and changes[-1].t > 0.3
    point = point_under(view.camera, (end.x(), end.y()))
    assert np.allclose(changes[-1].tokens.move[token], point, atol=1e-5)
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: not session.document.changes, timeout=20_000)
    assert session.undo_text == "Speed"  # the whole drag was one step


@pytest.mark.slow
def test_tokens_are_added_and_removed(window, qtbot):
    window.commands["add_token"].trigger()
    until(qtbot, window, lambda f: len(f.x) == 21)
    window.token_view.choose((2, 20))
    window.commands["remove_tokens"].trigger()
    until(qtbot, window, lambda f: f.ids.tolist() == [0, 1, *range(3, 20)])
    said = []
    window._session.refused.connect(said.append)
    window.commands["remove_tokens"].trigger()
    assert said == ["No token is chosen. Click the one to remove."]


@pytest.mark.slow
def test_a_token_is_put_half_way_between_two_others(window, qtbot):
    x = window.player.frame.x
    dialog = BetweenDialog(window.token_view.info, (0, 4), window)
    dialog.requested.connect(window.token_actions._put)
    assert [f.text() for f in dialog.fields] == ["token 1", "token 5", ""]
    dialog.fields[2].setText("Atlantis")
    dialog.accept()
    assert "Atlantis" in dialog.note.text()
    dialog.fields[2].setText("6")
    dialog.accept()
    until(qtbot, window, lambda f: not np.allclose(f.x[0], x[0]))
    a, b, put = x[4], x[5], window.player.frame.x[0]
    assert np.allclose(put, (a + b) / np.linalg.norm(a + b), atol=1e-6)


@pytest.mark.slow
def test_a_perturbed_twin_starts_at_its_distance_and_parts_at_a_rate(window, qtbot):
    size = 1e-3
    window.token_actions.fork_perturbed(size)
    qtbot.waitUntil(lambda: len(window.player.frames) == 2)
    qtbot.waitUntil(lambda: not np.array_equal(*(f.x for f in window.player.frames)))
    session = window._session
    assert session.undo_text == "perturbed twin"
    session.undo()  # the lane and its change are one step
    qtbot.waitUntil(lambda: len(window.player.frames) == 1, timeout=20_000)
    assert session.undo_text == ""
    session.redo()
    qtbot.waitUntil(lambda: len(window.player.frames) == 2, timeout=20_000)
    qtbot.waitUntil(lambda: not np.array_equal(*(f.x for f in window.player.frames)))
    a, b = (f.x for f in window.player.frames)
    moved = np.linalg.norm(a - b, axis=1)
    assert moved.max() <= size * (1 + 1e-3)
    assert moved.mean() > size / 2  # the part along a token's own direction is lost
    window.player.seek(0.0)
    qtbot.waitUntil(lambda: "mean" in window.lanes.bar.text)
    window.player.seek(0.5)
    qtbot.waitUntil(lambda: "growth λ" in window.lanes.bar.text, timeout=20_000)
    window.player.seek(0.52)
    until(qtbot, window, lambda f: f.t == 0.52)
    window.token_actions.fork_perturbed(size)  # goes to the end of a step at first
    qtbot.waitUntil(lambda: len(window.player.frames) == 3, timeout=20_000)
