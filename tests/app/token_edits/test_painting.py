"""Tokens painted on the globe: a start, a change of a run, refusals, undo, exports."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtTest import QTest

from app.canvas.stroke import MAX_TOKENS, SPACING_PX, Stroke
from app.document.document import Document
from app.theme.theme import ThemeController
from app.token_edits.painting import OUTSIDE
from app.token_edits.placing import is_on_globe, point_under
from sim.simulation import Simulation
from tests.helpers.windows import opened

START = Document().edit({"tokens": 20, "seed": 3, "duration": 5.0})


@pytest.fixture
def window(qapp, tmp_path, qtbot):
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    with opened(START, ThemeController(qapp, settings), settings, qtbot) as made:
        qtbot.waitUntil(lambda: made.token_view.info.frame is not None)
        yield made


def stroke(view, *moves, start=None):
    """Draw from the middle of the picture, or from `start`, by these moves."""
    at = start or view.rect().center()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    for move in moves:
        at += QPoint(*move)
        QTest.mouseMove(view, at)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at)


def until(qtbot, window, condition):
    qtbot.waitUntil(lambda: bool(condition(window.player.frame)), timeout=60_000)


def test_tokens_of_a_stroke_are_at_even_distances():
    one = Stroke()
    one.begin(QPointF(0, 0))
    one.go_on(QPointF(5, 0))
    assert len(one.positions) == 1
    one.go_on(QPointF(3 * SPACING_PX + 1, 0))
    xs = [at.x() for at in one.positions]
    assert np.allclose(np.diff(xs), SPACING_PX) and len(xs) == 4
    one.go_on(QPointF(1e9, 0))
    assert len(one.end()) == MAX_TOKENS and one.positions == []


@pytest.mark.slow
def test_a_start_is_painted_added_to_and_taken_back(window, qtbot):
    session, view = window._session, window.token_view
    window.commands["paint"].trigger()
    assert window.commands["paint"].isChecked()
    camera, middle = view.camera, view.rect().center()
    stroke(view, (30, 0), (30, 30))
    until(qtbot, window, lambda f: f.scenario.initial.kind == "places")
    x = window.player.frame.x
    at = (middle.x() * camera.ratio, middle.y() * camera.ratio)
    assert is_on_globe(camera, at) and not is_on_globe(camera, (0.0, 0.0))
    assert np.allclose(x[0], point_under(camera, at), atol=1e-2)  # it turns slowly
    stroke(view, (-30, 0))
    until(qtbot, window, lambda f: len(f.x) > len(x))
    assert np.array_equal(window.player.frame.x[: len(x)], x)
    n = len(window.player.frame.x)
    window.player.seek(0.5)
    until(qtbot, window, lambda f: f.t == 0.5)
    stroke(view, (0, 40))
    until(qtbot, window, lambda f: len(f.x) > n)
    qtbot.waitUntil(lambda: not session._link.waits)
    session.engine.record()
    run = session.recorded().run
    alone = Simulation(run, "numpy")
    alone.advance(0.5)
    assert np.array_equal(alone.frame().x, window.player.frame.x)
    for count in (n, len(x), 20):
        window.commands["undo"].trigger()
        until(qtbot, window, lambda f, count=count: len(f.x) == count)


@pytest.mark.slow
def test_where_tokens_cannot_be_painted_it_says_why(window, qtbot):
    session, said = window._session, []
    session.refused.connect(said.append)
    window.commands["paint"].trigger()
    stroke(window.token_view, (0, 40), start=QPoint(3, 3))
    assert said == [OUTSIDE]
    QTest.keyClick(window.token_view, Qt.Key.Key_Escape)
    assert not window.commands["paint"].isChecked()
    session.edit("dimension", 5)
    until(qtbot, window, lambda f: f.x.shape[1] == 5)
    said.clear()
    window.commands["paint"].trigger()
    assert not window.commands["paint"].isChecked()
    assert "5 dimensions" in said[0] and "painted" in said[0]
    session.change({"dimension": 3, "dynamics": "grand"}, "a graph")
    until(qtbot, window, lambda f: f.x.shape[1] == 3)
    window.player.seek(0.2)
    until(qtbot, window, lambda f: f.t == 0.2)
    window.commands["paint"].trigger()
    assert not window.commands["paint"].isChecked()
    assert "the graph joins the tokens" in said[1] and "t = 0" in said[1]
