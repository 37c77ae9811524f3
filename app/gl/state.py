"""The blending and depth states that layers share."""

from __future__ import annotations

from app.gl import gloo

ALPHA = ("src_alpha", "one_minus_src_alpha", "one", "one_minus_src_alpha")
OVER: dict[str, object] = {"blend": True, "blend_func": ALPHA}
PREMULTIPLIED: dict[str, object] = {
    "blend": True,
    "blend_func": ("one", "one_minus_src_alpha"),
}
ADD: dict[str, object] = {  # adds light, keeps the alpha
    "blend": True,
    "blend_func": ("src_alpha", "one", "zero", "one"),
}
OPAQUE: dict[str, object] = {"blend": False}

FAR, NEAR, WHOLE = -1.0, 1.0, 0.0  # sides of the horizon


def use(blend: dict[str, object], *, test: bool = False, write: bool = False) -> None:
    """Set the GL state of the next draw: blending, depth test, depth writing."""
    gloo.state(depth_test=test, depth_func="lequal", cull_face=False, **blend)
    gloo.depth_mask(write)
