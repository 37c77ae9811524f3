import sys
import threading
import time
from functools import partial

import numpy as np
import pytest
from helpers.waiting import until
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from app.canvas import contract, render_pace, viewport
from app.canvas import raster_viewport as memory
from app.canvas.opengl_viewport import OpenGLViewport
from app.gl import gloo, native
from app.gl.offscreen import Offscreen
from app.gl.render_thread import RenderThread
from app.scene.camera import Camera
from app.scene.scene import Scene
from app.theme.palette import DARK, LIGHT

pytestmark = pytest.mark.screen

SIZE = (160, 120)


def beads(*places):
    """Return what makes a picture of red beads."""
    points = np.array(places, np.float32)
    colours = np.tile(np.array([[1, 0.2, 0.1, 1]], np.float32), (len(points), 1))
    return partial(Scene, points, colours)


def rgb(image):
    """The colours of an image as Qt keeps it: blue, green, red, alpha."""
    return image[..., 2::-1]


def pixels(view):
    view.catch_up()
    image = view.widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    w, h = image.width(), image.height()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(h, -1)
    return rows[:, : 3 * w].reshape(h, w, 3).astype(int)


@pytest.fixture(scope="module")
def words():
    """Places where the words of the viewport under test were painted."""
    return []


@pytest.fixture(scope="module")
def ready():
    """What the viewport empties whenever it has made a picture."""
    return []


@pytest.fixture(scope="module")
def blit(qapp, words, ready):
    """One viewport for all tests here: each has a context of its own."""
    parent = QWidget()
    parent.resize(*SIZE)

    def write(painter, camera):
        words.append(camera)
        painter.fillRect(0, 0, 4, 4, QColor("#FF00FF"))

    made = viewport.choose(DARK, write, parent, ready.clear)
    made.widget.setGeometry(0, 0, *SIZE)
    parent.show()
    made.draw(Camera(0, 0, size=SIZE))
    yield made
    made.close()
    made.close()
    parent.close()


def test_offscreen_the_picture_is_painted_from_memory(blit):
    assert isinstance(blit, viewport.RasterViewport)
    assert blit.renderer
    assert blit.software == gloo.is_software(blit.renderer)


def test_frames_and_text_are_painted(blit, words):
    blit.show(beads([0, -1, 0]))
    before = pixels(blit)
    words.clear()
    blit.show(beads([1, 0, 0]))
    after = pixels(blit)
    assert np.abs(after - before).max() > 100
    assert words == [Camera(0, 0, size=SIZE)]
    assert after[1, 1].tolist() == [255, 0, 255]


def test_the_camera_turns_the_picture(blit):
    blit.show(beads([1, 0, 0]))
    blit.draw(Camera(0, 0, size=SIZE))
    front = pixels(blit)
    blit.draw(Camera(60, 0, size=SIZE))
    assert np.abs(pixels(blit) - front).max() > 100
    blit.draw(Camera(0, 0, size=SIZE))
    assert np.abs(pixels(blit) - front).max() < 4


def test_what_did_not_change_is_not_drawn_again(blit, monkeypatch):
    blit.draw(Camera(10, 0, size=SIZE))
    pixels(blit)
    drawn = []
    start = blit._render_thread.start

    def count(camera, samples):
        drawn.append(camera)
        start(camera, samples)

    monkeypatch.setattr(blit._render_thread, "start", count)
    blit.draw(Camera(10, 0, size=SIZE))
    pixels(blit)
    assert not drawn
    blit.draw(Camera(20, 0, size=SIZE))
    pixels(blit)
    assert len(drawn) == 1


def test_it_draws_while_others_work_and_signals_the_end(blit, ready, qtbot):
    blit.catch_up()
    ready.append("waiting")
    blit.show(beads([0, 0, 1]))
    blit.draw(Camera(12, 0, size=SIZE))
    blit._start()
    assert ready
    qtbot.waitUntil(lambda: not ready)


def test_scenes_are_built_on_the_render_thread(blit):
    threads = []

    def make():
        threads.append(threading.current_thread().name)
        return beads([0, 0, 1])()

    blit.show(make)
    pixels(blit)
    pixels(blit)
    (name,) = threads
    assert name.startswith("painter")


def test_outdated_scenes_are_not_built(blit):
    blit.catch_up()
    made = []
    for k in range(3):
        blit.show(partial(made.append, k))
    blit.show(beads([0, 0, 1]))
    blit.draw(Camera(13, 0, size=SIZE))
    blit.catch_up()
    assert not made


