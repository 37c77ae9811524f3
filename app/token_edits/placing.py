"""Where tokens are put: under the mouse, between others, near where they are; no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.scene.projector import BALL

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from sim.array_types import Floats
    from sim.spaces import Space

PARALLEL = 1e-12  # sine of the angle of two directions, below which they are one


def point_under(camera: Camera, at: tuple[float, float]) -> Floats:
    """Return the point of the unit sphere that is seen at a position, (3,).

    The near side of the globe; beside it, the nearest point of its outline.  A circle
    is seen along its axis: there it is the nearest point of the circle.

    Parameters
    ----------
    camera : Camera
        As it was drawn.
    at : tuple of float
        In physical pixels from the top left.
    """
    w, h = camera.size
    right, up = (at[0] - w / 2) / camera.focus, (h / 2 - at[1]) / camera.focus
    ray = np.array([right, up, -1.0])  # from the eye, which is at (0, 0, distance)
    if camera.flat:
        seen = np.array([right, up, 0.0])
        return seen / max(float(np.linalg.norm(seen)), PARALLEL)
    eye = np.array([0.0, 0.0, camera.distance])
    a, b, c = ray @ ray, ray @ eye, eye @ eye - 1
    inside = b * b - a * c
    if inside >= 0:
        seen = eye + ray * ((-b - np.sqrt(inside)) / a)
    else:
        nearest = eye + ray * (-b / a)
        across = float(np.hypot(*nearest[:2]))
        sine = 1 / camera.distance  # the outline is a circle before the centre
        cosine = float(np.sqrt(1 - sine**2))
        seen = np.append(nearest[:2] / across * cosine, sine)
    point = camera.rotation.T.astype(float) @ seen
    return point / np.linalg.norm(point)  # the camera turns in single precision


def is_on_globe(camera: Camera, at: tuple[float, float]) -> bool:
    """Return whether the globe is seen at a position; of a circle, always.

    `at` is in physical pixels from the top left.
    """
    w, h = camera.size
    if camera.flat:
        return True
    right, up = (at[0] - w / 2) / camera.focus, (h / 2 - at[1]) / camera.focus
    return (right**2 + up**2) * (camera.distance**2 - 1) <= 1


def refusal(dimension: int, space: Space) -> str:
    """Return why tokens cannot be put where the mouse is; empty if they can."""
    if dimension > BALL:
        return (
            f"Tokens in {dimension} dimensions are seen through a projection, and "
            "cannot be dragged. Put one between two others instead."
        )
    if not space.bounded:
        return (
            "Without a sphere the depth of the mouse is not known. Choose a sphere, or "
            "put a token between two others."
        )
    return ""


def between(a: Floats, b: Floats, share: float, space: Space) -> Floats:
    """Return the point at a share of the way from `a` to `b`, (d,).

    On a sphere along the great circle, x = [sin((1 − s)θ) a + sin(sθ) b]/sin θ; else
    along the straight line.

    Raises
    ------
    ValueError
        If the points are opposite on a sphere: every great circle leads there.
    """
    if not space.bounded:
        return (1 - share) * a + share * b
    u, v = a / np.linalg.norm(a), b / np.linalg.norm(b)
    angle = 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))
    sine = float(np.sin(angle))
    if sine < PARALLEL and float(u @ v) < 0:
        raise ValueError("The two are opposite each other: no way is the shortest.")
    if sine < PARALLEL:
        return a.copy()
    parts = np.sin([(1 - share) * angle, share * angle]) / sine
    return (parts[0] * u + parts[1] * v) * np.linalg.norm(a)


def perturbed(x: Floats, size: float, seed: int) -> Floats:
    """Return tokens moved by random vectors of length `size`, (n, d).

    Directions are standard normal, scaled to that length; the space takes each token
    back to itself.
    """
    moves = np.random.default_rng(seed).standard_normal(x.shape)
    moves *= size / np.linalg.norm(moves, axis=1, keepdims=True)
    return np.asarray(x, float) + moves
