"""Ranges that grow, and round numbers inside them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from app.annotations import number_format
from app.widgets import axis_scale


def test_ranges_grow_by_doubling_and_hold_the_value():
    low, high = axis_scale.first_range(0.1)
    seen = set()
    for y in np.linspace(0.1, 1.0, 500):
        low, high = axis_scale.grown_range(low, high, float(y))
        assert low < y < high
        seen.add((low, high))
    assert len(seen) < 10
    assert axis_scale.grown_range(0.0, 1.0, -5.0)[0] < -5.0


@pytest.mark.parametrize(
    "low, high", [(0, 1), (-3, 64), (0.0491, 0.0509), (1e-9, 3e-9)]
)
def test_between_two_and_four_round_numbers_lie_inside(low, high):
    values = axis_scale.round_numbers(low, high)
    assert 2 <= len(values) <= 4
    tiny = 1e-9 * (high - low)
    assert all(low - tiny <= v <= high + tiny for v in values)
    assert len(set(number_format.tick_labels(values))) == len(values)


@pytest.mark.parametrize("lines", [1.0, 2.0, 3.5, 8.0])
@pytest.mark.parametrize(
    "low, high", [(0.43, 1.2), (-3, 64), (86.1, 88.4), (4e-7, 5e-7)]
)
def test_numbers_on_an_axis_stand_apart(low, high, lines):
    values = axis_scale.axis_ticks(low, high, lines)
    rows = [(v - low) / (high - low) * lines for v in values]
    assert all(b - a >= 1 for a, b in pairwise(rows))
    assert all(0.4 <= r <= lines - 0.4 for r in rows)
    assert len(values) >= (2 if lines > 3 else 1)


@pytest.mark.parametrize("low, high", [(30, 34), (3.4, 6.1), (0, 250), (-0.1, 2.1)])
def test_what_is_counted_is_labelled_by_whole_numbers(low, high):
    for values in (
        axis_scale.round_numbers(low, high, whole=True),
        axis_scale.axis_ticks(low, high, 5, whole=True),
    ):
        assert values
        assert all(v.is_integer() and low <= v <= high for v in values)
