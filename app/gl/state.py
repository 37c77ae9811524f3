"""The blending and depth states that layers share."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.gl import gloo

if TYPE_CHECKING:
    from collections.abc import Generator

    from app.scene.camera import Camera

Blend = tuple[str, str, str, str]  # factors of source and destination: colour, alpha

OVER: Blend = ("src_alpha", "one_minus_src_alpha", "one", "one_minus_src_alpha")
PREMULTIPLIED: Blend = ("one", "one_minus_src_alpha", "one", "one_minus_src_alpha")
ADD: Blend = ("src_alpha", "one", "zero", "one")  # adds light, keeps the alpha
OPAQUE: Blend = ("one", "zero", "one", "zero")

FAR, NEAR, WHOLE = -1.0, 1.0, 0.0  # sides of the horizon


def reset_state() -> None:
    """Set the state that all draws of a frame share; most do not test depth."""
    gloo.set_state(blend=True, depth_test=False, depth_func="lequal", cull_face=False)


def set_world_uniforms(paint: gloo.Program, camera: Camera, solid: bool) -> None:
    """Set a program's camera uniforms, and whether there is glass."""
    paint["u_clip"], paint["u_eye"] = camera.clip.T, camera.eye
    paint["u_viewport"], paint["u_solid"] = camera.size, float(solid)


def set_blending(blend: Blend) -> None:
    """Set the blending of the next draw."""
    gloo.set_blend_factors(*blend)


@contextmanager
def depth(test: bool = True, write: bool = False) -> Generator[None]:
    """Test the draws within against depth, if `test`, and let them write it."""
    if test:
        gloo.set_state(depth_test=True)
        gloo.depth_mask(write)
    yield
    if test:
        gloo.set_state(depth_test=False)
