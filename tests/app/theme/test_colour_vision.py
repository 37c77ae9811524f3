"""Lines of lanes and first clusters look different, whatever the colour vision."""

from itertools import combinations

import numpy as np
import pytest

from app.theme.colour import linear, oklab, rgb
from app.theme.palette import (
    DARK,
    LANE_DASHES,
    LIGHT,
    PAPER,
    contrast,
    cosine_map,
    to_hex,
)
from sim.lanes import MAX_LANES

# Machado, Oliveira and Fernandes, IEEE TVCG 15 (2009): complete loss of one cone, for
# linear light.
SIGHT = {
    "usual": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    # Viénot, Brettel and Mollon, Color Res. Appl. 24 (1999): another model of the same.
    "protan, Viénot": [
        [0.112382, 0.887612, 0.0],
        [0.112383, 0.887618, 0.0],
        [0.004006, -0.004006, 1.0],
    ],
    "deutan, Viénot": [
        [0.292751, 0.707252, 0.0],
        [0.292750, 0.707249, 0.0],
        [-0.022336, 0.022337, 1.0],
    ],
}
CLEAR, NAMED = 0.06, 7  # the same, between the clusters that have a colour by hand
FAR = 0.15  # in OKLab, in which a just visible difference is about 0.02
CONTRAST = 3.0  # of graphics, by WCAG 2


def seen(colour, sight):
    light = np.clip(np.asarray(SIGHT[sight]) @ linear(rgb(colour)), 0, 1)
    low = light <= 0.0031308
    return oklab(np.where(low, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055))


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", [DARK, LIGHT, PAPER])
def test_colours_of_lanes_are_far_apart(theme, sight):
    pairs = combinations([seen(colour, sight) for colour in theme.lanes], 2)
    assert min(np.linalg.norm(a - b) for a, b in pairs) >= FAR


@pytest.mark.parametrize("theme", [DARK, LIGHT, PAPER])
def test_colours_of_lanes_show_on_what_is_behind(theme):
    for back in (theme.canvas, theme.panel):
        assert min(contrast(colour, back) for colour in theme.lanes) >= CONTRAST


def test_each_lane_has_a_dash_of_its_own():
    assert len({*LANE_DASHES}) == len(DARK.lanes) == MAX_LANES


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", [DARK, LIGHT, PAPER])
def test_colours_of_the_first_clusters_and_of_lone_tokens_are_apart(theme, sight):
    colours = [seen(c, sight) for c in (*theme.clusters[:NAMED], theme.lone)]
    pairs = combinations(colours, 2)
    assert min(np.linalg.norm(a - b) for a, b in pairs) >= CLEAR


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", [DARK, LIGHT, PAPER])
def test_cosines_of_either_sign_and_zero_are_far_apart(theme, sight):
    low, zero, high = (to_hex(cosine_map(theme)[k] / 255) for k in (0, 127, 255))
    pairs = combinations([seen(colour, sight) for colour in (low, zero, high)], 2)
    assert min(np.linalg.norm(a - b) for a, b in pairs) >= FAR
