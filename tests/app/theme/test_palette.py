"""Colours that can be told apart, and clusters that keep theirs."""

from __future__ import annotations

import numpy as np
import pytest

from app.theme.palette import (
    DARK,
    LIGHT,
    LONE,
    Theme,
    colour_map,
    contrast,
    mix,
    oklab,
    rgb,
    to_hex,
    token_colours,
)

themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


@themes
def test_clusters_show_on_canvas_and_on_glass(theme: Theme) -> None:
    assert len(set(theme.clusters)) == len(theme.clusters) == 64
    for back in (theme.canvas, theme.glass.glass):
        assert min(contrast(c, back) for c in theme.clusters) >= 3


@themes
def test_first_clusters_are_far_apart(theme: Theme) -> None:
    lab = np.array([oklab(rgb(c)) for c in theme.clusters[:16]])
    away = np.linalg.norm(lab[:, None] - lab, axis=-1)
    least = 0.05  # more than twice what the eye can tell apart
    assert away[~np.eye(16, dtype=bool)].min() > least


@themes
def test_text_can_be_read(theme: Theme) -> None:
    for back in (theme.canvas, theme.panel, theme.raised):
        assert contrast(theme.text, back) >= 12
        assert contrast(theme.muted, back) >= 4.5
    for ink in (theme.accent, theme.sky, theme.good, theme.warn, theme.bad):
        assert contrast(ink, theme.panel) >= 4.5


@themes
def test_flux_shows_on_glass_and_zero_recedes(theme: Theme) -> None:
    minus, zero, plus = (contrast(c, theme.glass.glass) for c in theme.flux)
    assert min(minus, plus) > 3
    assert zero < min(minus, plus)


def test_hexa_undoes_rgb() -> None:
    assert to_hex(rgb("#E69F00")) == "#E69F00"
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"


def test_contrast_of_black_and_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_lone_tokens_are_steel() -> None:
    rgba = token_colours(DARK, np.array([0, LONE]))
    assert to_hex(rgba[0, :3]) == DARK.clusters[0]
    assert to_hex(rgba[1, :3]) == DARK.lone


def test_colour_map_is_a_table_of_bytes() -> None:
    table = colour_map("viridis")
    assert (table.shape, table.dtype) == ((256, 3), np.uint8)
