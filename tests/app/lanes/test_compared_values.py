"""Values of a comparison as a person types them."""

import pytest

from app.document.document import Document
from app.lanes.compare_dialog import settings_of
from app.lanes.compared_values import FEW, lane_settings, suggested, typed_values
from sim.lanes import Comparison

START = Document().edit({"tokens": 8, "dynamics.beta": 4})
BETA = "dynamics.beta"


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        (BETA, "1,9,", ["1", "9"]),
        (BETA, "1,5; 9,5", ["1.5", "9.5"]),
        (BETA, "−1, 9", ["-1", "9"]),
        (BETA, "1:9:3", [1.0, 5.0, 9.0]),
        ("integrator", "Euler, RK4", ["euler", "rk4"]),
        ("dynamics.heads.mask", "None, Causal", ["full", "causal"]),
        ("precision", "FLOAT32, float64", ["float32", "float64"]),
    ],
)
def test_values_are_read_as_they_are_shown(path, text, found):
    assert typed_values(START, path, text) == found
    lanes = lane_settings(START, path, text)
    assert len(set(Comparison.of(START.run, lanes).runs)) == len(found)


def test_one_value_is_compared_with_the_present_run():
    assert lane_settings(START, BETA, "9") == [{}, {BETA: "9"}]


@pytest.mark.parametrize("text", ["", "  ", ",", " , ;"])
def test_no_value_is_refused_in_one_sentence(text):
    with pytest.raises(ValueError) as error:
        lane_settings(START, BETA, text)
    assert str(error.value) == FEW


def test_numbers_without_commas_between_them_are_not_joined():
    assert typed_values(START, BETA, "1 9") == ["1 9"]


def test_what_is_proposed_can_be_compared():
    for path, _ in settings_of(START):
        lanes = lane_settings(START, path, suggested(START, path))
        assert len(Comparison.of(START.run, lanes).runs) == 2, path
