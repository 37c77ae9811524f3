"""Numbers as text: captions, plots, checks, settings."""

from __future__ import annotations

import math

import pytest

from app.annotations import number_format


@pytest.mark.parametrize(
    "y, top, whole, text",
    [
        (0.17894, 0.2, False, "0.1789"),
        (128.0, 130.0, False, "128.0"),
        (7.0, 64.0, True, "7"),
        (math.nan, 1.0, False, "–"),
        (-2.5, 3.0, False, "−2.500"),
        (-math.inf, 1.0, False, "−∞"),
        (1.5e-9, 2e-9, False, "1.5·10⁻⁹"),
        (6.44e91, 1e92, False, "6.44·10⁹¹"),
        (0.09348, 1e53, False, "0.09348"),
        (0.0, 1e53, False, "0.000"),
        (0.00123, 2.0, False, "0.001"),
    ],
)
def test_numbers_beside_curves(y, top, whole, text):
    assert number_format.plot_value(y, top, whole) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (number_format.fixed(-0.07214, 4), "−0.0721"),
        (number_format.fixed(12345.6, 2), "1.23·10⁴"),
        (number_format.power_of_ten(0.0), "0"),
        (number_format.general(-0.02451, 3), "−0.0245"),
        (number_format.superscript(-12), "⁻¹²"),
        (number_format.check_value(2.9e-8), "2.9e−8"),
        (number_format.check_value(math.nan), "–"),
        (number_format.setting_text(-8.8, " s"), "−8.8 s"),
        (number_format.setting_text(1200), "1200"),
        (number_format.typed_number(" −8.8 s", " s"), "-8.8"),
        (number_format.typed_number("9,5"), "9.5"),
        (number_format.typed_number("−0,125"), "-0.125"),
        (number_format.typed_number("1,5e-3"), "1.5e-3"),
        (number_format.typed_number("1,000"), "1,000"),  # may be 1000: refused
        (number_format.typed_number("1,0;0,1"), "1,0;0,1"),
    ],
)
def test_every_place_has_its_format(text, expected):
    assert text == expected


def test_labels_of_an_axis_have_equal_decimals():
    assert number_format.tick_labels([0.0, 0.25, 0.5]) == ["0.00", "0.25", "0.50"]
    assert number_format.tick_labels([0.0, 2e6]) == ["0", "2·10⁶"]
