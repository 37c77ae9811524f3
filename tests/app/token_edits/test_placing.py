"""Where tokens are put: the inverse of what is drawn, great circles, lengths of ε."""

import numpy as np
import pytest

from app.scene.camera import Camera
from app.token_edits.placing import between, perturbed, point_under, refusal
from sim.spaces.flat import Flat
from sim.spaces.sphere import Sphere

CAMERA = Camera(azimuth=40.0, elevation=-25.0, zoom=1.3, size=(900, 700))


def test_the_point_under_a_pixel_is_the_one_that_is_drawn_there():
    x = np.random.default_rng(0).standard_normal((200, 3))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    pixels, facing = CAMERA.project(x)
    near = facing > 0.05
    assert near.sum() > 50
    for point, at in zip(x[near], pixels[near], strict=True):
        found = point_under(CAMERA, tuple(at))
        assert np.allclose(found, point, atol=2e-5)
        assert np.linalg.norm(found) == pytest.approx(1, abs=1e-15)


def test_beside_the_globe_it_is_the_nearest_point_of_the_outline():
    point = point_under(CAMERA, (899.0, 350.0))
    assert np.linalg.norm(point) == pytest.approx(1, abs=1e-6)
    _, facing = CAMERA.project(point[None])
    assert facing[0] == pytest.approx(0, abs=1e-5)
    pixels, _ = CAMERA.project(point[None])
    assert pixels[0, 0] > 450
    assert pixels[0, 1] == pytest.approx(350, abs=0.1)


def test_on_a_circle_it_is_in_the_direction_of_the_mouse():
    flat = Camera(size=(400, 400), flat=True)
    at = flat.project(np.array([[0.3, 0.4, 0.0]]))[0][0]
    assert np.allclose(point_under(flat, tuple(at)), [0.6, 0.8, 0.0], atol=1e-5)


def test_half_way_between_two_tokens_on_a_sphere_and_on_a_line():
    a, b = np.eye(3)[:2]
    assert np.allclose(between(a, b, 0.5, Sphere()), [0.5**0.5, 0.5**0.5, 0])
    third = between(a, b, 1 / 3, Sphere())
    assert np.allclose(third, [np.cos(np.pi / 6), 0.5, 0])
    assert np.allclose(between(a, 3 * b, 0.5, Flat()), [0.5, 1.5, 0])
    assert np.allclose(between(a, a, 0.5, Sphere()), a)
    with pytest.raises(ValueError, match="opposite"):
        between(a, -a, 0.5, Sphere())


def test_a_perturbation_moves_every_token_by_its_size():
    x = np.random.default_rng(1).standard_normal((30, 5)).astype(np.float32)
    moves = np.linalg.norm(perturbed(x, 1e-3, 0) - x, axis=1)
    assert np.allclose(moves, 1e-3, rtol=1e-9)
    assert np.array_equal(perturbed(x, 1e-3, 0), perturbed(x, 1e-3, 0))


def test_where_the_mouse_has_no_depth_nothing_is_put():
    assert refusal(3, Sphere()) == refusal(2, Sphere()) == ""
    assert "5 dimensions" in refusal(5, Sphere())
    assert "sphere" in refusal(3, Flat())
