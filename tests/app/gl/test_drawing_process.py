"""Drawing in a process of its own: the same pixels, and what happens if it ends."""

import os
import signal
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from app.gl import drawer as drawers
from app.gl import drawing_process
from app.gl.drawer import Drawer
from app.gl.drawing_process import DrawingEndedError, DrawingProcess
from app.gl.gloo import is_software
from app.gl.offscreen import Offscreen
from app.scene.camera import Camera
from app.scene.scene import Scene, TrailLines
from app.theme.palette import DARK, LIGHT

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="processes draw on Linux alone"
)
CAMERA = Camera(30, 20, size=(120, 90))


def scene(seed: int) -> Scene:
    """Return forty red tokens with trails."""
    points = np.random.default_rng(seed).standard_normal((40, 3))
    points = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype("f4")
    ages = np.linspace(2.0, 0.0, 6, dtype=np.float32)
    way = points + 0.2 * ages[:, None, None] * np.array([0, 0, 1], np.float32)
    colours = np.tile(np.array([1, 0.1, 0.1, 1], np.float32), (40, 1))
    return Scene(points, colours, trails=TrailLines(way, ages, 2.0))


def picture(one: Offscreen | DrawingProcess | Drawer, camera: Camera = CAMERA, n=1):
    """Return what `one` draws."""
    w, h = camera.size
    out = np.empty((h, w, 4), np.uint8)
    one.draw_onto(out, camera, n)
    return out


@pytest.fixture(scope="module")
def here():
    one = Offscreen(DARK)
    yield one
    one.close()


@pytest.fixture
def apart():
    one = DrawingProcess(DARK)
    yield one
    one.close()


def until(condition) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_pixels_are_those_of_this_process(here, apart):
    larger = replace(CAMERA, size=(200, 150), azimuth=80.0)
    for theme in (DARK, LIGHT):
        here.set_theme(theme)
        apart.set_theme(theme)
        for seed, camera, samples in ((1, CAMERA, 1), (2, larger, 2), (3, CAMERA, 1)):
            here.show(scene(seed))
            apart.show(scene(seed))
            drawn = picture(here, camera, samples)
            assert drawn.std() > 5
            assert (picture(apart, camera, samples) == drawn).all()
    assert (picture(apart, larger) == picture(here, larger)).all()  # no new scene


def test_it_says_when_it_has_begun_and_when_it_has_ended(apart):
    until(lambda: apart.ready)
    os.kill(apart._process.pid, signal.SIGKILL)
    apart._process.wait()
    with pytest.raises(DrawingEndedError):
        picture(apart)


def test_one_that_cannot_draw_is_never_ready(monkeypatch):
    monkeypatch.setattr(drawing_process, "COMMAND", (sys.executable, "-c", "0"))
    one = DrawingProcess(DARK)
    with pytest.raises(DrawingEndedError):
        until(lambda: one.ready)
    one.close()


def test_it_ends_with_what_asks_it(apart):
    until(lambda: apart.ready)
    apart._requests.close()
    assert apart._process.wait(10) == 0


def test_a_drawer_goes_on_elsewhere_and_comes_back(here, monkeypatch):
    monkeypatch.setattr(drawers, "SCENES_HERE", 2)
    monkeypatch.setattr(drawers, "processors", lambda: 2)
    here.set_theme(DARK)
    one = Drawer(DARK)
    if not is_software(one.renderer):
        pytest.skip("a graphics card draws")
    for seed in (1, 2, 3):
        one.show(scene(seed))
    assert one._here is not None and one._apart is not None
    until(lambda: one._apart.ready)
    for seed, theme in ((4, DARK), (5, LIGHT)):
        for each in (one, here):
            each.set_theme(theme)
            each.show(scene(seed))
        assert (picture(one) == picture(here)).all()
    assert one._here is None
    process = one._apart._process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert (picture(one) == picture(here)).all()  # of the last scene, in its theme
    assert one._here is not None and one._apart is None
    one.show(scene(6))
    assert one._apart is None
    one.close()


@pytest.mark.parametrize(("count", "threads"), [(1, "0"), (2, "0"), (16, "7")])
def test_each_of_two_pictures_has_half_of_the_processors(monkeypatch, count, threads):
    monkeypatch.setattr(drawing_process, "processors", lambda: count)
    assert drawing_process.raster_threads() == threads
