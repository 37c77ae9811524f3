"""Every colour of the program.

The only module with colours in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from app.theme.colour import (
    DARK_LUMINANCE,
    MIN_CONTRAST,
    contrast,
    far_apart,
    luminance,
    mix,
    oklab,
    rgb,
    to_hex,
    with_contrast,
)
from sim.trace import LONE

if TYPE_CHECKING:
    from sim.array_types import Ints, Pixels, Single


__all__ = [
    "DARK",
    "LANE_DASHES",
    "LIGHT",
    "LONE",
    "PAPER",
    "THEMES",
    "Glass",
    "Theme",
    "colour_map",
    "contrast",
    "cosine_map",
    "diverging_map",
    "luminance",
    "mix",
    "oklab",
    "rgb",
    "to_hex",
    "token_colours",
]

OKABE_ITO = (
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
"""The first clusters on a dark canvas: colours of Okabe and Ito."""
DEEP = (
    "#B07810",
    "#1088E0",
    "#087850",
    "#A85010",
    "#184098",
    "#7840C0",
    "#D03870",
)
"""The first clusters on a light canvas, where those of Okabe and Ito would be too pale.

Darkened until they show they would look alike with protan, deutan or tritan sight.
"""
CLUSTERS = 64  # colours; further clusters reuse them

LANE_DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (4.0, 2.0),
    (1.0, 2.0),
    (5.0, 2.0, 1.0, 2.0),
)
"""Dashes and gaps of a lane's line, in its widths: where colours look alike."""


@dataclass(frozen=True)
class Glass:
    """The globe's colours and strengths in one theme."""

    deep: str
    glass: str
    rim: str
    opacity: float
    line_alpha: float
    halo: float
    shine: float
    shade: float


@dataclass(frozen=True)
class Theme:
    """The roles of the colours; `flux` is minus, zero and plus.

    `clusters` has 64 colours, and `lanes` one for each of the runs that are compared.
    """

    dark: bool
    canvas: str
    panel: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    sky: str
    good: str
    warn: str
    bad: str
    lone: str
    flux: tuple[str, str, str]
    lanes: tuple[str, str, str, str]
    glass: Glass
    clusters: tuple[str, ...] = ()


def with_cluster_colours(theme: Theme) -> Theme:
    """Return `theme` with cluster colours that show on the canvas and on the glass."""
    backs = (theme.canvas, theme.glass.glass)
    hardest = min(backs, key=lambda b: abs(luminance(b) - DARK_LUMINANCE))
    chosen = OKABE_ITO if theme.dark else DEEP
    first = tuple(with_contrast(c, hardest, MIN_CONTRAST) for c in chosen)
    shun = (theme.canvas, theme.lone)
    return replace(theme, clusters=tuple(far_apart(first, shun, backs, CLUSTERS)))


DARK = with_cluster_colours(
    Theme(
        dark=True,
        canvas="#0B1020",
        panel="#131A2B",
        raised="#1B2438",
        line="#2B3752",
        text="#E8ECF4",
        muted="#9AA7C0",
        accent="#E0B04B",
        sky="#6FB7FF",
        good="#5CC98B",
        warn="#F0B429",
        bad="#FF7A7A",
        lone="#AFC3E6",
        flux=("#FF9A56", "#596377", "#6FC3FF"),
        lanes=("#E0B04B", "#6FB7FF", "#D23C00", "#875AD2"),
        glass=Glass("#1B3874", "#0C1B42", "#8CC0FF", 0.62, 0.08, 1.0, 0.07, 1.0),
    )
)
LIGHT = with_cluster_colours(
    Theme(
        dark=False,
        canvas="#F7F5EF",
        panel="#FFFFFF",
        raised="#F0EDE4",
        line="#D8D3C6",
        text="#1C2230",
        muted="#5A6478",
        accent="#8A5A00",
        sky="#0B63B6",
        good="#177544",
        warn="#8A5D00",
        bad="#B3261E",
        lone="#6E7F9E",
        flux=("#B8460B", "#A39F95", "#0B63B6"),
        lanes=("#A86400", "#2F7FE6", "#7A1030", "#3B1A8C"),
        glass=Glass("#A9C2E2", "#DFE9F6", "#2A5CA3", 0.58, 0.10, 0.55, 0.08, 0.30),
    )
)
PAPER = with_cluster_colours(
    replace(LIGHT, canvas="#FFFFFF", line="#B9B5AA", text="#000000", muted="#3F4756")
)
"""The colours of figures for a report: the light ones on white."""
THEMES = {"dark": DARK, "light": LIGHT}


def token_colours(theme: Theme, numbers: Ints) -> Single:
    """Return the colour of each token: numbers (n,), LONE for none -> (n, 4)."""
    count = len(theme.clusters)
    pick = np.where(numbers == LONE, count, numbers % count)
    return np.c_[_table(theme)[pick], np.ones(len(numbers), np.float32)]


@cache
def _table(theme: Theme) -> Single:
    """Return the colours of clusters, and last that of lone tokens: (65, 3)."""
    return np.array([rgb(c) for c in (*theme.clusters, theme.lone)], np.float32)


@cache
def colour_map(name: str = "cividis") -> Pixels:
    """Return a colour map as (256, 3) uint8; one source for scene and plots."""
    import cmap  # here, because only pictures with a field or a plot need it

    table = np.asarray(cmap.Colormap(name)(np.linspace(0, 1, 256)))[:, :3]
    return np.round(table * 255).astype(np.uint8)


@cache
def diverging_map(theme: Theme) -> Pixels:
    """Return the colours from minus to plus through zero as (256, 3) uint8."""
    return _through(*theme.flux)


@cache
def cosine_map(theme: Theme) -> Pixels:
    """Return the colours from −1 to 1 as (256, 3) uint8; 0 is near the background.

    Orange and blue, which all common forms of colour vision tell apart, and the farther
    from the background the larger |cos|.
    """
    minus, _, plus = theme.flux
    return _through(minus, theme.canvas if theme.dark else theme.raised, plus)


def _through(low: str, middle: str, high: str) -> Pixels:
    """Return 256 colours from `low` to `high` through `middle`: uint8 (256, 3)."""
    minus, zero, plus = (np.array(rgb(c)) for c in (low, middle, high))
    level = np.linspace(-1, 1, 256)[:, None]
    mixed = zero + np.abs(level) * (np.where(level > 0, plus, minus) - zero)
    return np.round(mixed * 255).astype(np.uint8)
