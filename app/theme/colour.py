"""Arithmetic of colours: mixing, contrast, and distinguishable colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats, Single

MIN_CONTRAST = 3.0  # of a bead against what is behind it (WCAG 2, graphics)
DARK_LUMINANCE = 0.18  # relative luminance: middle grey
LINEAR_BELOW = 0.04045  # sRGB: the straight piece near black
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # of linear red, green, blue
CHROMA = (0.115, 0.20)  # OKLab; without bounds the farthest colour is pure blue
LIGHTNESS = {"dark": (0.62, 0.88), "light": (0.40, 0.62)}  # OKLab, by canvas


def rgb(colour: str) -> Single:
    """Return ``#RRGGBB`` as (3,) float32 in [0, 1]."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return np.array(parts, np.float32) / np.float32(255)


def to_hex(c: Floats) -> str:
    """Return (3,) in [0, 1] as ``#RRGGBB``."""
    return "#" + "".join(f"{round(float(v) * 255):02X}" for v in np.clip(c, 0, 1))


def mix(a: str, b: str, t: float) -> str:
    """Return the colour at `t` between `a` (0) and `b` (1)."""
    return to_hex(rgb(a) * (1 - t) + rgb(b) * t)


def linear(c: Floats) -> Floats:
    """Return sRGB in [0, 1] as linear light: (..., 3) -> (..., 3)."""
    c = c.astype(float)
    return np.where(c <= LINEAR_BELOW, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2, in [0, 1]."""
    return float(linear(rgb(colour)) @ LUMINANCE)


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of WCAG 2, in [1, 21]."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def with_contrast(colour: str, back: str, least: float) -> str:
    """Return `colour` moved away from `back` until their contrast is `least`."""
    goal = "#000000" if luminance(back) > DARK_LUMINANCE else "#FFFFFF"
    for t in np.linspace(0, 1, 41):
        moved = mix(colour, goal, float(t))
        if contrast(moved, back) >= least:
            return moved
    return goal


def oklab(c: Floats) -> Floats:
    """Return sRGB in [0, 1] as OKLab: (..., 3) -> (..., 3) [1]_.

    References
    ----------
    .. [1] B. Ottosson, "A perceptual color space for image processing", 2020.
    """
    to_cone = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
    to_lab = [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
    return np.cbrt(linear(c) @ np.array(to_cone).T) @ np.array(to_lab).T


def _candidates(backs: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Return colours, neither dull nor garish, that show on `backs`: 2 x (k, 3)."""
    axis = np.linspace(0.12, 1, 12)
    grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 3)
    lab = oklab(grid)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    low, high = LIGHTNESS["dark" if luminance(backs[0]) < DARK_LUMINANCE else "light"]
    keep = (chroma > CHROMA[0]) & (chroma < CHROMA[1])
    keep &= (lab[:, 0] > low) & (lab[:, 0] < high)
    own = np.round(grid * 255) / 255
    bright = linear(own) @ LUMINANCE + 0.05
    for back in backs:
        behind = luminance(back) + 0.05
        ratio = np.maximum(bright, behind) / np.minimum(bright, behind)
        keep &= ratio >= MIN_CONTRAST
    return own[keep], lab[keep]


def far_apart(
    start: tuple[str, ...], shun: tuple[str, ...], backs: tuple[str, ...], count: int
) -> list[str]:
    """Extend `start` to `count` colours, each the farthest in OKLab from all before.

    Parameters
    ----------
    start : tuple of str
        The first colours.
    shun : tuple of str
        Colours to keep away from.
    backs : tuple of str
        What the colours are seen against; the first says whether that is dark.
    count : int
        Colours in all.
    """
    grid, lab = _candidates(backs)
    out = list(start)
    near = np.full(len(grid), np.inf)
    for c in (*start, *shun):
        near = np.minimum(near, np.linalg.norm(lab - oklab(rgb(c)), axis=1))
    while len(out) < count:
        i = int(np.argmax(near))
        out.append(to_hex(grid[i]))
        near = np.minimum(near, np.linalg.norm(lab - lab[i], axis=1))
    return out