def test_an_error_in_building_is_raised_and_the_next_scene_is_drawn(blit):
    def make():
        raise ValueError("no picture")

    blit.catch_up()
    blit.show(make)
    blit.draw(Camera(17, 0, size=SIZE))
    with pytest.raises(ValueError, match="no picture"):
        blit.catch_up()
    before = pixels(blit)
    blit.show(beads([1, 0, 0], [0, 1, 0]))
    blit.draw(Camera(20, 0, size=SIZE))
    assert np.abs(pixels(blit) - before).max() > 100


def test_a_picture_that_is_not_drawn_yet_is_not_waited_for(blit, monkeypatch):
    blit.catch_up()
    done = [False, False, True]
    monkeypatch.setattr(RenderThread, "done", property(lambda _: done.pop(0)))
    blit.show(beads([0, 1, 0]))
    blit.draw(Camera(14, 0, size=SIZE))
    blit._start()
    for left in (2, 1):
        blit._poll()
        assert (len(done), blit._rendering_camera is None) == (left, False)
    blit._poll()
    assert blit._rendering_camera is None


@pytest.mark.slow
def test_two_threads_may_draw_at_once(blit):
    camera, other = Camera(18, 0, size=SIZE), Offscreen(DARK)
    blit.show(beads([1, 0, 0], [0, 1, 0]))
    drawn = blit.image(camera)
    other.stage.show(beads([1, 0, 0], [0, 1, 0])())
    for _ in range(20):
        blit._render_thread.start(camera)
        assert (other.draw(camera) == drawn).all()
        assert (rgb(blit._render_thread.finish()) == drawn).all()
    other.close()


@pytest.mark.parametrize(("cost", "least", "most"), [(0.01, 0, 0), (9.0, 8000, 9000)])
def test_slow_drawings_leave_time_to_compute(blit, cost, least, most):
    blit.catch_up()
    blit._pace.mean_s, blit._pace.ended_at = cost, time.perf_counter()
    blit._pace.take_scene(0.0)  # no scene came just now
    blit.draw(Camera(15, 0, size=SIZE))
    assert least <= blit._start_timer.interval() <= most
    blit.show(beads([0, 1, 0]))
    blit.draw(Camera(15, 0, size=SIZE))
    assert blit._rendering_camera is not None  # the run had time to make this frame
    blit.catch_up()


def test_a_render_that_was_started_ends(blit):
    ahead = blit._render_thread
    ahead.start(Camera(16, 0, size=SIZE))
    until(lambda: ahead.done, "a picture")
    drawn = rgb(ahead.finish())
    assert (drawn == blit.image(Camera(16, 0, size=SIZE))).all()
    assert ahead.done  # nothing is under way
    with pytest.raises(ValueError, match="call start first"):
        ahead.finish()


def test_a_fast_render_is_asked_for_soon_and_a_slow_one_later():
    pace = render_pace.RenderPace()
    assert pace.first_poll_ms() == contract.POLL_MS  # nothing is known yet
    for mean, ms in ((0.001, 2), (0.010, 6), (1.0, 12)):
        pace.mean_s = mean
        assert pace.first_poll_ms() == ms


@pytest.mark.parametrize(
    ("mean", "between", "patient", "ms"),
    [
        (0.010, 0.030, False, 40),  # the next scene comes first
        (0.010, 0.030, True, 110),
        (0.010, 0.090, False, 0),  # scenes are rare: the camera does not wait
        (0.010, 0.090, True, 110),
        (0.010, 0.200, True, 0),
        (0.002, 0.030, True, 0),  # so fast that no scene is late for it
    ],
)
def test_a_camera_waits_for_scenes_that_come_soon(mean, between, patient, ms):
    pace = render_pace.RenderPace()
    pace.mean_s = mean
    pace.take_scene(10.0)
    pace.take_scene(10.0 + between)
    assert pace.delay_ms(10.01 + between, patient=patient) == ms


def test_a_theme_changes_the_picture(blit):
    dark = pixels(blit)
    blit.set_theme(LIGHT)
    assert pixels(blit).mean() > dark.mean() + 50
    blit.set_theme(DARK)


def test_an_image_has_the_size_of_its_camera(blit):
    image = blit.image(Camera(0, 0, size=(90, 70)), samples=2)
    assert image.shape == (70, 90, 3)
    assert image.dtype == np.uint8


