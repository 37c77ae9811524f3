"""The token view: frames, the mouse, keys and the chosen tokens."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.canvas.animation_timer import now
from app.canvas.hit_test import cluster_members, hover_text
from app.canvas.token_view import TokenView
from app.document.document import Document
from app.document.look import CameraPose, Look
from app.scene.camera import Camera
from app.theme.palette import DARK, LIGHT, LONE
from sim.scenario import Scenario
from sim.simulation import Simulation

pytestmark = pytest.mark.screen

SMALL = Scenario(tokens=12, seed=3, step=0.1)


SIDE = 300


@pytest.fixture(scope="module")
def globe(qapp):
    """One sphere for all tests: each has an OpenGL context of its own."""
    made = TokenView(DARK)
    made.resize(SIDE, SIDE)
    made.show()
    yield made
    made.close()


@pytest.fixture
def sphere(globe, qtbot):
    globe.choose(())
    globe.show_document(Document(look=Look(rotate=0.0)))
    globe.orbit.place(Camera(30, 18))
    globe.orbit.spin, globe.orbit.reduced_motion = 0.0, False
    run = Simulation(dataclasses.replace(SMALL, tokens=30))
    globe.show_frames((run.frame(None, globe.request()),))
    globe.catch_up()
    return globe


def seen(view):
    view.catch_up()
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).astype(int).copy()


def place_of(view, token):
    xy, _ = view.camera.project(view.info.points)
    return QPointF(*(xy[token] / view.camera.ratio)).toPoint()


def front(view):
    """Return the token that is nearest to the eye."""
    return int(np.argmax(view.info.points @ view.camera.rotation[2]))


def drag(qtbot, view, a, b):
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(view, left, pos=a)
    for k in range(1, 6):
        at = a + (b - a) * (k / 5)
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(at),
            view.mapToGlobal(QPointF(at)),
            Qt.MouseButton.NoButton,
            left,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view, move)
    qtbot.mouseRelease(view, left, pos=b)


def test_frames_change_the_picture(sphere):
    run = Simulation(dataclasses.replace(SMALL, tokens=30))
    before = seen(sphere)
    run.advance(1.0)
    sphere.show_frames((run.frame(None, sphere.request()),))
    assert np.abs(seen(sphere) - before).max() > 60
    assert "30 tokens" in sphere.accessibleDescription()


@pytest.mark.slow
def test_a_drag_turns_the_globe_and_is_reported_at_its_end(sphere, qtbot):
    before, camera = seen(sphere), sphere.camera
    with qtbot.waitSignal(sphere.camera_turned) as caught:
        drag(qtbot, sphere, QPoint(100, 100), QPoint(160, 120))
    assert np.abs(seen(sphere) - before).max() > 60
    turned = (camera.azimuth - sphere.camera.azimuth + 180) % 360 - 180
    assert turned >= 0.4 * 60 - 1e-6
    assert caught.args[0] == pytest.approx(sphere.camera.azimuth, abs=0.01)
    assert sphere.chosen == ()


@pytest.mark.slow
def test_the_document_takes_the_camera_back(sphere, qtbot):
    with qtbot.waitSignal(sphere.camera_turned) as caught:
        qtbot.keyClick(sphere, Qt.Key.Key_Left)
    azimuth, elevation, zoom = caught.args
    document = Document(
        look=Look(rotate=0.0, camera=CameraPose(azimuth, elevation, zoom))
    )
    there = sphere.camera
    sphere.show_document(document)
    assert not sphere.orbit.busy
    sphere.show_document(Document(look=Look(rotate=0.0)))
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    assert sphere.camera.azimuth == pytest.approx(30.0)
    assert there.azimuth == pytest.approx(35.0)


@pytest.mark.slow
def test_the_wheel_zooms(sphere, qtbot):
    at = QPointF(150, 150)
    wheel = QWheelEvent(
        at,
        sphere.mapToGlobal(at),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(sphere, wheel)
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    assert sphere.orbit.camera.zoom == pytest.approx(1.18**2)


def test_a_click_chooses_a_bead_and_another_releases_it(sphere, qtbot):
    token = front(sphere)
    left, at = Qt.MouseButton.LeftButton, place_of(sphere, token)
    with qtbot.waitSignals([sphere.tokens_chosen, sphere.request_changed]):
        qtbot.mouseClick(sphere, left, pos=at)
    assert sphere.chosen == (token,)
    assert sphere.request().rows == (token,)
    qtbot.mouseClick(sphere, left, pos=at)
    assert sphere.chosen == ()


def test_shift_adds_and_escape_releases_all(sphere, qtbot):
    depth = sphere.info.points @ sphere.camera.rotation[2]
    first, second = (int(i) for i in np.argsort(-depth)[[0, 4]])
    left, shift = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(sphere, left, pos=place_of(sphere, first))
    qtbot.mouseClick(sphere, left, shift, place_of(sphere, second))
    assert set(sphere.chosen) == {first, second}
    assert sphere.request().rows == sphere.chosen
    qtbot.keyClick(sphere, Qt.Key.Key_Escape)
    assert sphere.chosen == ()


@pytest.mark.slow
def test_the_chosen_bead_has_a_ring_and_arcs(sphere):
    before = seen(sphere)
    sphere.choose((front(sphere),))
    run = Simulation(dataclasses.replace(SMALL, tokens=30))
    sphere.show_frames((run.frame(None, sphere.request()),))
    assert np.abs(seen(sphere) - before).max() > 60


@pytest.mark.slow
def test_a_double_click_centres_a_cluster_and_goes_home(sphere, qtbot):
    depth = sphere.info.points @ sphere.camera.rotation[2]
    token = int(np.argsort(-depth)[6])
    qtbot.mouseDClick(sphere, Qt.MouseButton.LeftButton, pos=place_of(sphere, token))
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    near = sphere.info.points[cluster_members(sphere.info.cluster_ids, token)].mean(
        axis=0
    )
    xy, _ = sphere.camera.project(near[None])
    assert np.abs(xy[0] - SIDE / 2).max() < 2
    qtbot.mouseDClick(sphere, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    assert sphere.camera.azimuth == pytest.approx(CameraPose().azimuth)


@pytest.mark.slow
def test_keys_turn_zoom_and_go_home(sphere, qtbot):
    qtbot.keyClick(sphere, Qt.Key.Key_Right)
    qtbot.keyClick(sphere, Qt.Key.Key_Up)
    assert (sphere.camera.azimuth, sphere.camera.elevation) == (25.0, 23.0)
    qtbot.keyClick(sphere, Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    assert sphere.orbit.camera.zoom == pytest.approx(1.18)
    qtbot.keyClick(sphere, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    assert sphere.camera.elevation == pytest.approx(CameraPose().elevation)


def test_hovering_names_the_bead(sphere, qtbot):
    before = seen(sphere)
    qtbot.mouseMove(sphere, place_of(sphere, front(sphere)))
    sphere._hover(QPointF(place_of(sphere, front(sphere))))
    assert np.abs(seen(sphere) - before).max() > 60
    sphere._end_hover()
    assert np.abs(seen(sphere) - before).max() < 60
    cluster_ids = np.array([LONE, 2, 2])
    assert hover_text(0, (), cluster_ids) == "token 1"
    assert (
        hover_text(2, ("sun", "moon", "star"), cluster_ids)
        == "star, one of 2 in its cluster"
    )


def test_hovering_tells_the_other_views_which_token_it_is(sphere, qtbot):
    token = front(sphere)
    with qtbot.waitSignal(sphere.tokens_hovered) as caught:
        sphere._hover(QPointF(place_of(sphere, token)))
    assert caught.args == [(token,)]
    with qtbot.waitSignal(sphere.tokens_hovered) as caught:
        sphere._end_hover()
    assert caught.args == [()]


def test_a_mouse_that_rests_tells_which_token_comes_under_it(sphere, qtbot):
    sphere._hover(QPointF(place_of(sphere, front(sphere))))
    with qtbot.waitSignal(sphere.tokens_hovered) as caught:
        sphere.orbit.place(Camera(30, 18, zoom=8.0))
        seen(sphere)
    assert caught.args == [()]
    sphere._end_hover()


@pytest.mark.slow
def test_a_pair_has_rings(sphere):
    before = seen(sphere)
    sphere.hover((front(sphere), 3))
    assert np.abs(seen(sphere) - before).max() > 60
    sphere.hover(())
    assert np.abs(seen(sphere) - before).max() < 60


def test_shift_asks_who_attends_while_it_is_held(sphere, qtbot):
    token = front(sphere)
    sphere.choose((token,))
    assert sphere.request().rows == (token,)
    with qtbot.waitSignal(sphere.request_changed):
        qtbot.keyPress(sphere, Qt.Key.Key_Shift)
    assert (sphere.request().rows, sphere.request().columns) == ((), (token,))
    qtbot.keyRelease(sphere, Qt.Key.Key_Shift)
    assert sphere.request().rows == (token,)
    sphere.choose(())


@pytest.mark.slow
def test_the_slow_turn_stops_at_a_touch_and_comes_back(sphere, qtbot):
    sphere.show_document(Document(look=Look(rotate=20.0)))
    sphere.orbit._touched_at = -1e9
    sphere._animation.start()
    start = sphere.camera.azimuth
    qtbot.waitUntil(lambda: sphere.camera.azimuth > start)
    qtbot.mouseClick(sphere, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    stopped = sphere.camera.azimuth
    qtbot.wait(100)
    assert sphere.camera.azimuth == stopped
    qtbot.waitUntil(lambda: not sphere._animation._tick_timer.isActive())
    sphere.orbit._touched_at = -1e9
    sphere._animation.start()
    qtbot.waitUntil(lambda: sphere.camera.azimuth > stopped)


@pytest.mark.slow
def test_nothing_ticks_while_nothing_moves(sphere, qtbot):
    qtbot.waitUntil(lambda: not sphere._animation._tick_timer.isActive())
    qtbot.waitUntil(lambda: now() - sphere.paints[-1] > 1.5)  # and drawn with care
    painted = len(sphere.paints)
    qtbot.wait(60)
    assert len(sphere.paints) == painted


@pytest.mark.slow
def test_the_circle_is_shown_from_above(sphere, qtbot):
    run = Simulation(dataclasses.replace(SMALL, dimension=2))
    sphere.show_frames((run.frame(None, sphere.request()),))
    sphere.catch_up()
    assert sphere.camera.flat
    before = sphere.camera
    drag(qtbot, sphere, QPoint(100, 100), QPoint(160, 120))
    assert sphere.camera == before
    token = 4
    place = place_of(sphere, token)
    assert sphere.token_at(QPointF(place)) == token
    assert "potential" in sphere.request().quantities


@pytest.mark.slow
def test_a_smaller_run_releases_tokens_that_it_lacks(sphere):
    sphere.choose((3, 25))
    run = Simulation(SMALL)
    sphere.show_frames((run.frame(None, sphere.request()),))
    assert sphere.chosen == (3,)


def test_the_globe_takes_another_theme(sphere):
    dark = seen(sphere).mean()
    sphere.set_theme(LIGHT, 1.15)
    assert seen(sphere).mean() > dark + 50
    sphere.set_theme(DARK, 1.0)
    assert seen(sphere).mean() == pytest.approx(dark, abs=2)
