"""Titles of lanes whose values alone would say nothing."""

from __future__ import annotations

import pytest

from sim.lanes import compare
from sim.scenario import Scenario


@pytest.mark.parametrize(
    ("path", "values", "titles"),
    [
        ("initial", ("uniform", "cap"), ("Start: Uniform", "Start: Cap")),
        (
            "encoding",
            ("none", "rotary"),
            ("Input PE: None", "Input PE: Rotary (RoPE)"),
        ),
        ("dynamics.heads.mask", ("full", "causal"), ("Mask: None", "Mask: Causal")),
        ("integrator", ("rk4", "euler"), ("RK4", "Euler")),
        ("space", ("sphere", "flat"), ("sphere", "flat")),
    ],
)
def test_a_value_has_the_name_of_its_setting_unless_it_speaks_for_itself(
    path, values, titles
):
    assert compare(Scenario(), {path: values}).titles == titles
