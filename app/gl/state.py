"""The blending and depth states that layers share."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.gl import gloo

if TYPE_CHECKING:
    from collections.abc import Generator

    from app.scene.camera import Camera

Blend = tuple[str, str, str, str]  # factors: source and what is there, colour and alpha

OVER: Blend = ("src_alpha", "one_minus_src_alpha", "one", "one_minus_src_alpha")
PREMULTIPLIED: Blend = ("one", "one_minus_src_alpha", "one", "one_minus_src_alpha")
ADD: Blend = ("src_alpha", "one", "zero", "one")  # adds light, keeps the alpha
OPAQUE: Blend = ("one", "zero", "one", "zero")

FAR, NEAR, WHOLE = -1.0, 1.0, 0.0  # sides of the horizon


def begin() -> None:
    """Set the state that all draws of a frame share; most have no use for depth."""
    gloo.state(blend=True, depth_test=False, depth_func="lequal", cull_face=False)


def aim(paint: gloo.Program, camera: Camera, solid: bool) -> None:
    """Tell a program of the world where the eye is, and whether there is glass."""
    paint["u_clip"], paint["u_eye"] = camera.clip.T, camera.eye
    paint["u_viewport"], paint["u_solid"] = camera.size, float(solid)


def use(blend: Blend) -> None:
    """Set the blending of the next draw."""
    gloo.blend(*blend)


@contextmanager
def depth(test: bool = True, write: bool = False) -> Generator[None]:
    """Test the draws within against depth, if `test`, and let them write it."""
    if test:
        gloo.state(depth_test=True)
        gloo.depth_mask(write)
    yield
    if test:
        gloo.state(depth_test=False)