def test_a_still_scene_is_rendered_smoothly(blit, qtbot):
    blit.show(beads([1, 0, 0]))
    blit.draw(Camera(33, 0, size=SIZE))
    rough = pixels(blit)
    blit._pace.mean_s = 0.001
    blit._refine_timer.timeout.emit()
    fine = pixels(blit)
    assert fine.shape == rough.shape
    assert 0 < np.abs(fine - rough).mean() < 5


def test_a_dense_screen_gets_a_lower_resolution_where_rendering_is_slow(blit):
    w, h = SIZE
    dense = Camera(0, 0, size=(2 * w, 2 * h), ratio=2.0)
    blit.draw(dense)
    for k in range(render_pace.AVERAGED_RENDERS):
        blit._pace.record(1.0, dense=True)
        assert blit._pace.reduced == (k == render_pace.AVERAGED_RENDERS - 1)
    blit.show(beads([1, 0, 0]))
    pixels(blit)
    assert blit._composite.background.size().toTuple() == SIZE
    assert blit._composite.picture.size().toTuple() == dense.size
    blit.draw(Camera(0, 0, size=SIZE))
    assert not blit._pace.reduced


class Card:
    """Stands for a canvas in a window: keeps what it was shown."""

    def __init__(self, theme, drawn):
        self.widget, self.stage, self.shown = QWidget(), self, []

    def show(self, picture):
        self.shown.append(picture)

    def close(self):
        self.widget.deleteLater()


def test_a_card_gets_the_newest_scene_that_another_thread_built(qtbot, monkeypatch):
    monkeypatch.setattr(native, "NativeCanvas", Card)
    parent, gate, threads, ready_calls = QWidget(), threading.Event(), set(), []
    qtbot.addWidget(parent)
    view = OpenGLViewport(DARK, print, parent, partial(ready_calls.append, 1), "a card")

    def make(number):
        gate.wait(10)
        threads.add(threading.current_thread().name)
        return number

    for k in range(4):
        view.show(partial(make, k))
    assert not view._native.shown
    gate.set()
    qtbot.waitUntil(lambda: view._native.shown == [0, 3])
    view.show(partial(make, 4))
    view.catch_up()
    assert view._native.shown == [0, 3, 4]
    assert len(ready_calls) == 3
    assert [name.rpartition("_")[0] for name in threads] == ["scene"]
    view.close()


def test_software_is_known_by_its_name():
    assert gloo.is_software("llvmpipe (LLVM 15.0.6, 256 bits)")
    assert not gloo.is_software("NVIDIA GeForce RTX 4090/PCIe/SSE2")


@pytest.fixture
def windows(monkeypatch):
    monkeypatch.setattr(viewport.QGuiApplication, "platformName", lambda: "xcb")
    monkeypatch.delenv(viewport.ENVIRONMENT_VARIABLE, raising=False)


@pytest.mark.parametrize(
    "name, linux, kinds",
    [
        ("NVIDIA GeForce", True, ("gl", "blit")),
        ("llvmpipe", True, ("blit", "gl")),
        ("llvmpipe", False, ("gl", "blit")),
        ("", True, ("blit",)),
    ],
)
def test_the_viewport_suits_the_machine(windows, monkeypatch, name, linux, kinds):
    monkeypatch.setattr(viewport, "window_renderer", lambda: name)
    monkeypatch.setattr(sys, "platform", "linux" if linux else "win32")
    assert viewport.kinds() == kinds


@pytest.mark.parametrize("wanted", ["gl", "blit"])
def test_the_environment_variable_decides(windows, monkeypatch, wanted):
    monkeypatch.setenv(viewport.ENVIRONMENT_VARIABLE, wanted)
    assert viewport.kinds() == (wanted,)


def test_without_opengl_a_sentence_is_shown(qtbot, monkeypatch):
    def fail(*_):
        raise RuntimeError("no OpenGL: EGL could not be initialised. Install libegl1.")

    monkeypatch.setattr(memory, "RenderThread", fail)
    monkeypatch.setenv(viewport.ENVIRONMENT_VARIABLE, "blit")
    parent = QWidget()
    qtbot.addWidget(parent)
    made = viewport.choose(DARK, print, parent, print)
    assert isinstance(made, viewport.NoViewport)
    assert "Install libegl1." in made.widget.text()
    made.show(beads([1, 0, 0]))
    made.draw(Camera(size=SIZE))
    made.set_theme(LIGHT)
    assert made.image(Camera(size=(8, 6))).shape == (6, 8, 3)
    made.close()
