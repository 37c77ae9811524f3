"""How the camera moves, and which token is under the mouse."""

from __future__ import annotations

import numpy as np

from app.canvas.hit_test import pick
from app.canvas.orbit import Orbit
from app.scene.camera import Camera
from sim.scenario import Scenario

SMALL = Scenario(tokens=12, seed=3, step=0.1)


def test_a_flung_globe_slows_down():
    orbit = Orbit(Camera(0, 0))
    orbit.grab(0.0)
    for k in range(1, 6):
        orbit.drag(10, 0, 0.01 * k)
    orbit.release(0.05)
    left = orbit.camera.azimuth
    while orbit.busy:
        assert orbit.tick(orbit._ticked_at + 0.016) or not orbit.busy
        assert orbit._ticked_at < 1.0
    flung = (left - orbit.camera.azimuth) % 360
    assert 5 < flung < 60


def test_reduced_motion_leaves_out_all_easing():
    orbit = Orbit(Camera(0, 0))
    orbit.reduced_motion, orbit.spin = True, 10.0
    orbit.grab(0.0)
    for k in range(1, 6):
        orbit.drag(10, 0, 0.01 * k)
    orbit.release(0.05)
    assert not orbit.busy
    orbit.zoom(2.0, 0.1)
    assert orbit.camera.zoom == 2.0
    orbit.turn_to(Camera(90, 10), 0.2)
    assert orbit.camera.azimuth == 90
    assert not orbit.tick(100.0)


def test_a_long_pause_does_not_turn_the_globe():
    orbit = Orbit(Camera(0, 0))
    orbit.spin = 10.0
    orbit.tick(1000.0)
    orbit.tick(5000.0)
    assert orbit.camera.azimuth <= 2.0


def test_the_zoom_has_bounds():
    orbit = Orbit(Camera(0, 0))
    orbit.reduced_motion = True
    orbit.zoom(1e6, 0.0)
    assert orbit.camera.zoom == 8.0
    orbit.zoom(1e-9, 0.0)
    assert orbit.camera.zoom == 0.4


def test_the_bead_in_front_is_picked_and_small_ones_can_be_hit():
    camera = Camera(0, 0, size=(200, 200))
    points = np.array([[-1, 0, 0], [1, 0, 0], [0, 1, 0]], float)
    assert pick(camera, points, (100, 100), 5.0) == 1
    side = camera.project(points[2:])[0][0]
    assert pick(camera, points, (side[0] + 5, side[1]), 1.0) == 2
    assert pick(camera, points, (5, 5), 5.0) is None
    assert pick(camera, points[:0], (5, 5), 5.0) is None
